//! What a journal keeps, forgets and tells, without HTTP.

use bytes::Bytes;

use super::entry::BODY_KEPT_MAX;
use super::follow::{Cursor, FollowerKind, STREAMS_MAX};
use super::note::Evidence;
use super::*;
use crate::loyalty::Programme;

const HOLD: Called = Called { api: Some(Programme::LoyalClient), operation: Some(("hold", 2)) };
const ELSEWHERE: Called = Called { api: None, operation: None };

fn outcome(called: Called, status: u16) -> Outcome {
    Outcome { at: Time::MIN, called, status, notes: Vec::new(), fault: None }
}

/// Puts in a call with a body of so many bytes.
fn call_with(journal: &Journal, bytes: usize, outcome: Outcome) -> u64 {
    let body = Bytes::from(vec![b'x'; bytes]);
    let draft = journal.begin(|entry| {
        entry.asked("POST", "/a", "");
        entry.request_body(&body);
    });
    journal.put(draft, outcome, |entry| entry.answer_body(&Bytes::new())).id
}

fn call(journal: &Journal) -> u64 {
    call_with(journal, 10, outcome(HOLD, 200))
}

fn ids(found: &[Found]) -> Vec<u64> {
    found.iter().map(|found| found.id).collect()
}

fn page(journal: &Journal, since: Option<u64>, offset: usize, limit: usize) -> (Vec<u64>, usize, u64) {
    let page = journal.page(&Filter::default(), since, offset, limit);
    (ids(&page.found), page.total, page.dropped)
}

#[test]
fn the_last_entries_are_kept_and_the_others_counted() {
    let journal = Journal::new(3);
    assert_eq!(page(&journal, None, 0, 10), (vec![], 0, 0));
    let numbers: Vec<u64> = (0..5).map(|_| call(&journal)).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    assert_eq!(page(&journal, None, 0, 10), (vec![5, 4, 3], 3, 2));
    assert_eq!(page(&journal, None, 1, 1), (vec![4], 3, 2));
    assert_eq!(page(&journal, Some(4), 0, 10), (vec![5], 1, 2));
    assert_eq!(page(&journal, Some(1), 0, 10), (vec![5, 4, 3], 3, 2));
    assert_eq!(page(&journal, Some(9), 0, 10), (vec![], 0, 2));
    assert_eq!((journal.size().0, journal.requests()), (3, 5));
}

#[test]
fn the_bytes_are_bounded_too() {
    let journal = Journal::new(1_000);
    for _ in 0..10 {
        call_with(&journal, BODY_KEPT_MAX, outcome(HOLD, 200));
        let (entries, bytes) = journal.size();
        assert!(bytes <= JOURNAL_BYTES_MAX && bytes >= entries * BODY_KEPT_MAX, "{entries} {bytes}");
    }
    assert_eq!(page(&journal, None, 0, 10), (vec![10, 9, 8], 3, 7));
    journal.clear();
    assert_eq!(journal.size(), (0, 0));
    // One that is too large to be kept is there without its body.
    call_with(&journal, JOURNAL_BYTES_MAX + 1, outcome(HOLD, 200));
    assert!(journal.size().1 < 10_000);
}

#[test]
fn a_journal_of_none_counts_calls_and_coverage() {
    let journal = Journal::new(0);
    let draft = journal.begin(|_| panic!("nothing is kept"));
    assert_eq!(journal.put(draft, outcome(HOLD, 200), |_| panic!("nothing is kept")).id, 1);
    assert_eq!(page(&journal, None, 0, 10), (vec![], 0, 1));
    assert_eq!(journal.coverage().of_operation(2), 1);
    assert_eq!(journal.get(1).unwrap_err(), NoEntry::Dropped { id: 1, entries_max: 0 });
}

#[test]
fn a_filter_looks_at_api_operation_and_status() {
    let journal = Journal::new(10);
    call_with(&journal, 0, outcome(HOLD, 200));
    call_with(&journal, 0, outcome(HOLD, 422));
    call_with(&journal, 0, outcome(ELSEWHERE, 404));
    let lost = FaultDone { id: None, text: "close".into(), answered: false };
    call_with(&journal, 0, Outcome { fault: Some(lost), ..outcome(HOLD, 200) });
    let filtered = |filter: Filter| ids(&journal.all(&filter).found);
    let all = Filter::default();
    assert_eq!(filtered(Filter { api: Some(Programme::LoyalClient), ..all.clone() }), [4, 2, 1]);
    assert_eq!(filtered(Filter { operation: Some("hold".into()), ..all.clone() }), [4, 2, 1]);
    assert_eq!(filtered(Filter { operation: Some("client".into()), ..all.clone() }), [] as [u64; 0]);
    assert_eq!(filtered(Filter { status: Some(422), ..all.clone() }), [2]);
    assert_eq!(filtered(Filter { status: Some(200), ..all }), [1], "an answer that was lost has no status");
}

