// The engine in a Web Worker, so that drawing never holds up the page. Pictures are drawn one after another;
// of those that wait, the most urgent is next, and of these the newest. Questions about the language are
// answered at once. The engine that is loaded first has no text; the first picture with text loads the whole one.
import * as first from "../engine/studio_engine.js";

/** The status of a reply that the first engine lacks something for. */
const NOT_BUILT = 501;
/** What the URL of a picture with a text has. */
const TEXT = /\btext(ps)?=/i;

let engine = first;
let preview;
/** The whole engine, once it is asked for. */
let loading;
const ready = start(first);

async function start(module) {
  await module.default();
  preview = new module.Preview({});
  engine = module;
}

/** Loads the whole engine, once. */
function whole() {
  loading ??= import("../pkg/browser_preview.js").then(start).catch((reason) => {
    throw new Missing(`the part of the engine that draws text could not be loaded (${reason.message})`);
  });
  return loading;
}

async function render(...parameters) {
  const used = engine;
  const reply = await preview.render(...parameters);
  // Meanwhile the whole engine may have been loaded.
  if (reply.status !== NOT_BUILT || used !== first) return reply;
  await whole();
  return preview.render(...parameters);
}

/** A part of the engine could not be loaded. Another worker can try again. */
class Missing extends Error {}

/** Pictures that wait. */
let waiting = [];
let drawing = false;

addEventListener("message", async ({ data }) => {
  if (data.abort !== undefined) {
    waiting = waiting.filter(({ id }) => id !== data.abort);
  } else if (data.task === "render") {
    waiting.push(data);
    draw();
  } else if (data.task === "refresh") {
    await answer(data, () => void (preview = new engine.Preview({})));
  } else {
    await answer(data, async () => {
      // Only the whole engine reads the RTF of texts.
      if (data.task === "check" && TEXT.test(data.parameters[0])) await whole();
      return engine[data.task](...data.parameters);
    });
  }
});

async function draw() {
  if (drawing) return;
  drawing = true;
  while (waiting.length > 0) {
    const most = Math.max(...waiting.map(({ urgency }) => urgency));
    const at = waiting.findLastIndex(({ urgency }) => urgency === most);
    const [data] = waiting.splice(at, 1);
    await answer(data, () => render(...data.parameters));
    // Lets messages in that came while it was drawn.
    await new Promise((next) => setTimeout(next));
  }
  drawing = false;
}

async function answer({ id }, work) {
  try {
    await ready;
    const value = await work();
    postMessage({ id, value }, value?.bytes ? [value.bytes.buffer] : []);
  } catch (reason) {
    // After a trap the module's memory is in no known state.
    const broken = [WebAssembly.RuntimeError, RangeError, Missing].some((kind) => reason instanceof kind);
    postMessage({ id, message: reason?.message ?? String(reason), broken: broken || !preview });
  }
}
