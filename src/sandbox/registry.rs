//! Names to sandboxes: made at first use, capped, evicted.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::RwLock;

use super::clock::real_now;
use super::fixture::Seed;
use super::journal::JOURNAL_ENTRIES;
use super::{DEFAULT_SANDBOX, Keep, Origin, ResetReport, Sandbox, SandboxInfo, ServerFixture, is_name};
use crate::loyalty::time::{Period, Time};

/// How many sandboxes there may be, `default` counted, unless the command line says otherwise.
pub const SANDBOXES_MAX: usize = 1_000;

/// How long a sandbox may go unused, in real time, unless the command line says otherwise.
pub const SANDBOX_TTL: Period = Period::days(1);

/// How often, at most, idle sandboxes are looked for when others are made.
const SWEEP_EVERY: Period = Period::minutes(1);

/// The limits of a registry.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Whether only `POST /_stend/sandboxes` makes sandboxes, and naming another is refused.
    pub explicit: bool,
    /// How many there may be, `default` counted.
    pub sandboxes_max: usize,
    /// How long one may go unused, in real time.
    pub ttl: Period,
    /// How many entries the journal of each has; 0 keeps none.
    pub journal_entries: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            explicit: false,
            sandboxes_max: SANDBOXES_MAX,
            ttl: SANDBOX_TTL,
            journal_entries: JOURNAL_ENTRIES,
        }
    }
}

/// Why there is no sandbox of a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// It is not a name.
    #[error(
        "\"{name}\" is not a sandbox name: it takes 1 to 63 of a-z, 0-9 and -, and starts with a letter or a digit"
    )]
    BadName {
        /// What was given.
        name: Box<str>,
    },
    /// There is none, and it is not made by itself.
    #[error("there is no sandbox \"{name}\": make it by POST /_stend/sandboxes")]
    Unknown {
        /// The name.
        name: Box<str>,
    },
    /// There is one already.
    #[error("sandbox \"{name}\" is there already: reset it, or delete it first")]
    Taken {
        /// The name.
        name: Box<str>,
    },
    /// There is no room beside `default`, which is never evicted.
    #[error("there is room for {max} sandbox only, and that is \"default\": raise --max-sandboxes")]
    NoRoom {
        /// The limit.
        max: usize,
    },
    /// `default` cannot be deleted.
    #[error("sandbox \"default\" is always there: reset it instead")]
    Undeletable,
}

/// All sandboxes of a server.
pub struct Registry {
    fixture: ServerFixture,
    limits: Limits,
    default: Sandbox,
    others: RwLock<Others>,
}

struct Others {
    by_name: BTreeMap<Box<str>, Sandbox>,
    swept_at: Time,
}

impl Registry {
    /// A registry whose sandboxes are made from this fixture.
    pub fn new(fixture: Arc<Seed>, limits: Limits) -> Registry {
        let fixture = ServerFixture::new(fixture);
        let origin = Origin::server(&fixture);
        let default = Sandbox::with_journal(DEFAULT_SANDBOX, origin, limits.journal_entries);
        let others = RwLock::new(Others { by_name: BTreeMap::new(), swept_at: real_now() });
        Registry { fixture, limits, default, others }
    }

    /// The server's fixture.
    pub fn fixture(&self) -> Arc<Seed> {
        self.fixture.current()
    }

    /// What new sandboxes are made from: the server's fixture, also if it is another one when they are reset.
    pub fn origin(&self) -> Origin {
        Origin::server(&self.fixture)
    }

    /// Replaces the server's fixture: new sandboxes and those that are reset get this one, `default` at once.
    pub fn set_origin(&self, fixture: Arc<Seed>) -> ResetReport {
        self.fixture.replace(fixture);
        self.default.reset(Keep::default())
    }

    /// The sandbox `default`, counted as used.
    pub fn default_sandbox(&self) -> Sandbox {
        self.default.touch(real_now());
        self.default.clone()
    }

    /// The sandbox of this name, counted as used; made now if it is not there, unless the mode is explicit.
    pub fn open(&self, name: &str) -> Result<Sandbox, RegistryError> {
        loop {
            let found = self.find(name);
            if self.limits.explicit || !matches!(found, Err(RegistryError::Unknown { .. })) {
                return found;
            }
            let sandbox = self.made(name, self.origin());
            match self.insert(&sandbox) {
                // Another request was faster: its sandbox is the one, unless it is evicted by now.
                Err(RegistryError::Taken { .. }) => {}
                inserted => return inserted.map(|()| sandbox),
            }
        }
    }

