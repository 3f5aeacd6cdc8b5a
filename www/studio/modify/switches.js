// What the two values of a switch do, in words. A switch that is the only argument of its command is named by the command.

const EMBED = { off: "leave it out", on: "put it into the file" };
const SHARPEN = { label: "sharpen", off: "each colour", on: "brightness only" };

const SWITCHES = {
  qlt: { chroma: { label: "colour detail", off: "half, smaller file", on: "full, larger file" } },
  op_usm: { monochrome: SHARPEN },
  op_usmR: { monochrome: SHARPEN },
  op_noise: { monochrome: { label: "grain", off: "coloured", on: "grey" } },
  fit: { upscale: { label: "small pictures", off: "are not enlarged", on: "are enlarged" } },
  icc: {
    blackPoint: { label: "black point", off: "as it is", on: "match the darkest black" },
    dither: { label: "dither", off: "no", on: "yes, against banding" },
  },
  iccEmbed: { embed: EMBED },
  pathEmbed: { embed: EMBED },
  xmpEmbed: { embed: EMBED },
  hide: { hidden: { off: "show the layer", on: "hide the layer" } },
  effectMask: { masked: { off: "show through the layer", on: "hide below the layer" } },
  op_invert: { invert: { off: "no", on: "yes" } },
  op_sharpen: { sharpen: { off: "no", on: "yes" } },
};

/** `{ label, off, on }` of an argument of a command. */
export const switchOf = (command, argument) => SWITCHES[command]?.[argument] ?? { off: "off", on: "on" };
