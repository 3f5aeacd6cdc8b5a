// Which picture is worked on: a sample, any object of the server, or a file of this device.
import { element } from "../dom.js";

const INVITATION = "Drop a picture here";

/** The field set; `open(file)` is called with files of this device. */
export function pictures({ state, go }, open) {
  const samples = element("div", { id: "samples", class: "samples", role: "radiogroup", "aria-label": "Samples" });
  const file = element("input", { type: "file", id: "file" });
  const name = element("span", { id: "file-name" }, INVITATION);
  const drop = element("label", { class: "drop", id: "drop" }, file, name, element("small", {}, "or choose one. It stays on this device."));
  const set = element("fieldset", { class: "pictures" }, element("legend", {}, "Picture"), samples, drop);
  file.addEventListener("change", () => file.files[0] && open(file.files[0]));
  load();

  async function load() {
    const listed = await fetch("samples.json").then((reply) => reply.json()).catch(() => []);
    samples.append(...listed.map(sample));
    show();
  }

  function sample({ id, title }) {
    const input = element("input", { type: "radio", name: "sample", value: id });
    input.addEventListener("change", () => state.set({ object: id, source: undefined }));
    return element("label", {}, input, element("img", { src: `/is/image/${id}?wid=208&hei=156&fit=crop`, alt: title, title, loading: "lazy" }));
  }

  function show() {
    for (const radio of samples.querySelectorAll("input")) radio.checked = !state.source && radio.value === state.object;
    name.textContent = state.source?.name ?? INVITATION;
    if (!state.source) file.value = "";
  }

  return { element: set, show };
}

/** Lets files be dropped anywhere on the page: `open(...files)`. Returns what ends that. */
export function acceptDrops(open) {
  const ended = new AbortController();
  const listen = (name, listener) => document.addEventListener(name, listener, { signal: ended.signal });
  let depth = 0;
  const over = (change) => document.body.classList.toggle("over", (depth += change) > 0);
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  listen("dragenter", (event) => carriesFiles(event) && over(1));
  listen("dragleave", (event) => carriesFiles(event) && over(-1));
  listen("dragover", (event) => carriesFiles(event) && event.preventDefault());
  listen("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(-depth);
    const { files } = event.dataTransfer;
    if (files.length > 0) open(...files);
  });
  return () => ended.abort();
}
