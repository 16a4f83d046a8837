//! `/_stend/requests/stream`: the journal as it grows, as server-sent events.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use stend::sandbox::clock::stopwatch;

use crate::harness::{Bench, Caller, IVAN_PHONE, PATIENCE, TILL, shop, wait_for};

/// An open stream.
struct Events {
    reader: BufReader<TcpStream>,
    head: String,
    /// What has arrived and was not read yet.
    text: String,
}

/// One event.
#[derive(Debug, PartialEq)]
struct Event {
    id: Option<u64>,
    kind: String,
    data: Value,
}

impl Events {
    fn open(caller: &Caller, path: &str, headers: &str) -> Events {
        let mut stream = TcpStream::connect(caller.authority()).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket has a timeout");
        let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).expect("the server reads");
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).expect("the server answers"), 0, "{head}");
        }
        Events { reader, head, text: String::new() }
    }

    /// The journal of a caller's sandbox from now on.
    fn follow(caller: &Caller, query: &str) -> Events {
        let mut events = Events::open(caller, &format!("/_stend/requests/stream{query}"), "");
        assert!(events.head.starts_with("HTTP/1.1 200 OK\r\n"), "{}", events.head);
        let greeting = events.block().expect("it greets");
        assert!(greeting.starts_with(": "), "{greeting}");
        events
    }

    /// What stands up to the next empty line; none at the end.
    fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let mut size = String::new();
            self.reader.read_line(&mut size).expect("something comes");
            let size = usize::from_str_radix(size.trim(), 16).ok()?;
            let mut chunk = vec![0; size + 2];
            self.reader.read_exact(&mut chunk).expect("a chunk is whole");
            if size == 0 {
                return None;
            }
            self.text.push_str(std::str::from_utf8(&chunk[..size]).expect("events are UTF-8"));
        }
    }

    fn next(&mut self) -> Option<Event> {
        let block = self.block()?;
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
        Some(Event {
            id: field("id: ").map(|id| id.parse().expect("a number")),
            kind: field("event: ").unwrap_or_default().to_owned(),
            data: field("data: ").map(|data| serde_json::from_str(data).expect("JSON")).unwrap_or_default(),
        })
    }

    #[track_caller]
    fn ids(&mut self, count: usize) -> Vec<u64> {
        (0..count).map(|_| self.next().and_then(|event| event.id).expect("an entry")).collect()
    }
}

fn finds_ivan(caller: &Caller) {
    caller.client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
}

#[test]
fn each_entry_is_an_event_as_soon_as_it_is_there() {
    let bench = Bench::shop();
    finds_ivan(&bench);
    let mut events = Events::follow(&bench, "");
    assert!(events.head.contains("content-type: text/event-stream\r\n"), "{}", events.head);
    for id in 2..5 {
        finds_ivan(&bench);
        let event = events.next().expect("an event");
        assert_eq!((event.id, event.kind.as_str()), (Some(id), "request"));
        assert_eq!(event.data, bench.last_request());
    }
}

#[test]
fn a_stream_can_be_resumed() {
    let bench = Bench::shop();
    for _ in 0..4 {
        finds_ivan(&bench);
    }
    assert_eq!(Events::follow(&bench, "?since=0").ids(4), [1, 2, 3, 4]);
    assert_eq!(Events::follow(&bench, "?since=2").ids(2), [3, 4]);
    let mut resumed = Events::open(&bench, "/_stend/requests/stream?since=1", "last-event-id: 3\r\n");
    resumed.block();
    assert_eq!(resumed.ids(1), [4], "the header goes before the parameter");
}

#[test]
fn a_stream_can_be_filtered_and_is_of_one_sandbox() {
    let bench = Bench::shop();
    let mut events = Events::follow(&bench, "?operation=client&status=422");
    let mut others = Events::open(&bench, "/sandboxes/other/_stend/requests/stream", "");
    others.block();
    finds_ivan(&bench);
    bench.client(json!({"search": "nobody", "point": TILL})).with_status(422);
    bench.hold(json!({})).with_status(422);
    bench.client(json!({"search": "nobody", "point": TILL})).with_status(422);
    assert_eq!(events.ids(2), [2, 4]);
    finds_ivan(&bench.in_sandbox("other"));
    assert_eq!(others.ids(1), [1]);
    bench.get("/_stend/requests/stream?operation=holt&since=x").points_at(&["operation", "since"]);
}

#[test]
fn what_is_lost_on_the_way_is_told() {
    let bench =
        Bench::start(Bench::builder().fixture(shop().to_string()).options(|options| options.journal = 2));
    for _ in 0..2 {
        finds_ivan(&bench);
    }
    let mut events = Events::follow(&bench, "?since=0");
    assert_eq!(events.ids(2), [1, 2]);
    finds_ivan(&bench);
    assert_eq!(events.ids(1), [3]);
    let mut late = Events::follow(&bench, "?since=0");
    let dropped = late.next().expect("an event");
    assert_eq!((dropped.kind.as_str(), &dropped.data), ("dropped", &json!({"dropped": 1})));
    assert_eq!(late.ids(2), [2, 3]);
    bench.reset();
    let emptied = events.next().expect("an event");
    assert_eq!((emptied.kind.as_str(), emptied.id), ("emptied", None));
    finds_ivan(&bench);
    assert_eq!(events.ids(1), [4]);
}

#[test]
fn a_stream_ends_with_the_server_and_does_not_hold_it_up() {
    let bench = Bench::shop();
    let mut events = Events::follow(&bench, "");
    let started = stopwatch();
    bench.stop();
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(events.next(), None);
}

#[test]
fn a_stream_ends_with_its_sandbox() {
    let bench = Bench::shop();
    let other = bench.in_sandbox("other");
    finds_ivan(&other);
    let mut events = Events::open(&bench, "/sandboxes/other/_stend/requests/stream?since=0", "");
    events.block();
    assert_eq!(events.ids(1), [1]);
    bench.request("DELETE", "/_stend/sandboxes/other").send().with_status(204);
    assert_eq!(events.next(), None);
}

#[test]
fn a_sandbox_has_so_many_streams_and_their_places_are_given_back() {
    let bench = Bench::shop();
    let mut streams: Vec<Events> =
        (0..stend::sandbox::journal::follow::STREAMS_MAX).map(|_| Events::follow(&bench, "")).collect();
    let problem = bench.get("/_stend/requests/stream").problem(409);
    assert!(problem.contains("32 streams"), "{problem}");
    streams.pop();
    // It is noticed that its client has left when something is sent to it.
    wait_for(|| {
        finds_ivan(&bench);
        let sandbox = bench.stend().default_sandbox();
        (sandbox.journal().followers().0 < stend::sandbox::journal::follow::STREAMS_MAX).then_some(())
    });
    Events::follow(&bench, "");
}
