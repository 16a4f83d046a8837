//! Each rule of LoyalClient in a small table, and random tills over several clients and points of sale.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::find::FindQuery;
use super::hold::{Held, HoldOrder};
use super::recalc::{Recalc, RecalcOrder};
use super::records::{NewClient, NewHold, NewLot, PointRules, RetailReleases};
use super::retail::{Retail, RetailOrder, RetailPoints};
use super::*;
use crate::loyalty::amount::{Decimals, Rounding};
use crate::loyalty::ledger::POSTED_MAX;
use crate::loyalty::time::Period;

const MACHINE: [u8; 5] = *b"stend";

/// Cashback: 10 % are accrued, half of a receipt may be paid with points.
const GOLD: u32 = 1;
/// A discount of 7 %.
const SAVER: u32 = 2;
/// Here every level has its own percentage.
const SHOP: u32 = 11;
/// Here GOLD gets 15 % and SAVER 12.5 %.
const CAFE: u32 = 12;
const ANNA: u32 = 21;
const BORIS: u32 = 22;
const NOBODY: u32 = 99;

fn id(number: u32) -> ObjectId {
    ObjectId::parse(&format!("{number:024x}")).expect("24 hex digits")
}

/// So many milliseconds after the tests' beginning, a whole second.
fn at(ms: i64) -> Time {
    Time::from_millis(1_767_225_600_000 + ms).expect("a moment of the year 2026")
}

fn minutes(minutes: i64) -> i64 {
    minutes * 60_000
}

fn points(whole: i64) -> Amount {
    Amount::whole(whole)
}

/// `"100.5"` as an amount.
fn sum(text: &str) -> Amount {
    Amount::parse(text).expect("a sum")
}

fn percent(text: &str) -> Percent {
    Percent::new(sum(text)).expect("a percentage")
}

fn level(number: u32, kind: LevelKind, share: &str, max_spend: &str) -> Level {
    Level {
        id: id(number),
        title: "level".into(),
        percent: percent(share),
        kind,
        max_spend_percent: percent(max_spend),
    }
}

/// A client of GOLD, with a phone made of its number, and so many points that never burn.
fn client(number: u32, whole: i64) -> NewClient {
    NewClient {
        id: id(number),
        name: None,
        photo: None,
        birthday: None,
        level: Some(id(GOLD)),
        phone: 79_200_000_000 + u64::from(number),
        email: None,
        card: None,
        code: None,
        lots: vec![lot(whole, None)],
    }
}

fn lot(whole: i64, expires: Option<i64>) -> NewLot {
    NewLot { amount: points(whole), expires_at: expires.map(at), active_from: None }
}

fn releases(retail_releases: RetailReleases) -> Rules {
    Rules { retail_releases, ..Rules::default() }
}

fn with_ttl(ttl: Period) -> Rules {
    Rules { points: PointRules { ttl: Some(ttl), ..PointRules::default() }, ..Rules::default() }
}

/// Books and their time; the verbs take the short numbers above.
struct Till {
    books: Books,
    now: Time,
}

impl Till {
    /// Both levels, both points of sale, no client.
    fn empty(rules: Rules) -> Till {
        let mut books = Books::new(rules, ["key".into()], MACHINE);
        books.add_level(level(GOLD, LevelKind::Cashback, "10", "50")).unwrap();
        books.add_level(level(SAVER, LevelKind::Discount, "7", "50")).unwrap();
        let own = BTreeMap::from([(id(GOLD), percent("15")), (id(SAVER), percent("12.5"))]);
        for (point, percent_by_level) in [(SHOP, BTreeMap::new()), (CAFE, own)] {
            books.add_point(Point { id: id(point), title: "point".into(), percent_by_level }).unwrap();
        }
        Till { books, now: at(0) }
    }

    /// Anna with 1000 points and Boris with 500.
    fn with_rules(rules: Rules) -> Till {
        Till::empty(rules).and(client(ANNA, 1_000)).and(client(BORIS, 500))
    }

    fn new() -> Till {
        Till::with_rules(Rules::default())
    }

    fn and(mut self, client: NewClient) -> Till {
        self.books.add_client(client, self.now).unwrap();
        self
    }

    fn until(&mut self, now: i64) -> Vec<Expired> {
        self.now = at(now);
        self.books.settle(self.now)
    }

    fn find(&self, search: &str) -> Result<ObjectId, Refusal> {
        let query = FindQuery { search, point: Some(id(SHOP)), holds: Vec::new() };
        self.books.find(&query).map(|found| found.client.id)
    }

