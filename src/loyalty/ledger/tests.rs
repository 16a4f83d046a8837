//! The ledger told in small stories, and held against a naive model.

use proptest::prelude::*;

use super::*;
use crate::loyalty::time::Period;

/// So many milliseconds after the stories begin.
fn at(ms: i64) -> Time {
    Time::from_millis(1_767_225_600_000 + ms).expect("a moment of the year 2026")
}

fn points(whole: i64) -> Amount {
    Amount::whole(whole)
}

/// An account and its time; the verbs speak of whole points and of milliseconds.
#[derive(Clone, Default)]
struct Story {
    account: Account,
    numbers: Numbers,
    now: i64,
}

impl Story {
    fn new() -> Story {
        Story::default()
    }

    fn accrue(&mut self, sum: i64, expires: Option<i64>) -> LotId {
        self.try_accrue(points(sum), expires, None).expect("nothing speaks against the accrual")
    }

    fn accrue_deferred(&mut self, sum: i64, active: i64, expires: Option<i64>) -> LotId {
        self.try_accrue(points(sum), expires, Some(active)).expect("nothing speaks against the accrual")
    }

    fn try_accrue(
        &mut self,
        sum: Amount,
        expires: Option<i64>,
        active: Option<i64>,
    ) -> Result<LotId, Refusal> {
        let (expires, active) = (expires.map(at), active.map(at));
        self.account.accrue(EntryKind::Accrual, sum, expires, active, at(self.now), &mut self.numbers)
    }

    fn spend(&mut self, sum: i64) -> Result<Spent, Refusal> {
        self.account.spend(points(sum), at(self.now), &mut self.numbers)
    }

    fn hold(&mut self, sum: i64, until: i64) -> Result<HoldId, Refusal> {
        self.account.hold(points(sum), at(until), at(self.now), &mut self.numbers)
    }

    fn capture(&mut self, hold: HoldId) -> Result<Spent, Refusal> {
        self.account.capture(hold, at(self.now), &mut self.numbers)
    }

    fn take_back(&mut self, lot: LotId, sum: i64) -> Result<(Amount, Vec<Hold>), Refusal> {
        self.account.take_back(lot, points(sum), at(self.now), &mut self.numbers)
    }

    fn give_back(&mut self, spent: &mut Spent, sum: i64) -> Result<GivenBack, Refusal> {
        self.account.give_back(spent, points(sum), at(self.now), &mut self.numbers)
    }

    fn adjust(&mut self, posted: Amount) -> Result<Vec<Hold>, Refusal> {
        self.account.adjust(posted, at(self.now), &mut self.numbers)
    }

    /// Time goes on to `now`.
    fn until(&mut self, now: i64) -> Vec<Event> {
        self.now = now;
        self.account.settle(at(now), &mut self.numbers)
    }

    /// Posted, pending, held, available.
    #[track_caller]
    fn stands(&self, expected: [i64; 4]) {
        let account = &self.account;
        let stand = [account.posted(), account.pending(), account.held(), account.available()];
        assert_eq!(stand, expected.map(points), "posted, pending, held, available");
        assert_eq!(account.violations(at(self.now)), []);
    }

    /// The lots, soonest to burn first.
    #[track_caller]
    fn has_lots(&self, expected: &[(i64, Option<i64>)]) {
        let lots: Vec<_> = self.account.lots().map(|lot| (lot.amount, lot.expires_at)).collect();
        let expected: Vec<_> =
            expected.iter().map(|(sum, expires)| (points(*sum), expires.map(at))).collect();
        assert_eq!(lots, expected);
    }

    /// The entries, oldest first: kind, points, balance after it, time.
    #[track_caller]
    fn has_entries(&self, expected: &[(EntryKind, i64, i64, i64)]) {
        let mut entries: Vec<_> = self.account.entries().newest_first().collect();
        entries.reverse();
        assert!(entries.is_sorted_by(|older, younger| older.id < younger.id));
        let entries: Vec<_> = entries.iter().map(|e| (e.kind, e.amount, e.balance, e.at)).collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(kind, sum, balance, time)| (*kind, points(*sum), points(*balance), at(*time)))
            .collect();
        assert_eq!(entries, expected);
    }

    /// Refused, and nothing has changed.
    #[track_caller]
    fn refuses<T: std::fmt::Debug>(
        &mut self,
        command: impl FnOnce(&mut Story) -> Result<T, Refusal>,
        refusal: Refusal,
    ) {
        let before = self.clone();
        assert_eq!(command(self).expect_err("this is refused"), refusal);
        assert_eq!((&self.account, &self.numbers), (&before.account, &before.numbers));
    }
}

#[test]
fn points_come_and_go_and_every_line_says_how() {
    let mut story = Story::new();
    story.accrue(100, None);
    story.now = 5;
    story.spend(30).unwrap();
    story.now = 6;
    story.adjust(points(50)).unwrap();
    story.adjust(points(80)).unwrap();
    story.stands([80, 0, 0, 80]);
    story.has_entries(&[
        (EntryKind::Accrual, 100, 100, 0),
        (EntryKind::Spend, -30, 70, 5),
        (EntryKind::Adjustment, -20, 50, 6),
        (EntryKind::Adjustment, 30, 80, 6),
    ]);
}

