"""Models of formulas for tests/oracles.rs, in numpy and Pillow. Each reads the files A.png and B.png
and writes out.png: python3 models.py NAME [numbers]. They are slow and short, and share no code
with the engine."""

import colorsys
import math
import sys

import numpy as np
from PIL import Image, ImageDraw


def read(name):
    """The picture as premultiplied floats from 0 to 1, with alpha."""
    pixels = np.asarray(Image.open(name).convert("RGBA"), dtype=np.float64) / 255
    pixels[..., :3] *= pixels[..., 3:]
    return pixels


def write(pixels):
    color, alpha = pixels[..., :3], np.clip(pixels[..., 3:], 0, 1)
    color = np.divide(color, alpha, out=np.zeros_like(color), where=alpha > 0)
    straight = np.concatenate([np.clip(color, 0, 1), alpha], axis=2)
    Image.fromarray(np.floor(straight * 255 + 0.5).astype(np.uint8)).save("out.png")


def over(front, back):
    return front + back * (1 - front[..., 3:])


def shifted(values, x, y, outside):
    """Moves by whole pixels."""
    padded = np.pad(values, 20, constant_values=outside)
    return np.roll(padded, (y, x), axis=(0, 1))[20:-20, 20:-20]


def gaussian(pixels, sigma):
    """A Gaussian that is integrated over each pixel, narrower by the variance of a pixel; pixels at
    the edge are repeated (G8)."""
    reach = math.ceil(sigma * 4) + 1
    sigma = math.sqrt(sigma * sigma - 1 / 12)
    edge = lambda at: math.erf(at / (sigma * math.sqrt(2)))
    taps = np.array([edge(n + 0.5) - edge(n - 0.5) for n in range(-reach, reach + 1)])
    taps /= taps.sum()
    for axis in (0, 1):
        margin = [(0, 0)] * pixels.ndim
        margin[axis] = (reach, reach)
        padded = np.pad(pixels, margin, mode="edge")
        size = pixels.shape[axis]
        slices = [np.take(padded, range(n, n + size), axis=axis) for n in range(len(taps))]
        pixels = sum(tap * part for tap, part in zip(taps, slices))
    return pixels


def op_blur(radius):
    write(gaussian(read("A.png"), radius))


def op_usm(amount, radius):
    pixels = read("A.png")
    pixels[..., :3] += amount * (pixels - gaussian(pixels, radius))[..., :3]
    write(pixels)


def each_color(change):
    pixels = read("A.png")
    flat = pixels.reshape(-1, 4)
    flat[:, :3] = [change(*color) for color in flat[:, :3]]
    write(pixels)


def op_hue(degrees):
    def turn(r, g, b):
        h, s, v = colorsys.rgb_to_hsv(r, g, b)
        return colorsys.hsv_to_rgb((h + degrees / 360) % 1, s, v)

    each_color(turn)


def op_saturation(change):
    def saturate(r, g, b):
        h, l, s = colorsys.rgb_to_hls(r, g, b)
        return colorsys.hls_to_rgb(h, l, min(1, s * (1 + change / 100)))

    each_color(saturate)


def op_colorize(*color):
    """W3C's hard-light of the luma over the colour (G13)."""
    pixels = read("A.png")
    luma = (pixels[..., :3] @ [0.299, 0.587, 0.114])[..., None]
    color = np.array(color) / 255
    dark, light = color * 2 * luma, 1 - (1 - color) * (2 - 2 * luma)
    pixels[..., :3] = np.where(luma <= 0.5, dark, light)
    write(pixels)


def cubic(t):
    """Keys' cubic convolution, a = -0.5."""
    t = abs(t)
    near = 1.5 * t**3 - 2.5 * t**2 + 1
    far = -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2
    return np.where(t < 1, near, np.where(t < 2, far, 0))


def sample(pixels, x, y):
    """Bicubic interpolation at positions whose pixel centres lie at halves; outside is transparent."""
    padded = np.pad(pixels, [(8, 8), (8, 8), (0, 0)])
    height, width = padded.shape[:2]
    x, y = np.clip(x + 7.5, 2, width - 4), np.clip(y + 7.5, 2, height - 4)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    total = np.zeros(x.shape + (4,))
    for row in range(-1, 3):
        for column in range(-1, 3):
            weight = cubic(x - left - column) * cubic(y - top - row)
            total += weight[..., None] * padded[top + row, left + column]
    return np.clip(total, 0, 1)


def rotate(degrees):
    """Clockwise, in the smallest rectangle of whole pixels around the rotated picture (D13)."""
    pixels = read("A.png")
    height, width = pixels.shape[:2]
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    wide = math.ceil(abs(width * cos) + abs(height * sin) - 1e-6)
    high = math.ceil(abs(width * sin) + abs(height * cos) - 1e-6)
    y, x = np.mgrid[:high, :wide] + 0.5
    x, y = x - wide / 2, y - high / 2
    write(sample(pixels, x * cos + y * sin + width / 2, y * cos - x * sin + height / 2))


def homography(corners, width, height):
    """The eight unknowns of the projection of the corners back to the picture."""
    sides = [(0, 0), (width, 0), (width, height), (0, height)]
    rows, values = [], []
    for (u, v), (x, y) in zip(sides, zip(corners[::2], corners[1::2])):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.linalg.solve(np.array(rows, dtype=float), np.array(values, dtype=float))


def perspective(*corners):
    """Pillow's own transform, on a canvas of A's size. Its bilinear filter has hard edges."""
    picture, canvas = Image.open("B.png").convert("RGBA"), Image.open("A.png")
    data = homography(corners, *picture.size)
    how = Image.Transform.PERSPECTIVE, tuple(data), Image.Resampling.BILINEAR
    picture.transform(canvas.size, *how).save("out.png")


def masked():
    """A with the luma of B as its alpha."""
    picture = Image.open("A.png").convert("RGB")
    picture.putalpha(Image.open("B.png").convert("L"))
    picture.save("out.png")


def shadow(x, y, radius, opacity):
    """A over a black, blurred copy of its alpha, over B."""
    layer, back = read("A.png"), read("B.png")
    alpha = shifted(layer[..., 3], x, y, 0)
    shade = np.zeros_like(layer)
    shade[..., 3] = (gaussian(alpha, radius) if radius else alpha) * opacity / 100
    # An outer effect is not visible where its layer is opaque.
    write(over(layer, over(shade * (1 - layer[..., 3:]), back)))


def inner_shadow(x, y, radius, opacity):
    """A, whose alpha is that of a black, blurred copy of what lies around it, over B."""
    layer, back = read("A.png"), read("B.png")
    around = shifted(np.pad(1 - layer[..., 3], 50, constant_values=1), x, y, 1)
    blurred = gaussian(around, radius)[50:-50, 50:-50]
    shade = np.zeros_like(layer)
    shade[..., 3] = blurred * layer[..., 3] * opacity / 100
    write(over(shade, over(layer, back)))


def clip(*corners):
    """A within a polygon, which Pillow fills at sixteen times the size."""
    picture, times = Image.open("A.png").convert("RGBA"), 16
    mask = Image.new("L", [side * times for side in picture.size])
    points = [(x * times, y * times) for x, y in zip(corners[::2], corners[1::2])]
    ImageDraw.Draw(mask).polygon(points, fill=255)
    pixels = read("A.png")
    pixels *= np.asarray(mask.reduce(times), dtype=np.float64)[..., None] / 255
    write(pixels)


numbers = [float(text) if "." in text else int(text) for text in sys.argv[2:]]
globals()[sys.argv[1]](*numbers)
