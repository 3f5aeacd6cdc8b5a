//! Bodies of responses: bytes in memory, or a stored file that is read piece by piece.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use azulejo::{
    store::{ByteRange, Read, ReadError},
    time_slice::Work,
};
use hyper::body::{Bytes, Frame, SizeHint};

/// Bytes that are read of a stored file at once.
const PIECE: u64 = 1 << 20;

/// The body of a response.
pub enum Body {
    /// Bytes; empty once they are sent.
    Bytes(Bytes),
    /// A stored file, or a range of it.
    Stored(Pieces),
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = match &mut *self {
            Self::Bytes(bytes) => Some(Ok(std::mem::take(bytes))),
            Self::Stored(pieces) => ready!(pieces.poll_next(context)),
        };
        Poll::Ready(piece.filter(is_some_bytes).map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Stored(pieces) => pieces.left() == 0,
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Stored(pieces) => pieces.left(),
        })
    }
}

fn is_some_bytes(piece: &io::Result<Bytes>) -> bool {
    piece.as_ref().map_or(true, |bytes| !bytes.is_empty())
}

/// Reads a range of a stored file.
type ReadPiece = Box<dyn Fn(Read) -> Work<'static, Result<Vec<u8>, ReadError>>>;

/// The pieces of a stored file that are still to be sent.
pub struct Pieces {
    read: ReadPiece,
    file: Read,
    /// The piece that has been read.
    first: Option<Bytes>,
    /// The piece that is being read.
    next: Option<Work<'static, Result<Vec<u8>, ReadError>>>,
}

impl Pieces {
    /// Reads the first piece of a range, which need not be the last. If it fails, nothing has been
    /// sent yet.
    pub async fn open(file: &Read, read: ReadPiece) -> Result<Self, ReadError> {
        let mut pieces = Self { read, file: file.clone(), first: None, next: None };
        let first = (pieces.read)(pieces.next_piece()).await?;
        pieces.first = Some(pieces.advance(first)?);
        Ok(pieces)
    }

    /// Bytes that are still to be sent.
    fn left(&self) -> u64 {
        self.file.range.len + self.first.as_ref().map_or(0, |bytes| bytes.len() as u64)
    }

    fn next_piece(&self) -> Read {
        let ByteRange { start, len } = self.file.range;
        Read { range: ByteRange::new(start, len.min(PIECE)), ..self.file.clone() }
    }

    /// Counts a piece as read. A file of this version cannot be shorter than it was.
    fn advance(&mut self, piece: Vec<u8>) -> Result<Bytes, ReadError> {
        let len = piece.len() as u64;
        let ByteRange { start, len: left } = self.file.range;
        if len != left.min(PIECE) {
            return Err(ReadError::Changed);
        }
        self.file.range = ByteRange::new(start + len, left - len);
        Ok(Bytes::from(piece))
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        if self.file.range.len == 0 {
            return Poll::Ready(None);
        }
        let mut next = match self.next.take() {
            Some(next) => next,
            None => (self.read)(self.next_piece()),
        };
        let Poll::Ready(read) = next.as_mut().poll(context) else {
            self.next = Some(next);
            return Poll::Pending;
        };
        // The connection is cut, so that the client notices.
        let piece = read.and_then(|piece| self.advance(piece));
        Poll::Ready(Some(piece.map_err(|error| io::Error::other(error.to_string()))))
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, rc::Rc};

    use azulejo::store::{MemoryStore, Store};

    use super::*;

    fn read_from(store: &Rc<MemoryStore>) -> ReadPiece {
        let store = Rc::clone(store);
        Box::new(move |read| {
            let store = Rc::clone(&store);
            Box::pin(async move { Ok(store.read(&read).await?.bytes) })
        })
    }

    async fn next(body: &mut Body) -> Option<io::Result<Vec<u8>>> {
        use hyper::body::Body as _;
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
        Some(frame.map(|frame| frame.into_data().unwrap().to_vec()))
    }

    fn run(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test);
    }

    #[test]
    fn a_range_of_a_stored_file_is_sent_in_pieces_that_make_the_whole() {
        run(async {
            let bytes: Vec<u8> = (0..2_500_000_u32).map(|at| (at / 9) as u8).collect();
            let store = Rc::new(MemoryStore::new());
            store.put("a", bytes.clone());
            let range = ByteRange::new(7, 2_400_000);
            let file = Read { key: "a".to_owned(), range, version: None };
            let pieces = Pieces::open(&file, read_from(&store)).await;
            let mut body = Body::Stored(pieces.unwrap_or_else(|error| panic!("{error}")));
            assert_eq!(hyper::body::Body::size_hint(&body).exact(), Some(range.len));
            let mut sent = Vec::new();
            let mut pieces = 0;
            while let Some(piece) = next(&mut body).await {
                sent.extend(piece.unwrap());
                pieces += 1;
            }
            assert_eq!(pieces, 3);
            assert_eq!(sent, bytes[7..2_400_007]);
        });
    }

    #[test]
    fn a_file_that_shrinks_while_it_is_sent_ends_the_body_with_an_error() {
        run(async {
            let store = Rc::new(MemoryStore::new());
            store.put("a", vec![1; 3 << 20]);
            let range = ByteRange::new(0, 3 << 20);
            let file = Read { key: "a".to_owned(), range, version: None };
            let pieces = Pieces::open(&file, read_from(&store)).await;
            let mut body = Body::Stored(pieces.unwrap_or_else(|error| panic!("{error}")));
            assert_eq!(next(&mut body).await.unwrap().unwrap().len(), 1 << 20);
            store.put("a", vec![1; 100]);
            assert!(next(&mut body).await.unwrap().is_err());
        });
    }
}
