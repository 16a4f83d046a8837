//! Who calls the server: verbs for the calls, and the checks that every answer goes through.

use std::collections::BTreeSet;
use std::fmt;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::answer::{find_header, shortened};
use super::{Answer, KEY, PATIENCE, Socket, TILL, contract, wait_for};

/// Who calls: a sandbox and a key. Clones share the server and its checks, and may go to other threads.
#[derive(Clone)]
pub(crate) struct Caller {
    shared: Arc<Shared>,
    agent: ureq::Agent,
    sandbox: Option<String>,
    key: Option<String>,
    token: Option<String>,
}

/// What the callers of one server share.
struct Shared {
    url: String,
    /// The sandboxes that have answered.
    seen: Mutex<BTreeSet<String>>,
    /// Whether a fault was ordered: then any status may come.
    faults_ordered: AtomicBool,
    /// The bearer token that the audits need, if they need one.
    token: Mutex<Option<String>>,
    audited: AtomicBool,
}

/// A client that sees answers as they are: no errors for statuses, no redirects followed, no proxy.
fn plain_agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .allow_non_standard_methods(true)
        .timeout_global(Some(PATIENCE))
        .proxy(None);
    config.build().into()
}

#[allow(clippy::needless_pass_by_value)] // a body is written where it is sent
impl Caller {
    /// Who calls a server at this URL. A [`Bench`] has one already.
    pub(crate) fn of(url: &str) -> Caller {
        let shared = Shared {
            url: url.trim_end_matches('/').to_owned(),
            seen: Mutex::default(),
            faults_ordered: AtomicBool::new(false),
            token: Mutex::default(),
            audited: AtomicBool::new(false),
        };
        let key = Some(KEY.to_owned());
        Caller { shared: Arc::new(shared), agent: plain_agent(), sandbox: None, key, token: None }
    }

    /// The same caller with connections that it shares with no other.
    pub(crate) fn on_a_connection_of_its_own(&self) -> Caller {
        Caller { agent: plain_agent(), ..self.clone() }
    }

    /// The same caller in another sandbox, named by the path.
    pub(crate) fn in_sandbox(&self, name: &str) -> Caller {
        Caller { sandbox: Some(name.to_owned()), ..self.clone() }
    }

    /// The same caller with another `apikey`.
    pub(crate) fn with_key(&self, key: &str) -> Caller {
        Caller { key: Some(key.to_owned()), ..self.clone() }
    }

    /// The same caller without an `apikey`.
    pub(crate) fn without_key(&self) -> Caller {
        Caller { key: None, ..self.clone() }
    }