    /// The balance of the client who has this number's phone, as who has these holds sees it.
    fn balance(&self, client: u32, holds: &[ObjectId]) -> Amount {
        let search = (79_200_000_000 + u64::from(client)).to_string();
        let query = FindQuery { search: &search, point: Some(id(SHOP)), holds: holds.to_vec() };
        self.books.find(&query).expect("the client is there").balance
    }

    fn recalc(&self, client: u32, point: u32, amount: &str, holds: &[ObjectId]) -> Recalc {
        let order = RecalcOrder {
            client: Some(id(client)),
            point: Some(id(point)),
            amount: sum(amount),
            holds: holds.to_vec(),
        };
        self.books.recalc(&order).expect("both parties are there")
    }

    fn try_hold(&mut self, client: u32, point: u32, whole: i64, life: i64) -> Result<Held, Refusal> {
        let duration = Period::minutes(u32::try_from(life).unwrap());
        let order =
            HoldOrder { client: Some(id(client)), point: Some(id(point)), amount: points(whole), duration };
        self.books.hold(&order, self.now)
    }

    fn hold(&mut self, client: u32, point: u32, whole: i64) -> ObjectId {
        self.try_hold(client, point, whole, 10).expect("there are enough points").id
    }

    fn retail(
        &mut self,
        client: u32,
        point: u32,
        amount: &str,
        spend: &str,
        holds: &[ObjectId],
    ) -> Result<Retail, Refusal> {
        let order = RetailOrder {
            client: Some(id(client)),
            point: Some(id(point)),
            amount: sum(amount),
            spend: sum(spend),
            holds: holds.to_vec(),
        };
        self.books.retail(&order, self.now)
    }

    fn posted(&self, client: u32) -> Amount {
        self.books.client(id(client)).expect("the client is there").account.posted()
    }

    /// The ids of all active holds.
    fn active(&self) -> BTreeSet<ObjectId> {
        self.books.tickets.keys().copied().collect()
    }

    /// All there is, the counters too.
    fn sight(&self) -> String {
        format!("{:?}", self.books)
    }
}

/// What every test ends with: nothing is out of order.
impl Drop for Till {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.books.violations(self.now), []);
        }
    }
}

#[test]
fn a_client_is_found_by_every_spelling_of_the_phone() {
    let till = Till::new().and(NewClient { phone: 79_201_234_567, ..client(31, 0) });
    for search in ["79201234567", "+7 (920) 123-45-67", "8 920 123 45 67", "89201234567", "9201234567"] {
        assert_eq!(till.find(search), Ok(id(31)), "{search}");
    }
    for search in ["79201234568", "201234567", "7920123456", "0079201234567", "phone 79201234567", "?"] {
        assert_eq!(till.find(search), Err(Refusal::ClientNotFound), "{search}");
    }
}

#[test]
fn cards_and_codes_match_exactly() {
    let till = Till::new()
        .and(NewClient { card: Some("CARD-1".into()), code: Some("4417".into()), ..client(31, 0) })
        .and(NewClient { card: Some("0004417".into()), ..client(32, 0) });
    for (search, expected) in [
        ("CARD-1", Ok(id(31))),
        ("4417", Ok(id(31))),
        ("0004417", Ok(id(32))),
        ("card-1", Err(Refusal::ClientNotFound)),
        ("CARD-1 ", Err(Refusal::ClientNotFound)),
        ("44 17", Err(Refusal::ClientNotFound)),
        ("04417", Err(Refusal::ClientNotFound)),
    ] {
        assert_eq!(till.find(search), expected, "{search}");
    }
}

#[test]
fn a_phone_wins_over_a_card_and_a_card_over_a_code() {
    let (phone, card) = ("79201112233", "5500");
    let till = Till::new()
        .and(NewClient { code: Some(card.into()), ..client(31, 0) })
        .and(NewClient { card: Some(phone.into()), code: Some(phone.into()), ..client(32, 0) })
        .and(NewClient { card: Some(card.into()), ..client(33, 0) })
        .and(NewClient { phone: 79_201_112_233, ..client(34, 0) });
    assert_eq!(till.find(phone), Ok(id(34)));
    assert_eq!(till.find(card), Ok(id(33)));
}

#[test]
fn a_card_that_is_a_phone_with_a_zero_before_it_finds_its_own_client() {
    let till = Till::new().and(NewClient { card: Some("079200000021".into()), ..client(31, 0) });
    assert_eq!(till.find("79200000021"), Ok(id(ANNA)));
    assert_eq!(till.find("079200000021"), Ok(id(31)));
}

