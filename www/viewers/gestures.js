// Fingers, mouse and wheel on a stage, as moves, zooms, taps and swipes.
import { isStill } from "./dom.js";

const DOUBLE_TAP_MS = 350;
const TAP_PIXELS = 8;
/** What is left of the speed of a throw after a millisecond. */
const FRICTION = 0.995;

/**
 * Calls `on.move(dx, dy)`, `on.zoom(factor, x, y)`, `on.doubleTap(x, y)`, `on.tap(x, y)` and `on.swipe(direction)`
 * where they are given. `on.canMove()` says whether a drag moves something; if not, it may be a swipe.
 * Returns a function that ends the coasting of a throw.
 */
export function listen(stage, on, signal) {
  const pointers = new Map();
  let start;
  let lastTap = { time: 0, x: 0, y: 0 };
  let speed = { x: 0, y: 0 };
  let moved = 0;
  let throwing;
  const options = { signal };
  const at = (event) => {
    const box = stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top, time: event.timeStamp };
  };
  const spread = () => {
    const [one, other] = [...pointers.values()];
    return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, distance: Math.hypot(one.x - other.x, one.y - other.y) };
  };
  const isControl = (event) => event.composedPath().some((node) => node.localName === "button" || node.localName === "a" || node.localName === "input");

  stage.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || isControl(event)) return;
      cancelAnimationFrame(throwing);
      stage.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, at(event));
      if (pointers.size === 1) {
        [start, moved, speed] = [at(event), 0, { x: 0, y: 0 }];
      } else {
        moved = Infinity;
      }
    },
    options,
  );

  stage.addEventListener(
    "pointermove",
    (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = at(event);
      if (pointers.size === 2) {
        const old = spread();
        pointers.set(event.pointerId, now);
        const fresh = spread();
        on.move?.(fresh.x - old.x, fresh.y - old.y);
        if (old.distance > 0 && fresh.distance > 0) on.zoom?.(fresh.distance / old.distance, fresh.x, fresh.y);
        return;
      }
      pointers.set(event.pointerId, now);
      const [dx, dy, ms] = [now.x - before.x, now.y - before.y, Math.max(1, now.time - before.time)];
      moved = Math.max(moved, Math.hypot(now.x - start.x, now.y - start.y));
      speed = { x: 0.6 * (dx / ms) + 0.4 * speed.x, y: 0.6 * (dy / ms) + 0.4 * speed.y };
      if (moved > TAP_PIXELS) on.move?.(dx, dy);
    },
    options,
  );

  const release = (event) => {
    const last = pointers.get(event.pointerId);
    if (!last || !pointers.delete(event.pointerId) || pointers.size > 0) return;
    const now = at(event);
    if (event.type === "pointercancel") return;
    if (moved <= TAP_PIXELS) {
      const near = Math.hypot(now.x - lastTap.x, now.y - lastTap.y) < 30;
      if (near && now.time - lastTap.time < DOUBLE_TAP_MS) {
        lastTap = { time: 0, x: 0, y: 0 };
        on.doubleTap?.(now.x, now.y);
      } else {
        lastTap = now;
        on.tap?.(now.x, now.y, event.pointerType);
      }
      return;
    }
    const [dx, dy] = [now.x - start.x, now.y - start.y];
    if (on.swipe && !on.canMove?.() && Math.abs(dx) > 40 && Math.abs(dx) > 1.5 * Math.abs(dy)) {
      on.swipe(dx < 0 ? 1 : -1);
    } else if (now.time - last.time < 60 && Number.isFinite(moved) && !isStill()) {
      coast(now.time);
    }
  };

  /** Goes on moving after a throw, slower and slower. */
  function coast(since) {
    throwing = requestAnimationFrame((now) => {
      const ms = Math.min(50, Math.max(1, now - since));
      const left = FRICTION ** ms;
      on.move?.(speed.x * ms, speed.y * ms);
      speed = { x: speed.x * left, y: speed.y * left };
      if (Math.hypot(speed.x, speed.y) > 0.02 && !signal.aborted) coast(now);
    });
  }

  for (const type of ["pointerup", "pointercancel"]) stage.addEventListener(type, release, options);
  if (on.zoom) {
    stage.addEventListener(
      "wheel",
      (event) => {
        const { x, y } = at(event);
        const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1);
        // At the ends of the range the page scrolls.
        if (on.zoom(Math.exp(-Math.max(-300, Math.min(300, pixels)) / 400), x, y)) event.preventDefault();
      },
      { ...options, passive: false },
    );
  }
  return () => cancelAnimationFrame(throwing);
}
