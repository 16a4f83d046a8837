//! A connection of the soak: a till that goes from sandbox to sandbox, and in each makes purchases in all programmes.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use stend::sandbox::clock::stopwatch;
use stend::sandbox::dice::Dice;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::tally::{Api, Tally};
use crate::support::answer::{Answer, text};
use crate::support::fixture::{API_KEY, MERCHANT, POINT, client_id, phone};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The sandbox that several tills are in at once.
const SHARED: &str = "shared";

/// What all tills have in common.
pub(crate) struct Shop<'s> {
    /// Where the server listens.
    pub(crate) address: SocketAddr,
    /// How many clients each programme has.
    pub(crate) clients: u64,
    /// Whether the server keeps a journal.
    pub(crate) journal: bool,
    /// What it comes to.
    pub(crate) tally: RefCell<Tally<'s>>,
    /// How many sandboxes there have been.
    pub(crate) sandboxes: Cell<u64>,
}

/// One connection.
pub(crate) struct Till<'t, 's> {
    shop: &'t Shop<'s>,
    stream: TcpStream,
    buffer: Vec<u8>,
    dice: Dice,
    sandbox: String,
    /// How many receipts it has written.
    receipts: u64,
    number: usize,
}

/// An answer.
struct Reply {
    status: u16,
    body: Vec<u8>,
}

impl Reply {
    /// A text in the body, by its JSON pointer.
    fn text(&self, pointer: &str) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.body).ok()?;
        body.pointer(pointer)?.as_str().map(str::to_owned)
    }
}

impl<'t, 's> Till<'t, 's> {
    pub(crate) async fn open(shop: &'t Shop<'s>, number: usize) -> io::Result<Till<'t, 's>> {
        let stream = TcpStream::connect(shop.address).await?;
        stream.set_nodelay(true)?;
        let dice = Dice::new(number as u64, "soak", "till");
        let sandbox = SHARED.to_owned();
        Ok(Till { shop, stream, buffer: Vec::new(), dice, sandbox, receipts: 0, number })
    }

    /// From sandbox to sandbox, until it is enough.
    pub(crate) async fn run(mut self) -> io::Result<()> {
        while !self.is_done() {
            // A test as most are; a long one, that fills the journal; or together with others.
            let purchases = match self.die(8) {
                0 => 800,
                1 => 100,
                _ => 10 + self.die(60),
            };
            self.sandbox = if purchases == 100 { SHARED.to_owned() } else { self.new_sandbox() };
            for _ in 0..purchases {
                if self.is_done() {
                    return Ok(());
                }
                match self.die(20) {
                    0..6 => self.loyalclient().await?,
                    6..12 => self.ibonus().await?,
                    12..18 => self.probonus().await?,
                    18 => self.look().await?,
                    _ => self.move_the_bench().await?,
                }
            }
            // Some tidy up after themselves; others leave it to the server.
            if self.sandbox == SHARED || self.die(2) == 0 {
                self.control("POST", "/_stend/reset", "{}").await?;
            }
            if self.sandbox != SHARED && self.die(2) == 0 {
                let path = format!("/_stend/sandboxes/{}", self.sandbox);
                self.control("DELETE", &path, "").await?;
            }
        }
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.shop.tally.borrow().is_done()
    }

    fn new_sandbox(&self) -> String {
        let number = self.shop.sandboxes.get();
        self.shop.sandboxes.set(number + 1);
        format!("ci-{number}")
    }

    /// One of 0 to `sides` - 1.
    fn die(&mut self, sides: u64) -> u64 {
        u64::from_le_bytes(self.dice.bytes()) % sides
    }

    fn client(&mut self) -> u64 {
        let clients = self.shop.clients;
        self.die(clients)
    }