#[test]
fn unknown_parties_are_named_both() {
    let mut till = Till::new();
    for (client, point, refusal) in [
        (Some(id(NOBODY)), Some(id(SHOP)), Refusal::ClientNotFound),
        (None, Some(id(SHOP)), Refusal::ClientNotFound),
        (Some(id(ANNA)), Some(id(NOBODY)), Refusal::PointNotFound),
        (Some(id(ANNA)), None, Refusal::PointNotFound),
        (Some(id(NOBODY)), Some(id(NOBODY)), Refusal::ClientAndPointNotFound),
        (None, None, Refusal::ClientAndPointNotFound),
    ] {
        let before = till.sight();
        // The parties come before the business rules: the sums are far too high.
        let (amount, holds) = (points(1_000_000), Vec::new());
        let recalc = RecalcOrder { client, point, amount, holds: holds.clone() };
        assert_eq!(till.books.recalc(&recalc).unwrap_err(), refusal);
        let hold = HoldOrder { client, point, amount, duration: Period::minutes(10) };
        assert_eq!(till.books.hold(&hold, till.now).unwrap_err(), refusal);
        let retail = RetailOrder { client, point, amount, spend: amount, holds };
        assert_eq!(till.books.retail(&retail, till.now).unwrap_err(), refusal);
        let search = if client == Some(id(ANNA)) { "79200000021" } else { "nobody" };
        let find = FindQuery { search, point, holds: Vec::new() };
        assert_eq!(till.books.find(&find).unwrap_err(), refusal);
        assert_eq!(till.sight(), before);
    }
}

#[test]
fn own_holds_do_not_reduce_the_balance_and_others_do() {
    let mut till = Till::new();
    let (first, second) = (till.hold(ANNA, SHOP, 100), till.hold(ANNA, CAFE, 20));
    let foreign = till.hold(BORIS, SHOP, 7);
    let released = till.hold(ANNA, SHOP, 3);
    till.books.release(Some(released));
    for (listed, expected) in [
        (vec![], 880),
        (vec![first], 980),
        (vec![second], 900),
        (vec![first, second], 1_000),
        (vec![first, first], 980),
        (vec![foreign], 880),
        (vec![released], 880),
        (vec![id(NOBODY)], 880),
        (vec![foreign, id(NOBODY), second, released], 900),
    ] {
        assert_eq!(till.balance(ANNA, &listed), points(expected), "{listed:?}");
        let spend = till.recalc(ANNA, SHOP, "1000000", &listed).spend;
        assert_eq!(spend, points(expected), "{listed:?}");
    }
    till.until(minutes(10));
    assert_eq!(till.balance(ANNA, &[first, second]), points(1_000), "expired ids are ignored, too");
}

#[test]
fn recalc_gives_the_share_that_may_be_spent_and_what_would_be_earned() {
    use Decimals::{Two, Zero};
    use Rounding::{Floor, HalfUp};
    for (decimals, rounding, amount, spend, earn) in [
        // Half of 105.55 is 52.775, a tenth is 10.555.
        (Zero, Floor, "105.55", "52", "10"),
        (Zero, HalfUp, "105.55", "52", "11"),
        (Two, Floor, "105.55", "52.77", "10.55"),
        (Two, HalfUp, "105.55", "52.77", "10.56"),
        // 0.995 and 0.199: what may be spent is never rounded up.
        (Zero, HalfUp, "1.99", "0", "0"),
        (Two, HalfUp, "1.99", "0.99", "0.2"),
        (Zero, HalfUp, "5", "2", "1"),
        (Zero, Floor, "5", "2", "0"),
        // No more than there is.
        (Zero, Floor, "4000", "1000", "400"),
    ] {
        let rules = Rules { points: PointRules { decimals, rounding, ttl: None }, ..Rules::default() };
        let till = Till::with_rules(rules);
        let before = till.sight();
        let expected = Recalc {
            amount: sum(amount),
            percent: percent("10"),
            kind: LevelKind::Cashback,
            spend: sum(spend),
            earn: sum(earn),
        };
        assert_eq!(till.recalc(ANNA, SHOP, amount, &[]), expected, "{decimals:?} {rounding:?} {amount}");
        assert_eq!(till.sight(), before, "recalc changes nothing");
    }
}

#[test]
fn the_share_of_a_receipt_that_may_be_paid_with_points_is_the_levels() {
    for (max_spend, spend) in [("0", "0"), ("0.5", "1"), ("33.33", "66"), ("50", "100"), ("100", "200")] {
        let mut till = Till::empty(Rules::default());
        till.books.add_level(level(3, LevelKind::Cashback, "1", max_spend)).unwrap();
        let till = till.and(NewClient { level: Some(id(3)), ..client(ANNA, 1_000) });
        assert_eq!(till.recalc(ANNA, SHOP, "200", &[]).spend, sum(spend), "{max_spend} %");
    }
}

