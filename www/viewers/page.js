// The page /s7viewers/html5/<Name>.html: one viewer, whose parameters are those of the address.

const { viewer, name } = document.documentElement.dataset;
const main = document.querySelector("main");

/** The address of images or content on this host. Other hosts are refused: this page shows what its own has. */
function own(name, value) {
  const url = new URL(value, location.href);
  if (url.hostname !== location.hostname) {
    throw new Error(`${name}=${value} is another host. This page shows what ${location.hostname} has: leave ${name} out.`);
  }
  return url.pathname;
}

/** The custom element with its attributes. */
function made() {
  const element = document.createElement(`azulejo-${viewer}`);
  element.setAttribute("share", "");
  if (name === "ZoomVerticalViewer") element.setAttribute("layout", "vertical");
  for (const [key, value] of new URLSearchParams(location.search)) {
    const attribute = key.toLowerCase();
    if (["serverurl", "contenturl", "videoserverurl"].includes(attribute)) {
      const path = own(key, value);
      // AEM writes the root of its host here. Files are at /is/content/.
      if (path !== "/") element.setAttribute(attribute === "videoserverurl" ? "contenturl" : attribute, path);
    } else if (/^[a-z][\w.-]*$/.test(attribute) && !/^on|^style$|^class$|^id$|^slot$|^part$/.test(attribute)) {
      element.setAttribute(attribute, value);
    }
  }
  return element;
}

try {
  const element = made();
  const title = element.getAttribute("title") || element.getAttribute("asset");
  if (title) document.title = main.querySelector("h1").textContent = `${title} · ${document.title}`;
  main.append(element);
  await import(`./${viewer}.js`);
} catch (error) {
  const problem = document.createElement("p");
  problem.className = "problem";
  problem.setAttribute("role", "alert");
  problem.textContent = error.message;
  main.append(problem);
}