#[test]
fn the_soonest_to_burn_is_spent_first_and_what_never_burns_last() {
    let mut story = Story::new();
    story.accrue(10, None);
    story.accrue(20, Some(300));
    story.accrue(30, Some(100));
    story.has_lots(&[(30, Some(100)), (20, Some(300)), (10, None)]);
    story.spend(35).unwrap();
    story.has_lots(&[(15, Some(300)), (10, None)]);
    story.spend(16).unwrap();
    story.has_lots(&[(9, None)]);
}

#[test]
fn of_lots_with_one_expiry_the_older_is_spent_first() {
    let mut story = Story::new();
    let older = story.accrue(10, Some(100));
    let younger = story.accrue(10, Some(100));
    story.spend(4).unwrap();
    let lots: Vec<_> = story.account.lots().map(|lot| (lot.id, lot.amount)).collect();
    assert_eq!(lots, [(older, points(6)), (younger, points(10))]);
}

#[test]
fn a_lot_burns_at_its_deadline_to_the_millisecond() {
    let mut story = Story::new();
    let lot = story.accrue(10, Some(100));
    assert_eq!(story.account.next_due(), Some(at(100)));
    assert_eq!(story.until(99), []);
    story.stands([10, 0, 0, 10]);
    assert_eq!(story.until(100), [Event::LotBurnt { id: lot, amount: points(10), at: at(100) }]);
    story.stands([0, 0, 0, 0]);
    assert_eq!(story.account.next_due(), None);
}

#[test]
fn what_is_noticed_late_is_written_down_with_its_own_time() {
    let mut story = Story::new();
    story.accrue(10, Some(100));
    story.accrue(5, Some(200));
    story.until(1_000);
    story.has_entries(&[
        (EntryKind::Accrual, 10, 10, 0),
        (EntryKind::Accrual, 5, 15, 0),
        (EntryKind::Burn, -10, 5, 100),
        (EntryKind::Burn, -5, 0, 200),
    ]);
}

#[test]
fn deferred_points_are_posted_at_once_and_available_from_their_moment_on() {
    let mut story = Story::new();
    let lot = story.accrue_deferred(10, 50, Some(100));
    story.stands([10, 10, 0, 0]);
    story.refuses(|story| story.spend(1), Refusal::InsufficientPoints { available: points(0) });
    story.refuses(|story| story.hold(1, 10), Refusal::InsufficientPoints { available: points(0) });
    assert_eq!(story.until(49), []);
    assert_eq!(story.until(50), [Event::LotActive(lot)]);
    story.stands([10, 0, 0, 10]);
    story.spend(10).unwrap();
}

#[test]
fn spending_passes_over_points_that_are_pending() {
    let mut story = Story::new();
    story.accrue_deferred(10, 50, Some(60));
    story.accrue(20, Some(100));
    story.spend(15).unwrap();
    story.has_lots(&[(10, Some(60)), (5, Some(100))]);
    story.stands([15, 10, 0, 5]);
}

#[test]
fn an_activation_that_is_over_already_makes_points_active_at_once() {
    let mut story = Story::new();
    story.until(60);
    story.accrue_deferred(10, 60, None);
    story.stands([10, 0, 0, 10]);
}

#[test]
fn held_points_are_on_the_account_but_not_available() {
    let mut story = Story::new();
    story.accrue(100, None);
    let first = story.hold(30, 50).unwrap();
    let second = story.hold(20, 50).unwrap();
    story.stands([100, 0, 50, 50]);
    story.refuses(|story| story.spend(51), Refusal::InsufficientPoints { available: points(50) });
    story.refuses(|story| story.hold(51, 50), Refusal::InsufficientPoints { available: points(50) });
    for (own, expected) in [
        (vec![], 50),
        (vec![first], 80),
        (vec![first, second], 100),
        (vec![second, second], 70),
        (vec![HoldId(999)], 50),
    ] {
        assert_eq!(story.account.available_beside(own.iter().copied()), points(expected), "{own:?}");
    }
}

#[test]
fn a_released_hold_can_be_spent() {
    let mut story = Story::new();
    story.accrue(100, None);
    let hold = story.hold(100, 50).unwrap();
    assert_eq!(story.account.release(hold), Ok(Hold { id: hold, amount: points(100), expires_at: at(50) }));
    story.spend(100).unwrap();
    story.stands([0, 0, 0, 0]);
}

#[test]
fn a_captured_hold_spends_its_points_the_soonest_to_burn_first() {
    let mut story = Story::new();
    story.accrue(10, None);
    story.accrue(10, Some(100));
    let hold = story.hold(15, 50).unwrap();
    assert_eq!(story.capture(hold).unwrap().left(), points(15));
    story.has_lots(&[(5, None)]);
    story.stands([5, 0, 0, 5]);
    story.has_entries(&[
        (EntryKind::Accrual, 10, 10, 0),
        (EntryKind::Accrual, 10, 20, 0),
        (EntryKind::Spend, -15, 5, 0),
    ]);
}

