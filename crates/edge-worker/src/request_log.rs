//! The log of the Worker: a line of JSON for each request of a sample, which Workers Logs reads, and
//! a data point for Analytics Engine where a dataset is bound.

use std::cell::RefCell;

use azulejo::{
    http::{HttpReply, HttpRequest},
    serve::log::{Asked, LogSettings, Sampler, Sent, Taken, line},
};
use js_sys::Date;
use wasm_bindgen::prelude::*;
use web_sys::Response;
use worker::{Env, Result, console_log};

use crate::reply;

#[wasm_bindgen(module = "/analytics.js")]
extern "C" {
    /// Whether a dataset is bound.
    #[wasm_bindgen(js_name = isBound)]
    fn is_bound(env: &JsValue) -> bool;

    /// Writes the data point of a request, whose line this is.
    #[wasm_bindgen(js_name = writeDataPoint)]
    fn write_data_point(env: &JsValue, line: &str);
}

thread_local! {
    /// Begins anywhere, or each isolate would log its first request.
    static SAMPLER: Sampler = Sampler::new(Date::now() % 1000.0 / 1000.0);
}

/// What is logged of one request.
#[derive(Debug)]
pub struct RequestLog<'event> {
    env: &'event Env,
    settings: LogSettings,
    is_sampled: bool,
    is_counted: bool,
    sent: RefCell<Option<Sent>>,
}

impl<'event> RequestLog<'event> {
    /// The log of a request. Decides whether it is in the sample.
    pub fn new(settings: LogSettings, env: &'event Env) -> Self {
        let takes = |share| SAMPLER.with(|sampler| sampler.takes(share));
        let is_sampled = settings.sample.is_some_and(takes);
        Self { env, settings, is_sampled, is_counted: is_bound(env), sent: RefCell::default() }
    }

    /// Whether the request has a line or a data point, whatever becomes of it.
    fn is_on(&self) -> bool {
        self.is_sampled || self.is_counted
    }

    /// Notes a reply that is sent. Costs little if it is not logged.
    pub fn note(&self, reply: &HttpReply, cache: &'static str) {
        if self.is_on() || reply.status >= 500 || reply.error.is_some() {
            let stored = reply.stored.as_ref().map(|read| read.range.len);
            let bytes = stored.unwrap_or(reply.body.len() as u64);
            self.sent.replace(Some(Sent::of(reply, cache, bytes)));
        }
    }

    /// The response for a reply, which is noted. `cache` is the value of `X-Azulejo-Cache`.
    pub fn response(&self, reply: &HttpReply, cache: &'static str) -> Result<Response> {
        self.note(reply, cache);
        reply::response(reply, cache)
    }

    /// Notes a reply that the edge cache has.
    pub fn note_hit(&self, hit: &Response) -> Result<()> {
        if self.is_on() {
            let header = |name| Ok::<_, JsValue>(hit.headers().get(name)?.unwrap_or_default());
            let (status, cache) = (hit.status(), "hit");
            let bytes = header("content-length")?.parse().unwrap_or(0);
            let media_type = header("content-type")?;
            let sent = Sent { status, cache, media_type, bytes, ..Sent::default() };
            self.sent.replace(Some(sent));
        }
        Ok(())
    }

    /// Writes what was noted.
    pub fn finish(&self, request: &HttpRequest, taken: &Taken) {
        let Some(sent) = self.sent.take() else { return };
        let LogSettings { sample, query } = self.settings;
        let is_logged = self.is_sampled || sample.is_some() && sent.is_fault();
        if !is_logged && !self.is_counted {
            return;
        }
        let Some(asked) = Asked::of(request) else { return };
        let milliseconds = Date::now() - request.received_at;
        let how = (sample.unwrap_or_default(), query);
        let line = line(request, (&asked, &sent, taken), milliseconds, how);
        if is_logged {
            console_log!("{line}");
        }
        if self.is_counted {
            write_data_point(self.env, &line);
        }
    }
}
