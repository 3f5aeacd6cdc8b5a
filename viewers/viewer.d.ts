/** What all viewers have in common. Attributes are described in the README. */
export class Viewer extends HTMLElement {
  /** The name of the custom element. */
  static readonly tag: string;
  /** HTML that embeds this viewer in a page. */
  readonly embedCode: string;
  /** Loads the asset again. Ends when it is shown, or when it is said why it cannot be. */
  load(): Promise<void>;
  addEventListener<K extends keyof ViewerEventMap>(type: K, listener: (this: this, event: ViewerEventMap[K]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

export interface ViewerEventMap extends Omit<HTMLElementEventMap, "error"> {
  /** The asset is shown. */
  ready: CustomEvent<null>;
  /** The asset cannot be shown. The viewer says why, too. */
  error: CustomEvent<Error>;
  /** A visitor did something: what and when, as Adobe's viewers name it. */
  track: CustomEvent<{ time: number; info: string }>;
  /** A hotspot was activated: the attributes of its area. */
  quickview: CustomEvent<Record<string, string>>;
}
