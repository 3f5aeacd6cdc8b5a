//! A server on a port of its own, and a client that speaks HTTP/1.1 by hand.

use std::{
    io::{Read as _, Write},
    net::{SocketAddr, TcpStream},
    num::NonZero,
    path::PathBuf,
    sync::mpsc,
    thread::{self, JoinHandle},
    time::Duration,
};

use azulejo::{
    codec::Codecs,
    pixel::{ColorModel, PixelFormat},
    pyramid::write::{WriteOptions, Writer},
    serve::Settings,
    store::{Block, MemoryStore, Read, ReadError, Store},
};
pub use server::Options;
use server::{CacheOptions, End, LogFormat, LogOptions, Server};
use tokio::sync::oneshot;

/// What the store of a test does besides what a store in memory does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Each read of a pyramid takes this long.
    Slow(Duration),
    /// Reads of pyramids fail.
    Fails,
    /// All reads fail.
    Unreachable,
    /// Reads of pyramids panic.
    Panics,
}

/// The store of a test: one pyramid, some files.
pub struct TestStore {
    memory: MemoryStore,
    fault: Fault,
}

impl TestStore {
    fn new(fault: Fault) -> Self {
        let memory = MemoryStore::new();
        memory.put("assets/Shop/shoe.tif", pyramid());
        memory.put("content/Shop/site.css", b"body {}".to_vec());
        memory.put("content/Shop/film.mp4", film());
        Self { memory, fault }
    }
}

impl Codecs for TestStore {}

impl Store for TestStore {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let is_pyramid = read.key.starts_with("assets/");
        match self.fault {
            Fault::Slow(time) if is_pyramid => tokio::time::sleep(time).await,
            Fault::Fails if is_pyramid => return Err(ReadError::Failed("it burns".to_owned())),
            Fault::Unreachable => return Err(ReadError::Failed("nobody is there".to_owned())),
            Fault::Panics if is_pyramid => panic!("as the test wants"),
            Fault::None | Fault::Slow(_) | Fault::Fails | Fault::Panics => {}
        }
        self.memory.read(read).await
    }
}

/// A picture of 600 × 400 pixels.
fn pyramid() -> Vec<u8> {
    let rgb = PixelFormat { model: ColorModel::Rgb, alpha: false };
    let mut writer = Writer::new(600, 400, rgb, WriteOptions::default()).unwrap();
    for y in 0..400_u32 {
        let row: Vec<u8> = (0..1800_u32).map(|x| (x * y / 90) as u8).collect();
        writer.push_row(&row).unwrap();
    }
    writer.finish().unwrap()
}

/// A file that takes several reads.
pub fn film() -> Vec<u8> {
    (0..3_000_000_u32).map(|at| (at / 7) as u8).collect()
}

/// Options for a test: one worker, a port that is free.
pub fn options() -> Options {
    Options {
        host: "127.0.0.1".to_owned(),
        port: 0,
        workers: NonZero::<usize>::MIN,
        store: "the store of a test".to_owned(),
        settings: Settings::read(|_| None),
        cache: CacheOptions { memory: 8 << 20, folder: None, disk: 8 << 20 },
        metrics: true,
        log: LogOptions { format: LogFormat::Off, file: None },
        editor: None,
        client_timeout: Duration::from_secs(20),
        grace: Duration::from_secs(20),
    }
}

/// The same with a cache folder.
pub fn with_folder(folder: PathBuf) -> Options {
    let cache = CacheOptions { folder: Some(folder), ..options().cache };
    Options { cache, ..options() }
}

/// A running server.
pub struct Running {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<End>>,
}

impl Running {
    /// Starts a server.
    pub fn start(options: Options, fault: Fault) -> Self {
        Self::try_start(options, fault).unwrap()
    }

    /// Starts a server, or returns why it does not start.
    pub fn try_start(options: Options, fault: Fault) -> Result<Self, String> {
        let (started, address) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                match Server::start(options, move || Ok(TestStore::new(fault))).await {
                    Ok(server) => {
                        started.send(Ok(server.address().unwrap())).unwrap();
                        server.serve(stopped, std::future::pending::<()>()).await
                    }
                    Err(error) => {
                        started.send(Err(format!("{error:#}"))).unwrap();
                        End::Finished
                    }
                }
            })
        });
        let address = address.recv().unwrap()?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Tells the server to stop.
    pub fn tell_to_stop(&mut self) {
        drop(self.stop.take());
    }

    /// Stops the server, and waits for its end.
    pub fn stop(mut self) -> End {
        self.tell_to_stop();
        self.thread.take().unwrap().join().unwrap()
    }

    /// A connection.
    pub fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Client { stream, buffer: Vec::new() }
    }

    /// The reply to a GET on a connection of its own.
    pub fn get(&self, path: &str) -> Reply {
        self.connect().get(path, &[])
    }
}

/// A client's connection.
pub struct Client {
    pub stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Sends bytes.
    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// Sends a request.
    pub fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: test\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        self.send(format!("{head}\r\n").as_bytes());
    }

    /// The reply to a GET.
    pub fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.ask("GET", path, headers);
        self.reply(true)
    }

    /// The reply to another method.
    pub fn request(&mut self, method: &str, path: &str) -> Reply {
        self.ask(method, path, &[]);
        self.reply(method != "HEAD")
    }

    /// Reads one reply.
    pub fn reply(&mut self, has_body: bool) -> Reply {
        let end = loop {
            if let Some(end) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
            assert!(self.more() > 0, "the connection ended within a head");
        };
        let head = String::from_utf8(self.buffer.drain(..end).collect()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut reply = Reply { status, headers, body: Vec::new() };
        let len = reply.header("content-length").map_or(0, |len| len.parse().unwrap());
        if has_body && status != 304 {
            while self.buffer.len() < len {
                assert!(self.more() > 0, "the connection ended within a body");
            }
            reply.body = self.buffer.drain(..len).collect();
        }
        reply
    }

    /// Reads until the server closes the connection. Returns whether it does.
    pub fn is_closed(&mut self) -> bool {
        loop {
            match self.stream.read(&mut [0; 4096]) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
            }
        }
    }

    fn more(&mut self) -> usize {
        let mut bytes = [0; 16384];
        let read = self.stream.read(&mut bytes).unwrap();
        self.buffer.extend_from_slice(&bytes[..read]);
        read
    }
}

/// A reply.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn cache(&self) -> &str {
        self.header("x-azulejo-cache").unwrap_or_default()
    }
}