#[test]
fn an_entry_that_is_not_there_tells_why() {
    let journal = Journal::new(2);
    for _ in 0..3 {
        call(&journal);
    }
    assert_eq!(journal.get(3).unwrap().id, 3);
    assert_eq!(journal.get(1).unwrap_err(), NoEntry::Dropped { id: 1, entries_max: 2 });
    assert_eq!(journal.get(4).unwrap_err(), NoEntry::NotYet { id: 4, last: 3 });
    journal.clear();
    assert_eq!(journal.get(3).unwrap_err(), NoEntry::Emptied { id: 3 });
    assert_eq!(call(&journal), 4, "numbers go on");
    assert_eq!(journal.get(3).unwrap_err(), NoEntry::Emptied { id: 3 });
    assert_eq!(page(&journal, None, 0, 10), (vec![4], 1, 0));
}

#[test]
fn what_was_asked_before_a_reset_does_not_come_in_after_it() {
    let journal = Journal::new(10);
    let draft = || journal.begin(|entry| entry.asked("GET", "/", ""));
    let put = |draft| journal.put(draft, outcome(HOLD, 200), |entry| entry.answer_body(&Bytes::new())).id;
    let (late, cleared) = (draft(), draft());
    journal.clear();
    assert_eq!(put(cleared), 1);
    assert_eq!(page(&journal, None, 0, 10), (vec![1], 1, 0), "an emptied journal takes what comes");
    journal.start_again();
    assert_eq!(put(late), 2, "its number is its own all the same");
    assert_eq!(put(draft()), 3);
    assert_eq!(page(&journal, None, 0, 10), (vec![3], 1, 0));
    assert_eq!(journal.get(2).unwrap_err(), NoEntry::Emptied { id: 2 });
    assert_eq!(journal.coverage().of_operation(2), 3, "coverage forgets nothing");
}

#[test]
fn a_cursor_sees_every_entry_once_and_knows_what_it_missed() {
    let journal = Journal::new(3);
    call(&journal);
    let mut cursor = journal.cursor(None);
    let news = |cursor: &mut Cursor, limit| {
        let news = journal.news(cursor, limit);
        (ids(&news.found), news.missed, news.emptied)
    };
    assert_eq!(news(&mut cursor, 10), (vec![], 0, false));
    call(&journal);
    call(&journal);
    assert_eq!(news(&mut cursor, 1), (vec![2], 0, false));
    assert_eq!(news(&mut cursor, 1), (vec![3], 0, false));
    for _ in 0..5 {
        call(&journal);
    }
    assert_eq!(news(&mut cursor, 10), (vec![6, 7, 8], 2, false));
    assert_eq!(news(&mut journal.cursor(Some(7)), 10), (vec![8], 0, false));
    assert_eq!(news(&mut journal.cursor(Some(5)), 10), (vec![6, 7, 8], 0, false));
    assert_eq!(news(&mut journal.cursor(Some(3)), 10), (vec![6, 7, 8], 2, false));
    assert_eq!(news(&mut journal.cursor(Some(0)), 10), (vec![6, 7, 8], 5, false));
    assert_eq!(news(&mut journal.cursor(Some(99)), 10), (vec![], 0, false));
    assert_eq!(news(&mut journal.beginning(), 10), (vec![6, 7, 8], 5, false));
    journal.start_again();
    call(&journal);
    assert_eq!(news(&mut cursor, 10), (vec![9], 0, true));
    assert_eq!(news(&mut cursor, 10), (vec![], 0, false));
}

