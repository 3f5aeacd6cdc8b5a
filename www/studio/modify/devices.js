// The picture as devices get it, and the code that asks for the one that fits.
import { copyText } from "../address-bar.js";
import { element } from "../dom.js";
import { request } from "../names.js";
import { change, valueOf } from "./edit.js";
import { codeOf, devicesOf, heightFor } from "./sizes.js";

const KEY = "azulejo-devices";
const DEFAULT = "360@3, 768@2, 1280@1, 1440@2";
/** Previews are this wide at most on the page. */
const SHOWN = 180;

const CODES = [
  ["img", "<img srcset>", "The browser takes the picture that fits its window and its screen."],
  ["picture", "<picture>", "The same, with AVIF and WebP for browsers that show them."],
  ["responsive", "data-breakpoints", "For Dynamic Media's responsive images: the script takes the breakpoint that fits the image's box. Its modifiers set no size."],
];

export function panel({ engine, state }) {
  const field = element("input", { id: "devices-field", type: "text", value: localStorage.getItem(KEY) ?? DEFAULT, spellcheck: "false", "aria-describedby": "devices-hint devices-problem" });
  const problem = element("p", { class: "problem alarming", id: "devices-problem", role: "status", hidden: true });
  const row = element("div", { class: "devices" });
  const codes = CODES.map(([name, title, hint]) => code(name, title, hint));
  const root = element(
    "div",
    { class: "panel-body" },
    element("label", { for: field.id }, "Widths and pixel ratios"),
    field,
    element("p", { class: "hint", id: "devices-hint" }, "Width of the picture on the page in CSS pixels, @, pixel ratio of the screen: 360@3."),
    problem,
    row,
    ...codes.map(({ element }) => element),
  );
  let latest = new AbortController();
  let drawn;
  let typed;

  field.addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(() => {
      if (drawn && draw()) localStorage.setItem(KEY, field.value);
    }, 300);
  });

  /** Draws all previews anew. Returns whether the devices can be read. */
  function draw() {
    latest.abort();
    latest = new AbortController();
    let devices;
    try {
      devices = devicesOf(field.value);
      problem.hidden = true;
    } catch (reason) {
      problem.textContent = reason.message;
      problem.hidden = false;
    }
    field.setAttribute("aria-invalid", String(!devices));
    if (devices) fill(devices, latest.signal);
    return Boolean(devices);
  }

  async function fill(devices, signal) {
    const { source, object, modifiers } = state;
    const items = await engine.read(modifiers);
    if (signal.aborted) return;
    const [width, height] = ["wid", "hei"].map((name) => Number(valueOf(items, name)));
    const sized = (pixels, fmt) => edited(modifiers, { wid: pixels, hei: heightFor(pixels, width, height), ...(fmt ? { fmt } : {}) });
    const written = async (pixels, fmt) => request(object, await sized(pixels, fmt));
    // The code is built at once, so its addresses are made first.
    const widths = [...new Set(devices.map(({ pixels }) => pixels))];
    const addresses = new Map();
    for (const pixels of widths) for (const fmt of [undefined, "avif", "webp"]) addresses.set(`${pixels} ${fmt}`, await written(pixels, fmt));
    const plain = await edited(modifiers, { wid: undefined, hei: undefined });
    const ratio = await shapeOf(drawn.here);
    if (signal.aborted) return;
    const origin = new URL("/is/image/", location.href).href;
    const made = codeOf(devices, {
      address: (pixels, fmt) => origin + addresses.get(`${pixels} ${fmt}`),
      base: origin + request(object),
      modifiers: plain,
      ratio,
    });
    for (const one of codes) one.show(source ? "This file of your device has no address yet. Ingest it first." : made[one.name], Boolean(source));
    forget();
    const cards = devices.map(card);
    row.replaceChildren(...cards.map(({ element }) => element));
    await Promise.all(devices.map(async ({ pixels }, at) => {
      try {
        const reply = await engine.render(addresses.get(`${pixels} undefined`), { source, signal, urgency: 0 });
        if (!signal.aborted) await cards[at].show(reply);
      } catch (reason) {
        if (!signal.aborted) cards[at].say(reason.message);
      }
    }));
  }

  function forget() {
    for (const image of row.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  }

  /** The modifiers with other values of some commands. */
  async function edited(modifiers, values) {
    for (const [name, value] of Object.entries(values)) modifiers = change(modifiers, await engine.read(modifiers), name, value === undefined ? undefined : String(value));
    return modifiers;
  }

  return {
    element: root,
    show(reply) {
      drawn = reply;
      draw();
    },
    end() {
      clearTimeout(typed);
      latest.abort();
      forget();
    },
  };
}

/** The height of a picture for a width of 1; nothing where this browser cannot show it. */
async function shapeOf({ bytes, contentType }) {
  const bitmap = await createImageBitmap(new Blob([bytes], { type: contentType })).catch(() => undefined);
  return bitmap && bitmap.height / bitmap.width;
}

function card({ width, ratio, pixels }) {
  const image = element("img", { alt: "", hidden: true });
  const facts = element("p", { class: "hint" }, "Drawing …");
  const root = element("article", { class: "device", "aria-label": `${width} pixels at ${ratio}`, "aria-busy": "true" }, element("h3", {}, `${width} px @ ${ratio}`), element("div", { class: "proof" }, image), facts);
  const say = (text) => {
    root.setAttribute("aria-busy", "false");
    facts.textContent = text;
  };
  return {
    element: root,
    say,
    async show({ status, contentType, bytes }) {
      if (status !== 200 || !contentType.startsWith("image/")) return say(new TextDecoder().decode(bytes).trim().slice(0, 200));
      image.src = URL.createObjectURL(new Blob([bytes], { type: contentType }));
      await image.decode().catch(() => {});
      image.hidden = false;
      image.width = Math.min(SHOWN, width);
      const fewer = image.naturalWidth < pixels ? `, not ${pixels}: the picture has no more` : "";
      say(`${image.naturalWidth} × ${image.naturalHeight} px${fewer} · ${bytes.length.toLocaleString("en")} bytes`);
    },
  };
}

/** One form of the code, with a button that copies it. */
function code(name, title, hint) {
  const text = element("textarea", { readonly: true, rows: 6, spellcheck: "false", id: `code-${name}` });
  const copy = element("button", { type: "button", class: "quiet", "aria-live": "polite" }, "Copy");
  copy.addEventListener("click", async () => {
    await copyText(text.value, text);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 1500);
  });
  const head = element("div", { class: "head" }, element("label", { for: text.id }, element("code", {}, title)), copy);
  return {
    name,
    element: element("div", { class: "code" }, head, text, element("p", { class: "hint" }, hint)),
    show(value, disabled) {
      text.value = value;
      copy.hidden = disabled;
    },
  };
}
