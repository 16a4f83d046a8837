//! What is measured of the whole server, as Prometheus reads it.

use actix_web::HttpResponse;
use actix_web::web::Data;
use prometheus::proto::{Bucket, Counter, Gauge, Histogram, LabelPair, Metric, MetricFamily, MetricType};
use prometheus::{TEXT_FORMAT, TextEncoder};

use crate::http::Shared;
use crate::http::meter::{BUCKETS, Counts};
use crate::loyalty::Programme;

/// How a call is labelled that belongs to no API, or is no operation.
const UNMATCHED: &str = "unmatched";

/// All of it.
pub(super) async fn get(shared: Data<Shared>) -> HttpResponse {
    let families = families(&shared);
    let text = TextEncoder::new().encode_to_string(&families);
    let text = text.expect("every family has a name, and metrics of its type");
    HttpResponse::Ok().content_type(TEXT_FORMAT).body(text)
}

fn families(shared: &Shared) -> Vec<MetricFamily> {
    let counts = shared.meter.counts();
    let sandboxes = shared.registry().all();
    let sizes = sandboxes.iter().map(|sandbox| sandbox.journal().size());
    let (entries, bytes) =
        sizes.fold((0, 0), |(entries, bytes), (more, larger)| (entries + more, bytes + larger));
    let requests = counts.iter().flat_map(|counts| {
        counts.statuses.iter().map(|(status, count)| {
            let mut labels = labels(counts);
            labels.push(label("status", &status.to_string()));
            let mut metric = Metric::from_label(labels);
            let mut counter = Counter::default();
            counter.set_value(float(*count));
            metric.set_counter(counter);
            metric
        })
    });
    let durations = counts.iter().map(|counts| {
        let mut metric = Metric::from_label(labels(counts));
        metric.set_histogram(histogram(counts));
        metric
    });
    let families = [
        family(
            "stend_requests_total",
            "Calls of the emulated APIs, by API, operation and status; a status that a fault kept from the client counts, too.",
            MetricType::COUNTER,
            requests.collect(),
        ),
        family(
            "stend_request_duration_seconds",
            "How long stend took for a call of the emulated APIs, until the answer was there to be sent.",
            MetricType::HISTOGRAM,
            durations.collect(),
        ),
        gauge("stend_sandboxes", "Sandboxes there are now.", sandboxes.len()),
        gauge("stend_journal_entries", "Entries in the journals of all sandboxes.", entries),
        gauge("stend_journal_bytes", "Memory that the journals of all sandboxes take.", bytes),
    ];
    // A family without metrics cannot be written.
    families.into_iter().filter(|family| !family.get_metric().is_empty()).collect()
}

fn family(name: &str, help: &str, kind: MetricType, metrics: Vec<Metric>) -> MetricFamily {
    let mut family = MetricFamily::default();
    family.set_name(name.to_owned());
    family.set_help(help.to_owned());
    family.set_field_type(kind);
    family.set_metric(metrics);
    family
}

fn gauge(name: &str, help: &str, value: usize) -> MetricFamily {
    let mut gauge = Gauge::default();
    gauge.set_value(float(value as u64));
    family(name, help, MetricType::GAUGE, vec![Metric::from_gauge(gauge)])
}

fn labels(counts: &Counts) -> Vec<LabelPair> {
    let api = counts.api.map_or(UNMATCHED, Programme::name);
    vec![label("api", api), label("operation", counts.operation.unwrap_or(UNMATCHED))]
}

fn label(name: &str, value: &str) -> LabelPair {
    let mut label = LabelPair::default();
    label.set_name(name.to_owned());
    label.set_value(value.to_owned());
    label
}

fn histogram(counts: &Counts) -> Histogram {
    let mut below = 0;
    let buckets = BUCKETS.iter().zip(counts.buckets).map(|(bound, count)| {
        below += count;
        let mut bucket = Bucket::default();
        bucket.set_upper_bound(f64::from(*bound) / 1_000_000.0);
        bucket.set_cumulative_count(below);
        bucket
    });
    let mut histogram = Histogram::default();
    histogram.set_bucket(buckets.collect());
    histogram.set_sample_count(counts.buckets.iter().sum());
    histogram.set_sample_sum(counts.took.as_secs_f64());
    histogram
}

/// What is counted here stays below 2^53.
#[allow(clippy::cast_precision_loss)]
fn float(count: u64) -> f64 {
    count as f64
}
