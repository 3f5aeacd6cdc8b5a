// The result: a picture or what the engine says instead, and the facts about it.
const $ = (id) => document.getElementById(id);
const [stage, picture, message, facts] = ["stage", "picture", "message", "facts"].map($);

/** Until the next reply. */
export function showBusy() {
  stage.setAttribute("aria-busy", "true");
}

/**
 * Shows a local reply, or the edge's in its place. Both have `status`, `contentType`, `bytes`,
 * `headers` and `milliseconds`; `current` says whether the reply is still wanted.
 */
export async function showReply(name, here, edge, current) {
  const shown = edge || here;
  const image = shown.status === 200 && shown.contentType.startsWith("image/");
  if (!image) {
    showMessage(new TextDecoder().decode(shown.bytes).trim(), shown.status !== 200);
  } else if (!(await showPicture(name, shown, current))) {
    return;
  }
  showFacts([
    ["Status", !image && String(shown.status)],
    ["Size", image && `${picture.naturalWidth} × ${picture.naturalHeight} px`],
    ["Bytes", `${shown.bytes.length.toLocaleString("en")}`],
    ["Type", shown.contentType.split(";")[0]],
    ["Time", `${shown.milliseconds.toFixed(0)} ms`],
    ["Stages", !edge && stages(here.timing)],
    ["X-Azulejo-Cache", edge && edge.headers["x-azulejo-cache"]],
    ["Not read here", here.closed.length > 0 && `${here.closed.join(", ")}: the edge may draw another picture`],
    ["Bytes as here", edge && (same(edge.bytes, here.bytes) ? "the same" : "different")],
  ]);
}

/** What kept a picture from being read, or the page from working. */
export function showFailure(title, reason) {
  showMessage(`${title}\n${reason?.message ?? reason}`, true);
  showFacts([]);
}

async function showPicture(name, { bytes, contentType }, current) {
  const address = URL.createObjectURL(new Blob([bytes], { type: contentType }));
  const next = Object.assign(new Image(), { src: address });
  await next.decode().catch(() => {});
  if (!current()) {
    URL.revokeObjectURL(address);
    return false;
  }
  URL.revokeObjectURL(picture.src);
  picture.src = address;
  picture.alt = name;
  // Known for sure only now; the facts show it.
  await picture.decode().catch(() => {});
  picture.hidden = false;
  message.hidden = true;
  stage.setAttribute("aria-busy", "false");
  return true;
}

function showMessage(text, alarming) {
  message.textContent = text;
  message.classList.toggle("alarming", alarming);
  message.hidden = false;
  picture.hidden = true;
  stage.setAttribute("aria-busy", "false");
}

const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

const stages = (timing) =>
  Object.entries(timing)
    .filter(([, milliseconds]) => milliseconds >= 0.5)
    .map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(0)} ms`)
    .join(" · ");

function showFacts(entries) {
  const nodes = entries.filter(([, value]) => value).map(([name, value]) => {
    const pair = document.createElement("div");
    pair.classList.toggle("long", name === "Stages" || name === "Not read here");
    pair.append(
      Object.assign(document.createElement("dt"), { textContent: name }),
      Object.assign(document.createElement("dd"), { textContent: value }),
    );
    return pair;
  });
  facts.replaceChildren(...nodes);
}