#[test]
fn a_point_of_sale_may_have_percentages_of_its_own() {
    let mut till = Till::new().and(NewClient { level: Some(id(SAVER)), ..client(31, 0) });
    for (who, point, expected, earn, total) in [
        (ANNA, SHOP, "10", "20", "200"),
        (ANNA, CAFE, "15", "30", "200"),
        (31, SHOP, "7", "0", "186"),
        (31, CAFE, "12.5", "0", "175"),
    ] {
        let reckoned = till.recalc(who, point, "200", &[]);
        assert_eq!((reckoned.percent, reckoned.earn), (percent(expected), sum(earn)));
        let retail = till.retail(who, point, "200", "0", &[]).unwrap();
        assert_eq!((retail.percent, retail.total), (percent(expected), sum(total)));
    }
}

#[test]
fn a_hold_lasts_from_the_second_it_was_made_in() {
    for (now, life, until) in [(0, 10, 600_000), (750, 10, 600_000), (999, 1, 60_000), (1_000, 30, 1_801_000)]
    {
        let mut till = Till::new();
        till.until(now);
        let held = till.try_hold(ANNA, SHOP, 100, life).unwrap();
        assert_eq!((held.until, held.amount), (at(until), points(100)));
        assert_eq!(till.books.next_due(), Some(at(until)));
        assert_eq!(till.until(until - 1), []);
        assert_eq!(till.balance(ANNA, &[]), points(900));
        assert_eq!(till.until(until).len(), 1);
        assert_eq!(till.balance(ANNA, &[]), points(1_000));
        assert_eq!(till.books.next_due(), None);
    }
}

#[test]
fn several_holds_add_up_and_no_more_than_the_rest_can_be_held() {
    let mut till = Till::new();
    till.hold(ANNA, SHOP, 600);
    till.hold(ANNA, CAFE, 300);
    let before = till.sight();
    assert_eq!(till.try_hold(ANNA, SHOP, 101, 10), Err(Refusal::HoldOverLimit { limit: points(100) }));
    assert_eq!(till.sight(), before);
    till.hold(ANNA, SHOP, 100);
    assert_eq!(till.try_hold(ANNA, SHOP, 1, 10), Err(Refusal::HoldOverLimit { limit: points(0) }));
    assert_eq!(till.balance(BORIS, &[]), points(500));
}

#[test]
fn a_hold_at_the_end_of_time_is_over_as_it_is_made() {
    let mut till = Till::new();
    till.now = Time::MAX;
    till.books.settle(till.now);
    assert_eq!(till.try_hold(ANNA, SHOP, 100, 10).unwrap().until, Time::MAX);
    assert_eq!(till.balance(ANNA, &[]), points(1_000));
}

#[test]
fn a_new_hold_never_gets_the_id_of_an_active_one() {
    let mut till = Till::new();
    let next = till.books.clone().mint.id(till.now);
    let new =
        NewHold { id: Some(next), client: id(ANNA), point: id(SHOP), amount: points(1), expires_at: at(5) };
    till.books.add_hold(new, till.now).unwrap();
    assert_ne!(till.hold(ANNA, SHOP, 10), next);
    assert_eq!(till.balance(ANNA, &[]), points(989));
}

#[test]
fn a_released_hold_is_available_and_a_release_of_nothing_succeeds() {
    let mut till = Till::new();
    let (first, second) = (till.hold(ANNA, SHOP, 100), till.hold(ANNA, SHOP, 20));
    till.books.release(Some(first));
    let before = till.sight();
    for nothing in [Some(first), Some(id(NOBODY)), Some(id(ANNA)), None] {
        till.books.release(nothing);
        assert_eq!(till.sight(), before);
    }
    assert_eq!(till.active(), BTreeSet::from([second]));
    assert_eq!(till.balance(ANNA, &[]), points(980));
}

#[test]
fn a_retail_without_a_spend_accrues() {
    let mut till = Till::new();
    let retail = till.retail(ANNA, SHOP, "199.99", "0", &[]).unwrap();
    let expected = Retail {
        amount: sum("199.99"),
        total: sum("199.99"),
        percent: percent("10"),
        kind: LevelKind::Cashback,
        points: RetailPoints::Earned(points(19)),
    };
    assert_eq!(retail, expected);
    assert_eq!(till.posted(ANNA), points(1_019));
    // A repeated call is a second operation.
    till.retail(ANNA, SHOP, "199.99", "0", &[]).unwrap();
    assert_eq!(till.posted(ANNA), points(1_038));
}

