// Arrow keys between the tiles of a grid, of which one can be reached with the Tab key.

/**
 * Moves the focus through the `tiles` of a grid with the arrow keys, Home and End. Rows are found by where the
 * tiles lie, so that any layout works. `turn(by)` is asked for another page by Page Up and Page Down.
 */
export function arrowKeys(grid, selector, turn) {
  const tiles = () => [...grid.querySelectorAll(selector)];

  /** The Tab key reaches one tile and the buttons in it. */
  function enter(tile) {
    for (const other of tiles()) for (const button of other.parentElement.querySelectorAll("button")) button.tabIndex = other === tile ? 0 : -1;
  }

  grid.addEventListener("focusin", ({ target }) => {
    const tile = target.closest(selector);
    if (tile) enter(tile);
  });
  grid.addEventListener("keydown", (event) => {
    const all = tiles();
    const at = all.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const to = target(event.key, all, at);
    if (to !== undefined) {
      event.preventDefault();
      all[to]?.focus();
    } else if (turn && (event.key === "PageDown" || event.key === "PageUp")) {
      event.preventDefault();
      turn(event.key === "PageDown" ? 1 : -1);
    }
  });
  return { enter, first: () => enter(tiles()[0]) };
}

function target(key, tiles, at) {
  const last = tiles.length - 1;
  switch (key) {
    case "ArrowRight": return Math.min(last, at + 1);
    case "ArrowLeft": return Math.max(0, at - 1);
    case "Home": return 0;
    case "End": return last;
    case "ArrowDown": return below(tiles, at, 1);
    case "ArrowUp": return below(tiles, at, -1);
    default: return undefined;
  }
}

/** The tile of the next row in a direction that is nearest to this one's column. */
function below(tiles, at, step) {
  const here = tiles[at].getBoundingClientRect();
  let best = at;
  let top;
  let distance = Infinity;
  for (let other = at + step; other >= 0 && other < tiles.length; other += step) {
    const box = tiles[other].getBoundingClientRect();
    if (Math.abs(box.top - here.top) < 2) continue;
    top ??= box.top;
    if (Math.abs(box.top - top) >= 2) break;
    const away = Math.abs(box.left - here.left);
    if (away < distance) [best, distance] = [other, away];
  }
  return best;
}
