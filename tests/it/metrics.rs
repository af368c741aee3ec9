//! The metrics of the feature `metrics`, as Prometheus sees them.

use hubseal::{AppSecret, End, Endpoint, KeyRing, RejectionKind, RequestHead};
use metrics::with_local_recorder;
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

use crate::common::{PREVIOUS_SECRET, endpoint, receive, secret};

fn recorder() -> (PrometheusRecorder, PrometheusHandle) {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("hubseal_body_bytes".into()), &[1_000.0])
        .unwrap()
        .build_recorder();
    let handle = recorder.handle();
    (recorder, handle)
}

/// Returns the value of a series.
#[track_caller]
fn value(rendered: &str, series: &str) -> f64 {
    let mut values = rendered
        .lines()
        .filter_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    let value = values
        .next()
        .unwrap_or_else(|| panic!("no {series} in\n{rendered}"));
    assert_eq!(values.next(), None, "{series}");
    value.parse().unwrap()
}

/// Returns the series of the endpoint `whatsapp`.
fn series(end: &str, reason: &str) -> String {
    format!(r#"hubseal_requests_total{{endpoint="whatsapp",end="{end}",reason="{reason}"}}"#)
}

fn requests(endpoint: &str, end: End) -> String {
    let reason = end.rejection_kind().map_or("", RejectionKind::as_str);
    let end = end.as_str();
    format!(r#"hubseal_requests_total{{endpoint="{endpoint}",end="{end}",reason="{reason}"}}"#)
}

#[test]
fn counts_requests_by_end_and_reason() {
    let (recorder, handle) = recorder();
    with_local_recorder(&recorder, || {
        let endpoint = endpoint().name("whatsapp").build().unwrap();

        // Every series exists from the start, so that the first request is an increase.
        let rendered = handle.render();
        let outcomes = RejectionKind::ALL
            .iter()
            // A delivery is parsed after it is verified.
            .filter(|kind| **kind != RejectionKind::JsonMismatch);
        let kinds = outcomes.map(|kind| End::Rejected(*kind));
        for end in kinds.chain([End::Handshake, End::Abandoned]) {
            assert!(
                value(&rendered, &requests("whatsapp", end)).abs() < 0.5,
                "{end}"
            );
        }

        for (end, reason) in [
            ("verified", ""),
            ("verified", "replay_store_unavailable"),
            ("duplicate", ""),
        ] {
            assert!(value(&rendered, &series(end, reason)).abs() < 0.5, "{end}");
        }
        assert!(!rendered.contains("json_mismatch"), "{rendered}");
        let memory = r#"hubseal_memory_available_bytes{endpoint="whatsapp"}"#;
        assert!((value(&rendered, memory) - 67_108_864.0).abs() < 0.5);

        for _ in 0..3 {
            receive(&endpoint, b"{}", &[])
                .unwrap()
                .finish_with("{}")
                .unwrap();
        }
        for _ in 0..2 {
            assert!(
                receive(&endpoint, b"{}", &[])
                    .unwrap()
                    .finish_with("[]")
                    .is_err()
            );
        }
        drop(receive(&endpoint, b"{}", &[]).unwrap());
        let unsigned = [("content-length", "2")];
        assert!(
            endpoint
                .admit(&RequestHead::new("POST", &unsigned))
                .is_err()
        );

        let rendered = handle.render();
        for (end, expected) in [
            (End::Rejected(RejectionKind::SignatureMismatch), 2.0),
            (End::Rejected(RejectionKind::SignatureMissing), 1.0),
            (End::Rejected(RejectionKind::BudgetExhausted), 0.0),
            (End::Abandoned, 1.0),
            (End::Handshake, 0.0),
        ] {
            let counted = value(&rendered, &requests("whatsapp", end));
            assert!((counted - expected).abs() < 0.5, "{end}: {counted}");
        }
        for (series, expected) in [
            (
                r#"hubseal_requests_total{endpoint="whatsapp",end="verified",reason=""}"#,
                3.0,
            ),
            (
                r#"hubseal_verified_total{endpoint="whatsapp",key="current"}"#,
                3.0,
            ),
            (r#"hubseal_body_bytes_count{endpoint="whatsapp"}"#, 7.0),
            (r#"hubseal_body_bytes_sum{endpoint="whatsapp"}"#, 10.0),
            (
                r#"hubseal_duration_seconds_count{endpoint="whatsapp"}"#,
                7.0,
            ),
            (
                r#"hubseal_memory_available_bytes{endpoint="whatsapp"}"#,
                67_108_864.0,
            ),
        ] {
            let counted = value(&rendered, series);
            assert!((counted - expected).abs() < 0.5, "{series}: {counted}");
        }
        let last = value(
            &rendered,
            r#"hubseal_last_verified_timestamp_seconds{endpoint="whatsapp"}"#,
        );
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs_f64();
        assert!((now - 60.0..=now).contains(&last), "{last}");
    });
}

#[cfg(all(feature = "replay", feature = "tower"))]
#[test]
fn counts_duplicates_apart_from_verified_deliveries() {
    use crate::guarded::{deliver, with_guard};

    let (recorder, handle) = recorder();
    with_local_recorder(&recorder, || {
        let endpoint = with_guard(endpoint()).name("whatsapp").build().unwrap();
        let last = r#"hubseal_last_verified_timestamp_seconds{endpoint="whatsapp"}"#;
        assert_eq!(deliver(&endpoint, ["{}"]), [2]);
        let verified = value(&handle.render(), last);
        assert_eq!(deliver(&endpoint, ["{}", "{}"]), [0, 0]);

        let rendered = handle.render();
        let key = r#"hubseal_verified_total{endpoint="whatsapp",key="current"}"#.to_owned();
        for (series, expected) in [
            (key, 1.0),
            (series("verified", ""), 1.0),
            (series("verified", "replay_store_unavailable"), 0.0),
            (series("duplicate", ""), 2.0),
            (series("handshake", ""), 0.0),
        ] {
            let counted = value(&rendered, &series);
            assert!((counted - expected).abs() < 0.5, "{series}: {counted}");
        }
        // A duplicate does not show that deliveries arrive.
        assert!((value(&rendered, last) - verified).abs() < f64::EPSILON);
    });
}

#[cfg(all(feature = "replay", feature = "tower"))]
#[test]
fn counts_unchecked_deliveries_with_a_reason() {
    use crate::guarded::{deliver, unchecked};

    let (recorder, handle) = recorder();
    with_local_recorder(&recorder, || {
        let endpoint = unchecked(endpoint()).name("whatsapp").build().unwrap();
        assert_eq!(deliver(&endpoint, ["{}", "{}"]), [2, 2]);
        let rendered = handle.render();
        let key = r#"hubseal_verified_total{endpoint="whatsapp",key="current"}"#.to_owned();
        for (series, expected) in [
            (key, 2.0),
            (series("verified", ""), 0.0),
            (series("verified", "replay_store_unavailable"), 2.0),
            (series("duplicate", ""), 0.0),
            (series("rejected", "replay_store_unavailable"), 0.0),
        ] {
            let counted = value(&rendered, &series);
            assert!((counted - expected).abs() < 0.5, "{series}: {counted}");
        }
    });
}

#[test]
fn counts_verified_deliveries_by_key() {
    let (recorder, handle) = recorder();
    with_local_recorder(&recorder, || {
        let previous = AppSecret::new(PREVIOUS_SECRET).unwrap();
        let old = Endpoint::builder(AppSecret::new(PREVIOUS_SECRET).unwrap())
            .build()
            .unwrap();
        let ring = KeyRing::new([("current", secret()), ("previous", previous)]).unwrap();
        let endpoint = Endpoint::builder(ring).build().unwrap();
        let headers = [("x-hub-signature-256", old.verifier().sign("{}").to_string())];
        for _ in 0..2 {
            let verifier = endpoint
                .receive(&RequestHead::new("POST", &headers))
                .unwrap();
            verifier.finish_with("{}").unwrap();
        }
        receive(&endpoint, b"{}", &[])
            .unwrap()
            .finish_with("{}")
            .unwrap();

        let rendered = handle.render();
        for (key, expected) in [("current", 1.0), ("previous", 2.0)] {
            let series = format!(r#"hubseal_verified_total{{endpoint="webhook",key="{key}"}}"#);
            assert!(
                (value(&rendered, &series) - expected).abs() < 0.5,
                "{rendered}"
            );
        }
    });
}

#[test]
fn recorder_may_be_installed_after_endpoint_is_built() {
    let endpoint = endpoint().build().unwrap();
    let (recorder, handle) = recorder();
    with_local_recorder(&recorder, || {
        receive(&endpoint, b"{}", &[])
            .unwrap()
            .finish_with("{}")
            .unwrap();
    });
    let rendered = handle.render();
    let series = r#"hubseal_verified_total{endpoint="webhook",key="current"}"#;
    assert!((value(&rendered, series) - 1.0).abs() < 0.5);
}

#[test]
fn request_after_the_first_does_not_allocate_in_hubseal() {
    // Without a recorder, all allocations are those of this crate.
    let endpoint = endpoint().build().unwrap();
    let deliver = || receive(&endpoint, b"{}", &[]).unwrap();
    deliver().finish_with("{}").unwrap();
    let verifier = deliver();
    let counted = allocation_counter::measure(|| {
        verifier.finish_with("{}").unwrap();
    });
    assert_eq!(counted.count_total, 0, "{counted:?}");
}
