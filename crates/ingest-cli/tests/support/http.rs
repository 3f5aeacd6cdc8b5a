//! A server whose replies a test writes.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

/// Starts a server that answers the head of each request by `answer`: the complete reply, or nothing,
/// after which the connection stays open. A connection carries one reply, and the reply says so, lest
/// a client reuse it. Returns its URL. It ends with the process.
pub fn serve(answer: impl Fn(&str) -> Option<String> + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || connection(stream, answer));
        }
    });
    url
}

fn connection(mut stream: TcpStream, answer: impl Fn(&str) -> Option<String>) {
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return,
            Ok(length) => head.extend_from_slice(&piece[..length]),
        }
    }
    match answer(&String::from_utf8_lossy(&head)) {
        Some(reply) => {
            let reply = reply.replacen("\r\n", "\r\nconnection: close\r\n", 1);
            drop(stream.write_all(reply.as_bytes()));
        }
        // Until the client gives up.
        None => while stream.read(&mut piece).is_ok_and(|length| length > 0) {},
    }
}

/// A reply with a text.
pub fn reply(status: &str, media_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: \
         {length}\r\n\r\n{body}"
    )
}