#[test]
fn an_accrual_that_rounds_to_nothing_is_no_line_in_the_ledger() {
    let mut till = Till::new();
    let retail = till.retail(ANNA, SHOP, "9.99", "0", &[]).unwrap();
    assert_eq!(retail.points, RetailPoints::Earned(points(0)));
    assert_eq!(till.books.client(id(ANNA)).unwrap().account.entries().len(), 1);
}

#[test]
fn a_retail_with_a_spend_accrues_nothing_not_even_on_the_rest() {
    let mut till = Till::new();
    let retail = till.retail(ANNA, CAFE, "500.5", "100", &[]).unwrap();
    let expected = Retail {
        amount: sum("500.5"),
        total: sum("400.5"),
        percent: percent("15"),
        kind: LevelKind::Cashback,
        points: RetailPoints::Spent(points(100)),
    };
    assert_eq!(retail, expected);
    assert_eq!(till.posted(ANNA), points(900));
}

#[test]
fn a_spend_over_the_limit_is_told_the_number_that_recalc_gives() {
    let mut till = Till::new();
    let own = till.hold(BORIS, SHOP, 100);
    till.hold(BORIS, CAFE, 50);
    for (who, amount, listed, limit) in [
        (ANNA, "201", &[][..], 100),
        (ANNA, "9999", &[], 1_000),
        (BORIS, "9999", &[], 350),
        (BORIS, "9999", &[own], 450),
        (BORIS, "9999", &[own, own, id(NOBODY)], 450),
    ] {
        assert_eq!(till.recalc(who, SHOP, amount, listed).spend, points(limit));
        let spend = (limit + 1).to_string();
        let before = till.sight();
        let refusal = Refusal::SpendOverLimit { limit: points(limit) };
        assert_eq!(till.retail(who, SHOP, amount, &spend, listed), Err(refusal));
        assert_eq!(till.sight(), before);
    }
    till.retail(BORIS, SHOP, "9999", "450", &[own]).unwrap();
    assert_eq!(till.balance(BORIS, &[]), points(0), "the hold in the cafe is still there");
}

#[test]
fn a_retail_ends_the_listed_holds_and_those_its_rule_names() {
    for (rule, ended) in [
        (RetailReleases::ClientAtPoint, &["listed elsewhere", "listed here", "here"][..]),
        (RetailReleases::ListedOnly, &["listed elsewhere", "listed here"]),
        (
            RetailReleases::AllAtPoint,
            &["listed elsewhere", "listed here", "here", "another's here", "another's here, listed"],
        ),
    ] {
        for spend in ["0", "10"] {
            let mut till = Till::with_rules(releases(rule));
            let holds: BTreeMap<&str, ObjectId> = BTreeMap::from([
                ("listed elsewhere", till.hold(ANNA, CAFE, 1)),
                ("listed here", till.hold(ANNA, SHOP, 2)),
                ("here", till.hold(ANNA, SHOP, 3)),
                ("elsewhere", till.hold(ANNA, CAFE, 4)),
                ("another's here", till.hold(BORIS, SHOP, 5)),
                ("another's elsewhere", till.hold(BORIS, CAFE, 6)),
                ("another's here, listed", till.hold(BORIS, SHOP, 7)),
                ("another's elsewhere, listed", till.hold(BORIS, CAFE, 8)),
            ]);
            let listed: Vec<_> =
                holds.iter().filter(|(name, _)| name.contains("listed")).map(|(_, id)| *id).collect();

            let before = till.sight();
            assert!(till.retail(ANNA, SHOP, "100", "51", &listed).is_err());
            assert_eq!(till.sight(), before, "a refused retail ends nothing");

            till.retail(ANNA, SHOP, "100", spend, &listed).unwrap();
            let active = till.active();
            let gone: BTreeSet<_> =
                holds.iter().filter(|(_, id)| !active.contains(id)).map(|(name, _)| *name).collect();
            assert_eq!(gone, ended.iter().copied().collect(), "{rule:?}");
        }
    }
}

#[test]
fn a_discount_level_has_no_points_to_speak_of() {
    let mut till = Till::new().and(NewClient { level: Some(id(SAVER)), ..client(31, 500) });
    assert_eq!(till.balance(31, &[]), points(0));
    let reckoned = till.recalc(31, SHOP, "200", &[]);
    assert_eq!((reckoned.kind, reckoned.spend, reckoned.earn), (LevelKind::Discount, points(0), points(0)));
    let before = till.sight();
    assert_eq!(till.try_hold(31, SHOP, 1, 10), Err(Refusal::HoldOverLimit { limit: points(0) }));
    let refusal = Refusal::SpendOverLimit { limit: points(0) };
    assert_eq!(till.retail(31, SHOP, "200", "1", &[]), Err(refusal));
    assert_eq!(till.sight(), before);
}

