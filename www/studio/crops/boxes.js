// The geometry of boxes: x, y, width and height as fractions of the picture, from 0 to 1. A `shape` is the
// width of a box divided by its height, both as fractions.

/** The smallest side of a box. */
const LEAST = 0.01;

const clamp = (value, least, most) => Math.max(least, Math.min(most, value));

/** Six digits are more precise than a pixel of any picture. */
const round = (rect) => rect.map((part) => Math.round(part * 1e6) / 1e6);

/** The shape of a box whose target size has these pixels, on a picture of that size. */
export const shapeOf = ({ width, height }, picture) => (width / height) * (picture.height / picture.width);

/** The box moved, as far as the picture goes. */
export function move([x, y, width, height], dx, dy) {
  return round([clamp(x + dx, 0, 1 - width), clamp(y + dy, 0, 1 - height), width, height]);
}

/**
 * The box with one of its handles moved. `handle` is -1, 0 or 1 in each direction: `{x: 1, y: 1}` is the corner
 * at the lower right. What lies opposite stays where it is, and the shape stays, too.
 */
export function resize([left, top, width, height], handle, dx, dy, shape) {
  const wider = width + handle.x * dx;
  const higher = (height + handle.y * dy) * shape;
  let wanted = handle.x === 0 ? higher : wider;
  if (handle.x !== 0 && handle.y !== 0 && Math.abs(higher - width) > Math.abs(wider - width)) wanted = higher;
  const [right, bottom] = [left + width, top + height];
  const room = (side, from, to) => (side === 0 ? Math.min(from + to, 2 - from - to) : side > 0 ? 1 - from : to);
  const most = Math.min(room(handle.x, left, right), room(handle.y, top, bottom) * shape);
  const least = Math.min(most, Math.max(LEAST, LEAST * shape));
  const newWidth = clamp(wanted, least, most);
  const newHeight = newWidth / shape;
  const at = (side, from, to, length) => (side === 0 ? (from + to - length) / 2 : side > 0 ? from : to - length);
  return within([at(handle.x, left, right, newWidth), at(handle.y, top, bottom, newHeight), newWidth, newHeight]);
}

/** The largest box of a shape, in the middle of the picture. */
export function largest(shape) {
  const [width, height] = shape > 1 ? [1, 1 / shape] : [shape, 1];
  return round([(1 - width) / 2, (1 - height) / 2, width, height]);
}

/** The box of another shape around the same middle, with the same area as far as the picture goes. */
export function reshape([x, y, width, height], shape) {
  const scale = Math.min(1, 1 / Math.sqrt(width * height * shape), Math.sqrt(shape / (width * height)));
  const newWidth = Math.sqrt(width * height * shape) * scale;
  const newHeight = newWidth / shape;
  return within([x + (width - newWidth) / 2, y + (height - newHeight) / 2, newWidth, newHeight]);
}

/** The box inside of the picture. Rounding must not push an edge out of it. */
function within([x, y, width, height]) {
  const [w, h] = round([Math.min(width, 1), Math.min(height, 1)]);
  return round([clamp(x, 0, 1 - w), clamp(y, 0, 1 - h), w, h]);
}

/** The box in whole pixels of the picture, for people. */
export function inPixels([x, y, width, height], picture) {
  return [x * picture.width, y * picture.height, width * picture.width, height * picture.height].map(Math.round);
}

export const isSame = (one, other) => one.every((part, at) => Math.abs(part - other[at]) < 2e-6);