    /// The sandbox of this name, counted as used; never made by this.
    pub fn find(&self, name: &str) -> Result<Sandbox, RegistryError> {
        if name == DEFAULT_SANDBOX {
            return Ok(self.default_sandbox());
        }
        Registry::check_name(name)?;
        let now = real_now();
        let others = self.others.read();
        match others.by_name.get(name) {
            Some(sandbox) if !self.idle(sandbox, now) => {
                sandbox.touch(now);
                Ok(sandbox.clone())
            }
            _ => Err(RegistryError::Unknown { name: name.into() }),
        }
    }

    /// Makes a sandbox.
    pub fn create(&self, name: &str, origin: Origin) -> Result<Sandbox, RegistryError> {
        match self.find(name) {
            Ok(_) => Err(RegistryError::Taken { name: name.into() }),
            Err(RegistryError::Unknown { .. }) => {
                let sandbox = self.made(name, origin);
                self.insert(&sandbox)?;
                Ok(sandbox)
            }
            Err(error) => Err(error),
        }
    }

    /// Forgets a sandbox. Calls that are in it end in it.
    pub fn delete(&self, name: &str) -> Result<(), RegistryError> {
        if name == DEFAULT_SANDBOX {
            return Err(RegistryError::Undeletable);
        }
        self.find(name)?;
        let removed = self.others.write().by_name.remove(name);
        removed
            .map(|sandbox| sandbox.journal().end())
            .ok_or_else(|| RegistryError::Unknown { name: name.into() })
    }

    /// Whether a sandbox could have this name.
    pub fn check_name(name: &str) -> Result<(), RegistryError> {
        if is_name(name) { Ok(()) } else { Err(RegistryError::BadName { name: name.into() }) }
    }

    /// What there is to say of a sandbox, without using it.
    pub fn info(&self, name: &str) -> Result<SandboxInfo, RegistryError> {
        Registry::check_name(name)?;
        let found = self.all().into_iter().find(|sandbox| sandbox.name() == name);
        found.map(|sandbox| sandbox.info()).ok_or_else(|| RegistryError::Unknown { name: name.into() })
    }

    /// All sandboxes, by name; those that went unused for too long are gone.
    pub fn all(&self) -> Vec<Sandbox> {
        let now = real_now();
        let others = self.others.read();
        let alive = others.by_name.values().filter(|sandbox| !self.idle(sandbox, now));
        let mut all: Vec<Sandbox> = alive.chain([&self.default]).cloned().collect();
        all.sort_by(|one, other| one.name().cmp(other.name()));
        all
    }

    fn made(&self, name: &str, origin: Origin) -> Sandbox {
        Sandbox::with_journal(name, origin, self.limits.journal_entries)
    }

    fn idle(&self, sandbox: &Sandbox, now: Time) -> bool {
        sandbox.last_used() + self.limits.ttl <= now
    }

    fn insert(&self, sandbox: &Sandbox) -> Result<(), RegistryError> {
        let room = self.limits.sandboxes_max.saturating_sub(1);
        if room == 0 {
            return Err(RegistryError::NoRoom { max: self.limits.sandboxes_max });
        }
        let now = real_now();
        // Dropped after the lock is released.
        let mut evicted = Vec::new();
        let mut others = self.others.write();
        let Others { by_name, swept_at } = &mut *others;
        if by_name.get(sandbox.name()).is_some_and(|other| !self.idle(other, now)) {
            return Err(RegistryError::Taken { name: sandbox.name().into() });
        }
        if now.since(*swept_at) >= SWEEP_EVERY || by_name.len() >= room {
            *swept_at = now;
            evicted.extend(by_name.extract_if(.., |_, other| self.idle(other, now)));
        }
        while by_name.len() >= room && !by_name.contains_key(sandbox.name()) {
            let oldest = by_name.values().min_by_key(|other| other.last_used());
            let name = oldest.expect("there is room for one at least").name().to_owned();
            evicted.extend(by_name.remove_entry(name.as_str()));
        }
        evicted.extend(
            by_name.insert(sandbox.name().into(), sandbox.clone()).map(|old| (old.name().into(), old)),
        );
        drop(others);
        for (_, sandbox) in &evicted {
            sandbox.journal().end();
        }
        Ok(())
    }
}