#[test]
fn there_is_room_for_so_many_followers_and_each_gives_its_place_back() {
    let journal = Arc::new(Journal::new(1));
    let mut streams: Vec<_> =
        std::iter::from_fn(|| journal.follow(FollowerKind::Stream)).take(STREAMS_MAX + 1).collect();
    assert_eq!(streams.len(), STREAMS_MAX);
    assert!(journal.follow(FollowerKind::Wait).is_some());
    assert!(journal.follow(FollowerKind::Stream).is_none());
    streams.pop();
    assert!(journal.follow(FollowerKind::Stream).is_some());
}

#[test]
fn a_tally_goes_on_where_it_was_and_starts_again_with_the_journal() {
    use super::matching::Pattern;
    use super::verify::Tally;
    let journal = Journal::new(2);
    let pattern = Pattern { filter: Filter { status: Some(200), ..Filter::default() }, ..Pattern::default() };
    call(&journal);
    let mut tally = Tally::of(&journal, &pattern);
    assert_eq!((tally.count, tally.open, tally.dropped), (1, 0, 0));
    call(&journal);
    call_with(&journal, 0, outcome(HOLD, 404));
    tally.go_on(&journal, &pattern);
    assert_eq!((tally.count, tally.open, tally.dropped), (2, 0, 1), "what was counted counts");
    for _ in 0..3 {
        call(&journal);
    }
    tally.go_on(&journal, &pattern);
    assert_eq!((tally.count, tally.open, tally.dropped), (4, 1, 4));
    let fresh = Tally::of(&journal, &pattern);
    assert_eq!((fresh.count, fresh.open, fresh.dropped), (2, 4, 4));
    journal.clear();
    call(&journal);
    tally.go_on(&journal, &pattern);
    assert_eq!((tally.count, tally.open, tally.dropped), (1, 0, 0));
}

#[test]
fn callers_at_once_get_numbers_in_the_order_of_the_journal() {
    let journal = Journal::new(1_000);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..100).for_each(|_| assert!(call(&journal) > 0)));
        }
    });
    let (found, total, dropped) = page(&journal, None, 0, 1_000);
    assert_eq!(found, (1..=800).rev().collect::<Vec<u64>>());
    assert_eq!((total, dropped), (800, 0));
}

#[test]
fn an_entry_is_shown_decoded_and_without_credentials() {
    let journal = Journal::new(1);
    let draft = journal.begin(|entry| {
        entry.asked("POST", "/ext/api/v1/x", "api_key=k&a=%D0%B8&a=2&phone=%79%");
        entry.header("authorization", b"Basic abc");
        entry.header("accept", b"a");
        entry.header("accept", b"b");
        entry.request_body(&Bytes::from_static(br#"{"amount":1.50}"#));
    });
    let refusal = Note::refusal("insufficientPoints", "rule", Evidence::Documented, "no");
    let called = Called { api: Some(Programme::Ibonus), operation: None };
    let outcome = Outcome { notes: vec![refusal], ..outcome(called, 404) };
    let id = journal.put(draft, outcome, |entry| entry.answer_body(&Bytes::from_static(b"\xff"))).id;
    let found = journal.get(id).unwrap();
    let view = serde_json::to_string(&found.view("ci-7", &|_, _| None)).unwrap();
    let (view, duration) = view.rsplit_once(',').unwrap();
    assert!(duration.starts_with(r#""durationMs":"#), "{duration}");
    assert_eq!(
        view,
        concat!(
            r#"{"id":1,"at":"1970-01-01T00:00:00.000Z","api":"ibonus","operation":null,"request":{"method":"POST","#,
            r#""path":"/ext/api/v1/x","query":{"a":["и","2"],"api_key":"[redacted]","phone":"y%"},"#,
            r#""headers":{"accept":["a","b"],"authorization":"Basic [redacted]"},"body":{"amount":1.50}},"#,
            r#""answer":{"status":404,"headers":{"x-stend-request":"1","x-stend-sandbox":"ci-7"},"#,
            r#""body":"/w==","bodyEncoding":"base64"},"notes":[{"kind":"refusal","text":"no","#,
            r#""refusal":"insufficientPoints","rule":"rule","evidence":"D","now":"1970-01-01T00:00:00.000Z"},"#,
            r#"{"kind":"notEmulated","text":"there is nothing at POST /ext/api/v1/x: either it is misspelt, or it is not emulated"},"#,
            r#"{"kind":"badInput","text":"%79 in an address is y: where % is the wildcard, it is sent as %25","field":"phone"}],"#,
            r#""fault":null"#,
        )
    );
}
