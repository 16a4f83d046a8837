//! Faults: deliberate failures of emulated calls. Which call fails, and how, is decided here, by a sandbox's own
//! rules and dice; the edge then does it. No HTTP.
//!
//! The rules have a lock of their own beside the state's, so that a sandbox without faults pays for one atomic
//! load a call. Where both locks are needed, the state's is taken first.

mod document;
mod effect;
pub mod matching;
mod rule;

pub use effect::{Connection, Effect, Reply, ReplyBody, When};
pub use rule::Rule;

use std::cell::OnceCell;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::Sandbox;
use super::dice::Dice;
use crate::loyalty::Programme;

/// How many faults one sandbox may have.
pub const FAULTS_MAX: usize = 100;

/// The largest rule, in bytes of JSON.
pub const RULE_MAX: usize = 64 << 10;

/// The longest delay.
pub const DELAY_MAX: Duration = Duration::from_mins(5);

/// A call of an emulated API, as rules see it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Which API it belongs to.
    pub api: Option<Programme>,
    /// Which of its operations it is; none if there is no such call.
    pub operation: Option<&'a str>,
    /// In capitals.
    pub method: &'a str,
    /// As it is routed: without the sandbox's prefix and without the query.
    pub path: &'a str,
    /// As it was sent.
    pub body: &'a [u8],
}

/// A fault's id in its sandbox: printed as `f1`. A reset begins with 1 again, as with all ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FaultId(u64);

impl fmt::Display for FaultId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "f{}", self.0)
    }
}

impl FromStr for FaultId {
    type Err = ();
    fn from_str(text: &str) -> Result<FaultId, ()> {
        let digits =
            text.strip_prefix('f').filter(|digits| digits.starts_with(|it: char| it.is_ascii_digit()));
        digits.and_then(|digits| digits.parse().ok()).map(FaultId).ok_or(())
    }
}

impl Serialize for FaultId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A rule that acts on a call.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The rule's id.
    pub id: FaultId,
    /// What it does.
    pub effect: Arc<Effect>,
    /// How long its delay is this time.
    pub delay: Option<Duration>,
}

/// A fault as it is listed: the rule as it was sent, and how often it has acted.
#[derive(Clone, Debug, Serialize)]
pub struct FaultInfo {
    /// Its id.
    pub id: FaultId,
    /// Which calls it is for.
    pub r#match: Arc<RawValue>,
    /// How many of them it lets pass first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip: Option<u64>,
    /// How often it acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// How likely it acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// What it does.
    pub effect: Arc<RawValue>,
    /// How often it has acted.
    pub hits: u64,
}

/// Why there is no such fault, or no room for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// There is none of this id.
    #[error("there is no fault {id:?} in sandbox \"{sandbox}\"")]
    NotFound {
        /// What was asked for.
        id: Box<str>,
        /// The sandbox.
        sandbox: Box<str>,
    },
    /// The sandbox has [`FAULTS_MAX`] of them.
    #[error(
        "sandbox \"{sandbox}\" has {FAULTS_MAX} faults, which is the limit, those that are done counted: delete some, or all by DELETE /_stend/faults"
    )]
    TooMany {
        /// The sandbox.
        sandbox: Box<str>,
    },
}

/// The faults of a sandbox.
pub(super) struct Faults {
    /// Whether any rule can still act.
    live: AtomicBool,
    rules: Mutex<Rules>,
}

struct Rules {
    /// In the order they were made.
    list: Vec<Ordered>,
    /// The number of the one made last.
    last: u64,
    dice: Dice,
}

/// A rule with its counters.
struct Ordered {
    id: FaultId,
    rule: Rule,
    /// How many calls it has let pass.
    skipped: u64,
    /// How often it has acted.
    hits: u64,
}

impl Faults {
    /// No faults, and dice that nobody has thrown.
    pub(super) fn new(dice: Dice) -> Faults {
        let rules = Rules { list: Vec::new(), last: 0, dice };
        Faults { live: AtomicBool::new(false), rules: Mutex::new(rules) }
    }

    /// Forgets all rules and their ids, and takes other dice.
    pub(super) fn start_again(&self, dice: Dice) {
        self.change(|rules| *rules = Rules { list: Vec::new(), last: 0, dice });
    }

