// The preview page: a picture, modifiers, and the result of the Worker's engine run here.
import init, { Preview } from "./pkg/browser_preview.js";
import { showBusy, showFailure, showReply } from "./result.js";

const $ = (id) => document.getElementById(id);
const [form, modifiers, url, file, fileName] = ["form", "modifiers", "url", "file", "file-name"].map($);
const places = [...document.querySelectorAll("[name=place]")];
const invitation = fileName.textContent;

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

/** Where records, presets and pyramids are read, so that the picture is the edge's own. */
const store = new URL("/preview/", location.href);

/** What is shown: an id, and the file that stands for its pyramid where the edge has none. */
let chosen;
let preview;

/** Each render has a number; one that is overtaken is dropped. */
let latest = 0;

async function start() {
  const samples = await (await fetch("samples.json")).json();
  samples.forEach(showSample);
  $("chips").append(...EXAMPLES.map(chip));
  restore(samples[0].id);
  modifiers.addEventListener("input", debounced(render, 150));
  for (const place of places) place.addEventListener("change", render);
  $("copy").addEventListener("click", copy);
  file.addEventListener("change", () => file.files[0] && openFile(file.files[0]));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => {
    restore(chosen.id);
    render();
  });
  acceptDrops();
  await init();
  preview = new Preview({});
  await render();
}

/** Reads the state that the address holds. */
function restore(otherwise) {
  const saved = new URLSearchParams(location.hash.slice(1));
  const wanted = saved.get("id") ?? otherwise;
  const radios = [...form.querySelectorAll("[name=sample]")];
  // Any object of the edge can be named in the address, not the samples only.
  modifiers.value = saved.get("modifiers") ?? "$product$&wid=800";
  if (chosen?.id === wanted) return;
  for (const radio of radios) radio.checked = radio.value === wanted;
  choose({ id: wanted }, invitation);
}

function choose(picture, name) {
  chosen = picture;
  fileName.textContent = name;
  const dropped = picture.source !== undefined;
  if (dropped) places[0].checked = true;
  for (const place of places) place.disabled = dropped;
  // What is not at the edge has no URL there.
  $("copy").disabled = dropped;
  url.placeholder = dropped ? "None yet: store the file with azulejo ingest" : "";
}

function showSample({ id, title }) {
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "radio", name: "sample", value: id });
  const thumbnail = Object.assign(document.createElement("img"), {
    src: `/is/image/${id}?wid=208&hei=156&fit=crop`,
    alt: title,
    title,
  });
  input.addEventListener("change", () => {
    file.value = "";
    choose({ id }, invitation);
    render();
  });
  label.append(input, thumbnail);
  $("samples").append(label);
}

function openFile(source) {
  const id = `Preview/${source.name.replace(/\.[^.]+$/, "")}`;
  choose({ id, source }, source.name);
  for (const input of form.querySelectorAll("[name=sample]")) input.checked = false;
  render();
}

/** A preset replaces what is typed, a command is added to it. */
function chip(text) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  button.addEventListener("click", () => {
    const add = !text.startsWith("$") && modifiers.value.trim() !== "";
    modifiers.value = add ? `${modifiers.value.trim().replace(/&+$/, "")}&${text}` : text;
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
  const current = () => number === latest;
  const typed = modifiers.value.trim().replace(/\s*\n\s*/g, "&").replace(/^\?/, "");
  const path = chosen.id.split("/").map(encodeURIComponent).join("/");
  const request = `${path}${typed ? `?${typed}` : ""}`;
  const address = new URL(`/is/image/${request}`, location.href);
  const { id, source } = chosen;
  url.value = source ? "" : address.href;
  const state = new URLSearchParams(source ? { modifiers: typed } : { id, modifiers: typed });
  history.replaceState(null, "", `#${state}`);
  if (!preview) return;
  showBusy();
  try {
    const here = await timed(() => preview.render(request, { source, store }));
    if (!current()) return;
    const edge = places[1].checked && (await timed(() => fromEdge(address)));
    if (!current()) return;
    await showReply(`${id} ${typed}`, here, edge, current);
  } catch (reason) {
    if (current()) showFailure(source ? "The file cannot be read" : "The picture cannot be read", reason);
  }
}

async function timed(work) {
  const began = performance.now();
  const reply = await work();
  return { ...reply, milliseconds: performance.now() - began };
}

/** The Worker's answer, in the form of the local one. */
async function fromEdge(address) {
  // The edge is asked each time: the browser's own cache would hide what it says.
  const response = await fetch(address, { cache: "no-store" });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = Object.fromEntries(response.headers);
  return { status: response.status, contentType: headers["content-type"], bytes, headers };
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

start().catch((reason) => showFailure("The page did not start", reason));