#[test]
fn a_hold_is_over_at_its_deadline_to_the_millisecond() {
    let mut story = Story::new();
    story.accrue(10, None);
    let hold = story.hold(10, 50).unwrap();
    assert_eq!(story.until(49), []);
    assert!(story.account.active_hold(hold).is_some());
    let over = Hold { id: hold, amount: points(10), expires_at: at(50) };
    assert_eq!(story.until(50), [Event::HoldExpired(over)]);
    story.stands([10, 0, 0, 10]);
    story.refuses(|story| story.capture(hold), Refusal::HoldExpired);
}

#[test]
fn a_second_attempt_is_told_what_became_of_the_hold() {
    let mut story = Story::new();
    story.accrue(100, None);
    story.accrue(10, Some(60));
    let captured = story.hold(10, 500).unwrap();
    story.capture(captured).unwrap();
    let released = story.hold(10, 500).unwrap();
    story.account.release(released).unwrap();
    let expired = story.hold(10, 50).unwrap();
    story.until(50);
    let shrunk_away = story.hold(100, 500).unwrap();
    assert_eq!(
        story.adjust(points(0)).unwrap().iter().map(|hold| hold.id).collect::<Vec<_>>(),
        [shrunk_away]
    );
    for (hold, refusal) in [
        (captured, Refusal::HoldCaptured),
        (released, Refusal::HoldReleased),
        (expired, Refusal::HoldExpired),
        (shrunk_away, Refusal::HoldExpired),
        (HoldId(999), Refusal::HoldNotFound),
    ] {
        story.refuses(|story| story.capture(hold), refusal);
        story.refuses(|story| story.account.release(hold), refusal);
    }
}

#[test]
fn an_account_remembers_a_limited_number_of_ended_holds() {
    let mut story = Story::new();
    story.accrue(10, None);
    let lasting = story.hold(1, 500).unwrap();
    let mut ended = Vec::new();
    for _ in 0..ENDED_HOLDS_MAX {
        let hold = story.hold(1, 500).unwrap();
        story.account.release(hold).unwrap();
        ended.push(hold);
    }
    story.refuses(|story| story.account.release(ended[0]), Refusal::HoldReleased);

    // A hold that outlived all of them is remembered as well; the first of them makes room.
    story.capture(lasting).unwrap();
    story.refuses(|story| story.capture(lasting), Refusal::HoldCaptured);
    story.refuses(|story| story.account.release(ended[0]), Refusal::HoldNotFound);
    story.refuses(|story| story.account.release(ended[1]), Refusal::HoldReleased);
    story.refuses(|story| story.account.release(ended[ENDED_HOLDS_MAX - 1]), Refusal::HoldReleased);
}

#[test]
fn points_that_burn_under_holds_shrink_the_youngest() {
    let mut story = Story::new();
    story.accrue(50, Some(100));
    story.accrue(25, None);
    let oldest = story.hold(20, 500).unwrap();
    story.hold(20, 500).unwrap();
    let youngest = story.hold(35, 500).unwrap();
    story.stands([75, 0, 75, 0]);
    let events = story.until(100);
    // 25 points are left: 20 for the oldest, 5 for the second, none for the youngest.
    assert!(
        matches!(&events[..], [Event::LotBurnt { .. }, Event::HoldShrunkAway(hold)] if hold.id == youngest)
    );
    story.stands([25, 0, 25, 0]);
    assert_eq!(story.account.holds().map(|hold| hold.amount).collect::<Vec<_>>(), [points(20), points(5)]);
    assert_eq!(story.capture(oldest).unwrap().left(), points(20));
}

#[test]
fn points_that_are_free_burn_before_a_hold_shrinks() {
    let mut story = Story::new();
    story.accrue(50, Some(100));
    story.accrue(30, None);
    story.hold(30, 500).unwrap();
    assert_eq!(story.until(100).len(), 1);
    story.stands([30, 0, 30, 0]);
}

#[test]
fn a_hold_that_ends_with_the_lot_under_it_expires_before_the_lot_burns() {
    let mut story = Story::new();
    let lot = story.accrue(10, Some(100));
    let hold = story.hold(10, 100).unwrap();
    assert_eq!(
        story.until(100),
        [
            Event::HoldExpired(Hold { id: hold, amount: points(10), expires_at: at(100) }),
            Event::LotBurnt { id: lot, amount: points(10), at: at(100) },
        ]
    );
}

#[test]
fn a_lot_that_becomes_active_as_another_burns_keeps_a_hold_alive() {
    let mut story = Story::new();
    story.accrue(10, Some(100));
    let deferred = story.accrue_deferred(10, 100, None);
    story.hold(10, 500).unwrap();
    let events = story.until(100);
    assert!(matches!(&events[..], [Event::LotActive(id), Event::LotBurnt { .. }] if *id == deferred));
    story.stands([10, 0, 10, 0]);
}

