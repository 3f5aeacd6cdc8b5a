// Files of this device that were opened in this visit. They are kept in memory and never sent anywhere.

const files = new Map();

/** All files, by the object that each stands for. */
export const localFiles = () => [...files].map(([object, file]) => ({ object, file }));

/** Keeps files. Those of one name replace each other. */
export function keep(opened) {
  for (const file of opened) files.set(`Preview/${file.name.replace(/\.[^.]+$/, "")}`, file);
}

export const forget = (object) => files.delete(object);
