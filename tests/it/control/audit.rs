//! `/_stend/audit`: whether the books are in order.

use serde_json::json;

use crate::harness::{ANNA, Bench, IVAN, KIOSK, LEO, TILL};

#[test]
fn the_books_of_a_fresh_sandbox_are_in_order() {
    Bench::shop().get("/_stend/audit").is(200, r#"{"ok":true,"violations":[]}"#);
}

#[test]
fn the_books_are_in_order_after_all_kinds_of_calls() {
    let bench = Bench::shop();
    let clean = || bench.get("/_stend/audit").is(200, r#"{"ok":true,"violations":[]}"#).status;
    let held = bench.holds(LEO, 300);
    clean();
    bench.retail(json!({"client": LEO, "point": KIOSK, "amount": 200, "spend": 120, "hold": [held]})).ok();
    clean();
    bench.retail(json!({"client": ANNA, "point": TILL, "amount": 99.99, "spend": 0})).ok();
    let released = bench.holds(IVAN, 5);
    bench.release(json!({"id": released})).ok();
    bench.holds(IVAN, 878);
    clean();
    bench.advance("P15D");
    clean();
    bench.advance("P3650D");
    clean();
}
