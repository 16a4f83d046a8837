//! The test bench around the rules: a clock, something to come from, one lock, one door. No HTTP.

pub mod accounts;
pub mod audit;
pub mod clock;
pub mod dice;
pub mod faults;
pub mod fixture;
mod late;
pub mod registry;
pub mod snapshot;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use parking_lot::{Mutex, MutexGuard, RwLock};

use crate::loyalty::time::{Period, Time};
use crate::loyalty::{Expired, World};
use clock::{Clock, ClockError, ClockReading, real_now};
use dice::Dice;
use faults::Faults;
use fixture::read::Mistake;
use fixture::{Document, Patch, Seed, Upserted};
use late::Late;

/// The name of the sandbox that a request means when it names none.
pub const DEFAULT_SANDBOX: &str = "default";

/// The longest name of a sandbox or a snapshot, in characters.
pub const NAME_MAX: usize = 63;

/// Whether this is a name for a sandbox or a snapshot: `[a-z0-9][a-z0-9-]{0,62}`.
pub fn is_name(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=NAME_MAX).contains(&text.len())
        && text.bytes().all(|byte| letter(byte) || byte == b'-')
        && !text.starts_with('-')
}

/// One isolated copy of everything. A cheap handle: clones are the same sandbox.
#[derive(Clone)]
pub struct Sandbox(Arc<Shared>);

struct Shared {
    name: Box<str>,
    /// Real time.
    created_at: Time,
    /// Real time, in milliseconds.
    last_used_ms: AtomicI64,
    /// How many emulated calls it has had; the number of a call is its id, and never used again.
    requests: AtomicU64,
    /// How many control calls it has had.
    controls: AtomicU64,
    state: Mutex<State>,
    faults: Faults,
}

/// All that changes together, under one lock.
struct State {
    moment: Moment,
    origin: Origin,
    snapshots: BTreeMap<Box<str>, Moment>,
    /// Raised by every reset.
    generation: u64,
}

/// All that a snapshot keeps and a reset brings back: state, clock, ids and dice. A clone is O(1).
#[derive(Clone)]
struct Moment {
    world: Late<World>,
    clock: Clock,
    seed: u64,
    /// How the dice of the faults lay. In the state itself this is how they lay at its start: they are thrown
    /// under the faults' own lock.
    fault_dice: Dice,
}

/// The dice of the faults as they lie at the start.
fn fault_dice(seed: u64, sandbox: &str) -> Dice {
    Dice::new(seed, sandbox, "faults")
}

/// What a sandbox is made from, and goes back to.
#[derive(Clone)]
pub struct Origin {
    from: From,
    /// Over the seed that `from` has.
    seed: Option<u64>,
}

#[derive(Clone)]
enum From {
    /// As it is when a sandbox starts.
    Server(ServerFixture),
    Fixture(Arc<Seed>),
    Moment(Box<Moment>),
}

/// The fixture that a server's sandboxes are made from, unless they are told otherwise. It can be replaced: a sandbox
/// that is reset goes to the new one. A cheap handle: clones are the same.
#[derive(Clone)]
struct ServerFixture(Arc<RwLock<Arc<Seed>>>);

impl ServerFixture {
    fn new(fixture: Arc<Seed>) -> ServerFixture {
        ServerFixture(Arc::new(RwLock::new(fixture)))
    }

    fn current(&self) -> Arc<Seed> {
        Arc::clone(&self.0.read())
    }

    fn replace(&self, fixture: Arc<Seed>) {
        // The old one is dropped after the lock is released: it may be large.
        let old = std::mem::replace(&mut *self.0.write(), fixture);
        drop(old);
    }
}

impl Origin {
    /// The server's fixture.
    fn server(fixture: &ServerFixture) -> Origin {
        Origin { from: From::Server(fixture.clone()), seed: None }
    }

    /// A fixture.
    pub fn fixture(seed: Arc<Seed>) -> Origin {
        Origin { from: From::Fixture(seed), seed: None }
    }

    /// The same, with another seed of ids and dice.
    #[must_use]
    pub fn with_seed(self, seed: Option<u64>) -> Origin {
        Origin { seed: seed.or(self.seed), ..self }
    }

