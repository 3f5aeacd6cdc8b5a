// <azulejo-video>: a video of the server in the browser's own player, with captions, chapters and a poster.
import { fetchSet, leaves, parseAsset } from "./asset.js";
import { element, sheet } from "./dom.js";
import { Viewer, define } from "./viewer.js";

const FILE = /\.(mp4|m4v|webm|ogv|mov|m3u8)$/i;
const HLS = "application/vnd.apple.mpegurl";

const TYPES = { mp4: "video/mp4", m4v: "video/mp4", mov: "video/mp4", webm: "video/webm", ogv: "video/ogg", m3u8: HLS };

const own = sheet(`
  video { position: absolute; inset: 0; width: 100%; height: 100%; background: #000000 }
  .chapters { display: flex; flex-wrap: wrap; gap: 6px; margin: 0; padding: 0; list-style: none }
  .chapters button { border-radius: 6px; padding: 4px 12px }
`);

export class VideoViewer extends Viewer {
  static tag = "azulejo-video";
  static label = "Video";
  static sheets = [own];

  /** A file has no set: its name says what it is. */
  async fetch(signal) {
    const { name } = parseAsset(this.getAttribute("asset"));
    if (name && FILE.test(name)) return { type: "video", name, items: [{ type: "video", name }] };
    return fetchSet(this.server, this.getAttribute("asset"), { locale: this.param("locale"), signal });
  }

  async show(set, signal) {
    const [sources, poster] = await Promise.all([this.#sources(set, signal), this.#poster(set, signal)]);
    if (sources.length === 0) throw new Error(`${set.name} has no video that this browser plays.`);
    const video = element("video", { controls: true, playsinline: true, preload: "metadata", crossorigin: "anonymous", poster, "aria-label": this.label, part: "video" });
    video.muted = /^(1|true)/.test(this.param("mutevolume", "VideoPlayer") ?? "");
    video.loop = /^(1|true)/.test(this.param("loop", "VideoPlayer") ?? "");
    const [captions, shown] = (this.param("caption") ?? "").split(",");
    const language = this.param("captionlang") ?? this.param("locale")?.slice(0, 2) ?? "en";
    if (captions) {
      video.append(element("track", { kind: "captions", src: this.server.file(captions), srclang: language, label: this.param("captionlabel") ?? "Captions", default: shown !== "0" }));
    }
    const [chapters] = (this.param("navigation") ?? "").split(",");
    if (chapters) video.append(this.#chapters(video, chapters));
    // Without a source element that plays, the last one reports it.
    const failed = new Promise((_, refuse) => {
      const error = () => refuse(new Error(`The video ${set.name} could not be played.`));
      video.addEventListener("error", error, { signal });
      for (const [at, { src, type }] of sources.entries()) {
        const source = element("source", { src, type });
        if (at === sources.length - 1) source.addEventListener("error", error, { signal });
        video.append(source);
      }
    });
    failed.catch((error) => !signal.aborted && this.fail(error));
    video.addEventListener("loadedmetadata", () => this.shape({ width: video.videoWidth, height: video.videoHeight }), { signal });
    for (const type of ["play", "pause", "ended"]) video.addEventListener(type, () => this.track(type.toUpperCase(), Math.round(video.currentTime)), { signal });
    signal.addEventListener("abort", () => video.pause(), { once: true });
    this.shape({ width: 16, height: 9 });
    this.stage.append(video);
    if (/^(1|true)/.test(this.param("autoplay", "VideoPlayer") ?? "")) {
      // Browsers refuse sound that nobody asked for.
      video.play().catch(() => {});
    }
  }

  /** The sources in the order in which the browser is to try them. */
  async #sources(set, signal) {
    const probe = document.createElement("video");
    const plays = (type) => probe.canPlayType(type) !== "";
    if (FILE.test(set.name)) return [this.#file(set.name)];
    const found = [];
    const playlist = `${set.name}.m3u8`;
    if (plays(HLS) && (await this.server.hasFile(playlist, signal))) found.push({ src: this.server.file(playlist), type: HLS });
    // The streams of a video set: the largest that is no higher than the window, then the smaller ones.
    const streams = leaves(set.items).filter(({ name }) => name !== set.name || set.type === "video");
    const height = Math.max(360, innerHeight * devicePixelRatio);
    streams.sort((one, other) => (one.height > height) - (other.height > height) || (other.height ?? 0) - (one.height ?? 0));
    return [...found, ...streams.map(({ name }) => this.#file(name))];
  }

  #file(name) {
    return { src: this.server.file(name), type: TYPES[FILE.exec(name)?.[1].toLowerCase()] };
  }

  /** `posterimage`, or the image that has the name of the video, if there is one. */
  async #poster(set, signal) {
    const given = this.param("posterimage", "VideoPlayer");
    if (given === "none") return undefined;
    const name = (given || set.name.replace(FILE, "")).replace(/^\//, "").replace(/^is\/image\//, "");
    if (!(await this.server.hasImage(name, signal))) return undefined;
    const width = Math.min(2000, Math.max(320, Math.round(this.stage.clientWidth * devicePixelRatio)));
    return this.server.image({ name }, `wid=${width}`);
  }

  /** A track of chapters; each is a button below the video. */
  #chapters(video, path) {
    const track = element("track", { kind: "chapters", src: this.server.file(path) });
    track.track.mode = "hidden";
    track.addEventListener("load", () => {
      const cues = [...(track.track.cues ?? [])];
      const list = cues.map((cue) => {
        const go = () => {
          video.currentTime = cue.startTime;
          video.focus();
        };
        return element("li", {}, element("button", { type: "button", onclick: go }, cue.text));
      });
      if (list.length > 0) this.bar.prepend(element("ul", { class: "chapters", "aria-label": "Chapters" }, ...list));
    });
    return track;
  }
}

define(VideoViewer);
