//! `/metrics`, in Prometheus' text format 0.0.4.

use std::{fs, time::Duration};

use anyhow::Result;
use azulejo::{
    http::HttpReply,
    reply::server,
    store::{Block, ReadError},
};
use hyper::{Response, body::Body as _};
use prometheus::{
    HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGaugeVec, Opts, Registry,
    TextEncoder, core::Collector,
};

use crate::{
    admission::Resources,
    reply::{Body, CACHE},
    worker::Shared,
};

/// The path of the metrics.
pub const PATH: &str = "/metrics";

/// Upper bounds of the histogram, in seconds. Most hits take less than the first.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// What the server counts.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    bytes: IntCounter,
    reads: IntCounterVec,
    read_bytes: IntCounter,
    /// What is measured when it is asked for.
    now: IntGaugeVec,
}

impl Metrics {
    /// Counters at zero.
    pub fn new() -> Result<Self> {
        let registry = Registry::new();
        let labels = ["status", "cache"];
        let requests = Opts::new("azulejo_requests_total", "Requests by status and cache");
        let seconds = HistogramOpts::new("azulejo_request_seconds", "Time until a reply is ready")
            .buckets(SECONDS.to_vec());
        let reads = Opts::new("azulejo_store_reads_total", "Reads from the store by result");
        let now = Opts::new("azulejo_now", "What the server holds: bytes, requests, connections");
        Ok(Self {
            requests: registered(&registry, IntCounterVec::new(requests, &labels)?)?,
            seconds: registered(&registry, HistogramVec::new(seconds, &["cache"])?)?,
            bytes: registered(
                &registry,
                IntCounter::new("azulejo_reply_bytes_total", "Bytes of the bodies of replies")?,
            )?,
            reads: registered(&registry, IntCounterVec::new(reads, &["result"])?)?,
            read_bytes: registered(
                &registry,
                IntCounter::new("azulejo_store_bytes_total", "Bytes read from the store")?,
            )?,
            now: registered(&registry, IntGaugeVec::new(now, &["what"])?)?,
            registry,
        })
    }

    /// Counts a request.
    pub fn request(&self, response: &Response<Body>, took: Duration) {
        let cache = response.headers().get(CACHE).and_then(|value| value.to_str().ok());
        let cache = cache.unwrap_or("none");
        self.requests.with_label_values(&[response.status().as_str(), cache]).inc();
        self.seconds.with_label_values(&[cache]).observe(took.as_secs_f64());
        self.bytes.inc_by(response.body().size_hint().exact().unwrap_or(0));
    }

    /// Counts a read from the store.
    pub fn read(&self, result: &Result<Block, ReadError>) {
        let name = match result {
            Ok(block) => {
                self.read_bytes.inc_by(block.bytes.len() as u64);
                "ok"
            }
            Err(ReadError::NotFound) => "missing",
            Err(ReadError::Changed) => "changed",
            Err(ReadError::Moved(_) | ReadError::Refused(_)) => "refused",
            Err(ReadError::Failed(_)) => "failed",
        };
        self.reads.with_label_values(&[name]).inc();
    }

    /// The reply with all metrics.
    pub fn reply(&self, shared: &Shared) -> HttpReply {
        let [memory, disk] = shared.cache.bytes();
        let sum = |of: fn(&Resources) -> u64| shared.resources.iter().map(|one| of(one)).sum();
        for (what, value) in [
            ("cache_memory_bytes", memory),
            ("cache_disk_bytes", disk),
            ("admitted_bytes", sum(Resources::admitted)),
            ("waiting_requests", sum(Resources::waiting)),
            ("connections", sum(Resources::connections)),
            ("resident_bytes", resident().unwrap_or(0)),
        ] {
            self.now.with_label_values(&[what]).set(value as i64);
        }
        match TextEncoder::new().encode_to_string(&self.registry.gather()) {
            Ok(text) => HttpReply::new(
                200,
                vec![
                    ("content-type", prometheus::TEXT_FORMAT.to_owned()),
                    ("cache-control", "no-store".to_owned()),
                ],
                text.into_bytes(),
            ),
            Err(_) => server::internal_error(),
        }
    }
}

fn registered<C: Collector + Clone + 'static>(registry: &Registry, collector: C) -> Result<C> {
    registry.register(Box::new(collector.clone()))?;
    Ok(collector)
}

/// The memory of the process, where Linux tells it.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1024)
}
