//! `/_stend/metrics`: what is measured of the whole server, as Prometheus reads it.

use serde_json::json;

use crate::harness::{Bench, IVAN, NOBODY, TILL};

#[test]
fn calls_are_counted_by_api_operation_and_status_over_all_sandboxes() {
    let bench = Bench::shop();
    bench.holds(IVAN, 1);
    bench.in_sandbox("other").holds(IVAN, 1);
    bench.hold(json!({"client": NOBODY, "point": TILL, "amount": 1})).with_status(422);
    bench.get("/elsewhere").with_status(404);
    bench.get("/ext/api/v1/nothing/").with_status(404);
    let metrics = bench.get("/_stend/metrics");
    assert_eq!(metrics.header("content-type"), Some("text/plain; version=0.0.4"));
    let lines: Vec<&str> = metrics.text().lines().collect();
    for line in [
        "# TYPE stend_requests_total counter",
        r#"stend_requests_total{api="loyalclient",operation="hold",status="200"} 2"#,
        r#"stend_requests_total{api="loyalclient",operation="hold",status="422"} 1"#,
        r#"stend_requests_total{api="unmatched",operation="unmatched",status="404"} 1"#,
        r#"stend_requests_total{api="ibonus",operation="unmatched",status="404"} 1"#,
        "# TYPE stend_request_duration_seconds histogram",
        r#"stend_request_duration_seconds_bucket{api="loyalclient",operation="hold",le="+Inf"} 3"#,
        r#"stend_request_duration_seconds_count{api="loyalclient",operation="hold"} 3"#,
        "stend_sandboxes 2",
        "stend_journal_entries 5",
    ] {
        assert!(lines.contains(&line), "{line} is not in\n{}", metrics.text());
    }
    let buckets: Vec<u64> = lines
        .iter()
        .filter(|line| {
            line.starts_with(r#"stend_request_duration_seconds_bucket{api="loyalclient",operation="hold""#)
        })
        .map(|line| line.rsplit(' ').next().and_then(|count| count.parse().ok()).expect("a count"))
        .collect();
    assert!(buckets.is_sorted(), "{buckets:?}");
    // Looking does not count.
    assert_eq!(bench.get("/_stend/metrics").text().lines().count(), lines.len());
}
