// Pictures of a long list: each is asked for when it comes into view, at most six at a time, and those that
// have left the view before their turn are not asked for.

/** How many pictures are loaded at once. */
const AT_ONCE = 6;

/** Loads pictures. `load(image)` returns a promise that settles when its picture is there or is not. */
export class Thumbnails {
  #waiting = new Map();
  #loading = 0;
  #ended = false;
  #observer = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: "200px" });
  #loads = new WeakMap();

  /** An `img` for an address, with `missing()` called if there is no such picture. */
  fromServer(image, address, missing) {
    this.add(image, () => new Promise((done) => {
      image.addEventListener("load", done, { once: true });
      image.addEventListener("error", () => done(missing?.()), { once: true });
      image.src = address;
    }));
  }

  /** Any element whose picture `load()` gets. */
  add(element, load) {
    this.#loads.set(element, load);
    this.#observer.observe(element);
  }

  /** Forgets all elements. */
  clear() {
    this.#observer.disconnect();
    this.#waiting.clear();
  }

  end() {
    this.clear();
    this.#ended = true;
  }

  #see(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#waiting.set(target, this.#loads.get(target));
      else this.#waiting.delete(target);
    }
    this.#next();
  }

  #next() {
    while (this.#loading < AT_ONCE && this.#waiting.size > 0 && !this.#ended) {
      const [element, load] = this.#waiting.entries().next().value;
      this.#waiting.delete(element);
      this.#observer.unobserve(element);
      this.#loading += 1;
      Promise.resolve(load()).catch(() => {}).then(() => {
        this.#loading -= 1;
        this.#next();
      });
    }
  }
}
