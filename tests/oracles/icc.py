"""Compares our colours with those of LittleCMS, for tests/profiles.rs.

python3 icc.py LIST prints for each line of LIST the mean difference (CIEDE2000), and the largest one of
colours of which a number differs by more than one of 255 steps. A line has the files of two profiles, the
intent (0 to 3), whether black point compensation is used (0 or 1), and the files of the colours before
and after our conversion. Then it prints the number of the colour that differs most.

One step near black of a wide space is up to 3. Where a number lies between two steps, LittleCMS and we
may round it differently.

python3 icc.py profile IMAGE FILE writes the profile of an image."""

import sys

import numpy as np
from PIL import Image, ImageCms

MODES = {"GRAY": "L", "RGB ": "RGB", "CMYK": "CMYK"}


def mode(profile):
    return MODES[profile.profile.xcolor_space]


def delta_e_2000(one, other):
    """CIEDE2000 (G. Sharma, W. Wu, E. N. Dalal, The CIEDE2000 color-difference formula, 2005)."""
    l1, a1, b1 = np.moveaxis(one, -1, 0)
    l2, a2, b2 = np.moveaxis(other, -1, 0)
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    gray = c1 * c2 == 0
    dh = np.where(gray, 0, (h2 - h1 + 180) % 360 - 180)
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2))
    l, c = (l1 + l2) / 2, (c1 + c2) / 2
    far = np.abs(h1 - h2) > 180
    h = np.where(gray, h1 + h2, (h1 + h2 + np.where(far, np.where(h1 + h2 < 360, 360, -360), 0)) / 2)
    cos = lambda degrees: np.cos(np.radians(degrees))
    t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63)
    sl = 1 + 0.015 * (l - 50) ** 2 / np.sqrt(20 + (l - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    rc = 2 * np.sqrt(c**7 / (c**7 + 25.0**7))
    rt = -np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2)))) * rc
    dl, dc, dh = dl / sl, dc / sc, dh / sh
    return np.sqrt(dl**2 + dc**2 + dh**2 + rt * dc * dh)


def xyz_lab(xyz):
    t = xyz / np.array([0.9642, 1.0, 0.8249])
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def srgb_lab(pixels):
    """Lab of sRGB bytes, in floats."""
    x = pixels / 255
    x = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    m = np.array([[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.7141]])
    return xyz_lab(x @ m.T)


def picture(data, mode):
    bands = {"L": 1, "RGB": 3, "CMYK": 4}[mode]
    return Image.frombytes(mode, (len(data) // bands, 1), data)


def compared(source, target, intent, black_point, colors, ours):
    source, target = [ImageCms.getOpenProfile(path) for path in (source, target)]
    colors, ours = [open(path, "rb").read() for path in (colors, ours)]
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION if black_point == "1" else 0
    made = ImageCms.buildTransform(source, target, mode(source), mode(target), int(intent), flags)
    theirs = ImageCms.applyTransform(picture(colors, mode(source)), made)
    pair = [picture(ours, mode(target)), theirs]
    numbers = [np.asarray(image, dtype=np.int64)[0] for image in pair]
    # Colours of any device are compared as sRGB, by relative colorimetry.
    srgb = ImageCms.createProfile("sRGB")
    seen = ImageCms.buildTransform(target, srgb, mode(target), "RGB", 1, 0)
    pair = [np.asarray(ImageCms.applyTransform(image, seen), dtype=np.float64)[0] for image in pair]
    apart = delta_e_2000(*[srgb_lab(pixels) for pixels in pair])
    steps = np.abs(np.subtract(*numbers)).reshape(len(apart), -1).max(-1)
    beyond = np.where(steps > 1, apart, 0)
    at = int(np.argmax(beyond))
    print(f"{apart.mean():.4f} {beyond.max():.4f} {at}")


if sys.argv[1] == "profile":
    open(sys.argv[3], "wb").write(Image.open(sys.argv[2]).info["icc_profile"])
else:
    for line in open(sys.argv[1]):
        compared(*line.split())
