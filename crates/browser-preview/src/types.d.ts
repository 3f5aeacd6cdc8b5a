/** An object whose ranges can be read. `read` returns `null` if there is nothing. */
export interface RangeSource {
  readonly size: number;
  /** Identifies the content: it differs where the bytes differ. */
  readonly version?: string;
  read(start: number, length: number): Uint8Array | null | Promise<Uint8Array | null>;
}

/** A pyramid TIFF, a JPEG or a PNG. A string is a URL. */
export type Source = File | Blob | URL | string | ArrayBuffer | Uint8Array | RangeSource;

/** There are no options yet. */
export type PreviewOptions = Record<string, never>;

/** What an image is rendered from: at least one of the two. */
export interface RenderOptions {
  /** Replaces the pyramid of the object in the request. */
  source?: Source;
  /** The URL of a server's `/preview/`, from which records, presets and pyramids are read. */
  store?: URL | string;
  /** `false`: no layer of an earlier picture is used. */
  cache?: boolean;
}

/** The reply to one request. An error of the request is a reply, too. */
export interface Reply {
  /** The HTTP status. */
  status: number;
  /** The media type of `bytes`; empty if there are none. */
  contentType: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Header fields by their names in lower case. */
  headers: Record<string, string>;
  /** Milliseconds by stage. */
  timing: Record<string, number>;
  /** Catalogs that the server does not let this page read. */
  closed: string[];
}

/** How a command is understood. */
export type Level = "understood" | "ignored" | "unsupported" | "wrong";

/** What the linter finds in a URL. Columns count characters, from 1. */
export interface Report {
  url: string;
  /** Whether this server answers the URL as intended. */
  ok: boolean;
  error?: { message: string; column: number };
  /** Names of commands that have no effect. */
  ignored: string[];
  /** Names of unsupported commands. */
  unsupported: string[];
  warnings: string[];
  /** All commands, macros and variables, in order. */
  commands: { name: string; column: number; level: Level }[];
  /** Another service of Dynamic Media that the URL is for. */
  service?: string;
}
