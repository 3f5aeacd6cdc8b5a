/** Lets an image follow its box. Rejects if the server does not know it; the picture then stays as it is. */
export function manage(image: HTMLImageElement): Promise<void>;

/** Manages all images of a document that have `data-breakpoints` or `data-mode`. */
export function manageAll(root?: ParentNode): Promise<PromiseSettledResult<void>[]>;
