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
    HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
    core::Collector,
};

use crate::{
    reply::{Body, CACHE},
    resources::Resources,
    worker::Shared,
};

/// The path of the metrics.
pub const PATH: &str = "/metrics";

/// Upper bounds of the histogram, in seconds. Most hits take less than the first.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// Names and descriptions of what is measured when it is asked for.
const GAUGES: [(&str, &str); 6] = [
    ("azulejo_connections", "Connections of clients"),
    ("azulejo_waiting_requests", "Requests that wait for memory"),
    ("azulejo_admitted_bytes", "Memory that is reserved for images"),
    ("azulejo_cache_memory_bytes", "Finished replies and layers in memory"),
    ("azulejo_cache_disk_bytes", "Finished replies on disk"),
    ("process_resident_memory_bytes", "Memory of the process"),
];

/// What the server counts.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    bytes: IntCounter,
    reads: IntCounterVec,
    read_bytes: IntCounter,
    /// What is measured when it is asked for, in the order of [`GAUGES`].
    gauges: Vec<IntGauge>,
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
        let gauge = |(name, about)| registered(&registry, IntGauge::new(name, about)?);
        let gauges = GAUGES.into_iter().map(gauge).collect::<Result<Vec<IntGauge>>>()?;
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
            gauges,
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
        let values = [
            sum(Resources::connections),
            sum(Resources::waiting),
            sum(Resources::admitted),
            memory,
            disk,
            resident().unwrap_or(0),
        ];
        for (gauge, value) in self.gauges.iter().zip(values) {
            gauge.set(value as i64);
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
