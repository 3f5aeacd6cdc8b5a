//! A real S3 server for a folder, with fault injection.

use std::{
    path::Path,
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{
    Body,
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use tokio::sync::RwLock;

/// The only valid access key.
pub const KEY: &str = "key";

/// The secret of the access key.
pub const SECRET: &str = "secret";

/// Serves the folders in `folder` as buckets on a free port, until the runtime ends.
pub async fn serve(folder: &Path) -> u16 {
    serve_failing(folder, StatusCode::OK, |_call| false).await
}

/// Opens the folder. The crate removes unfinished files of an earlier server, and may fail if one
/// disappears meanwhile.
async fn opened(folder: &Path) -> FileSystem {
    for _ in 0..20 {
        if let Ok(opened) = FileSystem::new(folder) {
            return opened;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    FileSystem::new(folder).unwrap()
}

/// The same, but calls for which `fails` is true, counted from 0, get the status `status`.
pub async fn serve_failing(
    folder: &Path,
    status: StatusCode,
    fails: impl Fn(u64) -> bool + Send + Sync + 'static,
) -> u16 {
    let mut service = S3ServiceBuilder::new(opened(folder).await);
    service.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let fails = move |call, _: &mut Request<Incoming>| fails(call).then_some(status);
    answer(service.build(), fails).await
}

/// The same without signatures. `change` may modify each call or reply with a status.
pub async fn serve_changed(
    folder: &Path,
    change: impl Fn(&mut Request<Incoming>) -> Option<StatusCode> + Send + Sync + 'static,
) -> u16 {
    let service = S3ServiceBuilder::new(opened(folder).await).build();
    answer(service, move |_call, request| change(request)).await
}

async fn answer(
    service: S3Service,
    change: impl Fn(u64, &mut Request<Incoming>) -> Option<StatusCode> + Send + Sync + 'static,
) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (calls, change) = (Arc::new(AtomicU64::new(0)), Arc::new(change));
    // The crate compares an entity tag, writes a file, and writes its tag elsewhere; S3 does all
    // that at once.
    let whole = Arc::new(RwLock::new(()));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (service, calls, change) =
                (service.clone(), Arc::clone(&calls), Arc::clone(&change));
            let whole = Arc::clone(&whole);
            let answer = service_fn(move |mut request: Request<Incoming>| {
                let failed = change(calls.fetch_add(1, Ordering::SeqCst), &mut request);
                let reads = matches!(*request.method(), Method::GET | Method::HEAD);
                let answer = Service::call(&service, request);
                let whole = Arc::clone(&whole);
                async move {
                    if let Some(status) = failed {
                        let mut failed = Response::new(Body::empty());
                        *failed.status_mut() = status;
                        return Ok(failed);
                    }
                    if reads {
                        let _shared = whole.read().await;
                        return answer.await;
                    }
                    let _alone = whole.write().await;
                    answer.await
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

/// Runs the command line with the environment for the server on this port.
pub fn azulejo(port: u16, secret: &str, arguments: &[&str]) -> Output {
    command(port, secret, arguments).output().unwrap()
}

/// The same command, not started yet.
pub fn command(port: u16, secret: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_azulejo"));
    command
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"))
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("AWS_REGION", "auto");
    command
}
