// Reads ranges of what a page can hold: bytes, Blob and File, URL, or any {size, read(start, len)}.

/** The whole or a range of a source, with its size and version. */
export async function readSource(source, start, len) {
  if (source instanceof ArrayBuffer) source = new Uint8Array(source);
  if (source instanceof Uint8Array) {
    return { bytes: source.subarray(start, start + len), size: source.length, version: "bytes" };
  }
  if (typeof Blob !== "undefined" && source instanceof Blob) {
    const part = await source.slice(start, start + len).arrayBuffer();
    const modified = source.lastModified ?? 0;
    return { bytes: new Uint8Array(part), size: source.size, version: `${source.size}-${modified}` };
  }
  if (source instanceof URL || typeof source === "string") {
    return readUrl(source, start, len);
  }
  if (typeof source?.read === "function") {
    const bytes = await source.read(start, len);
    if (bytes === null) return { missing: true };
    return { bytes, size: source.size, version: source.version ?? "source" };
  }
  throw new TypeError("source: expected a File, Blob, URL, bytes, or an object with size and read()");
}

async function readUrl(url, start, len) {
  // HTTP has no range of no bytes, which the engine asks for to learn the version.
  const headers = { Range: `bytes=${start}-${start + Math.max(len, 1) - 1}` };
  const response = await fetch(url, { headers });
  if (response.status === 404 || response.status === 204) return { missing: true };
  if (response.status === 403) return { closed: true };
  const etag = response.headers.get("etag")?.replace(/^W\/|"/g, "") ?? "";
  if (response.status === 416) {
    const size = Number(response.headers.get("content-range")?.split("/")[1] ?? 0);
    return { bytes: new Uint8Array(), size, version: etag };
  }
  if (!response.ok) throw new Error(`${url}: status ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const read = { version: etag, modified: Date.parse(response.headers.get("last-modified")) };
  if (response.status === 206) {
    const size = Number(response.headers.get("content-range")?.split("/")[1]);
    return { ...read, bytes: bytes.subarray(0, len), size };
  }
  // A server without ranges sends all of it.
  return { ...read, bytes: bytes.subarray(start, start + len), size: bytes.length };
}
