// A small image server of sharp: a process for each core, each of which opens the level of the
// pyramid that it needs. Arguments: the pyramid, the width, the port.
import cluster from "node:cluster";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import sharp from "sharp";
import { levelFor } from "./levels.mjs";

const [file, width, port] = process.argv.slice(2);

if (cluster.isPrimary) {
  for (let nth = 0; nth < availableParallelism(); nth += 1) cluster.fork();
} else {
  sharp.concurrency(1);
  sharp.cache(false);
  const { open } = levelFor(readFileSync(file), Number(width));
  createServer(async (_, response) => {
    const jpeg = await sharp(file, open).resize(Number(width)).jpeg({ quality: 80 }).toBuffer();
    response.writeHead(200, { "content-type": "image/jpeg" }).end(jpeg);
  }).listen(Number(port), "127.0.0.1");
}
