//! `azulejo doctor`: checks a deployed server over HTTP, as its clients see it.

mod caching;
mod content;
mod errors;
mod finding;
mod image;
mod negotiation;
mod platform;
mod report;
mod server;
mod signing;
mod speed;

use anyhow::Result;

use self::{finding::Finding, report::Report, server::Server};
use crate::{args::DoctorArgs, http_client::NoReply};

/// What a check returns. Without a reply it has failed, too.
type Checked = Result<Vec<Finding>, NoReply>;

/// Runs all checks. Returns whether none failed.
pub async fn run(args: &DoctorArgs) -> Result<bool> {
    let mut server = Server::of(args)?;
    let mut report = Report::new(args.json);
    let reached = platform::reached(&server).await;
    let is_reached = reached.is_ok();
    add(&mut report, "health", reached)?;
    if !is_reached {
        report.add(&Finding::not_checked(
            "all else",
            format!("{} does not answer /health", server.url),
            "make the server answer first, then run this again",
        ))?;
        return report.end();
    }
    add(&mut report, "storage", platform::storage(&server).await)?;
    add(&mut report, "page", platform::page(&server).await)?;
    add(&mut report, "methods", errors::method(&server).await)?;
    add(&mut report, "errors", errors::missing(&server).await)?;
    match image::find(&mut server).await {
        Ok(image::Found::Nothing(finding)) => report.add(&finding)?,
        Err(error) => add(&mut report, "image", Err(error))?,
        Ok(image::Found::Image(object)) => {
            add(&mut report, "image", image::picture(&server, &object).await)?;
            add(&mut report, "query", image::query(&server, &object).await)?;
            add(&mut report, "cache", caching::miss_then_hit(&server, &object).await)?;
            add(&mut report, "validators", caching::validators(&server, &object).await)?;
            add(&mut report, "negotiation", negotiation::formats(&server, &object).await)?;
            add(&mut report, "wrong request", errors::wrong(&server, &object).await)?;
            add(&mut report, "signing", signing::signatures(&server, &object).await)?;
            add(&mut report, "speed", speed::first_bytes(&server, &object).await)?;
        }
    }
    add(&mut report, "content", content::ranges(&server).await)?;
    report.end()
}

/// Adds the findings of a check.
fn add(report: &mut Report, check: &'static str, checked: Checked) -> Result<()> {
    match checked {
        Ok(findings) => findings.iter().try_for_each(|finding| report.add(finding)),
        Err(error) => report.add(&Finding::failed(check, error.to_string(), advice(&error))),
    }
}

/// What to do where there is no reply.
fn advice(error: &NoReply) -> &'static str {
    match error {
        NoReply::Certificate(why) if why.contains("Expired") || why.contains("expired") => {
            "renew the certificate"
        }
        NoReply::Certificate(why)
            if why.contains("NotValidForName") || why.contains("not valid for") =>
        {
            "the certificate is for another name: add this host to it, or ask the host that it names"
        }
        NoReply::Certificate(_) => {
            "use a certificate of an authority that clients know, with its intermediate certificates"
        }
        NoReply::Timeout(_) => {
            "look at the server's log and its store; a slow connection needs a longer --timeout"
        }
        NoReply::NoConnection(_) => {
            "check the name, the port, DNS and firewalls, and whether the server runs"
        }
        NoReply::Broken(_) => "look at the server's log, and at what is between it and here",
    }
}
