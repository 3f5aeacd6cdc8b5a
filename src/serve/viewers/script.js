// The classes of `s7viewers` and `s7responsiveImage`, over the elements of /viewers/.
(() => {
  // Names, and the modules of their viewers. src/serve/viewers/mod.rs has the same table.
  const MODULES = {
    BasicZoomViewer: "zoom",
    BeforeAfterViewer: "before-after",
    CarouselViewer: "carousel",
    FlyoutViewer: "flyout",
    InteractiveImage: "interactive-image",
    MixedMediaViewer: "mixed-media",
    PanoramicImage: "panorama",
    PanoramicViewer: "panorama",
    SpinViewer: "spin",
    VideoViewer: "video",
    ZoomVerticalViewer: "zoom",
    ZoomViewer: "zoom",
  };
  const own = document.currentScript?.src ?? location.href;
  const load = (file) => import(new URL(`/viewers/${file}.js`, own).href);

  /** A viewer in a container of the page. It loads its module when it begins. */
  class LegacyViewer {
    #name;
    #element;
    #containerId;
    #params = {};
    #handlers = {};

    constructor(name, { containerId, params, handlers } = {}) {
      this.#name = name;
      this.#containerId = containerId;
      this.#params = { ...params };
      this.#handlers = { ...handlers };
    }

    setContainerId(id) {
      this.#containerId = id;
    }

    setParam(name, value) {
      this.#params[name] = value;
    }

    /** Parameters as a query: `asset=Shop/shoe&stagesize=400,300`. */
    setParams(query) {
      Object.assign(this.#params, Object.fromEntries(new URLSearchParams(query)));
    }

    setAsset(asset) {
      this.#params.asset = asset;
      this.#element?.setAttribute("asset", asset);
    }

    setHandlers(handlers) {
      Object.assign(this.#handlers, handlers);
    }

    init() {
      if (this.#element) return this;
      const container = document.getElementById(this.#containerId);
      if (!container) throw new Error(`s7viewers.${this.#name}: the page has no element with the id ${this.#containerId}`);
      container.classList.add(`s7${this.#name.toLowerCase()}`);
      const element = document.createElement(`azulejo-${MODULES[this.#name]}`);
      this.#element = element;
      // Without serverurl it is the server of this script, not that of the page.
      const params = { serverurl: new URL("/is/image/", own).href, contenturl: new URL("/is/content/", own).href };
      if (this.#name === "ZoomVerticalViewer") params.layout = "vertical";
      if (this.#params.videoserverurl) params.contenturl = this.#params.videoserverurl;
      Object.assign(params, this.#params);
      for (const [name, value] of Object.entries(params)) {
        if (value !== undefined && value !== null && /^[\w.-]+$/.test(name)) element.setAttribute(name, value);
      }
      element.addEventListener("ready", () => this.#handlers.initComplete?.());
      element.addEventListener("quickview", ({ detail }) => this.#handlers.quickViewActivate?.(detail));
      element.addEventListener("track", ({ detail }) => {
        this.#handlers.trackEvent?.(element.id, this.#name, detail.time, detail.info);
      });
      container.replaceChildren(element);
      load(MODULES[this.#name]).catch((error) => {
        container.textContent = `The viewer could not be loaded: ${error.message}`;
      });
      return this;
    }

    dispose() {
      this.#element?.remove();
      this.#element = undefined;
    }
  }

  window.s7viewers ??= {};
  for (const name of Object.keys(MODULES)) {
    window.s7viewers[name] ??= class extends LegacyViewer {
      constructor(config) {
        super(name, config);
      }
    };
  }

  /** Lets the library manage an image of the page. */
  window.s7responsiveImage ??= (image) => {
    load("responsive-image").then(({ manage }) => manage(image), (error) => console.error(error));
  };
})();
