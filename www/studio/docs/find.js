// Which commands a search finds, the best first.

/** The groups in their order, with their titles. */
export const GROUPS = { basic: "Basic", layers: "Layers", advanced: "Advanced" };

/** The commands in which every word of the text occurs. Names count more than titles, titles more than help. */
export function find(commands, text) {
  const words = text.toLowerCase().split(/[\s=]+/).filter(Boolean);
  if (words.length === 0) return [];
  const scored = commands.map((command) => {
    const scores = words.map((word) => score(command, word));
    return { command, score: scores.includes(0) ? 0 : scores.reduce((sum, one) => sum + one, 0) };
  });
  return scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score).map(({ command }) => command);
}

function score({ name, title, help, arguments: list }, word) {
  const [low, label] = [name.toLowerCase(), title.toLowerCase()];
  if (low === word || low === `op_${word}`) return 100;
  if (label === word) return 80;
  if (low.startsWith(word) || low.startsWith(`op_${word}`)) return 60;
  if (label.split(" ").some((part) => part.startsWith(word))) return 50;
  if (low.includes(word)) return 40;
  if (label.includes(word)) return 30;
  if (list.some(({ name, choices = [] }) => [name, ...choices].some((part) => part.toLowerCase() === word))) return 20;
  return help.toLowerCase().includes(word) ? 10 : 0;
}

/** The values of an argument, in words. */
export function values({ kind, choices, min, max, unit }) {
  if (choices) return choices.join(", ");
  const range =
    min !== undefined && max !== undefined ? `${min} to ${max}` : min !== undefined ? `${min} or more` : max !== undefined ? `at most ${max}` : "";
  const any = { color: "such as ff8000, 255,128,0 or 255,128,0,128", object: "such as Samples/pier, is(…) or (URL)" }[kind] ?? "any";
  const words = range || any;
  return `${words}${unit ? ` ${range ? "" : "in "}${unit}` : ""}`.replaceAll("-", "−");
}
