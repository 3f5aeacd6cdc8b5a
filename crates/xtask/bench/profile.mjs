// Draws a request again and again, and writes where the time goes as a CPU profile of V8.
// Arguments: the folder of the browser package, the file, modifiers, seconds, the file of the profile. Prints one
// JSON object.
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { engine } from "./engine.mjs";

/** Microseconds between samples. */
const INTERVAL = 250;
/** Milliseconds until V8 has compiled the hot functions with all optimisations. */
const WARM_UP = 2000;

const [folder, file, modifiers, seconds, output] = process.argv.slice(2);
const { renderFile } = await engine("profile", folder);

async function repeat(duration) {
  const since = performance.now();
  let replies = 0;
  while (performance.now() - since < duration) {
    await renderFile(`Bench/photo?${modifiers}`, file);
    replies += 1;
  }
  return { replies, milliseconds: performance.now() - since };
}

await repeat(WARM_UP);
const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.setSamplingInterval", { interval: INTERVAL });
await session.post("Profiler.start");
const done = await repeat(Number(seconds) * 1000);
const { profile } = await session.post("Profiler.stop");
session.disconnect();
writeFileSync(output, JSON.stringify(profile));
console.log(JSON.stringify(done));