    /// The same caller with a bearer token. The audits at the end use the last one that was right.
    pub(crate) fn with_token(&self, token: &str) -> Caller {
        Caller { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The server's URL, with this caller's sandbox.
    pub(crate) fn url(&self) -> String {
        match &self.sandbox {
            Some(name) => format!("{}/sandboxes/{name}", self.shared.url),
            None => self.shared.url.clone(),
        }
    }

    /// The server's address, for a socket of one's own.
    pub(crate) fn authority(&self) -> &str {
        self.shared.url.strip_prefix("http://").expect("the server speaks plain HTTP")
    }

    /// A bare connection: for half bodies, pipelines and bad HTTP.
    pub(crate) fn socket(&self) -> Socket {
        Socket::open(self.clone())
    }

    /// A call to be filled in and sent.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request<'_> {
        let mut headers = Vec::new();
        if let Some(key) = self.key.as_ref().filter(|_| path.starts_with("/integration")) {
            headers.push(("apikey".to_owned(), key.clone()));
        }
        if let Some(token) = &self.token {
            headers.push(("authorization".to_owned(), format!("Bearer {token}")));
        }
        Request { caller: self, method: method.to_owned(), path: path.to_owned(), headers, body: None }
    }

    /// GETs a path.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }

    /// POSTs JSON to a path.
    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path).json(body).send()
    }

    /// LoyalClient: finds a client.
    #[track_caller]
    pub(crate) fn client(&self, body: Value) -> Answer {
        self.post("/integration/general/client", &body)
    }

    /// LoyalClient: reckons an operation beforehand.
    #[track_caller]
    pub(crate) fn recalc(&self, body: Value) -> Answer {
        self.post("/integration/general/recalc", &body)
    }

    /// LoyalClient: holds points.
    #[track_caller]
    pub(crate) fn hold(&self, body: Value) -> Answer {
        self.post("/integration/general/bonuses/hold", &body)
    }

    /// LoyalClient: gives a hold up.
    #[track_caller]
    pub(crate) fn release(&self, body: Value) -> Answer {
        self.post("/integration/general/bonuses/release", &body)
    }

    /// LoyalClient: creates an operation.
    #[track_caller]
    pub(crate) fn retail(&self, body: Value) -> Answer {
        self.post("/integration/general/retail", &body)
    }

    /// Holds points of a client at [`TILL`] for the usual ten minutes; answers the hold's id.
    #[track_caller]
    pub(crate) fn holds(&self, client: &str, amount: impl Into<Value>) -> String {
        self.holds_at(TILL, client, amount)
    }

    /// The same at another point of sale.
    #[track_caller]
    pub(crate) fn holds_at(&self, point: &str, client: &str, amount: impl Into<Value>) -> String {
        let held = self.hold(json!({"client": client, "point": point, "amount": amount.into()})).ok();
        held["held"]["id"].as_str().expect("a hold has an id").to_owned()
    }

    /// What a client of LoyalClient can spend now.
    #[track_caller]
    pub(crate) fn balance(&self, client: &str) -> Value {
        self.account(client)["available"].clone()
    }

    /// A client of LoyalClient as the accounts view shows it.
    #[track_caller]
    pub(crate) fn account(&self, client: &str) -> Value {
        self.get(&format!("/_stend/accounts/loyalclient/{client}")).ok()
    }

    /// Moves the clock on by a duration; answers what is over with it.
    #[track_caller]
    pub(crate) fn advance(&self, by: &str) -> Value {
        self.post("/_stend/clock/advance", &json!({"by": by})).ok()["expired"].clone()
    }

    /// Moves the clock on to a time; answers what is over with it.
    #[track_caller]
    pub(crate) fn advance_to(&self, to: &str) -> Value {
        self.post("/_stend/clock/advance", &json!({"to": to})).ok()["expired"].clone()
    }

    /// Back to the start.
    #[track_caller]
    pub(crate) fn reset(&self) {
        self.request("POST", "/_stend/reset").send().ok();
    }

    /// Lets calls fail; answers the fault's id.
    #[track_caller]
    pub(crate) fn fault(&self, rule: Value) -> String {
        let answer = self.post("/_stend/faults", &rule);
        answer.with_status(201);
        answer.json()["id"].as_str().expect("a fault has an id").to_owned()
    }

    /// How often a fault has acted.
    #[track_caller]
    pub(crate) fn hits(&self, id: &str) -> u64 {
        let fault = self.get(&format!("/_stend/faults/{id}")).ok();
        fault["hits"].as_u64().expect("a fault has its hits")
    }

    /// The journal, newest first, as far as one page goes.
    #[track_caller]
    pub(crate) fn requests(&self) -> Value {
        self.get("/_stend/requests?limit=1000").ok()["requests"].clone()
    }

    /// The entry of the last call.
    #[track_caller]
    pub(crate) fn last_request(&self) -> Value {
        let last = self.get("/_stend/requests?limit=1").ok()["requests"][0].clone();
        assert!(last.is_object(), "the journal is empty");
        last
    }

    /// Asks whether something was called as often as it should have been.
    #[track_caller]
    pub(crate) fn verify(&self, question: Value) -> Value {
        self.post("/_stend/requests/verify", &question).ok()
    }

    /// Waits until somebody listens at the address.
    pub(crate) fn wait_until_it_listens(&self) {
        wait_for(|| TcpStream::connect(self.authority()).ok());
    }

    /// The sandboxes that have answered so far.
    fn seen(&self) -> BTreeSet<String> {
        self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the audits were looked at, once and for all.
    pub(super) fn is_audited(&self) -> bool {
        self.shared.audited.load(Ordering::Relaxed)
    }

    /// Demands that the books of every sandbox that has answered are in order.
    #[track_caller]
    pub(super) fn demand_clean_audits(&self) {
        self.shared.audited.store(true, Ordering::Relaxed);
        let token = self.shared.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let auditor = Caller { token, ..self.clone() };
        for name in self.seen() {
            let answer = auditor.in_sandbox(&name).get("/_stend/audit");
            // Deleted, where it is not made again by being named.
            if answer.status != 404 {
                let audit = answer.ok();
                assert_eq!(audit, json!({"ok": true, "violations": []}), "the books of sandbox {name:?}");
                auditor.in_sandbox(&name).demand_documented_refusals();
            }
        }
    }

    /// Demands that every refusal which was given is one that the contracts know of its operation.
    #[track_caller]
    fn demand_documented_refusals(&self) {
        let coverage = self.get("/_stend/coverage").ok();
        for refusal in coverage["refusals"].as_array().expect("a list").iter().filter(|it| it["hits"] != 0) {
            let [operation, name] =
                ["operation", "refusal"].map(|key| refusal[key].as_str().expect("a name"));
            assert!(
                contract::knows_refusal(operation, name),
                "{operation} gave {name}, and no contract has it"
            );
        }
    }

    /// Holds an exchange against the contract, and remembers the sandbox.
    #[track_caller]
    pub(super) fn check(&self, asked: &Asked, answer: &Answer) {
        if asked.method == "POST" && asked.path().ends_with("/_stend/faults") && answer.status == 201 {
            self.shared.faults_ordered.store(true, Ordering::Relaxed);
        }
        let any_status =
            asked.header("prefer").is_some() || self.shared.faults_ordered.load(Ordering::Relaxed);
        if let Err(complaint) = contract::check(asked, answer, any_status) {
            panic!("not as in contract/: {complaint}\n{answer}");
        }
        if self.token.is_some() && answer.status == 200 {
            self.shared.token.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&self.token);
        }
        if let Some(sandbox) = answer.header("x-stend-sandbox") {
            self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(sandbox.to_owned());
        }
    }
}

