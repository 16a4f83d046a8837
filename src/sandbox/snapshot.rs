//! Snapshots: named moments of a sandbox to go back to. State, clock, ids and dice, those of the faults too; neither
//! the faults themselves nor the journal.

use serde::Serialize;

use super::{From, Moment, Origin, Sandbox};
use crate::loyalty::time::Time;

/// How many snapshots one sandbox may have.
pub const SNAPSHOTS_MAX: usize = 100;

/// A snapshot as it is listed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotInfo {
    /// Its name.
    pub name: Box<str>,
    /// What the sandbox's clock showed when it was taken.
    pub taken_at: Time,
}

/// Why there is no such snapshot, or no room for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// There is none of this name.
    #[error("there is no snapshot \"{name}\" in sandbox \"{sandbox}\"")]
    NotFound {
        /// The snapshot.
        name: Box<str>,
        /// The sandbox.
        sandbox: Box<str>,
    },
    /// The sandbox has [`SNAPSHOTS_MAX`] of them.
    #[error(
        "sandbox \"{sandbox}\" has {SNAPSHOTS_MAX} snapshots, which is the limit: delete one of them first"
    )]
    TooMany {
        /// The sandbox.
        sandbox: Box<str>,
    },
}

impl Moment {
    fn info(&self, name: &str) -> SnapshotInfo {
        SnapshotInfo { name: name.into(), taken_at: self.clock.latest() }
    }
}

impl Sandbox {
    /// The snapshots, by name.
    pub fn snapshots(&self) -> Vec<SnapshotInfo> {
        self.lock().snapshots.iter().map(|(name, moment)| moment.info(name)).collect()
    }

    /// Takes a snapshot, in place of one that has this name; answers whether the name is new.
    pub fn take_snapshot(&self, name: &str) -> Result<(SnapshotInfo, bool), SnapshotError> {
        let mut state = self.lock();
        let new = !state.snapshots.contains_key(name);
        if new && state.snapshots.len() >= SNAPSHOTS_MAX {
            return Err(SnapshotError::TooMany { sandbox: self.name().into() });
        }
        let moment = self.moment(&mut state);
        let info = moment.info(name);
        state.snapshots.insert(name.into(), moment);
        Ok((info, new))
    }

    /// Forgets a snapshot.
    pub fn delete_snapshot(&self, name: &str) -> Result<(), SnapshotError> {
        self.lock().snapshots.remove(name).map(drop).ok_or_else(|| self.no_snapshot(name))
    }

    /// Goes back to a snapshot: the one way, beside reset, in which time may go back.
    /// Answers the snapshot, and the time after it.
    pub fn restore(&self, name: &str) -> Result<(SnapshotInfo, Time), SnapshotError> {
        let mut state = self.lock();
        let moment = state.snapshots.get(name).ok_or_else(|| self.no_snapshot(name))?.clone();
        let info = moment.info(name);
        self.0.faults.set_dice(moment.fault_dice.clone());
        state.moment = moment;
        Ok((info, state.settled()))
    }

    /// What a sandbox that starts at this snapshot is made from.
    pub fn snapshot_origin(&self, name: &str) -> Result<Origin, SnapshotError> {
        let state = self.lock();
        let moment = state.snapshots.get(name).ok_or_else(|| self.no_snapshot(name))?;
        Ok(Origin { from: From::Moment(Box::new(moment.clone())), seed: None })
    }

    fn no_snapshot(&self, name: &str) -> SnapshotError {
        SnapshotError::NotFound { name: name.into(), sandbox: self.name().into() }
    }
}
