// The picture in each format side by side: bytes, what they save, and how like the picture they are.
import { element } from "../dom.js";
import { request as requestOf } from "../names.js";
import { change, valueOf } from "./edit.js";
import { fromServer } from "./server-picture.js";

/** The first is what the others are compared with. AVIF comes from the server: the page has no encoder for it. */
const FORMATS = [
  { name: "JPEG", fmt: "jpeg" },
  { name: "WebP", fmt: "webp", alpha: "webp-alpha" },
  { name: "AVIF", fmt: "avif", alpha: "avif-alpha", remote: true },
  { name: "PNG", fmt: "png", alpha: "png-alpha" },
];
/** Larger pictures are not compared pixel by pixel. */
const COMPARED = 4_000_000;

export function panel({ engine, state }) {
  // What compares pictures is a module of its own; without it there is no such column.
  const tools = import("../tools.js").then(({ Tools }) => new Tools(), () => undefined);
  const note = element("p", { class: "hint" });
  const cards = FORMATS.map((format) => card(format, (fmt) => take(fmt)));
  tools.then((found) => cards.forEach((one) => one.canCompare(Boolean(found))));
  const root = element("div", { class: "panel-body" }, element("div", { class: "formats" }, ...cards.map(({ element }) => element)), note);
  let latest = new AbortController();
  let items = [];

  const take = (fmt) => state.set({ modifiers: change(state.modifiers, items, "fmt", fmt) });

  /** Draws all formats of the picture in view. What is overtaken ends. */
  async function show({ here }) {
    latest.abort();
    latest = new AbortController();
    const { signal } = latest;
    const { source, object, modifiers } = state;
    items = await engine.read(modifiers);
    if (signal.aborted) return;
    if (here.status !== 200 || !here.contentType.startsWith("image/")) {
      for (const one of cards) one.say("There is no picture.");
      return;
    }
    const withAlpha = /-alpha/.test(valueOf(items, "fmt") ?? "");
    note.textContent = source ? "AVIF needs the server, which does not have this file." : "";
    for (const one of cards) one.busy();
    const pictures = cards.map((one) => draw(one, withAlpha, { source, object, modifiers, here, signal }));
    const [jpeg, , , png] = pictures;
    await Promise.all(cards.map(async (one, at) => {
      try {
        const picture = await pictures[at];
        if (signal.aborted) return;
        one.show(picture, await jpeg.catch(() => undefined), here);
        const reference = await png.catch(() => undefined);
        if (!reference || reference === picture || signal.aborted || !(await tools)) return;
        const score = await likeness(picture, reference, signal).catch((reason) => {
          if (!signal.aborted) note.textContent = `SSIMULACRA2: ${reason.message}`;
        });
        if (!signal.aborted) one.likeness(score);
      } catch (reason) {
        if (!signal.aborted) one.say(reason.message);
      }
    }));
  }

  async function draw({ format }, withAlpha, { source, object, modifiers, here, signal }) {
    const fmt = (withAlpha && format.alpha) || format.fmt;
    const request = requestOf(object, change(modifiers, items, "fmt", fmt));
    if (format.remote && source) throw new Error("Not for files of this device.");
    const reply = format.remote
      ? await fromServer(`/is/image/${request}`, signal).catch((reason) => {
          throw signal.aborted ? reason : new Error("The server cannot be reached.");
        })
      : await engine.render(request, { source, signal, urgency: 1 });
    const { status, contentType, bytes } = reply;
    if (status !== 200) throw new Error(new TextDecoder().decode(bytes).trim().slice(0, 200) || `The server answered ${status}.`);
    const blob = new Blob([bytes], { type: contentType });
    return { fmt, bytes, blob, contentType, same: here.contentType === contentType };
  }

  /** SSIMULACRA2 of a picture against the one that lost nothing; nothing where it cannot be told. */
  async function likeness(picture, reference, signal) {
    const [one, other] = await Promise.all([picture, reference].map(({ blob }) => raster(blob)));
    if (signal.aborted || !one || !other || one.width !== other.width || one.height !== other.height) return undefined;
    return (await tools).ssimulacra2(one, other, { signal });
  }

  return {
    element: root,
    show,
    end() {
      latest.abort();
      for (const one of cards) one.forget();
      tools.then((found) => found?.close());
    },
  };
}

/** The pixels of a picture; nothing of one that is too large. */
async function raster(blob) {
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  if (width * height > COMPARED) return undefined;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

/** One format: its picture, its numbers, and a button that takes it. */
function card(format, take) {
  const image = element("img", { alt: "", hidden: true });
  const bytes = element("dd", {}, "–");
  const saved = element("dd", {}, "–");
  const score = element("dd", {}, "–");
  const message = element("p", { class: "hint", hidden: true });
  const button = element("button", { type: "button", class: "quiet", onclick: () => take(fmt) }, `Use ${format.name}`);
  let { fmt } = format;
  const root = element(
    "article",
    { class: "format", "aria-label": format.name },
    element("h3", {}, format.name),
    element("div", { class: "proof" }, image, message),
    element("dl", {}, ...[["Bytes", bytes], ["Against JPEG", saved], ["Quality, SSIMULACRA2", score]].map(([name, value]) => element("div", {}, element("dt", {}, name), value))),
    button,
  );
  const forget = () => {
    if (image.src) URL.revokeObjectURL(image.src);
    image.removeAttribute("src");
  };
  return {
    format,
    element: root,
    forget,
    busy: () => root.setAttribute("aria-busy", "true"),
    say(text) {
      root.setAttribute("aria-busy", "false");
      forget();
      image.hidden = true;
      message.textContent = text;
      message.hidden = false;
      for (const value of [bytes, saved, score]) value.textContent = "–";
    },
    show(picture, jpeg) {
      root.setAttribute("aria-busy", "false");
      ({ fmt } = picture);
      forget();
      image.src = URL.createObjectURL(picture.blob);
      image.hidden = false;
      message.hidden = true;
      bytes.textContent = picture.bytes.length.toLocaleString("en");
      saved.textContent = jpeg ? percent(picture.bytes.length, jpeg.bytes.length) : "–";
      score.textContent = "–";
      button.setAttribute("aria-pressed", String(picture.same));
    },
    canCompare: (can) => (score.parentElement.hidden = !can),
    likeness: (value) => (score.textContent = value === undefined ? "–" : value.toFixed(1)),
  };
}

function percent(bytes, of) {
  if (bytes === of) return "the same";
  const by = ((bytes - of) / of) * 100;
  return `${by > 0 ? "+" : "−"}${Math.abs(by).toFixed(Math.abs(by) < 10 ? 1 : 0)} %`;
}
