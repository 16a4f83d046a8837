//! A bare connection, for what a decent HTTP client does not do.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};

use super::caller::Asked;
use super::{Answer, Caller, KEY, PATIENCE};

/// A bare connection. Reading waits for [`PATIENCE`] at most.
pub(crate) struct Socket {
    caller: Caller,
    reader: BufReader<TcpStream>,
}

impl Socket {
    pub(super) fn open(caller: Caller) -> Socket {
        let stream = TcpStream::connect(caller.authority()).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket has a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a socket has a timeout");
        stream.set_nodelay(true).expect("a socket can hurry");
        Socket { caller, reader: BufReader::new(stream) }
    }

    /// Sends bytes as they are.
    #[track_caller]
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Socket {
        self.reader.get_mut().write_all(bytes.as_ref()).expect("the server reads");
        self
    }

    /// Sends the head of a request with this many bytes of JSON to follow.
    #[track_caller]
    pub(crate) fn send_head(&mut self, method: &str, path: &str, length: usize) -> &mut Socket {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\napikey: {}\r\ncontent-length: {length}\r\n\r\n",
            self.caller.authority(),
            KEY
        );
        self.send(head)
    }

    /// Sends a request with a JSON body.
    #[track_caller]
    pub(crate) fn post(&mut self, path: &str, body: &serde_json::Value) -> &mut Socket {
        let body = body.to_string();
        self.send_head("POST", path, body.len()).send(body)
    }

    /// All that still comes, and how the connection ends: by the server's goodbye, or by an error.
    pub(crate) fn rest(&mut self) -> (Vec<u8>, Result<(), ErrorKind>) {
        let mut bytes = Vec::new();
        let end = self.reader.read_to_end(&mut bytes);
        (bytes, end.map(drop).map_err(|error| error.kind()))
    }

    /// Reads one answer to a request of this method and path, and holds it against the contract.
    #[track_caller]
    pub(crate) fn answer(&mut self, method: &str, target: &str) -> Answer {
        let answer = self.unchecked_answer(method == "HEAD").expect("the server answers");
        let asked = Asked {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        self.caller.check(&asked, &answer);
        answer
    }

    /// Reads one answer that no contract speaks of: to what is hardly HTTP. `None` if the connection is closed
    /// without one.
    pub(crate) fn bare_answer(&mut self) -> Option<Answer> {
        self.unchecked_answer(false)
    }

    /// Tells the server that nothing more will be sent.
    pub(crate) fn finish(&mut self) -> &mut Socket {
        self.reader.get_ref().shutdown(Shutdown::Write).expect("the connection is open");
        self
    }

    /// Whether the server closes the connection, with nothing more to say.
    pub(crate) fn is_closed(&mut self) -> bool {
        matches!(self.reader.read(&mut [0]), Ok(0))
    }

    /// Whether nothing has come, and the connection is still open.
    pub(crate) fn is_silent(&self) -> bool {
        let stream = self.reader.get_ref();
        stream.set_nonblocking(true).expect("a socket need not wait");
        let seen = stream.peek(&mut [0]);
        stream.set_nonblocking(false).expect("a socket can wait");
        self.reader.buffer().is_empty() && matches!(seen, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    fn unchecked_answer(&mut self, head_only: bool) -> Option<Answer> {
        let status_line = self.line()?;
        let status = status_line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.unwrap_or_else(|| panic!("not the first line of an answer: {status_line:?}"));
        let mut headers = Vec::new();
        while let Some(line) = self.line().filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').expect("a header has a colon");
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer =
            Answer { status, headers, body: Vec::new(), asked: "(over a bare socket)".to_owned() };
        let length = answer.header("content-length").map(|length| length.parse().expect("a number of bytes"));
        if head_only || status < 200 || status == 204 || status == 304 {
            return Some(answer);
        }
        if answer.header("transfer-encoding") == Some("chunked") {
            loop {
                let size = self.line().expect("a chunk has a size");
                let size = usize::from_str_radix(&size, 16).expect("a chunk's size is hex");
                let start = answer.body.len();
                answer.body.resize(start + size, 0);
                self.reader.read_exact(&mut answer.body[start..]).expect("a chunk is whole");
                assert_eq!(self.line().as_deref(), Some(""), "a chunk ends in a line");
                if size == 0 {
                    break;
                }
            }
        } else if let Some(length) = length {
            answer.body.resize(length, 0);
            self.reader.read_exact(&mut answer.body).expect("the body is whole");
        } else {
            self.reader.read_to_end(&mut answer.body).expect("the body ends with the connection");
        }
        Some(answer)
    }

    /// A line without its end; `None` at the end of the connection.
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.reader.read_line(&mut line) {
            Ok(0) => None,
            Ok(_) => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
            Err(error) => panic!("no answer in time: {error}"),
        }
    }
}
