// The form of Adobe's preset editor: Basic and Advanced. It reads and shows the fields of modifiers.js.
import { element } from "../dom.js";
import { commandPicker } from "./command-picker.js";
import { choiceField, switchField, tabs, valueField } from "./fields.js";

const FORMATS = [
  ["", "not set (JPEG)"], ["jpeg", "JPEG"], ["pjpeg", "JPEG, progressive"], ["png", "PNG"], ["png-alpha", "PNG with alpha"], ["png8", "PNG, 8 bit"],
  ["png8-alpha", "PNG, 8 bit, with alpha"], ["gif", "GIF"], ["gif-alpha", "GIF with alpha"], ["tif", "TIFF"], ["tif-alpha", "TIFF with alpha"],
  ["pdf", "PDF"], ["eps", "EPS"], ["webp", "WebP"], ["webp-alpha", "WebP with alpha"], ["avif", "AVIF"], ["avif-alpha", "AVIF with alpha"], ["jpg", "JPEG (jpg)"],
];
const COMPRESSIONS = {
  tif: [["", "not set"], ["none", "None"], ["lzw", "LZW"], ["zip", "Zip"], ["jpeg", "JPEG"]],
  "tif-alpha": [["", "not set"], ["none", "None"], ["lzw", "LZW"], ["zip", "Zip"]],
  pdf: [["", "not set"], ["none", "None"], ["zip", "Zip"], ["jpeg", "JPEG"]],
};
const LOSS = [["", "not set"], ["lossy", "Lossy"], ["lossless", "Lossless"]];
/** The RGB spaces that every server has. */
const PROFILES = ["sRGB", "AdobeRGB", "AppleRGB", "ColorMatchRGB", "ProPhoto", "WideGamutRGB"];
const ON_OFF = [["", "as the catalog says"], ["1", "on"], ["0", "off"]];

const isJpeg = (format) => /^(|jpe?g|pjpeg)$/i.test(format);
const isModern = (format) => /^(webp|avif)/i.test(format);
const isPalette = (format) => /^(gif|png8)/i.test(format);

/** Which options belong to a format. */
const belongs = {
  quality: ({ format = "", compression = "" }) => isJpeg(format) || isModern(format) || (/^(tif|pdf)/i.test(format) && /^jpeg$/i.test(compression)),
  chroma: ({ format = "", compression = "" }) => isJpeg(format) || (/^(tif|pdf)/i.test(format) && /^jpeg$/i.test(compression)),
  compression: ({ format = "" }) => Object.hasOwn(COMPRESSIONS, format.toLowerCase()) || isModern(format),
  palette: ({ format = "" }) => isPalette(format),
  diffusion: ({ format = "" }) => isPalette(format),
  colors: ({ format = "" }) => isPalette(format),
  colorList: ({ format = "" }) => isPalette(format),
};