    /// The start of a sandbox of this name. With a `clock` it is that one, and relative times count from its
    /// now.
    fn start(&self, name: &str, clock: Option<Clock>) -> Moment {
        let mut moment = match &self.from {
            From::Server(fixture) => Moment::of(&fixture.current(), name, clock),
            From::Fixture(fixture) => Moment::of(fixture, name, clock),
            From::Moment(moment) => {
                let mut moment = Moment::clone(moment);
                moment.clock = clock.unwrap_or(moment.clock);
                moment
            }
        };
        if let Some(seed) = self.seed {
            moment.seed = seed;
            moment.fault_dice = fault_dice(seed, name);
            dice::reseed(&mut moment.world, seed, name);
        }
        moment
    }
}

impl Moment {
    fn of(fixture: &Seed, name: &str, clock: Option<Clock>) -> Moment {
        let mut clock = clock.unwrap_or_else(|| fixture.clock());
        let world = fixture.world(name, clock.now());
        let fault_dice = fault_dice(fixture.seed(), name);
        Moment { world: Late::new(world), clock, seed: fixture.seed(), fault_dice }
    }
}

impl State {
    /// The time, with everything settled to it.
    fn settled(&mut self) -> Time {
        let now = self.moment.clock.now();
        if self.moment.world.next_due().is_some_and(|due| due <= now) {
            self.moment.world.settle(now);
        }
        now
    }
}

/// What a reset leaves as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keep {
    /// The clock goes on; relative times of the fixture count from its now.
    pub clock: bool,
    /// The faults stay, with their counters and their dice.
    pub faults: bool,
}

/// What a reset came to.
#[derive(Clone, Copy, Debug)]
pub struct ResetReport {
    /// How many resets there were.
    pub generation: u64,
    /// The sandbox's time after it.
    pub now: Time,
}

/// What the list of sandboxes says of one.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SandboxInfo {
    /// Its name.
    pub name: Box<str>,
    /// When it was made, in real time.
    pub created_at: Time,
    /// When it was last used, in real time.
    pub last_used_at: Time,
    /// How many resets there were.
    pub generation: u64,
    /// How many emulated calls it has had since it was made.
    pub requests: u64,
}