#[test]
fn a_discount_comes_off_the_total_to_the_hundredth_a_half_up() {
    let mut till = Till::new().and(NewClient { level: Some(id(SAVER)), ..client(31, 500) });
    for (amount, total) in [
        ("100", "93"),
        ("0.5", "0.47"),  // 0.465
        ("10.5", "9.77"), // 9.765
        ("0.07", "0.07"), // 0.0651
        ("0.01", "0.01"), // 0.0093
        ("33.33", "31"),  // 30.9969
        ("1000000000000", "930000000000"),
    ] {
        let retail = till.retail(31, SHOP, amount, "0", &[]).unwrap();
        assert_eq!((retail.total, retail.points), (sum(total), RetailPoints::Untouched), "{amount}");
    }
    assert_eq!(till.posted(31), points(500));
}

#[test]
fn accrued_points_burn_when_their_life_is_over() {
    let mut till = Till::with_rules(with_ttl(Period::days(365)));
    let life = Period::days(365).millis();
    till.until(5);
    till.retail(ANNA, SHOP, "1000", "0", &[]).unwrap();
    assert_eq!(till.books.next_due(), Some(at(life + 5)));
    assert_eq!(till.until(life + 4), []);
    assert_eq!(till.posted(ANNA), points(1_100));
    assert_eq!(till.until(life + 5).len(), 1);
    assert_eq!(till.posted(ANNA), points(1_000));
}

#[test]
fn points_that_will_burn_are_spent_first() {
    let mut till =
        Till::new().and(NewClient { lots: vec![lot(50, None), lot(30, Some(1_000))], ..client(31, 0) });
    till.retail(31, SHOP, "80", "40", &[]).unwrap();
    assert_eq!(till.until(1_000), []);
    assert_eq!(till.posted(31), points(40));
}

#[test]
fn points_without_a_life_are_gone_as_they_are_earned() {
    for (ttl, now) in [(Period::ZERO, at(0)), (Period::days(1), Time::MAX)] {
        let mut till = Till::with_rules(with_ttl(ttl));
        till.now = now;
        let retail = till.retail(ANNA, SHOP, "1000", "0", &[]).unwrap();
        assert_eq!(retail.points, RetailPoints::Earned(points(100)));
        assert_eq!(till.posted(ANNA), points(1_000));
    }
}

#[test]
fn an_accrual_over_the_ledgers_limit_is_refused_and_ends_no_hold() {
    let full = NewLot { amount: POSTED_MAX - points(5), expires_at: None, active_from: None };
    let mut till = Till::new().and(NewClient { lots: vec![full], ..client(31, 0) });
    let hold = till.hold(31, SHOP, 1);
    let before = till.sight();
    assert_eq!(till.retail(31, SHOP, "60", "0", &[hold]), Err(Refusal::BalanceOverLimit));
    assert_eq!(till.sight(), before);
    till.retail(31, SHOP, "50", "0", &[]).unwrap();
    assert_eq!(till.posted(31), POSTED_MAX);
    till.retail(31, SHOP, "60", "6", &[]).unwrap();
}

fn over(kind: ExpiredKind, id: &impl ToString, account: u32, whole: i64, time: i64) -> Expired {
    Expired {
        kind,
        programme: Programme::LoyalClient,
        id: id.to_string(),
        account: self::id(account).to_string(),
        amount: points(whole),
        at: at(time),
    }
}

#[test]
fn what_is_over_is_told_in_order_of_time_with_the_ids_of_the_api() {
    use ExpiredKind::{Hold, Lot};
    let mut till = Till::new()
        .and(NewClient { lots: vec![lot(50, Some(minutes(20)))], ..client(31, 0) })
        .and(NewClient { lots: vec![lot(30, Some(minutes(5)))], ..client(32, 0) });
    let lot_of = |till: &Till, who| till.books.client(id(who)).unwrap().account.lots().next().unwrap().id.0;
    let (late, early) = (lot_of(&till, 31), lot_of(&till, 32));
    let anna = till.try_hold(ANNA, SHOP, 7, 20).unwrap().id;
    let first = till.try_hold(31, SHOP, 10, 20).unwrap().id;
    let boris = till.try_hold(BORIS, SHOP, 8, 1).unwrap().id;
    assert_eq!(
        till.until(minutes(60)),
        [
            over(Hold, &boris, BORIS, 8, minutes(1)),
            over(Lot, &early, 32, 30, minutes(5)),
            over(Hold, &anna, ANNA, 7, minutes(20)),
            // At one moment a client's hold is over before the lot under it.
            over(Hold, &first, 31, 10, minutes(20)),
            over(Lot, &late, 31, 50, minutes(20)),
        ]
    );
    assert_eq!(till.active(), BTreeSet::new());
    assert_eq!(till.until(minutes(60)), []);
}