/// A call that is being filled in.
pub(crate) struct Request<'c> {
    caller: &'c Caller,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request<'_> {
    /// With another header; one that was there already stays, too.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With these bytes as its body.
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// With JSON as its body.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    /// Sends it, and holds the answer against the contract.
    #[track_caller]
    pub(crate) fn send(self) -> Answer {
        let asked = Asked {
            method: self.method,
            target: self.path,
            headers: self.headers,
            body: self.body.clone().unwrap_or_default(),
        };
        let mut builder = ureq::http::Request::builder()
            .method(asked.method.as_str())
            .uri(self.caller.url() + &asked.target);
        for (name, value) in &asked.headers {
            builder = builder.header(name, value);
        }
        let agent = &self.caller.agent;
        let response = match self.body {
            Some(body) => agent.run(builder.body(body).expect("a test sends what can be sent")),
            None if ["POST", "PUT", "PATCH"].contains(&asked.method.as_str()) => {
                agent.run(builder.body(Vec::new()).expect("a test sends what can be sent"))
            }
            None => agent.run(builder.body(()).expect("a test sends what can be sent")),
        };
        let mut response = match response {
            Ok(response) => response,
            Err(error) => panic!("no answer to {asked}: {error}"),
        };
        let headers = response.headers().iter();
        let answer = Answer {
            status: response.status().as_u16(),
            headers: headers
                .map(|(name, value)| {
                    (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
                })
                .collect(),
            body: response
                .body_mut()
                .with_config()
                .limit(u64::MAX)
                .read_to_vec()
                .expect("the body arrives whole"),
            asked: asked.to_string(),
        };
        self.caller.check(&asked, &answer);
        answer
    }
}

/// What was asked, as it was sent.
pub(super) struct Asked {
    pub(super) method: String,
    /// Path and query, without the sandbox.
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Asked {
    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(super) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        find_header(&self.headers, name)
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} {}", self.method, self.target, shortened(&self.body))
    }
}
