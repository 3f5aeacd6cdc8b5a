//! Remote images with a client that reaches the public network only: the addresses of each name are
//! checked when the client connects, so a name that changes its addresses deceives nobody.

use std::{
    cell::OnceCell,
    io,
    net::SocketAddr,
    time::{Duration, UNIX_EPOCH},
};

use azulejo::{
    limits,
    protocol::public,
    sources::remote_read::{self, Failed, Url, read_remote},
    store::{Block, Read, ReadError},
};
use reqwest::{
    Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use tokio::{
    net::lookup_host,
    time::{Instant, timeout_at},
};

/// The client of a worker. It is made when a request first needs it, since it reads the certificates
/// of the system.
#[derive(Debug, Default)]
pub struct Remote(OnceCell<Client>);

impl Remote {
    /// Reads a range of the image whose URL is the key.
    pub async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let client = match self.0.get() {
            Some(client) => client,
            None => {
                let made = client(PublicNetwork);
                let made = made.map_err(|error| ReadError::Failed(error.to_string()))?;
                self.0.get_or_init(|| made)
            }
        };
        let seconds = Duration::from_secs(u64::from(limits::REMOTE_SECONDS));
        read_remote(read, &Timed { client, end: Instant::now() + seconds }).await
    }
}

/// A client that finds the addresses of names with `resolver`.
fn client(resolver: impl Resolve + 'static) -> reqwest::Result<Client> {
    // A proxy would resolve names by itself.
    Client::builder().redirect(Policy::none()).no_proxy().dns_resolver(resolver).build()
}

/// Resolves names, and leaves out addresses of private networks.
#[derive(Debug)]
pub struct PublicNetwork;

impl Resolve for PublicNetwork {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await?;
            let addresses: Vec<SocketAddr> =
                found.filter(|address| public(&address.ip().to_string())).collect();
            if addresses.is_empty() {
                let error = format!("{} has no address on the public network", name.as_str());
                return Err(io::Error::other(error).into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// The client for one read.
struct Timed<'w> {
    client: &'w Client,
    end: Instant,
}

impl remote_read::Client for Timed<'_> {
    type Response = Body;

    fn parse(&self, url: &str, base: Option<&Url>) -> Option<Url> {
        let url = match base {
            Some(base) => reqwest::Url::parse(&base.href).ok()?.join(url),
            None => reqwest::Url::parse(url),
        };
        let url = url.ok()?;
        let hostname = url.host_str()?.to_owned();
        let host = match url.port() {
            Some(port) => format!("{hostname}:{port}"),
            None => hostname.clone(),
        };
        Some(Url { href: url.into(), hostname, host })
    }

    fn date(&self, date: &str) -> Option<f64> {
        let since = httpdate::parse_http_date(date).ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(since.as_millis() as f64)
    }

    async fn get(&self, url: &Url, headers: &[(&str, &str)]) -> Result<Body, Failed> {
        let mut request = self.client.get(&url.href);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = timed(self.end, request.send()).await?;
        Ok(Body { response, end: self.end })
    }
}

/// A response that has to be read until `end`.
struct Body {
    response: Response,
    end: Instant,
}

impl remote_read::Response for Body {
    fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    fn header(&self, name: &str) -> Option<String> {
        let value = self.response.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Failed> {
        let chunk = timed(self.end, self.response.chunk()).await?;
        Ok(chunk.map(|bytes| bytes.to_vec()))
    }

    async fn cancel(self) {}
}

async fn timed<T>(
    end: Instant,
    work: impl Future<Output = reqwest::Result<T>>,
) -> Result<T, Failed> {
    match timeout_at(end, work).await {
        Ok(result) => {
            result.map_err(|error| Failed::Broken(format!("{:#}", anyhow::Error::new(error))))
        }
        Err(_) => Err(Failed::Timeout),
    }
}

#[cfg(test)]
mod tests {
    use azulejo::store::ByteRange;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    /// Every name is at this address.
    struct Here(SocketAddr);

    impl Resolve for Here {
        fn resolve(&self, _: Name) -> Resolving {
            let address = self.0;
            Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) })
        }
    }

    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(test);
    }

    /// The result of a read of bytes 2 to 5 from a server with this reply, and what it was asked.
    async fn read(reply: &str) -> (Result<Block, ReadError>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let remote = Remote(OnceCell::from(client(Here(listener.local_addr().unwrap())).unwrap()));
        let port = listener.local_addr().unwrap().port();
        let key = format!("http://images.example.org:{port}/a.jpg");
        let read = Read { key, range: ByteRange::new(2, 4), version: None };
        let answer = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = vec![0; 4096];
            let len = stream.read(&mut asked).await.unwrap();
            stream.write_all(reply.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&asked[..len]).into_owned()
        };
        tokio::join!(remote.read(&read), answer)
    }

    #[test]
    fn a_range_is_asked_for_and_has_the_version_and_date_of_its_server() {
        run(async {
            let (block, asked) = read(
                "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 2-5/9\r\ncontent-length: 4\r\n\
                 etag: \"one\"\r\nlast-modified: Sat, 21 Nov 2026 05:18:04 GMT\r\n\r\n2345",
            )
            .await;
            let block = block.unwrap();
            assert_eq!((block.bytes.as_slice(), block.object_len), (b"2345".as_slice(), 9));
            assert_eq!(
                (block.version.0.as_str(), block.modified),
                ("one", Some(1_795_238_284_000.0))
            );
            assert!(asked.contains("\r\nrange: bytes=2-5\r\n"), "{asked}");
            assert!(asked.contains("\r\nuser-agent: Azulejo/"), "{asked}");
            assert!(!asked.to_lowercase().contains("cookie"), "{asked}");
        });
    }

    #[test]
    fn a_whole_file_is_cut_and_a_redirect_is_reported() {
        run(async {
            let (block, _) = read("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n012345678").await;
            let block = block.unwrap();
            assert_eq!((block.bytes.as_slice(), block.object_len), (b"2345".as_slice(), 9));
            let (moved, _) =
                read("HTTP/1.1 302 Found\r\nlocation: /b.jpg\r\ncontent-length: 0\r\n\r\n").await;
            let Err(ReadError::Moved(to)) = moved else { panic!("{moved:?}") };
            assert!(to.starts_with("http://images.example.org:") && to.ends_with("/b.jpg"), "{to}");
            let (short, _) = read("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n012").await;
            assert!(matches!(short, Err(ReadError::Refused(_))), "{short:?}");
        });
    }

    #[test]
    fn no_private_network_is_reached_by_any_name() {
        run(async {
            let error = PublicNetwork.resolve("localhost".parse().unwrap()).await.err().unwrap();
            assert_eq!(error.to_string(), "localhost has no address on the public network");
            let remote = Remote::default();
            for url in
                ["http://127.0.0.1/a", "http://[::1]/a", "http://10.0.0.1/a", "ftp://a/b", "x"]
            {
                let range = ByteRange::new(0, 1);
                let read = Read { key: url.to_owned(), range, version: None };
                assert!(matches!(remote.read(&read).await, Err(ReadError::Refused(_))), "{url}");
            }
        });
    }
}
