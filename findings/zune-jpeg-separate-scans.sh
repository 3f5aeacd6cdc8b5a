#!/usr/bin/env bash
# zune-jpeg turns a baseline 4:2:0 JPEG whose components come in scans of their own into stripes.
#
# Versions:  zune-jpeg 0.5.15 (crates.io), Pillow 12.0.0 with libjpeg-turbo (PyPI),
#            jpegtran of libjpeg-turbo 2.1.5 (Debian package libjpeg-turbo-progs).
# Input:     a smooth 64 x 48 picture as baseline JPEG, 4:4:4 and 4:2:0, each rewritten without loss
#            by `jpegtran -scans` with one scan for Y, one for Cb, one for Cr. Baseline allows scans
#            of one component (ITU-T T.81, A.2.2); libjpeg shows both forms alike.
# Behaviour: zune-jpeg decodes 4:4:4 within 16 levels of libjpeg either way, and interleaved 4:2:0
#            too. Of 4:2:0 with separate scans it reports no error, and 95 % of the samples differ
#            by more than 16 levels: the picture is striped.
# Source:    https://docs.rs/zune-jpeg/0.5.15; ITU-T T.81 (1992) A.2.2 and B.2.3.
# Seen:      the four lines at the end of this script.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv >/dev/null
venv/bin/pip install --quiet --disable-pip-version-check pillow==12.0.0
if ! command -v jpegtran >/dev/null; then
    apt-get download -qq -o APT::Sandbox::User=root \
        libjpeg-turbo-progs=1:2.1.5-2 libjpeg62-turbo=1:2.1.5-2 >/dev/null
    for package in ./*.deb; do dpkg-deb -x "$package" debs; done
    PATH="$work/debs/usr/bin:$PATH"
    lib=$(dirname "$(find "$work/debs" -name 'libjpeg.so.62' | head -n 1)")
    export LD_LIBRARY_PATH="$lib"
fi

venv/bin/python - <<'PY'
from PIL import Image
picture = Image.new("RGB", (64, 48))
picture.putdata([(40 + 3 * x, 20 + 4 * y, 200 - 2 * x) for y in range(48) for x in range(64)])
for name, subsampling in [("444", 0), ("420", 2)]:
    picture.save(f"{name}-together.jpg", quality=95, subsampling=subsampling)
PY
printf '0;\n1;\n2;\n' > scans.txt
for chroma in 444 420; do
    jpegtran -scans scans.txt -outfile "$chroma-apart.jpg" "$chroma-together.jpg"
done
unset LD_LIBRARY_PATH

mkdir -p decode/src
cat > decode/Cargo.toml <<'TOML'
[package]
name = "decode"
version = "0.0.0"
edition = "2021"

[dependencies]
zune-core = "=0.5.3"
zune-jpeg = "=0.5.15"
TOML
cat > decode/src/main.rs <<'RS'
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};

fn main() {
    for name in ["444-together", "444-apart", "420-together", "420-apart"] {
        let file = std::fs::read(format!("{name}.jpg")).unwrap();
        let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
        let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(&file), options);
        std::fs::write(format!("{name}.rgb"), decoder.decode().unwrap()).unwrap();
    }
}
RS
cargo build --quiet --manifest-path decode/Cargo.toml --target-dir build
./build/debug/decode

venv/bin/python - <<'PY' | tee seen.txt
from PIL import Image
for name in ["444-together", "444-apart", "420-together", "420-apart"]:
    libjpeg = Image.open(f"{name}.jpg").convert("RGB").tobytes()
    zune = open(f"{name}.rgb", "rb").read()
    far = sum(abs(a - b) > 16 for a, b in zip(libjpeg, zune))
    print(f"{name}: {100 * far // len(libjpeg)} % of the samples differ by more than 16 levels")
PY
expected='444-together: 0 % of the samples differ by more than 16 levels
444-apart: 0 % of the samples differ by more than 16 levels
420-together: 0 % of the samples differ by more than 16 levels
420-apart: 95 % of the samples differ by more than 16 levels'
if [ "$(cat seen.txt)" != "$expected" ]; then
    echo "the behaviour has changed; expected:" >&2
    echo "$expected" >&2
    exit 1
fi