#[test]
fn points_that_burn_under_holds_shrink_the_youngest_and_end_it_at_nothing() {
    use ExpiredKind::{Hold, Lot};
    let mut till =
        Till::new().and(NewClient { lots: vec![lot(40, Some(1_000)), lot(25, None)], ..client(31, 0) });
    let burning = till.books.client(id(31)).unwrap().account.lots().next().unwrap().id.0;
    let oldest = till.hold(31, SHOP, 20);
    let second = till.hold(31, SHOP, 20);
    let youngest = till.hold(31, CAFE, 25);
    assert_eq!(till.until(1_000), [over(Lot, &burning, 31, 40, 1_000), over(Hold, &youngest, 31, 25, 1_000)]);
    assert_eq!(till.active(), BTreeSet::from([oldest, second]));
    assert_eq!(till.balance(31, &[oldest]), points(20));
    assert_eq!(till.balance(31, &[second]), points(5));
    till.retail(31, SHOP, "40", "20", &[oldest]).unwrap();
    assert_eq!(till.posted(31), points(5));
}

#[test]
fn copied_books_go_their_own_way() {
    let mut till = Till::new();
    let hold = till.hold(ANNA, SHOP, 100);
    let before = till.sight();
    let mut copy = Till { books: till.books.clone(), now: till.now };
    copy.books.set_machine(*b"other");
    copy.books.release(Some(hold));
    copy.retail(ANNA, SHOP, "100", "50", &[]).unwrap();
    assert_ne!(copy.hold(BORIS, CAFE, 1), till.books.clone().mint.id(till.now));
    assert_eq!(till.sight(), before);
}

/// What a till does. Numbers that pick something count round.
#[derive(Clone, Debug)]
enum Step {
    Hold { client: usize, point: usize, whole: i64, life: u32 },
    Release { hold: usize },
    Retail { client: usize, point: usize, amount: i64, spend: i64, listed: Vec<usize> },
    Advance { ms: i64 },
}

const CLIENTS: [u32; 4] = [ANNA, BORIS, 31, NOBODY];
const POINTS: [u32; 3] = [SHOP, CAFE, NOBODY];

fn step() -> impl Strategy<Value = Step> {
    let client = || prop_oneof![9 => 0..3_usize, 1 => Just(3_usize)];
    let point = || prop_oneof![9 => 0..2_usize, 1 => Just(2_usize)];
    let hold = || 0..1_000_usize;
    prop_oneof![
        4 => (client(), point(), 1..60_i64, 1..31_u32)
            .prop_map(|(client, point, whole, life)| Step::Hold { client, point, whole, life }),
        1 => hold().prop_map(|hold| Step::Release { hold }),
        4 => (client(), point(), 1..30_000_i64, prop_oneof![Just(0), 1..80_i64],
                prop::collection::vec(hold(), 0..4))
            .prop_map(|(client, point, amount, spend, listed)| {
                Step::Retail { client, point, amount, spend, listed }
            }),
        2 => (0..minutes(15)).prop_map(|ms| Step::Advance { ms }),
    ]
}

fn rules() -> impl Strategy<Value = Rules> {
    use RetailReleases::{AllAtPoint, ClientAtPoint, ListedOnly};
    let releases = prop::sample::select(vec![ClientAtPoint, ListedOnly, AllAtPoint]);
    let decimals = prop::sample::select(vec![Decimals::Zero, Decimals::Two]);
    let rounding = prop::sample::select(vec![Rounding::Floor, Rounding::HalfUp]);
    let ttl = prop::option::of((0..60_u32).prop_map(Period::minutes));
    (releases, decimals, rounding, ttl).prop_map(|(retail_releases, decimals, rounding, ttl)| Rules {
        retail_releases,
        points: PointRules { decimals, rounding, ttl },
        ..Rules::default()
    })
}

/// The active holds: id, client, point, amount.
fn claims(books: &Books) -> BTreeMap<ObjectId, (ObjectId, ObjectId, Amount)> {
    let amount = |ticket: &Ticket| {
        let hold = books.client(ticket.client).and_then(|client| client.account.active_hold(ticket.hold));
        hold.expect("every ticket has its hold").amount
    };
    books.tickets.iter().map(|(id, ticket)| (*id, (ticket.client, ticket.point, amount(ticket)))).collect()
}