    /// client → recalc → hold → retail or release.
    async fn loyalclient(&mut self) -> io::Result<()> {
        let number = self.client();
        let (client, phone) = (client_id(number), phone(number));
        let amount = 100 + self.die(900);
        self.post("client", &format!(r#"{{"search":"{phone}","point":"{POINT}"}}"#)).await?;
        let receipt = format!(r#""client":"{client}","point":"{POINT}","amount":{amount}"#);
        self.post("recalc", &format!("{{{receipt}}}")).await?;
        let wish = format!(r#"{{"client":"{client}","point":"{POINT}","amount":5,"duration":10}}"#);
        let held = self.post("bonuses/hold", &wish).await?.text("/held/id");
        // Accruing goes without a hold, releasing needs one.
        let held = held.unwrap_or_default();
        match self.die(4) {
            0 => self.post("bonuses/release", &format!(r#"{{"id":"{held}"}}"#)).await?,
            1 => self.post("retail", &format!(r#"{{{receipt},"spend":5,"hold":["{held}"]}}"#)).await?,
            _ => self.post("retail", &format!(r#"{{{receipt},"spend":0}}"#)).await?,
        };
        Ok(())
    }

    async fn post(&mut self, call: &str, body: &str) -> io::Result<Reply> {
        let credentials = format!("apikey: {API_KEY}~{}", self.sandbox);
        let path = format!("/integration/general/{call}");
        self.ask(Api::Emulated("loyalclient"), "POST", &path, &credentials, body).await
    }

    /// clients → balance → order, or hold → write-off or cancel; now and then the lists.
    async fn ibonus(&mut self) -> io::Result<()> {
        let number = self.client();
        let (id, phone) = (number + 1, phone(number));
        self.merchant("GET", &format!("clients/?phone={phone}"), "").await?;
        self.merchant("GET", &format!("clients/{id}/balance/"), "").await?;
        match self.die(4) {
            0 => {
                self.merchant("GET", "fiscal/orders/?limit=10", "").await?;
                self.merchant("GET", &format!("clients/{id}/balance/history/?limit=10"), "").await?;
            }
            1 => {
                let wish = format!(r#"{{"clientId":{id},"currency":"points","amount":5}}"#);
                let held = self.hub("hold/", &wish).await?.text("/transactionId").unwrap_or_default();
                let end = if self.die(2) == 0 { "hold/write_off/" } else { "hold/cancel/" };
                self.hub(end, &format!(r#"{{"transactionId":"{held}"}}"#)).await?;
            }
            other => {
                self.receipts += 1;
                let external = format!("{}-{}", self.number, self.receipts);
                let written_off = if other == 2 { r#","amount":5,"currency":"points""# } else { "" };
                let items = r#"[{"price":250,"quantity":2,"unit":"piece","vat":20,"name":"Капучино"}]"#;
                let order = format!(
                    r#"{{"order":{{"externalId":"{external}","receiptType":"sale","customerPhone":"{phone}","items":{items}}}{written_off}}}"#
                );
                self.merchant("POST", "fiscal/orders/", &order).await?;
            }
        }
        Ok(())
    }

    async fn merchant(&mut self, method: &str, path: &str, body: &str) -> io::Result<Reply> {
        let (email, password) = MERCHANT.split_once(':').expect("e-mail and password");
        let credentials = STANDARD.encode(format!("{email}~{}:{password}", self.sandbox));
        let credentials = format!("Authorization: Basic {credentials}");
        self.ask(Api::Emulated("ibonus"), method, &format!("/ext/api/v1/{path}"), &credentials, body).await
    }

    async fn hub(&mut self, path: &str, body: &str) -> io::Result<Reply> {
        let login = MERCHANT.split(':').next().unwrap_or_default();
        let query = format!("login={login}~{}&api_key=fiscal-key", self.sandbox);
        let path = format!("/ext/api/v1/fiscal_hub/cash_back/{path}?{query}");
        self.ask(Api::Emulated("ibonus"), "POST", &path, "Accept: */*", body).await
    }

    /// `find_by_phone` → refill → withdraw, or what there is to see.
    async fn probonus(&mut self) -> io::Result<()> {
        let number = self.client();
        let (id, phone) = (number + 1, phone(number));
        self.account("find_by_phone", &format!(r#"{{"phone":"+{phone}"}}"#)).await?;
        let amount = 1 + self.die(100);
        let operation = format!(r#"{{"phone":"{phone}","amount":{amount},"comment":"soak"}}"#);
        self.account("refill", &operation).await?;
        match self.die(4) {
            0 => self.account("get_balance_extended", &format!(r#"{{"accountId":{id}}}"#)).await?,
            1 => self.account("transactions", &format!(r#"{{"accountId":{id},"count":10}}"#)).await?,
            _ => self.account("withdraw", &operation).await?,
        };
        Ok(())
    }

    async fn account(&mut self, call: &str, body: &str) -> io::Result<Reply> {
        let credentials = format!("X-API-Key: {API_KEY}~{}", self.sandbox);
        let path = format!("/api/v0/accounts/{call}");
        self.ask(Api::Emulated("probonus"), "POST", &path, &credentials, body).await
    }

    /// Looks at the sandbox, as tests do at their end; its books must be right at any time.
    async fn look(&mut self) -> io::Result<()> {
        let audit = self.control("GET", "/_stend/audit", "").await?;
        if audit.status == 200 && !audit.body.starts_with(b"{\"ok\":true") {
            let wrong = format!("the audit of {}: {}", self.sandbox, text(&audit.body));
            self.shop.tally.borrow_mut().wrong.push(wrong);
        }
        let client = phone(self.client());
        self.control("GET", &format!("/_stend/accounts?query={client}"), "").await?;
        if self.shop.journal {
            self.control("GET", "/_stend/requests?limit=20", "").await?;
        }
        Ok(())
    }

    /// What only a test bench has.
    async fn move_the_bench(&mut self) -> io::Result<()> {
        let which = self.die(14);
        let minutes = 1 + self.die(60);
        match which {
            0..4 => {
                self.control("POST", "/_stend/clock/advance", &format!(r#"{{"by":"PT{minutes}M"}}"#)).await?
            }
            4 => self.control("POST", "/_stend/clock/freeze", "{}").await?,
            5 => self.control("POST", "/_stend/clock/resume", "{}").await?,
            6 | 7 => self.control("PUT", "/_stend/snapshots/before", "").await?,
            8 | 9 => self.control("POST", "/_stend/snapshots/before/restore", "").await?,
            10 | 11 => self.control("DELETE", "/_stend/faults", "").await?,
            12 => {
                let busy = r#"{"match":{"operation":"client"},"times":2,"effect":{"status":429}}"#;
                self.control("POST", "/_stend/faults", busy).await?
            }
            13 => self.control("POST", "/_stend/reset", r#"{"keep":["journal","clock"]}"#).await?,
            _ => {
                let person = format!(
                    r#"{{"loyalclient":{{"clients":[{{"id":"{}","name":"Пётр"}}]}}}}"#,
                    client_id(minutes)
                );
                self.control("PATCH", "/_stend/state", &person).await?
            }
        };
        Ok(())
    }

    async fn control(&mut self, method: &str, path: &str, body: &str) -> io::Result<Reply> {
        // Its name is in the path where a sandbox is deleted: that call is about it, not in it.
        let name = if path.starts_with("/_stend/sandboxes/") { "default" } else { &self.sandbox };
        let sandbox = format!("X-Stend-Sandbox: {name}");
        self.ask(Api::Control, method, path, &sandbox, body).await
    }

    async fn ask(
        &mut self,
        api: Api,
        method: &str,
        path: &str,
        header: &str,
        body: &str,
    ) -> io::Result<Reply> {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        let started = stopwatch();
        let answered = tokio::time::timeout(PATIENCE, self.exchange(request.as_bytes())).await;
        let late = |_| io::Error::other(format!("no answer within {} s", PATIENCE.as_secs()));
        let reply = answered.map_err(late).and_then(|reply| reply);
        let reply = reply.map_err(|error| io::Error::other(format!("{method} {path}: {error}")))?;
        let mut tally = self.shop.tally.borrow_mut();
        tally.count(api, reply.status, started.elapsed());
        if reply.status >= 500 {
            tally.wrong.push(format!("{method} {path} {body}: {} {}", reply.status, text(&reply.body)));
        }
        Ok(reply)
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<Reply> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::Error::other(format!("no whole answer: {}", text(&self.buffer))));
            }
            if let Some(answer) = Answer::read(&self.buffer)? {
                let body = answer.body(&self.buffer).to_vec();
                return Ok(Reply { status: answer.status, body });
            }
        }
    }
}