#[test]
fn an_accrual_is_taken_back_from_its_own_lot_first() {
    let mut story = Story::new();
    story.accrue(10, Some(100));
    let own = story.accrue(20, Some(300));
    story.accrue(30, None);
    assert_eq!(story.take_back(own, 15), Ok((points(15), vec![])));
    story.has_lots(&[(10, Some(100)), (5, Some(300)), (30, None)]);
    // What the own lot lacks comes from the soonest to burn.
    assert_eq!(story.take_back(own, 17), Ok((points(17), vec![])));
    story.has_lots(&[(28, None)]);
}

#[test]
fn taking_back_stops_at_nothing() {
    let mut story = Story::new();
    let own = story.accrue(20, None);
    story.spend(15).unwrap();
    assert_eq!(story.take_back(own, 20), Ok((points(5), vec![])));
    story.stands([0, 0, 0, 0]);
    let entries = story.account.entries().len();
    assert_eq!(story.take_back(own, 20), Ok((points(0), vec![])));
    assert_eq!(story.account.entries().len(), entries, "nothing is no line");
}

#[test]
fn taking_back_shrinks_the_youngest_hold() {
    let mut story = Story::new();
    let own = story.accrue(20, None);
    story.hold(12, 500).unwrap();
    let youngest = story.hold(8, 500).unwrap();
    assert_eq!(story.take_back(own, 5), Ok((points(5), vec![])));
    story.stands([15, 0, 15, 0]);
    let ended = Hold { id: youngest, amount: points(3), expires_at: at(500) };
    assert_eq!(story.take_back(own, 5), Ok((points(5), vec![ended])));
    story.stands([10, 0, 10, 0]);
}

#[test]
fn a_deferred_accrual_can_be_taken_back_while_it_is_pending() {
    let mut story = Story::new();
    story.accrue(10, None);
    story.hold(10, 500).unwrap();
    let own = story.accrue_deferred(20, 50, None);
    assert_eq!(story.take_back(own, 20), Ok((points(20), vec![])));
    story.stands([10, 0, 10, 0]);
    assert_eq!(story.account.next_due(), Some(at(500)));
}

#[test]
fn a_spend_is_given_back_to_its_lots_with_their_old_expiry_last_taken_first() {
    let mut story = Story::new();
    story.accrue(10, Some(100));
    story.accrue(20, Some(200));
    story.accrue(30, None);
    let mut spent = story.spend(45).unwrap();
    story.has_lots(&[(15, None)]);
    for (sum, lots) in [
        (5, &[(20, None)][..]),
        (15, &[(5, Some(200)), (30, None)]),
        (25, &[(10, Some(100)), (20, Some(200)), (30, None)]),
    ] {
        let back = GivenBack { returned: points(sum), expired: points(0) };
        assert_eq!(story.give_back(&mut spent, sum), Ok(back));
        story.has_lots(lots);
    }
    story.stands([60, 0, 0, 60]);
    assert_eq!(spent.left(), points(0));
}

#[test]
fn what_was_spent_from_a_lot_that_expired_meanwhile_stays_expired() {
    let mut story = Story::new();
    story.accrue(10, Some(100));
    story.accrue(10, Some(200));
    let mut spent = story.spend(20).unwrap();
    story.until(100);
    assert_eq!(story.give_back(&mut spent, 15), Ok(GivenBack { returned: points(10), expired: points(5) }));
    story.has_lots(&[(10, Some(200))]);
    // The rest of the spend belongs to the expired lot: no point moves, and no line is written.
    let entries = story.account.entries().len();
    assert_eq!(story.give_back(&mut spent, 5), Ok(GivenBack { returned: points(0), expired: points(5) }));
    assert_eq!(story.account.entries().len(), entries);
    story.refuses(|story| story.give_back(&mut spent, 1), Refusal::MoreThanSpent { left: points(0) });
}

#[test]
fn a_captured_hold_can_be_given_back_in_parts() {
    let mut story = Story::new();
    story.accrue(10, Some(100));
    let hold = story.hold(10, 50).unwrap();
    let mut spent = story.capture(hold).unwrap();
    story.give_back(&mut spent, 3).unwrap();
    assert_eq!(spent.left(), points(7));
    story.refuses(|story| story.give_back(&mut spent, 8), Refusal::MoreThanSpent { left: points(7) });
    story.give_back(&mut spent, 7).unwrap();
    story.has_lots(&[(10, Some(100))]);
}

#[test]
fn an_adjustment_adds_points_that_never_burn_and_takes_the_soonest_to_burn() {
    let mut story = Story::new();
    story.accrue(10, Some(100));
    story.adjust(points(30)).unwrap();
    story.has_lots(&[(10, Some(100)), (20, None)]);
    story.adjust(points(15)).unwrap();
    story.has_lots(&[(15, None)]);
    let entries = story.account.entries().len();
    story.adjust(points(15)).unwrap();
    assert_eq!(story.account.entries().len(), entries, "no change is no line");
}

