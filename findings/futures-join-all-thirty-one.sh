#!/usr/bin/env bash
# A future of futures-util's join_all that is polled by hand finishes with 30 futures, and never with 31.
#
# Versions:  futures-util 0.3.31 (crates.io), std::task::Waker::noop of Rust 1.85 and later.
# Input:     n futures that are ready as soon as a shared flag is set. The executor is a loop that
#            polls with a waker that does nothing, and sets the flag after the first poll: it knows
#            by itself when to poll again. The same with std's own poll_fn over the n futures.
# Behaviour: up to 30 futures, join_all polls every one of them each time it is polled, and finishes
#            at the second poll. From 31 futures on it polls again only those whose waker was
#            called. Nothing calls it here, so join_all is pending for ever, without an error. A
#            loop over the futures finishes at the second poll, whatever their number.
# Source:    https://docs.rs/futures-util/0.3.31/futures_util/future/fn.join_all.html
# Seen:      the four lines at the end of this script.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mkdir -p src
cat > Cargo.toml <<'TOML'
[package]
name = "joined"
version = "0.0.0"
edition = "2021"

[dependencies]
futures-util = "=0.3.31"
TOML
cat > src/main.rs <<'RS'
use std::{
    cell::Cell,
    future::{poll_fn, Future},
    pin::{pin, Pin},
    task::{Context, Poll, Waker},
};

use futures_util::future::join_all;

/// Ready once the flag is set.
fn question(flag: &Cell<bool>) -> impl Future<Output = ()> + '_ {
    poll_fn(|_| if flag.get() { Poll::Ready(()) } else { Poll::Pending })
}

/// How many polls it takes, at most 1000.
fn polls(future: impl Future, flag: &Cell<bool>) -> String {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for nth in 1..=1000 {
        if future.as_mut().poll(&mut context).is_ready() {
            return format!("ready at poll {nth}");
        }
        flag.set(true);
    }
    "pending after 1000 polls".to_owned()
}

fn main() {
    for count in [30, 31] {
        let flag = Cell::new(false);
        let joined = join_all((0..count).map(|_| question(&flag)));
        println!("join_all of {count}: {}", polls(joined, &flag));
        let flag = Cell::new(false);
        let mut all: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> =
            (0..count).map(|_| Box::pin(question(&flag)) as _).collect();
        let looped = poll_fn(|context| {
            all.retain_mut(|future| future.as_mut().poll(context).is_pending());
            if all.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        });
        println!("a loop over {count}: {}", polls(looped, &flag));
    }
}
RS
cargo build --quiet --target-dir build
./build/debug/joined | tee seen.txt
expected='join_all of 30: ready at poll 2
a loop over 30: ready at poll 2
join_all of 31: pending after 1000 polls
a loop over 31: ready at poll 2'
if [ "$(cat seen.txt)" != "$expected" ]; then
    echo "the behaviour has changed; expected:" >&2
    echo "$expected" >&2
    exit 1
fi
