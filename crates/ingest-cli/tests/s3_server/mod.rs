//! A real S3 server over a folder, which can be told to fail.

#![allow(dead_code, reason = "each test uses a part of this")]

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use hyper::{
    Request, Response,
    body::Incoming,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{Body, auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;

/// The only access key it lets in.
pub const KEY: &str = "key";

/// The secret to it.
pub const SECRET: &str = "secret";

/// Serves the folders in `folder` as buckets on a free port, until the runtime ends.
pub async fn serve(folder: &Path) -> u16 {
    serve_failing(folder, |_call| false).await
}

/// The same, but calls for which `fails` is true, counted from 0, are answered 503.
pub async fn serve_failing(folder: &Path, fails: fn(u64) -> bool) -> u16 {
    let mut service = S3ServiceBuilder::new(FileSystem::new(folder).unwrap());
    service.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = service.build();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let calls = Arc::new(AtomicU64::new(0));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (service, calls) = (service.clone(), Arc::clone(&calls));
            let answer = service_fn(move |request: Request<Incoming>| {
                let failing = fails(calls.fetch_add(1, Ordering::SeqCst));
                let answer = Service::call(&service, request);
                async move {
                    if !failing {
                        return answer.await;
                    }
                    let mut failed = Response::new(Body::empty());
                    *failed.status_mut() = hyper::StatusCode::SERVICE_UNAVAILABLE;
                    Ok(failed)
                }
            });
            tokio::spawn(async move {
                let builder = Builder::new(TokioExecutor::new());
                let _ = builder.serve_connection(TokioIo::new(stream), answer).await;
            });
        }
    });
    port
}
