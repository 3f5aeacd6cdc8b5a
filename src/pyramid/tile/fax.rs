//! Decodes bilevel tiles in CCITT compression, as in fax (ITU-T T.4 and T.6).

use hayro_ccitt::{DecodeSettings, DecoderContext, EncodingMode};

use crate::{
    error::{Error, Result},
    pyramid::index::Fax,
};

/// Decodes a tile into `out`: rows of 1-bit samples, 1 for black, padded to whole bytes. Rows that
/// a damaged tile lacks stay white; a tile without any row is an error.
pub fn decode(fax: Fax, bytes: &[u8], [columns, rows]: [u32; 2], out: &mut Vec<u8>) -> Result<()> {
    let (encoding, aligned) = match fax {
        Fax::Rle => (EncodingMode::Group3_1D, true),
        Fax::Group3 => (EncodingMode::Group3_1D, false),
        Fax::Group3Lines => (EncodingMode::Group3_2D, false),
        Fax::Group4 => (EncodingMode::Group4, false),
    };
    let row = columns.div_ceil(8) as usize;
    out.clear();
    out.resize(row * rows as usize, 0);
    let mut lines = Lines { rows: out.chunks_exact_mut(row.max(1)), columns, any: false };
    let mut context = DecoderContext::new(DecodeSettings {
        columns,
        rows,
        end_of_block: fax != Fax::Rle,
        end_of_line: false,
        rows_are_byte_aligned: aligned,
        encoding,
        strict: false,
    });
    let decoded = hayro_ccitt::decode(bytes, &mut lines, &mut context);
    match decoded {
        Err(error) if !lines.any => {
            let message = format!("a {fax:?} tile is damaged");
            Err(Error::bad_source(message).with_detail(error.to_string()))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The output rows that are not decoded yet.
struct Lines<'a> {
    rows: std::slice::ChunksExactMut<'a, u8>,
    columns: u32,
    any: bool,
}

impl hayro_ccitt::Decoder for Lines<'_> {
    fn push_row(&mut self, changes: &[u32]) {
        let Some(row) = self.rows.next() else { return };
        self.any = true;
        for run in changes.chunks(2) {
            let &[start, end] = run.first_chunk().unwrap_or(&[run[0], self.columns]);
            for at in start..end.min(self.columns) {
                if let Some(byte) = row.get_mut(at as usize / 8) {
                    *byte |= 0x80 >> (at % 8);
                }
            }
        }
    }
}
