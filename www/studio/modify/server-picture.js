// A picture from the server itself, in the form of a local reply.

/** Asks the server each time: the browser's own cache would hide what it says. */
export async function fromServer(address, signal) {
  const response = await fetch(address, { cache: "no-store", signal });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = Object.fromEntries(response.headers);
  return { status: response.status, contentType: headers["content-type"] ?? "", bytes, headers };
}
