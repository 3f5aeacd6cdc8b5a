// What the numbers of a command do, by its arguments, where their names alone do not say it.

const SHARPENING = {
  amount: "how strongly edges are sharpened; 1.75 is 175 %",
  radius: "how far from an edge, in pixels; 0.2 to 0.3 for the web",
  threshold: "how much pixels must differ to be an edge; a larger one keeps skin and sky smooth",
  monochrome: "0 sharpens each colour, 1 only brightness, which leaves no coloured fringes",
};

const MEANINGS = {
  op_usm: SHARPENING,
  op_usmR: SHARPENING,
  qlt: {
    quality: "from small files to good pictures; 80 to 90 for the web",
    chroma: "0 stores colour at half the resolution, 1 at the full one, for larger files",
  },
};

/** What an argument of a command does; nothing where its name says it. */
export const meaning = (command, argument) => MEANINGS[command]?.[argument];

/** The commands and arguments that are explained. */
export const explained = () => Object.entries(MEANINGS).flatMap(([command, names]) => Object.keys(names).map((name) => [command, name]));