    /// The dice as they lie now.
    pub(super) fn dice(&self) -> Dice {
        self.rules.lock().dice.clone()
    }

    /// Takes other dice; the rules and their counters stay.
    pub(super) fn set_dice(&self, dice: Dice) {
        self.change(|rules| rules.dice = dice);
    }

    fn change<R>(&self, work: impl FnOnce(&mut Rules) -> R) -> R {
        let mut rules = self.rules.lock();
        let outcome = work(&mut rules);
        self.live.store(rules.list.iter().any(Ordered::is_live), Ordering::Release);
        outcome
    }
}

impl Ordered {
    fn is_live(&self) -> bool {
        self.rule.times.is_none_or(|times| self.hits < times)
    }

    fn info(&self) -> FaultInfo {
        let Rule { skip, times, probability, .. } = self.rule;
        FaultInfo {
            id: self.id,
            r#match: Arc::clone(&self.rule.match_text),
            skip,
            times,
            probability,
            effect: Arc::clone(&self.rule.effect_text),
            hits: self.hits,
        }
    }
}

impl Rules {
    /// The first live rule that matches acts: unless it lets this call pass, or the dice are against it. Then the
    /// next one has its turn.
    fn hit(&mut self, asked: &Asked<'_>) -> Option<Hit> {
        // Parsed once, and only for a rule that asks for it.
        let body = OnceCell::new();
        let Rules { list, dice, .. } = self;
        for fault in list.iter_mut().filter(|fault| fault.is_live()) {
            let rule = &fault.rule;
            if !rule.matcher.fits(asked, &body) {
                continue;
            }
            if fault.skipped < rule.skip.unwrap_or(0) {
                fault.skipped += 1;
                continue;
            }
            if rule.probability.is_some_and(|probability| probability < 1.0 && dice.fraction() >= probability)
            {
                continue;
            }
            fault.hits += 1;
            let delay = rule.effect.delay.map(|delay| delay.choose(dice));
            return Some(Hit { id: fault.id, effect: Arc::clone(&rule.effect), delay });
        }
        None
    }
}

impl Sandbox {
    /// Whether any fault can act at all.
    pub fn has_faults(&self) -> bool {
        self.0.faults.live.load(Ordering::Acquire)
    }

    /// The fault that acts on this call, if one does. Asking is what counts: skips, hits and dice go on.
    pub fn fault_for(&self, asked: &Asked<'_>) -> Option<Hit> {
        if !self.has_faults() {
            return None;
        }
        self.0.faults.change(|rules| rules.hit(asked))
    }

    /// Adds a fault, behind those that are there.
    pub fn add_fault(&self, rule: Rule) -> Result<FaultInfo, FaultError> {
        self.0.faults.change(|rules| {
            if rules.list.len() >= FAULTS_MAX {
                return Err(FaultError::TooMany { sandbox: self.name().into() });
            }
            rules.last += 1;
            let fault = Ordered { id: FaultId(rules.last), rule, skipped: 0, hits: 0 };
            let info = fault.info();
            rules.list.push(fault);
            Ok(info)
        })
    }

    /// The faults, in the order they were made; those that are done, too.
    pub fn faults(&self) -> Vec<FaultInfo> {
        self.0.faults.rules.lock().list.iter().map(Ordered::info).collect()
    }

    /// One fault.
    pub fn fault(&self, id: &str) -> Result<FaultInfo, FaultError> {
        let rules = self.0.faults.rules.lock();
        let found = id.parse().ok().and_then(|id| rules.list.iter().find(|fault| fault.id == id));
        found.map(Ordered::info).ok_or_else(|| self.no_fault(id))
    }

    /// Forgets a fault.
    pub fn delete_fault(&self, id: &str) -> Result<(), FaultError> {
        self.0.faults.change(|rules| {
            let place = id.parse().ok().and_then(|id| rules.list.iter().position(|fault| fault.id == id));
            let place = place.ok_or_else(|| self.no_fault(id))?;
            rules.list.remove(place);
            Ok(())
        })
    }

    /// Forgets all faults. Ids and dice go on.
    pub fn delete_faults(&self) {
        self.0.faults.change(|rules| rules.list.clear());
    }

    fn no_fault(&self, id: &str) -> FaultError {
        FaultError::NotFound { id: id.into(), sandbox: self.name().into() }
    }
}

#[cfg(test)]
mod tests;
