//! PDF (ISO 32000-1): `fmt=pdf`, one page with the image at its print resolution.

use super::{
    Buffering, Compression, Embedded, EncodeOptions, Format, Metadata, PixelLimits,
    jpeg::{
        self,
        encode::{Components, Encoder},
    },
    page_size::{decimal, points},
    png, trimmed,
};
use crate::{
    error::Result,
    geometry::{ReplySpace, Size},
    pixel::{ColorModel, Raster},
    time_slice::TimeSlice,
};

/// A document of one page.
pub static FORMAT: Format = Format {
    name: "PDF",
    names: &["pdf"],
    alpha_names: &[],
    extension: "pdf",
    mime: "application/pdf",
    models: &[ColorModel::Rgb, ColorModel::Gray, ColorModel::Cmyk],
    largest_side: 65535,
    pixels: PixelLimits::NONE,
    metadata: &[Metadata::Resolution, Metadata::Profile, Metadata::Xmp],
    buffering: Buffering::Whole,
    exact: true,
    one_block: true,
    memory,
    encode: |options, raster, slice| Box::pin(encode(options, raster, slice)),
};

/// Bytes of the file besides the data of the image.
const OBJECTS: u64 = 2 << 10;

/// The longest side of a page in its units (annex C.2). A larger page has larger units.
const LONGEST_SIDE: f64 = 14_400.0;

/// The number of the profile's object; without a profile, that of the XMP packet.
const PROFILE: usize = 7;

/// Appends objects, and notes where they begin.
struct Writer {
    file: Vec<u8>,
    /// The offsets of the objects, from number 1.
    offsets: Vec<usize>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        self.file.extend_from_slice(text.as_bytes());
    }

    /// Begins the next object.
    fn begin(&mut self) {
        self.offsets.push(self.file.len());
        let number = self.offsets.len();
        self.text(&format!("{number} 0 obj\n"));
    }

    fn object(&mut self, body: &str) {
        self.begin();
        self.text(&format!("{body}\nendobj\n"));
    }

    /// Appends the table of objects and the trailer.
    fn finish(mut self) -> Vec<u8> {
        let (at, count) = (self.file.len(), self.offsets.len() + 1);
        let mut table = format!("xref\n0 {count}\n0000000000 65535 f \n");
        for offset in &self.offsets {
            table.push_str(&format!("{offset:010} 00000 n \n"));
        }
        self.text(&table);
        self.text(&format!("trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n"));
        self.file
    }
}

async fn encode(
    options: &EncodeOptions,
    raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let size = Size::new(raster.width, raster.height);
    let most = longest(options, size) as usize + options.embedded.bytes();
    let mut writer = Writer { file: Vec::with_capacity(most), offsets: Vec::new() };
    pages(options, size, &mut writer);
    let freed = raster.data.len();
    let start = writer.file.len();
    match options.compression {
        Some(Compression::Jpeg) => {
            let components = Components::of(options.pixel.model, options.subsampling);
            let encoder = Encoder::new(components, options.quality);
            encoder
                .bare_file(
                    &raster.data,
                    (raster.width as u16, raster.height as u16),
                    &mut writer.file,
                    slice,
                )
                .await;
        }
        Some(Compression::Zip) => png::idat(&raster, &mut writer.file, slice).await?,
        _ => {
            writer.file.extend_from_slice(&raster.data);
            slice.spend(raster.data.len() as u64 / 64).await;
        }
    }
    drop(raster);
    let length = writer.file.len() - start;
    writer.text("\nendstream\nendobj\n");
    writer.object(&length.to_string());
    metadata(options, &mut writer);
    Ok(trimmed(writer.finish(), freed))
}

/// Appends the catalog, the page, its content, and the beginning of the image.
#[inline(never)]
fn pages(options: &EncodeOptions, size: Size<ReplySpace>, writer: &mut Writer) {
    let Size { width, height, .. } = size;
    let sides = [width, height].map(|side| points(side, options.print_resolution));
    let unit = (sides[0].max(sides[1]) / LONGEST_SIDE).ceil().max(1.0);
    let [across, down] = sides.map(|side| decimal(side / unit));
    // Four bytes beyond ASCII say that the file is binary (7.5.2). Units need version 1.6.
    writer.file.extend_from_slice(b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n");
    let Embedded { profile, xmp, paths: _ } = &options.embedded;
    let xmp = match xmp.is_empty() {
        true => String::new(),
        false => format!(" /Metadata {} 0 R", PROFILE + usize::from(!profile.is_empty())),
    };
    writer.object(&format!("<< /Type /Catalog /Pages 2 0 R{xmp} >>"));
    writer.object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    let user_unit = if unit > 1.0 { format!(" /UserUnit {unit:.0}") } else { String::new() };
    writer.object(&format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {across} {down}]{user_unit} /Contents 4 0 R \
         /Resources << /XObject << /Image 5 0 R >> >> >>"
    ));
    let content = format!("q {across} 0 0 {down} 0 0 cm /Image Do Q");
    writer.object(&format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    let (space, samples) = match options.pixel.model {
        ColorModel::Gray => ("DeviceGray", 1),
        ColorModel::Rgb => ("DeviceRGB", 3),
        ColorModel::Cmyk => ("DeviceCMYK", 4),
    };
    let space = match profile.is_empty() {
        true => format!("/{space}"),
        false => format!("[/ICCBased {PROFILE} 0 R]"),
    };
    let filter = match options.compression {
        Some(Compression::Jpeg) => " /Filter /DCTDecode".to_owned(),
        // The rows are those of PNG, each with its filter.
        Some(Compression::Zip) => format!(
            " /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors {samples} /Columns \
             {width} >>"
        ),
        _ => String::new(),
    };
    writer.begin();
    writer.text(&format!(
        "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace {space} \
         /BitsPerComponent 8{filter} /Length 6 0 R >>\nstream\n"
    ));
}

/// Appends the profile and the XMP packet, if there are any.
fn metadata(options: &EncodeOptions, writer: &mut Writer) {
    let Embedded { profile, xmp, paths: _ } = &options.embedded;
    let count = format!("/N {}", options.pixel.colors());
    for (kind, bytes) in [(count.as_str(), profile), ("/Type /Metadata /Subtype /XML", xmp)] {
        if !bytes.is_empty() {
            writer.begin();
            writer.text(&format!("<< {kind} /Length {} >>\nstream\n", bytes.len()));
            writer.file.extend_from_slice(bytes);
            writer.text("\nendstream\nendobj\n");
        }
    }
}

/// The raster and the file.
fn memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let rows = 4 * options.raster_bytes(Size::new(size.width, 1));
    options.raster_bytes(size) + longest(options, size) + rows
}

/// The size of the longest possible file in bytes.
fn longest(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    OBJECTS
        + match options.compression {
            Some(Compression::Jpeg) => jpeg::longest(options, size),
            Some(Compression::Zip) => png::longest(options, size),
            _ => options.raster_bytes(size),
        }
}
