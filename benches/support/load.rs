//! The load: one thread, keep-alive connections, requests whose bytes are made beforehand. Each connection has one
//! request under way at a time. Of an answer it looks at the status and at the length, and at nothing else.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use stend::sandbox::clock::stopwatch;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use super::answer::{Answer, text};
use super::request::{ID, Request};

/// How long any one answer may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// What a round came to.
pub(crate) struct Round {
    /// How many requests were answered.
    pub(crate) requests: usize,
    /// In what time.
    pub(crate) taken: Duration,
    /// Half of them in less than this.
    pub(crate) p50: Duration,
    /// All but one in a hundred in less than this.
    pub(crate) p99: Duration,
}

/// Sends the requests of each connection one after the other, over and over, for so long.
pub(crate) fn round(address: SocketAddr, connections: &[Vec<Request>], time: Duration) -> io::Result<Round> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let latencies = Rc::new(RefCell::new(Vec::with_capacity(1 << 20)));
    let taken = LocalSet::new().block_on(&runtime, async {
        let mut streams = Vec::new();
        for _ in connections {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            streams.push(stream);
        }
        let started = stopwatch();
        let until = started + time;
        let tasks: Vec<_> = connections
            .iter()
            .zip(streams)
            .map(|(requests, stream)| {
                let latencies = Rc::clone(&latencies);
                tokio::task::spawn_local(connection(stream, requests.clone(), until, latencies))
            })
            .collect();
        // One timer for all: a timer for each answer would be a load of its own.
        let all = async {
            for task in tasks {
                task.await.expect("a connection's task ends by itself")?;
            }
            io::Result::Ok(())
        };
        let late = |_| io::Error::other(format!("no answer within {} s", PATIENCE.as_secs()));
        tokio::time::timeout(time + PATIENCE, all).await.map_err(late)??;
        io::Result::Ok(started.elapsed())
    })?;
    let mut latencies = latencies.take();
    latencies.sort_unstable();
    let at = |hundredths: usize| {
        let place = (latencies.len() * hundredths / 100).min(latencies.len().saturating_sub(1));
        Duration::from_nanos(latencies.get(place).copied().unwrap_or_default().into())
    };
    Ok(Round { requests: latencies.len(), taken, p50: at(50), p99: at(99) })
}

/// What is known of a request's answers since the first.
#[derive(Clone, Copy)]
struct Known {
    length: usize,
    /// Where in the body the id stands that the next request takes.
    id_at: Option<usize>,
}

impl Known {
    /// Whether an answer ends with a body of this length.
    fn ends(self, answer: &[u8]) -> bool {
        let head = answer.len().checked_sub(self.length);
        head.is_some_and(|head| answer[..head].ends_with(b"\r\n\r\n"))
    }

    fn of(bytes: &[u8], answer: Answer) -> Known {
        let key = b"\"id\":\"";
        let body = answer.body(bytes);
        let id_at = body.windows(key.len()).position(|window| window == key).map(|at| at + key.len());
        Known { length: answer.length, id_at }
    }
}

async fn connection(
    mut stream: TcpStream,
    mut requests: Vec<Request>,
    until: Instant,
    latencies: Rc<RefCell<Vec<u32>>>,
) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    let mut known: Vec<Option<Known>> = vec![None; requests.len()];
    let mut started = stopwatch();
    while started < until {
        for place in 0..requests.len() {
            requests[place].set_serial();
            stream.write_all(&requests[place].bytes).await?;
            let mut filled = 0;
            let this = loop {
                match stream.read(&mut buffer[filled..]).await? {
                    0 => {
                        let message = format!("no whole answer: {}", text(&buffer[..filled]));
                        return Err(io::Error::other(message));
                    }
                    read => filled += read,
                }
                let bytes = &buffer[..filled];
                if let Some(known) = known[place].filter(|known| known.ends(bytes)) {
                    break known;
                }
                if let Some(answer) = Answer::read(bytes)? {
                    break Known::of(bytes, answer);
                }
            };
            let answer = &buffer[..filled];
            let before = known[place].replace(this).map_or(this.length, |before| before.length);
            let is_as_before = before == this.length || requests[place].grows && before < this.length;
            if !answer.starts_with(b"HTTP/1.1 200 ") || !is_as_before {
                return Err(io::Error::other(format!("an unexpected answer: {}", text(answer))));
            }
            if let Some(next) = requests.get_mut(place + 1).filter(|next| next.wants_id()) {
                let id = filled - this.length + this.id_at.expect("the answer before has an id");
                next.set_id(&answer[id..id + ID.len()]);
            }
            let ended = stopwatch();
            latencies.borrow_mut().push(u32::try_from((ended - started).as_nanos()).unwrap_or(u32::MAX));
            started = ended;
        }
    }
    Ok(())
}
