// The preview page: a picture, modifiers, and the result of the Worker's engine run here.
import init, { Preview } from "./pkg/browser_preview.js";

const $ = (id) => document.getElementById(id);
const [form, stage, picture, error, facts] = ["form", "stage", "picture", "error", "facts"].map($);
const [modifiers, url, file] = ["modifiers", "url", "file"].map($);

const EXAMPLES = [
  "$product$",
  "$thumbnail$",
  "wid=400",
  "wid=400&hei=400&fit=crop",
  "op_usm=1,1,5,0",
  "flip=lr",
  "cropN=.25,.25,.5,.5",
  "fmt=png-alpha",
  "qlt=60",
];

/** What is shown: an id with the source of its pyramid. */
let chosen;
let preview;

/** Each render has a number; one that is overtaken is dropped. */
let latest = 0;

async function start() {
  const samples = await (await fetch("samples.json")).json();
  const saved = new URLSearchParams(location.hash.slice(1));
  modifiers.value = saved.get("modifiers") ?? "$product$&wid=800";
  showSamples(samples, saved.get("id") ?? samples[0].id);
  for (const example of EXAMPLES) $("chips").append(chip(example));
  modifiers.addEventListener("input", debounced(render, 150));
  $("copy").addEventListener("click", copy);
  file.addEventListener("change", () => file.files[0] && openFile(file.files[0]));
  form.addEventListener("submit", (event) => event.preventDefault());
  acceptDrops();
  await init();
  preview = new Preview({});
  await render();
}

function showSamples(samples, selected) {
  for (const { id, title } of samples) {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "sample", value: id });
    const thumbnail = Object.assign(document.createElement("img"), {
      src: `/is/image/${id}?wid=208&hei=156&fit=crop`,
      alt: title,
      title,
      loading: "lazy",
    });
    input.addEventListener("change", () => chooseSample(id));
    label.append(input, thumbnail);
    $("samples").append(label);
    if (id === selected) {
      input.checked = true;
      chosen = sample(id);
    }
  }
  chosen ??= sample(samples[0].id);
}

const sample = (id) => ({ id, stored: true, source: new URL(`/preview/source/${id}`, location.href) });

function chooseSample(id) {
  chosen = sample(id);
  file.value = "";
  $("file-name").textContent = "Drop a pyramid TIFF, JPEG or PNG here, or choose one";
  render();
}

function openFile(source) {
  const id = `Preview/${source.name.replace(/\.[^.]+$/, "")}`;
  chosen = { id, stored: false, source };
  $("file-name").textContent = source.name;
  for (const input of form.querySelectorAll("[name=sample]")) input.checked = false;
  render();
}

/** A preset replaces what is typed, a command is added to it. */
function chip(text) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  button.addEventListener("click", () => {
    const add = !text.startsWith("$") && modifiers.value.trim() !== "";
    modifiers.value = add ? `${modifiers.value.replace(/&+$/, "")}&${text}` : text;
    render();
  });
  return button;
}

function acceptDrops() {
  let depth = 0;
  const over = (change) => document.body.classList.toggle("over", (depth += change) > 0);
  document.addEventListener("dragenter", () => over(1));
  document.addEventListener("dragleave", () => over(-1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    over(-depth);
    const dropped = event.dataTransfer.files[0];
    if (dropped) openFile(dropped);
  });
}

async function render() {
  const number = ++latest;
  const typed = modifiers.value.trim().replace(/\s*\n\s*/g, "&").replace(/^\?/, "");
  const request = `${encodeURI(chosen.id)}${typed ? `?${typed}` : ""}`;
  url.value = new URL(`/is/image/${request}`, location.href).href;
  const state = new URLSearchParams(chosen.stored ? { id: chosen.id, modifiers: typed } : { modifiers: typed });
  history.replaceState(null, "", `#${state}`);
  if (!preview) return;
  stage.classList.add("busy");
  const began = performance.now();
  let reply;
  try {
    reply = await preview.render(request, { source: chosen.source });
  } catch (reason) {
    if (number === latest) showError(`The file cannot be read\n${reason?.message ?? reason}`);
    return;
  }
  if (number !== latest) return;
  const milliseconds = performance.now() - began;
  await (reply.status === 200 && reply.contentType.startsWith("image/")
    ? showPicture(reply, milliseconds)
    : showText(reply, milliseconds));
}

async function showPicture(reply, milliseconds) {
  const address = URL.createObjectURL(new Blob([reply.bytes], { type: reply.contentType }));
  const before = picture.src;
  picture.src = address;
  await picture.decode().catch(() => {});
  if (before) URL.revokeObjectURL(before);
  picture.alt = `${chosen.id} with ${modifiers.value || "no modifiers"}`;
  picture.hidden = false;
  error.hidden = true;
  stage.classList.remove("busy");
  const { naturalWidth: width, naturalHeight: height } = picture;
  showFacts([
    ["Size", `${width} × ${height} px`],
    ["Bytes", `${reply.bytes.length.toLocaleString("en")} (${reply.contentType})`],
    ["Rendered in", `${milliseconds.toFixed(0)} ms`],
    ["Stages", stages(reply.timing)],
    ["Cache", reply.headers["cache-control"]],
  ]);
}

function showText(reply, milliseconds) {
  const text = new TextDecoder().decode(reply.bytes).trim();
  if (reply.status !== 200) return showError(text, reply.status);
  showMessage(text);
  error.classList.add("plain");
  showFacts([
    ["Status", String(reply.status)],
    ["Type", reply.contentType],
    ["Answered in", `${milliseconds.toFixed(0)} ms`],
  ]);
}

function showError(text, status) {
  showMessage(text);
  showFacts(status ? [["Status", String(status)]] : []);
}

function showMessage(text) {
  error.textContent = text;
  error.hidden = false;
  picture.hidden = true;
  stage.classList.remove("busy");
}

const stages = (timing) =>
  Object.entries(timing)
    .filter(([, milliseconds]) => milliseconds >= 0.5)
    .map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(0)}`)
    .join(" · ");

function showFacts(entries) {
  const nodes = entries.filter(([, value]) => value).map(([name, value]) => {
    const pair = document.createElement("div");
    pair.append(
      Object.assign(document.createElement("dt"), { textContent: name }),
      Object.assign(document.createElement("dd"), { textContent: value }),
    );
    return pair;
  });
  facts.replaceChildren(...nodes);
}

async function copy() {
  const button = $("copy");
  try {
    await navigator.clipboard.writeText(url.value);
  } catch {
    // Without permission the browser's own copy still works on the selection.
    url.select();
    document.execCommand("copy");
  }
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

function debounced(work, milliseconds) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds);
  };
}

start().catch((reason) => showError(`The page did not start\n${reason?.message ?? reason}`));