/** The form; `changed(fields, modifier, kind)` is called after each change. */
export function presetForm(engine, changed) {
  let current = {};
  let modifierText = "";
  /** Options that another format had, should it come back. */
  let remembered = {};

  const set = (values, kind) => changed({ ...current, ...values }, modifierText, kind);
  const on = (name) => () => set({ [name]: all[name].get() }, name);

  const all = {
    width: valueField("Width", { unit: "px", min: 1 }, on("width")),
    height: valueField("Height", { unit: "px", min: 1 }, on("height")),
    format: choiceField("Format", FORMATS, () => changeFormat(all.format.get())),
    quality: valueField("Quality", { min: 1, max: 100 }, on("quality")),
    chroma: switchField("Chrominance downsampling", { on: "0", off: "1" }, () => set({ chroma: all.chroma.get(), quality: current.quality || "80" })),
    compression: choiceField("Compression", LOSS, on("compression")),
    palette: choiceField("Type of palette", [["", "not set (adaptive)"], ["adaptive", "Adaptive"], ["web", "Web"], ["mac", "Macintosh"]], on("palette")),
    diffusion: choiceField("Dither", [["", "not set (diffuse)"], ["diffuse", "Diffuse"], ["off", "Off"]], on("diffusion")),
    colors: valueField("Number of colours", { min: 2, max: 256 }, on("colors")),
    colorList: valueField("Colour list", { kind: "text", placeholder: "ffffff,000000" }, on("colorList")),
    sharpen: switchField("Simple sharpening", {}, on("sharpen")),
    space: choiceField("Colour space", [["", "not set (RGB)"], ["rgb", "RGB"], ["cmyk", "CMYK"], ["gray", "Grayscale"]], () => set({ space: all.space.get(), format: current.format || (all.space.get() ? "jpeg" : "") })),
    profile: valueField("Colour profile", { kind: "text", placeholder: "not set" }, on("profile")),
    intent: choiceField("Rendering intent", [["", "as the catalog says"], ["perceptual", "Perceptual"], ["relative", "Relative colorimetric"], ["saturation", "Saturation"], ["absolute", "Absolute colorimetric"]], on("intent")),
    blackPoint: choiceField("Black point compensation", ON_OFF, on("blackPoint")),
    dither: choiceField("Dithering", ON_OFF, on("dither")),
    embed: switchField("Embed the profile", {}, on("embed")),
    sharpening: choiceField("Sharpening", [["", "None"], ["sharpen", "Sharpen"], ["usm", "Unsharp mask"]], () => changeSharpening(all.sharpening.get())),
    amount: valueField("Amount", { kind: "number", min: 0, max: 5 }, on("amount")),
    radius: valueField("Radius", { kind: "number", min: 0, max: 5, unit: "px" }, on("radius")),
    threshold: valueField("Threshold", { min: 0, max: 255 }, on("threshold")),
    monochrome: choiceField("Apply to", [["", "not set (each colour)"], ["0", "Each colour"], ["1", "Brightness"]], on("monochrome")),
    resampling: choiceField("Resampling", [["", "as the catalog says"], ["bilin", "Bi-linear"], ["bicub", "Bi-cubic"], ["sharp2", "Sharp2"], ["bisharp", "Bi-sharp"], ["trilin", "Tri-linear"], ["sharp", "Sharp"]], on("resampling")),
    printResolution: valueField("Print resolution", { min: 1, unit: "ppi" }, on("printResolution")),
  };
  all.profile.element.querySelector("input").setAttribute("list", "known-profiles");
  const profiles = element("datalist", { id: "known-profiles" }, ...PROFILES.map((value) => element("option", { value })));
  const modifier = element("textarea", { id: "image-modifier", rows: 2, spellcheck: "false", autocapitalize: "off", placeholder: "op_brightness=10&fit=constrain", "aria-describedby": "image-modifier-hint" });
  modifier.addEventListener("input", () => {
    modifierText = modifier.value.replace(/\s*\n\s*/g, "&");
    changed(current, modifierText, "modifier");
  });
  const head = element("p", { class: "hint", hidden: true });

  function changeFormat(format) {
    const values = { ...current, format };
    for (const [name, does] of Object.entries(belongs)) {
      if (does(values)) values[name] ||= remembered[name] ?? "";
      else if (values[name]) {
        remembered[name] = values[name];
        values[name] = "";
      }
    }
    const known = COMPRESSIONS[format.toLowerCase()] ?? LOSS;
    if (!known.some(([value]) => value === values.compression)) values.compression = "";
    set(values);
  }

  function changeSharpening(kind) {
    const none = { sharpen: "", amount: "", radius: "", threshold: "", monochrome: "" };
    if (kind === "sharpen") set({ ...none, sharpen: "1" });
    else if (kind === "usm") set({ ...none, amount: "1", radius: "1", threshold: "6", monochrome: "0" });
    else set(none);
  }

  const group = (...names) => element("div", { class: "fields" }, ...names.map((name) => all[name].element));
  const basic = element("div", {}, group("width", "height", "format", "compression", "quality", "chroma", "palette", "diffusion", "colors", "colorList", "sharpen"));
  const advanced = element(
    "div",
    {},
    profiles,
    group("space", "profile", "intent", "blackPoint", "dither", "embed"),
    group("sharpening", "monochrome", "amount", "radius", "threshold", "resampling", "printResolution"),
    head,
    element("label", { for: "image-modifier" }, "Image modifier"),
    modifier,
    commandPicker(engine, (text) => {
      modifierText = [modifierText, text].filter(Boolean).join("&");
      modifier.value = modifierText;
      changed(current, modifierText, "picker");
      modifier.focus();
    }),
    element("p", { class: "hint", id: "image-modifier-hint" }, "All other commands, as they are in an address: name=value, with & between them."),
  );

  /** Shows what was read from a line. */
  function show({ fields, modifier: text, head: before }, isAnother) {
    if (isAnother) remembered = {};
    current = fields;
    modifierText = text;
    const { format = "" } = fields;
    const compressions = COMPRESSIONS[format.toLowerCase()] ?? LOSS;
    all.compression.input.replaceChildren(...compressions.map(([value, label]) => element("option", { value }, label)));
    for (const [name, field] of Object.entries(all)) if (name !== "sharpening") field.show(name === "chroma" && !fields.chroma ? "0" : fields[name]);
    const hasMask = Boolean(fields.amount || fields.radius || fields.threshold);
    all.sharpening.show(hasMask ? "usm" : fields.sharpen === "1" ? "sharpen" : "");
    for (const [name, does] of Object.entries(belongs)) all[name].element.hidden = !does(fields) && !fields[name];
    for (const name of ["amount", "radius", "threshold", "monochrome"]) all[name].element.hidden = !hasMask;
    for (const name of ["intent", "blackPoint", "dither"]) all[name].element.hidden = !fields.profile;
    if (document.activeElement !== modifier) modifier.value = text;
    head.hidden = !before;
    head.textContent = `It begins with ${before}. What is set here comes after it and wins.`;
  }

  return { element: tabs("Settings of the preset", [["Basic", basic], ["Advanced", advanced]]), show };
}
