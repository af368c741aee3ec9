//! Metrics for the `metrics` facade.

use alloc::{string::String, sync::Arc, vec::Vec};
use std::sync::{OnceLock, PoisonError, RwLock};

use metrics::{
    Counter, Gauge, Histogram, SharedString, Unit, counter, describe_counter, describe_gauge,
    describe_histogram, gauge, histogram,
};

use super::{
    clock::unix_time,
    outcome::{End, Observer, Outcome},
};
use crate::{rejection::RejectionKind, signature::KeyName};

const REQUESTS: &str = "hubseal_requests_total";
const VERIFIED: &str = "hubseal_verified_total";
const BODY_BYTES: &str = "hubseal_body_bytes";
const DURATION: &str = "hubseal_duration_seconds";
const LAST_VERIFIED: &str = "hubseal_last_verified_timestamp_seconds";
const REPORT_ONLY: &str = "hubseal_report_only_total";
const MEMORY: &str = "hubseal_memory_available_bytes";

/// The metrics of an endpoint.
pub(super) struct Metrics {
    /// Created at the first request, because the recorder may be installed after the endpoint is built.
    handles: OnceLock<Handles>,
}

/// Handles are kept, because looking one up allocates its labels.
struct Handles {
    endpoint: SharedString,
    /// In the order of [`End::slot`].
    requests: Vec<Counter>,
    keys: RwLock<Vec<(KeyName, Counter)>>,
    body_bytes: Histogram,
    duration: Histogram,
    last_verified: Gauge,
    memory: Gauge,
}

impl Metrics {
    pub(super) const fn new() -> Self {
        Self {
            handles: OnceLock::new(),
        }
    }

    /// Describes the metrics. Sets the counters to 0, so that the first request is an increase, and the
    /// available memory.
    pub(super) fn register(endpoint: &str, memory_available: usize) {
        describe_counter!(REQUESTS, Unit::Count, "Requests by end and reason");
        describe_counter!(VERIFIED, Unit::Count, "Verified deliveries by key");
        describe_counter!(
            REPORT_ONLY,
            Unit::Count,
            "Requests that a gate in report-only mode would have rejected"
        );
        describe_histogram!(BODY_BYTES, Unit::Bytes, "Received bytes of a body");
        describe_histogram!(DURATION, Unit::Seconds, "Time from the head to the verdict");
        describe_gauge!(
            LAST_VERIFIED,
            Unit::Seconds,
            "Unix time of the last verified delivery"
        );
        describe_gauge!(
            MEMORY,
            Unit::Bytes,
            "Bytes left of the memory budget for unverified bodies"
        );
        let handles = Handles::new(endpoint);
        for counter in &handles.requests {
            counter.increment(0);
        }
        handles.set_memory(memory_available);
    }
}

impl Observer for Metrics {
    fn observe(&self, outcome: &Outcome<'_>) {
        let handles = self.handles.get_or_init(|| Handles::new(outcome.endpoint));
        if let Some(requests) = handles.requests.get(outcome.end.slot()) {
            requests.increment(1);
        }
        if let Some(kind) = outcome.report_only {
            handles.count_report_only(outcome.end, kind);
        }
        if let End::Verified { key, .. } = outcome.end {
            handles.count_key(key);
            if let Some(now) = unix_time() {
                handles.last_verified.set(now.as_secs_f64());
            }
        }
        handles.body_bytes.record(as_f64(outcome.body_bytes));
        if let Some(elapsed) = outcome.elapsed() {
            handles.duration.record(elapsed);
        }
        handles.set_memory(outcome.memory_available);
    }
}

impl Handles {
    fn new(endpoint: &str) -> Self {
        let endpoint = SharedString::from_shared(Arc::from(endpoint));
        let name = || endpoint.clone();
        let unchecked = RejectionKind::ReplayStoreUnavailable.as_str();
        let ends = [
            ("verified", ""),
            ("verified", unchecked),
            ("duplicate", ""),
            ("handshake", ""),
            ("abandoned", ""),
        ];
        let kinds = RejectionKind::ALL.iter();
        let requests = ends
            .into_iter()
            .chain(kinds.map(|kind| ("rejected", kind.as_str())))
            .map(|(end, reason)| {
                if reason == RejectionKind::JsonMismatch.as_str() {
                    // No outcome: the delivery is verified, and only then parsed.
                    return Counter::noop();
                }
                counter!(REQUESTS, "endpoint" => name(), "end" => end, "reason" => reason)
            });
        Self {
            requests: requests.collect(),
            keys: RwLock::default(),
            body_bytes: histogram!(BODY_BYTES, "endpoint" => name()),
            duration: histogram!(DURATION, "endpoint" => name()),
            last_verified: gauge!(LAST_VERIFIED, "endpoint" => name()),
            memory: gauge!(MEMORY, "endpoint" => name()),
            endpoint,
        }
    }

    fn set_memory(&self, available: usize) {
        let available = u64::try_from(available).unwrap_or(u64::MAX);
        self.memory.set(as_f64(available));
    }

    /// Looks the counter up, because few services have a gate in report-only mode.
    fn count_report_only(&self, end: End, kind: RejectionKind) {
        let endpoint = self.endpoint.clone();
        let (end, reason) = (end.as_str(), kind.as_str());
        counter!(REPORT_ONLY, "endpoint" => endpoint, "end" => end, "reason" => reason)
            .increment(1);
    }

    fn count_key(&self, key: KeyName) {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, counter)) = keys.iter().find(|(name, _)| *name == key) {
            counter.increment(1);
            return;
        }
        drop(keys);
        let endpoint = self.endpoint.clone();
        let counter =
            counter!(VERIFIED, "endpoint" => endpoint, "key" => String::from(key.as_str()));
        counter.increment(1);
        // Another thread may have added the same key. A second handle to one counter does no harm.
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.push((key, counter));
    }
}

/// Counts above 2^53 lose their last digits.
#[expect(clippy::cast_precision_loss, reason = "the facade takes floats")]
fn as_f64(count: u64) -> f64 {
    count as f64
}