#[test]
fn every_command_refuses_a_sum_that_is_not_over_zero_before_anything_else() {
    let mut story = Story::new();
    let lot = story.accrue(10, None);
    let mut spent = story.spend(1).unwrap();
    for sum in [0, -1] {
        let refusal = Refusal::AmountNotPositive;
        story.refuses(|story| story.try_accrue(points(sum), Some(-5), None), refusal);
        story.refuses(|story| story.spend(sum), refusal);
        story.refuses(|story| story.hold(sum, -5), refusal);
        story.refuses(|story| story.take_back(lot, sum), refusal);
        story.refuses(|story| story.give_back(&mut spent, sum), refusal);
    }
    story.refuses(|story| story.adjust(points(-1)), Refusal::AmountNotPositive);
}

#[test]
fn a_deadline_that_is_not_after_now_is_refused_before_the_sum_is_weighed() {
    let mut story = Story::new();
    story.until(100);
    let refusal = Refusal::DeadlinePassed;
    story.refuses(|story| story.hold(1, 100), refusal);
    story.refuses(|story| story.try_accrue(POSTED_MAX + points(1), Some(100), None), refusal);
    // A lot must not burn before it is active, nor at that very moment.
    story.refuses(|story| story.try_accrue(points(1), Some(150), Some(150)), refusal);
    story.try_accrue(points(1), Some(101), None).unwrap();
    story.try_accrue(points(1), Some(151), Some(150)).unwrap();
    story.hold(1, 101).unwrap();
}

#[test]
fn no_account_grows_over_the_limit() {
    let mut story = Story::new();
    story.accrue(1, None);
    let mut spent = story.spend(1).unwrap();
    let hundredth = Amount::from_hundredths(1);
    story.refuses(|story| story.adjust(POSTED_MAX + hundredth), Refusal::BalanceOverLimit);
    story.adjust(POSTED_MAX).unwrap();
    story.refuses(|story| story.try_accrue(hundredth, None, None), Refusal::BalanceOverLimit);
    story.refuses(|story| story.give_back(&mut spent, 1), Refusal::BalanceOverLimit);
    story.refuses(|story| story.give_back(&mut spent, 2), Refusal::MoreThanSpent { left: points(1) });
    story.spend(1).unwrap();
    story.give_back(&mut spent, 1).unwrap();
    assert_eq!(story.account.posted(), POSTED_MAX);
    assert_eq!(story.account.violations(at(0)), []);
}

#[test]
fn the_end_of_time_ends_a_hold() {
    let mut story = Story::new();
    story.accrue(1, None);
    let expires_at = at(0) + Period::days(u32::MAX) + Period::days(u32::MAX);
    assert_eq!(expires_at, Time::MAX);
    story.account.hold(points(1), expires_at, at(0), &mut story.numbers).unwrap();
    assert_eq!(story.account.settle(Time::MAX, &mut story.numbers).len(), 1);
}

/// What is done to an account. Sums are hundredths, times milliseconds from now; a number that picks something
/// counts round, and one beyond the end picks what is not there.
#[derive(Clone, Debug)]
enum Command {
    Accrue { sum: i64, life: Option<i64>, delay: Option<i64> },
    Spend { sum: i64 },
    Hold { sum: i64, life: i64 },
    Capture { hold: usize },
    Release { hold: usize },
    TakeBack { lot: usize, sum: i64 },
    GiveBack { spend: usize, sum: i64 },
    Adjust { posted: i64 },
    Advance { ms: i64 },
}

fn command() -> impl Strategy<Value = Command> {
    let sum = || -1..25_i64;
    let life = || prop::option::weighted(0.7, -1..40_i64);
    let any = || 0..1_000_usize;
    prop_oneof![
        6 => (sum(), life(), prop::option::weighted(0.3, -1..20_i64))
            .prop_map(|(sum, life, delay)| Command::Accrue { sum, life, delay }),
        4 => sum().prop_map(|sum| Command::Spend { sum }),
        5 => (sum(), -1..40_i64).prop_map(|(sum, life)| Command::Hold { sum, life }),
        2 => any().prop_map(|hold| Command::Capture { hold }),
        1 => any().prop_map(|hold| Command::Release { hold }),
        2 => (any(), sum()).prop_map(|(lot, sum)| Command::TakeBack { lot, sum }),
        3 => (any(), sum()).prop_map(|(spend, sum)| Command::GiveBack { spend, sum }),
        1 => (-1..60_i64).prop_map(|posted| Command::Adjust { posted }),
        4 => (0..15_i64).prop_map(|ms| Command::Advance { ms }),
    ]
}

/// What a command came to.
#[derive(Debug, PartialEq)]
enum Outcome {
    Lot(LotId),
    Hold(HoldId),
    Released(Hold),
    Spent(Amount),
    TakenBack(Amount, Vec<Hold>),
    GivenBack(GivenBack),
    Ended(Vec<Hold>),
    Happened(Vec<Event>),
}

/// All that can be seen of an account.
#[derive(Debug, PartialEq)]
struct Sight {
    posted: Amount,
    pending: Amount,
    held: Amount,
    available: Amount,
    lots: Vec<Lot>,
    holds: Vec<Hold>,
    entries: Vec<Entry>,
    next_due: Option<Time>,
}

