//! The load: one thread, keep-alive connections, requests whose bytes are made beforehand. Each connection has one
//! request under way at a time. Of an answer it looks at the status and at the length, and at nothing else.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use stend::sandbox::clock::stopwatch;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::fixture::API_KEY;

const ID_LENGTH: usize = 24;

/// A request as it is sent.
#[derive(Clone)]
pub(crate) struct Request {
    /// Head and body.
    pub(crate) bytes: Vec<u8>,
    /// Where the id of the answer before goes, if it goes anywhere.
    id_at: Option<usize>,
}

impl Request {
    /// A call of the API, by its path below `/integration/general`. Dots where the id of the answer before goes.
    pub(crate) fn new(path: &str, body: &str) -> Request {
        let bytes = format!(
            "POST /integration/general/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\napikey: {API_KEY}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let id_at = bytes.find(&".".repeat(ID_LENGTH));
        Request { bytes: bytes.into_bytes(), id_at }
    }
}

/// What a round came to.
pub(crate) struct Round {
    /// How many requests were answered.
    pub(crate) requests: usize,
    /// In what time.
    pub(crate) taken: Duration,
    /// Half of them in less than this.
    pub p50: Duration,
    /// All but one in a hundred in less than this.
    pub p99: Duration,
}

/// Sends the requests of each connection one after the other, over and over, for so long.
pub(crate) fn round(
    address: SocketAddr,
    connections: &[Vec<Request>],
    time: Duration,
) -> std::io::Result<Round> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let latencies = Rc::new(RefCell::new(Vec::with_capacity(1 << 20)));
    let taken = LocalSet::new().block_on(&runtime, async {
        let mut streams = Vec::new();
        for _ in connections {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            streams.push(stream);
        }
        let started = stopwatch();
        let tasks: Vec<_> = connections
            .iter()
            .zip(streams)
            .map(|(requests, stream)| {
                let latencies = Rc::clone(&latencies);
                tokio::task::spawn_local(connection(stream, requests.clone(), started + time, latencies))
            })
            .collect();
        for task in tasks {
            task.await.expect("a connection's task ends by itself")?;
        }
        std::io::Result::Ok(started.elapsed())
    })?;
    let mut latencies = latencies.take();
    latencies.sort_unstable();
    let at = |hundredths: usize| {
        let place = (latencies.len() * hundredths / 100).min(latencies.len() - 1);
        Duration::from_nanos(latencies[place].into())
    };
    Ok(Round { requests: latencies.len(), taken, p50: at(50), p99: at(99) })
}

async fn connection(
    mut stream: TcpStream,
    mut requests: Vec<Request>,
    until: Instant,
    latencies: Rc<RefCell<Vec<u32>>>,
) -> std::io::Result<()> {
    let mut buffer = [0; 4_096];
    // Of each request, what is known of its answer since the first.
    let mut known: Vec<Option<Body>> = vec![None; requests.len()];
    let mut started = stopwatch();
    while started < until {
        for place in 0..requests.len() {
            stream.write_all(&requests[place].bytes).await?;
            let mut filled = 0;
            let body = loop {
                match stream.read(&mut buffer[filled..]).await? {
                    0 => {
                        return Err(std::io::Error::other(format!(
                            "no whole answer: {}",
                            text(&buffer[..filled])
                        )));
                    }
                    read => filled += read,
                }
                let answer = &buffer[..filled];
                if let Some(body) = known[place].filter(|body| body.ends(answer)).or_else(|| whole(answer)) {
                    break body;
                }
            };
            let answer = &buffer[..filled];
            let before = *known[place].get_or_insert(body);
            if !answer.starts_with(b"HTTP/1.1 200 ") || before.length != body.length {
                return Err(std::io::Error::other(format!("an unexpected answer: {}", text(answer))));
            }
            if let Some(next) = requests.get_mut(place + 1)
                && let Some(id_at) = next.id_at
            {
                let id = filled - body.length + body.id_at.expect("the answer before has an id");
                next.bytes[id_at..id_at + ID_LENGTH].copy_from_slice(&answer[id..id + ID_LENGTH]);
            }
            let ended = stopwatch();
            latencies.borrow_mut().push(u32::try_from((ended - started).as_nanos()).unwrap_or(u32::MAX));
            started = ended;
        }
    }
    Ok(())
}

/// What is known of an answer's body.
#[derive(Clone, Copy)]
pub(crate) struct Body {
    /// Its length.
    pub(crate) length: usize,
    /// Where in it an id stands, if one does.
    id_at: Option<usize>,
}

impl Body {
    /// Whether an answer ends with a body of this length.
    fn ends(self, answer: &[u8]) -> bool {
        let head = answer.len().checked_sub(self.length);
        head.is_some_and(|head| answer[..head].ends_with(b"\r\n\r\n"))
    }
}

/// The body of an answer, once it is there as a whole.
pub(crate) fn whole(answer: &[u8]) -> Option<Body> {
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let mut lines = std::str::from_utf8(&answer[..head]).ok()?.lines();
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    })?;
    let id = b"\"id\":\"";
    let id_at = answer[head..].windows(id.len()).position(|key| key == id).map(|at| at + id.len());
    (answer.len() == head + length).then_some(Body { length, id_at })
}

fn text(answer: &[u8]) -> String {
    String::from_utf8_lossy(answer).into_owned()
}
