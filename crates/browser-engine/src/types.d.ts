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

/** One command, macro or variable of a URL. */
export interface Found {
  name: string;
  column: number;
  length: number;
  level: Level;
  /** For an unknown command: the names that are most like it. */
  suggestions?: string[];
}

/** What the linter finds in a URL. Columns count characters, from 1. */
export interface Report {
  url: string;
  /** Whether this server answers the URL as intended. */
  ok: boolean;
  /** `length` characters from `column` on are wrong. */
  error?: { message: string; column: number; length: number };
  /** Names of commands that have no effect. */
  ignored: string[];
  /** Names of unsupported commands. */
  unsupported: string[];
  warnings: string[];
  /** All commands, macros and variables, in order. */
  commands: Found[];
  /** Another service of Dynamic Media that the URL is for. */
  service?: string;
}

/** What the values of an argument are. A switch is 0 or 1. */
export type ArgumentKind = "integer" | "number" | "choice" | "switch" | "color" | "object" | "text";

/** One argument of a command. */
export interface Argument {
  name: string;
  kind: ArgumentKind;
  /** The keywords of a choice or switch. */
  choices?: string[];
  /** The lowest value, included. */
  min?: number;
  /** The highest value, included. */
  max?: number;
  unit?: string;
  /** Whether it may be left out. */
  optional: boolean;
}

/** One command of the protocol, with its documentation. */
export interface Command {
  /** Its name in a URL. */
  name: string;
  /** Its name for people. */
  title: string;
  /** What it does. */
  help: string;
  /** Modifiers that show it on a picture; empty if nothing can be seen. */
  example: string;
  group: "basic" | "layers" | "advanced";
  /** What it applies to. A selection is `layer=` or `effect=`. */
  scope:
    | "request"
    | "file"
    | "view"
    | "layer"
    | "layer or view"
    | "layer or effect"
    | "mask"
    | "selection";
  /** Its arguments in short. */
  syntax: string;
  arguments: Argument[];
  support: "full" | "partial" | "accepted" | "refused";
  /** What of it is not supported. */
  note?: string;
  /** Its page in Adobe's reference. */
  doc: string;
  /** The address of that page. */
  url?: string;
}

/** One command, macro or variable of a query string. */
export interface Typed {
  kind: "command" | "macro" | "variable";
  /** As the protocol spells it; without the `$` of macros and variables. */
  name: string;
  /** Decoded; a nested request stays as written. */
  value: string;
  /** `modifiers.slice(from, to)` is the text as typed. */
  from: number;
  to: number;
  level: Level;
  /** The layer that it applies to; absent for the request and the composite image. */
  layer?: number;
  /** The effect of that layer. */
  effect?: number;
}
