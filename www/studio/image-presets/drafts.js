// Changes that are not saved yet, kept by the browser so that they survive a reload.

const KEY = "azulejo-presets:";

/** The draft of a catalog: `{ text, base, tag }`, the changed file and the one it began from. */
export function draftOf(root) {
  try {
    return JSON.parse(localStorage.getItem(KEY + root)) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a draft, or forgets it. Returns whether that was possible. */
export function keepDraft(root, draft) {
  try {
    if (draft) localStorage.setItem(KEY + root, JSON.stringify(draft));
    else localStorage.removeItem(KEY + root);
    return true;
  } catch {
    // The browser's room is full or closed.
    return false;
  }
}
