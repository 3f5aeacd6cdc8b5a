//! HTTP/2 without TLS, by prior knowledge.

use std::{pin::Pin, task::Poll};

use hyper::{
    Request, Response,
    body::{Body, Bytes, Frame, Incoming, SizeHint},
    client::conn::http2,
};
use hyper_util::rt::{TokioExecutor, TokioIo};

use crate::support::{Fault, Running, options};

/// No body.
struct Empty;

impl Body for Empty {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(0)
    }
}

async fn bytes(response: Response<Incoming>) -> Vec<u8> {
    let mut body = response.into_body();
    let mut bytes = Vec::new();
    while let Some(frame) =
        std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        if let Ok(data) = frame.unwrap().into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    bytes
}

#[test]
fn requests_of_one_connection_are_answered_side_by_side() {
    let server = Running::start(options(), Fault::None);
    let path = "/is/image/Shop/shoe?wid=150&fmt=png";
    let wanted = server.get(path).body;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
        let (mut sender, connection) =
            http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let mut ask = |path: &str| {
            let request = Request::get(format!("http://test{path}")).body(Empty).unwrap();
            sender.send_request(request)
        };
        let replies: Vec<_> = (0..5).map(|_| ask(path)).collect();
        for reply in replies {
            let reply = reply.await.unwrap();
            assert_eq!((reply.status().as_u16(), reply.version()), (200, hyper::Version::HTTP_2));
            assert_eq!(reply.headers()["x-azulejo-cache"], "hit");
            assert_eq!(bytes(reply).await, wanted);
        }
        assert_eq!(ask("/is/image/Shop/shoe?wid=abc").await.unwrap().status(), 403);
        assert_eq!(bytes(ask("/health").await.unwrap()).await, b"ok");
        let long = Request::get("http://test/health").header("x-long", "x".repeat(40_000));
        let refused = sender.send_request(long.body(Empty).unwrap()).await;
        let status = refused.map(|reply| reply.status().as_u16());
        assert!(status.as_ref().map_or(true, |status| *status == 431), "{status:?}");
    });
}
