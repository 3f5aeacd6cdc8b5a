//! A server that does what a test tells it to, and notes what it was asked.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// What comes of a request.
pub enum Action {
    /// A reply: status, headers, body.
    Reply(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Nothing, ever.
    Hang,
    /// The connection is closed.
    Close,
    /// Bytes of whatever kind, and the end of the connection.
    Raw(Vec<u8>),
}

/// A reply with status 200.
pub fn ok(media_type: &str, body: impl Into<Vec<u8>>) -> Action {
    Action::Reply(200, vec![("content-type", media_type.to_owned())], body.into())
}

pub fn status(status: u16) -> Action {
    Action::Reply(status, Vec::new(), Vec::new())
}

/// A request: the head as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub target: String,
    pub head: String,
}

/// A running server. It runs until the test ends.
pub struct Host {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    most: Arc<AtomicUsize>,
}

impl Host {
    /// Starts a server. It answers each target, and the number of times that this was asked for, with
    /// an action.
    pub fn start(answer: impl Fn(&str, usize) -> Action + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1:0", answer)
    }

    /// Starts a server at an address.
    pub fn start_at(
        address: &str,
        answer: impl Fn(&str, usize) -> Action + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (asked, answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(answer));
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (log, at_once) = (Arc::clone(&asked), Arc::clone(&most));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                let (now, most) = (Arc::clone(&now), Arc::clone(&at_once));
                thread::spawn(move || {
                    let stream = stream.unwrap();
                    let mut reader = BufReader::new(stream.try_clone().unwrap());
                    while let Some(request) = read(&mut reader) {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        let times = times(&log, &request);
                        let goes_on = act(&stream, answer(&request.target, times));
                        now.fetch_sub(1, Ordering::SeqCst);
                        if !goes_on {
                            let _ = stream.shutdown(Shutdown::Both);
                            return;
                        }
                    }
                });
            }
        });
        Self { url, asked, most }
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How often a target was asked for.
    pub fn times(&self, target: &str) -> usize {
        self.asked().iter().filter(|asked| asked.target == target).count()
    }

    /// How many requests it had in hand at once.
    pub fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

/// Notes a request. Returns how often its target was asked for before.
fn times(log: &Mutex<Vec<Asked>>, request: &Asked) -> usize {
    let mut log = log.lock().unwrap();
    let times = log.iter().filter(|asked| asked.target == request.target).count();
    log.push(request.clone());
    times
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let target = head.split(' ').nth(1)?.to_owned();
    Some(Asked { target, head })
}

/// Returns whether the connection goes on.
fn act(mut stream: &TcpStream, action: Action) -> bool {
    match action {
        Action::Reply(status, headers, body) => {
            let mut head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            let bytes = [format!("{head}\r\n").as_bytes(), &body].concat();
            stream.write_all(&bytes).is_ok()
        }
        Action::Hang => {
            thread::sleep(Duration::from_secs(600));
            false
        }
        Action::Close => false,
        Action::Raw(bytes) => {
            let _ = stream.write_all(&bytes);
            false
        }
    }
}
