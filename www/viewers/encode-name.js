/** The name of an object in a path. Colons and the like are encoded; slashes part folders. */
export const encodeName = (name) => name.split("/").map(encodeURIComponent).join("/");
