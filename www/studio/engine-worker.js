// The engine in a Web Worker, so that drawing never holds up the page. Pictures are drawn one after another;
// of those that wait, the most urgent is next, and of these the newest. Questions about the language are
// answered at once.
import init, * as exports from "../pkg/browser_preview.js";

let preview;
const ready = init().then(() => {
  preview = new exports.Preview({});
});

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
    await answer(data, () => void (preview = new exports.Preview({})));
  } else {
    await answer(data, () => exports[data.task](...data.parameters));
  }
});

async function draw() {
  if (drawing) return;
  drawing = true;
  while (waiting.length > 0) {
    const most = Math.max(...waiting.map(({ urgency }) => urgency));
    const at = waiting.findLastIndex(({ urgency }) => urgency === most);
    const [data] = waiting.splice(at, 1);
    await answer(data, () => preview.render(...data.parameters));
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
    const broken = reason instanceof WebAssembly.RuntimeError || reason instanceof RangeError;
    postMessage({ id, message: reason?.message ?? String(reason), broken: broken || !preview });
  }
}