/// The number of a hold that never was.
const NO_HOLD: HoldId = HoldId(1_000_000);

/// The account, driven by commands.
#[derive(Default)]
struct Driven {
    story: Story,
    lots: Vec<LotId>,
    holds: Vec<HoldId>,
    spends: Vec<Spent>,
}

impl Driven {
    fn obey(&mut self, command: &Command) -> Result<Outcome, Refusal> {
        let Driven { story: Story { account, numbers, now }, lots, holds, spends } = self;
        let time = at(*now);
        let hold_at = |pick: usize| holds.get(pick % (holds.len() + 1)).copied().unwrap_or(NO_HOLD);
        let cents = Amount::from_hundredths;
        Ok(match *command {
            Command::Accrue { sum, life, delay } => {
                let (expires, active) = (life.map(|ms| at(*now + ms)), delay.map(|ms| at(*now + ms)));
                let lot = account.accrue(EntryKind::Accrual, cents(sum), expires, active, time, numbers)?;
                lots.push(lot);
                Outcome::Lot(lot)
            }
            Command::Spend { sum } => {
                let spent = account.spend(cents(sum), time, numbers)?;
                let left = spent.left();
                spends.push(spent);
                Outcome::Spent(left)
            }
            Command::Hold { sum, life } => {
                let hold = account.hold(cents(sum), at(*now + life), time, numbers)?;
                holds.push(hold);
                Outcome::Hold(hold)
            }
            Command::Capture { hold } => {
                let spent = account.capture(hold_at(hold), time, numbers)?;
                let left = spent.left();
                spends.push(spent);
                Outcome::Spent(left)
            }
            Command::Release { hold } => Outcome::Released(account.release(hold_at(hold))?),
            Command::TakeBack { lot, sum } => {
                let lot = lots.get(lot % (lots.len() + 1)).copied().unwrap_or(LotId(1_000_000));
                let (taken, ended) = account.take_back(lot, cents(sum), time, numbers)?;
                Outcome::TakenBack(taken, ended)
            }
            Command::GiveBack { spend, sum } => {
                let none = &mut Spent::default();
                let pick = spend % (spends.len() + 1);
                let spent = spends.get_mut(pick).unwrap_or(none);
                Outcome::GivenBack(account.give_back(spent, cents(sum), time, numbers)?)
            }
            Command::Adjust { posted } => Outcome::Ended(account.adjust(cents(posted), time, numbers)?),
            Command::Advance { ms } => {
                *now += ms;
                Outcome::Happened(account.settle(at(*now), numbers))
            }
        })
    }

    fn sight(&self) -> Sight {
        let account = &self.story.account;
        let mut entries: Vec<_> = account.entries().newest_first().cloned().collect();
        entries.reverse();
        Sight {
            posted: account.posted(),
            pending: account.pending(),
            held: account.held(),
            available: account.available(),
            lots: account.lots().cloned().collect(),
            holds: account.holds().cloned().collect(),
            entries,
            next_due: account.next_due(),
        }
    }
}

/// One hundredth of a point: the model counts them one by one.
#[derive(Clone, Copy, Debug)]
struct Cent {
    lot: u64,
    /// `i64::MAX` is never.
    burns: i64,
    active: i64,
}

#[derive(Clone, Copy, Debug)]
struct ModelHold {
    id: u64,
    sum: i64,
    until: i64,
}

/// The naive account: a heap of hundredths, and a time that goes millisecond by millisecond. Everything else is
/// counted anew each time.
#[derive(Default)]
struct Model {
    now: i64,
    number: u64,
    cents: Vec<Cent>,
    holds: Vec<ModelHold>,
    /// The lots of accruals: others neither burn nor become active.
    accruals: Vec<u64>,
    all_holds: Vec<(u64, Option<Refusal>)>,
    spends: Vec<Vec<Cent>>,
    entries: Vec<Entry>,
}

impl Model {
    fn take_number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    fn write(&mut self, kind: EntryKind, sum: usize, sign: i64, time: i64) {
        if sum > 0 {
            let amount = Amount::from_hundredths(i64::try_from(sum).unwrap() * sign);
            let id = self.take_number();
            self.entries.push(Entry { id, at: at(time), kind, amount, balance: amount_of(self.cents.len()) });
        }
    }

    fn active(&self) -> usize {
        self.cents.iter().filter(|cent| cent.active <= self.now).count()
    }

    fn free(&self) -> i64 {
        i64::try_from(self.active()).unwrap() - self.holds.iter().map(|hold| hold.sum).sum::<i64>()
    }

    /// Takes as many as there are, up to `sum`, of those that `may` be taken, in the order of `first`.
    fn take<K: Ord>(
        &mut self,
        sum: i64,
        may: impl Fn(&Cent) -> bool,
        first: impl Fn(&Cent) -> K,
    ) -> Vec<Cent> {
        self.cents.sort_by_key(first);
        let mut taken = Vec::new();
        self.cents.retain(|cent| {
            let take = may(cent) && i64::try_from(taken.len()).unwrap() < sum;
            if take {
                taken.push(*cent);
            }
            !take
        });
        taken
    }

