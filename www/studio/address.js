// Takes addresses of pictures apart, of this server or of any other.

const PREFIX = "/is/image/";

/**
 * The object and the modifiers of a URL with `/is/image/`, or of `rootId/id?modifiers`, with `site` where the URL
 * names another host. Returns nothing if the text is no such address.
 */
export function takeApart(text) {
  const typed = text.trim();
  const at = typed.indexOf(PREFIX);
  const address = at >= 0 ? typed.slice(at + PREFIX.length) : typed.replace(/^\/+/, "");
  if (at < 0 && (/^[a-z]+:/i.test(typed) || !/^[^?&=]+\/[^?&=]+/.test(address))) return undefined;
  const [, path, query = ""] = /^([^?#]*)(?:\?([^#]*))?/.exec(address);
  if (path === "") return undefined;
  const site = at > 0 && /^(https?:)?\/\//i.test(typed) ? new URL(typed, location.href) : undefined;
  return { object: decode(path), modifiers: query, site: site && site.origin !== location.origin ? site.host : undefined };
}

function decode(path) {
  try {
    return path.split("/").map(decodeURIComponent).join("/");
  } catch {
    // A per cent sign that encodes nothing stands for itself.
    return path;
  }
}