impl Sandbox {
    /// A sandbox of this name, at its origin's start.
    pub fn new(name: &str, origin: Origin) -> Sandbox {
        let created_at = real_now();
        let state =
            State { moment: origin.start(name, None), origin, snapshots: BTreeMap::new(), generation: 0 };
        let faults = Faults::new(state.moment.fault_dice.clone());
        Sandbox(Arc::new(Shared {
            name: name.into(),
            created_at,
            last_used_ms: AtomicI64::new(created_at.millis()),
            requests: AtomicU64::new(0),
            controls: AtomicU64::new(0),
            state: Mutex::new(state),
            faults,
        }))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// When it was made, in real time.
    pub fn created_at(&self) -> Time {
        self.0.created_at
    }

    /// What the list of sandboxes says of it.
    pub fn info(&self) -> SandboxInfo {
        SandboxInfo {
            name: self.0.name.clone(),
            created_at: self.0.created_at,
            last_used_at: self.last_used(),
            generation: self.0.state.lock().generation,
            requests: self.0.requests.load(Ordering::Relaxed),
        }
    }

    /// The number of an emulated call that is about to be worked on, from 1 upwards: never the same twice, not
    /// even after a reset.
    pub fn next_request(&self) -> u64 {
        self.0.requests.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The number of a control call, from 1 upwards. They count apart: they are in no journal.
    pub fn next_control(&self) -> u64 {
        self.0.controls.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The one door to the world: takes the lock, settles what is due by the sandbox's now, works on the world
    /// in place, gives the lock back. `work` is synchronous, so that no lock crosses a wait.
    pub fn run<R>(&self, work: impl FnOnce(&mut World, Time) -> R) -> R {
        let mut state = self.0.state.lock();
        let now = state.settled();
        work(&mut state.moment.world, now)
    }

    /// A copy of the world, settled to now: for views that take longer than a lock may be held.
    pub fn view(&self) -> (World, Time) {
        self.run(|world, now| (world.clone(), now))
    }

    /// What the clock shows.
    pub fn clock(&self) -> ClockReading {
        self.0.state.lock().moment.clock.reading()
    }

    /// Moves the clock by `period`; answers the new time and what is over with it, when all of it has happened.
    pub fn advance_by(&self, period: Period) -> Result<(Time, Vec<Expired>), ClockError> {
        self.move_clock(|clock| clock.advance_by(period))
    }

    /// Moves the clock to `to`; answers the new time and what is over with it, when all of it has happened.
    pub fn advance_to(&self, to: Time) -> Result<(Time, Vec<Expired>), ClockError> {
        self.move_clock(|clock| clock.advance_to(to))
    }

    /// Stops the clock where it stands, or at `at`.
    pub fn freeze(&self, at: Option<Time>) -> Result<ClockReading, ClockError> {
        let mut state = self.0.state.lock();
        state.moment.clock.freeze(at)?;
        state.settled();
        Ok(state.moment.clock.reading())
    }

    /// Lets the clock go on from its own now.
    pub fn resume(&self) -> ClockReading {
        let mut state = self.0.state.lock();
        state.moment.clock.resume();
        state.moment.clock.reading()
    }

    /// Back to what the sandbox was made from: state, clock, ids, dice, and no faults. One step under the lock: no
    /// request sees half of it. Snapshots stay.
    pub fn reset(&self, keep: Keep) -> ResetReport {
        let mut state = self.0.state.lock();
        let clock = keep.clock.then(|| state.moment.clock.clone());
        state.moment = state.origin.start(&self.0.name, clock);
        state.generation += 1;
        if !keep.faults {
            self.0.faults.start_again(state.moment.fault_dice.clone());
        }
        ResetReport { generation: state.generation, now: state.settled() }
    }

    /// The state as a fixture.
    pub fn export(&self) -> Document {
        let (moment, reading) = {
            let mut state = self.0.state.lock();
            state.settled();
            let reading = state.moment.clock.reading();
            (state.moment.clone(), reading)
        };
        fixture::export(&moment.world, reading, moment.seed)
    }

    /// Replaces the state by a fixture; its clock and its seed only if the fixture says them. The rules of the
    /// faults stay, and their dice are thrown from the beginning. What reset goes back to stays.
    pub fn replace(&self, fixture: &Seed) -> Time {
        let mut state = self.0.state.lock();
        let mut clock = if fixture.says_clock() { fixture.clock() } else { state.moment.clock.clone() };
        let mut world = fixture.world(&self.0.name, clock.now());
        let mut seed = fixture.seed();
        if !fixture.says_seed() {
            seed = state.moment.seed;
        }
        if !fixture.says_seed() && !fixture.keeps_counters() {
            dice::reseed(&mut world, seed, &self.0.name);
        }
        let fault_dice = fault_dice(seed, &self.0.name);
        self.0.faults.set_dice(fault_dice.clone());
        state.moment = Moment { world: Late::new(world), clock, seed, fault_dice };
        state.settled()
    }

    /// Adds and changes records; all of them, or none.
    pub fn upsert(&self, patch: &Patch) -> Result<Upserted, Vec<Mistake>> {
        let mut state = self.0.state.lock();
        let now = state.settled();
        let mut world = state.moment.world.clone();
        let upserted = patch.apply(&mut world, now)?;
        state.moment.world = world;
        Ok(upserted)
    }

    /// What a copy of this sandbox, as it is now, is made from.
    pub fn fork(&self) -> Origin {
        let mut state = self.0.state.lock();
        Origin { from: From::Moment(Box::new(self.moment(&mut state))), seed: None }
    }

    /// All that a copy takes along, as it is now.
    fn moment(&self, state: &mut State) -> Moment {
        state.settled();
        Moment { fault_dice: self.0.faults.dice(), ..state.moment.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock()
    }

    fn last_used(&self) -> Time {
        Time::from_millis(self.0.last_used_ms.load(Ordering::Relaxed)).unwrap_or(Time::MAX)
    }

    fn touch(&self, now: Time) {
        self.0.last_used_ms.store(now.millis(), Ordering::Relaxed);
    }

    fn move_clock(
        &self,
        set: impl FnOnce(&mut Clock) -> Result<(), ClockError>,
    ) -> Result<(Time, Vec<Expired>), ClockError> {
        let mut state = self.0.state.lock();
        // What was due before the move is not the move's doing.
        state.settled();
        set(&mut state.moment.clock)?;
        let now = state.moment.clock.now();
        Ok((now, state.moment.world.settle(now)))
    }
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_are_lower_case_letters_digits_and_inner_hyphens() {
        let longest = "a".repeat(63);
        for name in ["a", "0", "ci-7", "default", "a-", longest.as_str()] {
            assert!(is_name(name), "{name}");
        }
        let too_long = "a".repeat(64);
        for name in ["", "-a", "A", "ci_7", "ci.7", "ci 7", "тест", too_long.as_str()] {
            assert!(!is_name(name), "{name}");
        }
    }
}