    fn spend(&mut self, sum: i64) -> Outcome {
        let now = self.now;
        let taken = self.take(sum, |cent| cent.active <= now, |cent| (cent.burns, cent.lot));
        self.write(EntryKind::Spend, taken.len(), -1, now);
        self.spends.push(taken);
        Outcome::Spent(Amount::from_hundredths(sum))
    }

    fn add(&mut self, sum: i64, burns: i64, active: i64) -> u64 {
        let lot = self.take_number();
        self.cents.extend((0..sum).map(|_| Cent { lot, burns, active }));
        lot
    }

    /// Takes hundredth by hundredth off the youngest hold, until there are points for all of them.
    fn shrink(&mut self) -> Vec<Hold> {
        let mut ended = Vec::new();
        let mut whole = self.holds.clone();
        while self.free() < 0 {
            let youngest = self.holds.iter_mut().max_by_key(|hold| hold.id).unwrap();
            youngest.sum -= 1;
            if youngest.sum == 0 {
                let id = youngest.id;
                self.end(id, Refusal::HoldExpired);
                let place = whole.iter().position(|hold| hold.id == id).unwrap();
                ended.push(hold_of(whole.remove(place)));
            }
        }
        ended
    }

    fn end(&mut self, id: u64, how: Refusal) {
        self.holds.retain(|hold| hold.id != id);
        self.all_holds.iter_mut().find(|(other, _)| *other == id).unwrap().1 = Some(how);
    }

    fn hold_at(&self, pick: usize) -> Result<ModelHold, Refusal> {
        let Some((id, ended)) = self.all_holds.get(pick % (self.all_holds.len() + 1)) else {
            return Err(Refusal::HoldNotFound);
        };
        match ended {
            Some(refusal) => Err(*refusal),
            None => Ok(*self.holds.iter().find(|hold| hold.id == *id).unwrap()),
        }
    }

    fn tick(&mut self) -> Vec<Event> {
        self.now += 1;
        let now = self.now;
        let mut events = Vec::new();
        for hold in self.holds.clone() {
            if hold.until == now {
                self.end(hold.id, Refusal::HoldExpired);
                events.push(Event::HoldExpired(hold_of(hold)));
            }
        }
        for lot in self.accruals.clone() {
            if self.cents.iter().any(|cent| cent.lot == lot && cent.active == now) {
                events.push(Event::LotActive(LotId(lot)));
            }
        }
        for lot in self.accruals.clone() {
            let before = self.cents.len();
            self.cents.retain(|cent| cent.lot != lot || cent.burns != now);
            let burnt = before - self.cents.len();
            self.write(EntryKind::Burn, burnt, -1, now);
            if burnt > 0 {
                events.push(Event::LotBurnt { id: LotId(lot), amount: amount_of(burnt), at: at(now) });
                events.extend(self.shrink().into_iter().map(Event::HoldShrunkAway));
            }
        }
        events
    }

    fn obey(&mut self, command: &Command) -> Result<Outcome, Refusal> {
        let now = self.now;
        Ok(match *command {
            Command::Accrue { sum, life, delay } => {
                let burns = life.map_or(i64::MAX, |ms| now + ms);
                let active = now + delay.unwrap_or(0).max(0);
                if sum <= 0 {
                    return Err(Refusal::AmountNotPositive);
                }
                if burns <= active {
                    return Err(Refusal::DeadlinePassed);
                }
                let lot = self.add(sum, burns, active);
                self.accruals.push(lot);
                self.write(EntryKind::Accrual, usize::try_from(sum).unwrap(), 1, now);
                Outcome::Lot(LotId(lot))
            }
            Command::Spend { sum } if sum <= 0 => return Err(Refusal::AmountNotPositive),
            Command::Spend { sum } if sum > self.free() => return Err(self.insufficient()),
            Command::Spend { sum } => self.spend(sum),
            Command::Hold { sum, .. } if sum <= 0 => return Err(Refusal::AmountNotPositive),
            Command::Hold { life, .. } if life <= 0 => return Err(Refusal::DeadlinePassed),
            Command::Hold { sum, .. } if sum > self.free() => return Err(self.insufficient()),
            Command::Hold { sum, life } => {
                let id = self.take_number();
                self.holds.push(ModelHold { id, sum, until: now + life });
                self.all_holds.push((id, None));
                Outcome::Hold(HoldId(id))
            }
            Command::Capture { hold } => {
                let hold = self.hold_at(hold)?;
                self.end(hold.id, Refusal::HoldCaptured);
                self.spend(hold.sum)
            }
            Command::Release { hold } => {
                let hold = self.hold_at(hold)?;
                self.end(hold.id, Refusal::HoldReleased);
                Outcome::Released(hold_of(hold))
            }
            Command::TakeBack { sum, .. } if sum <= 0 => return Err(Refusal::AmountNotPositive),
            Command::TakeBack { lot, sum } => {
                let own = self.accruals.get(lot % (self.accruals.len() + 1)).copied();
                let taken = self.take(sum, |_| true, |cent| (Some(cent.lot) != own, cent.burns, cent.lot));
                self.write(EntryKind::TakeBack, taken.len(), -1, now);
                Outcome::TakenBack(amount_of(taken.len()), self.shrink())
            }
            Command::GiveBack { sum, .. } if sum <= 0 => return Err(Refusal::AmountNotPositive),
            Command::GiveBack { spend, sum } => {
                let pick = spend % (self.spends.len() + 1);
                let left = self.spends.get(pick).map_or(0, Vec::len);
                if sum > i64::try_from(left).unwrap() {
                    return Err(Refusal::MoreThanSpent { left: amount_of(left) });
                }
                let back = self.spends[pick].split_off(left - usize::try_from(sum).unwrap());
                let (alive, dead): (Vec<_>, Vec<_>) = back.into_iter().partition(|cent| cent.burns > now);
                let (returned, expired) = (amount_of(alive.len()), amount_of(dead.len()));
                let count = alive.len();
                self.cents.extend(alive);
                self.write(EntryKind::GiveBack, count, 1, now);
                Outcome::GivenBack(GivenBack { returned, expired })
            }
            Command::Adjust { posted } if posted < 0 => return Err(Refusal::AmountNotPositive),
            Command::Adjust { posted } => {
                let by = posted - i64::try_from(self.cents.len()).unwrap();
                if by > 0 {
                    self.add(by, i64::MAX, now);
                } else {
                    self.take(-by, |_| true, |cent| (cent.burns, cent.lot));
                }
                self.write(EntryKind::Adjustment, usize::try_from(by.abs()).unwrap(), by.signum(), now);
                Outcome::Ended(self.shrink())
            }
            Command::Advance { ms } => Outcome::Happened((0..ms).flat_map(|_| self.tick()).collect()),
        })
    }