/// Does one step, and says what is wrong with what came of it.
fn take(till: &mut Till, made: &mut Vec<ObjectId>, step: &Step) -> Result<(), TestCaseError> {
    let hold_at = |made: &[ObjectId], pick: usize| made.get(pick % (made.len() + 1)).copied();
    let before = till.sight();
    let claims_before = claims(&till.books);
    let refused = match step {
        Step::Hold { client, point, whole, life } => {
            let (client, point) = (CLIENTS[*client], POINTS[*point]);
            let held = till.try_hold(client, point, *whole, i64::from(*life));
            if let Ok(held) = held {
                made.push(held.id);
                let mut expected = claims_before;
                expected.insert(held.id, (id(client), id(point), points(*whole)));
                prop_assert_eq!(claims(&till.books), expected);
            }
            held.is_err()
        }
        Step::Release { hold } => {
            let hold = hold_at(made, *hold);
            till.books.release(hold);
            let mut expected = claims_before;
            hold.map(|hold| expected.remove(&hold));
            prop_assert_eq!(claims(&till.books), expected);
            false
        }
        Step::Retail { client, point, amount, spend, listed } => {
            let (client, point) = (CLIENTS[*client], POINTS[*point]);
            let listed: Vec<_> = listed.iter().filter_map(|pick| hold_at(made, *pick)).collect();
            let posted = till.books.client(id(client)).map_or(Amount::ZERO, |client| client.account.posted());
            // Independent of the rules' own reckoning: what nobody else holds.
            let others =
                claims_before.iter().filter(|(hold, claim)| claim.0 == id(client) && !listed.contains(hold));
            let free = posted - others.map(|(_, claim)| claim.2).sum();
            let amount = Amount::from_hundredths(*amount).to_string();
            let retail = till.retail(client, point, &amount, &spend.to_string(), &listed);
            if let Ok(retail) = retail {
                match retail.points {
                    RetailPoints::Spent(spent) => {
                        prop_assert!(spent <= free, "{} of {} spent", spent, free);
                        prop_assert_eq!(till.posted(client), posted - spent);
                        prop_assert_eq!(retail.total, retail.amount - spent);
                    }
                    RetailPoints::Earned(earned) => {
                        let ttl = till.books.rules().points.ttl;
                        let kept = if ttl == Some(Period::ZERO) { Amount::ZERO } else { earned };
                        prop_assert_eq!(till.posted(client), posted + kept);
                    }
                    RetailPoints::Untouched => prop_assert_eq!(till.posted(client), posted),
                }
                let mut expected = claims_before;
                expected.retain(|hold, (whose, place, _)| {
                    let own = *whose == id(client);
                    let here = *place == id(point);
                    let ended = match till.books.rules().retail_releases {
                        RetailReleases::ClientAtPoint => own && here,
                        RetailReleases::ListedOnly => false,
                        RetailReleases::AllAtPoint => here,
                    };
                    !(ended || own && listed.contains(hold))
                });
                prop_assert_eq!(claims(&till.books), expected, "a spend never eats into another hold");
            }
            retail.is_err()
        }
        Step::Advance { ms } => {
            let now = till.now.millis() - at(0).millis() + ms;
            let expired = till.until(now);
            prop_assert!(expired.is_sorted_by_key(|over| over.at));
            prop_assert!(till.books.next_due().is_none_or(|due| due > till.now));
            let gone = claims_before.keys().filter(|id| !till.books.tickets.contains_key(*id));
            let told = expired.iter().filter(|over| over.kind == ExpiredKind::Hold);
            let told: BTreeSet<_> = told.map(|over| over.id.clone()).collect();
            prop_assert_eq!(told, gone.map(ToString::to_string).collect::<BTreeSet<_>>());
            false
        }
    };
    if refused {
        prop_assert_eq!(till.sight(), before);
    }
    prop_assert_eq!(till.books.violations(till.now), []);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn whatever_the_tills_do_the_books_stay_in_order(
        rules in rules(),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut till = Till::empty(rules)
            .and(client(ANNA, 100))
            .and(NewClient { lots: vec![lot(40, Some(minutes(20))), lot(60, Some(minutes(45)))], ..client(BORIS, 0) })
            .and(NewClient { level: Some(id(SAVER)), ..client(31, 50) });
        let mut made = Vec::new();
        for step in &steps {
            take(&mut till, &mut made, step)?;
        }
    }
}
