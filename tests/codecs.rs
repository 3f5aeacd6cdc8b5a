//! Encoders that are modules of their own, beside those that are built in.

use std::{
    cell::{Cell, OnceCell},
    future,
    task::Poll,
};

use azulejo::{
    codec::{Codecs, EncodeOptions, Encoder, Format, Subsampling, jpeg},
    error::{Error, ErrorKind, Result},
    http::{HttpReply, HttpRequest},
    pixel::Raster,
    serve::serve,
    store::{Block, MemoryStore, Read, ReadError, Store},
    time_slice::{TimeSlice, Work},
};

use crate::shop;

/// Writes no JPEG, but what it was asked for.
struct Module;

impl Encoder for Module {
    fn encode<'f>(
        &'f self,
        options: &'f EncodeOptions,
        raster: Raster,
        slice: &'f mut TimeSlice<'_>,
    ) -> Work<'f, Result<Vec<u8>>> {
        Box::pin(async move {
            slice.spend(raster.data.len() as u64).await;
            let subsampling = match options.subsampling {
                Subsampling::Yuv420 => "4:2:0",
                Subsampling::Yuv444 => "4:4:4",
            };
            let Raster { width, height, pixel, .. } = raster;
            let channels = pixel.samples();
            let quality = options.quality;
            Ok(format!("{width} × {height} × {channels} {quality} {subsampling}").into_bytes())
        })
    }
}

/// A shop on a platform whose encoder of JPEG is a module.
struct Platform {
    store: MemoryStore,
    module: OnceCell<Module>,
    loads: Cell<u32>,
    broken: bool,
}

impl Platform {
    fn new(broken: bool) -> Self {
        Self { store: shop::store(), module: OnceCell::new(), loads: Cell::new(0), broken }
    }

    fn get(&self, query: &str) -> HttpReply {
        let request = HttpRequest {
            path: "/is/image/Shop/shoe".to_owned(),
            query: query.to_owned(),
            ..HttpRequest::default()
        };
        pollster::block_on(serve(&request, self, || 0.0))
    }

    /// Loads for a while.
    async fn load(&self) -> Result<&Module> {
        self.loads.set(self.loads.get() + 1);
        let mut waited = false;
        future::poll_fn(|context| {
            context.waker().wake_by_ref();
            if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        if self.broken {
            return Err(Error::new(ErrorKind::Storage, "the encoder is not there"));
        }
        Ok(self.module.get_or_init(|| Module))
    }
}

impl Store for Platform {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        self.store.read(read).await
    }
}

impl Codecs for Platform {
    async fn encoder(&self, format: &'static Format) -> Result<&dyn Encoder> {
        match self.module.get() {
            _ if *format != jpeg::BASELINE => Ok(format),
            Some(module) => Ok(module),
            None => Ok(self.load().await?),
        }
    }
}

#[test]
fn a_module_is_loaded_when_a_reply_first_needs_it() {
    let platform = Platform::new(false);
    let (png, built_in) =
        (platform.get("wid=40&fmt=png"), shop::get(&platform.store, "Shop/shoe?wid=40&fmt=png"));
    assert_eq!((png.status, png.body), (200, built_in.body));
    assert_eq!(platform.loads.get(), 0, "PNG is built in");
    let reply = platform.get("wid=40&hei=30&fit=stretch&qlt=70,1");
    assert_eq!(String::from_utf8(reply.body.clone()).unwrap(), "40 × 30 × 3 70 4:4:4");
    assert_eq!(reply.header("content-type"), Some("image/jpeg"));
    let reply = platform.get("wid=20&hei=10&fit=stretch&fmt=jpeg,gray&qlt=60");
    assert_eq!(reply.body, "20 × 10 × 1 60 4:2:0".as_bytes());
    assert_eq!(platform.loads.get(), 1);
    // What draws nothing needs no encoder.
    assert_eq!(platform.get("req=props").status, 200);
    assert_eq!(platform.loads.get(), 1);
}

#[test]
fn a_module_that_cannot_be_loaded_is_an_error_of_its_request_only() {
    let platform = Platform::new(true);
    for loads in 1..3 {
        let reply = platform.get("wid=40");
        let text = String::from_utf8(reply.body).unwrap();
        assert!(reply.status == 503 && text.contains("the encoder is not there"), "{text}");
        assert_eq!(platform.loads.get(), loads, "the next request tries again");
    }
    assert_eq!(platform.get("wid=40&fmt=png").status, 200);
}