    fn insufficient(&self) -> Refusal {
        Refusal::InsufficientPoints { available: Amount::from_hundredths(self.free()) }
    }

    fn sight(&self) -> Sight {
        let mut cents = self.cents.clone();
        cents.sort_by_key(|cent| (cent.burns, cent.lot));
        let lots = cents.chunk_by(|one, other| one.lot == other.lot).map(|cents| Lot {
            id: LotId(cents[0].lot),
            amount: amount_of(cents.len()),
            expires_at: (cents[0].burns != i64::MAX).then(|| at(cents[0].burns)),
            active_from: (cents[0].active > self.now).then(|| at(cents[0].active)),
        });
        let burns = cents.iter().map(|cent| cent.burns).filter(|burns| *burns != i64::MAX);
        let activations = cents.iter().map(|cent| cent.active).filter(|active| *active > self.now);
        let deadlines = self.holds.iter().map(|hold| hold.until);
        Sight {
            posted: amount_of(cents.len()),
            pending: amount_of(cents.len() - self.active()),
            held: Amount::from_hundredths(self.holds.iter().map(|hold| hold.sum).sum()),
            available: Amount::from_hundredths(self.free()),
            lots: lots.collect(),
            holds: self.holds.iter().copied().map(hold_of).collect(),
            entries: self.entries.clone(),
            next_due: burns.chain(activations).chain(deadlines).min().map(at),
        }
    }
}

fn amount_of(cents: usize) -> Amount {
    Amount::from_hundredths(i64::try_from(cents).unwrap())
}

fn hold_of(hold: ModelHold) -> Hold {
    Hold { id: HoldId(hold.id), amount: Amount::from_hundredths(hold.sum), expires_at: at(hold.until) }
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn an_account_does_what_the_naive_model_does(commands in prop::collection::vec(command(), 1..60)) {
        let (mut driven, mut model) = (Driven::default(), Model::default());
        for command in &commands {
            let (before, numbers) = (driven.story.account.clone(), driven.story.numbers.clone());
            let spends = driven.spends.clone();
            let outcome = driven.obey(command);
            prop_assert_eq!(&outcome, &model.obey(command), "{:?}", command);
            prop_assert_eq!(driven.sight(), model.sight(), "after {:?}", command);
            let account = &driven.story.account;
            prop_assert_eq!(account.violations(at(driven.story.now)), []);
            if outcome.is_err() {
                prop_assert_eq!(account, &before);
                prop_assert_eq!(&driven.story.numbers, &numbers);
                prop_assert_eq!(&driven.spends, &spends);
            }
        }
    }

    #[test]
    fn time_that_passes_in_one_step_or_in_many_leaves_the_same_account(
        commands in prop::collection::vec(command(), 1..40),
        stops in prop::collection::vec(0..10_i64, 1..20),
    ) {
        let mut driven = Driven::default();
        for command in &commands {
            // A refusal is as good a start as any.
            let _ = driven.obey(command);
        }
        let (mut once, mut often) = (driven.story.clone(), driven.story);
        let mut events = Vec::new();
        for stop in &stops {
            events.extend(often.until(often.now + stop));
        }
        prop_assert_eq!(once.until(often.now), events);
        prop_assert_eq!((once.account, once.numbers), (often.account, often.numbers));
    }
}
