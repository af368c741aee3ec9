//! Cost of reporting a delivery of 700 bytes: without observers, with an empty one, and with the library's.
//!
//! ```sh
//! cargo bench -p hubseal-benches --bench outcomes --no-default-features
//! cargo bench -p hubseal-benches --bench outcomes --no-default-features --features observers
//! ```
//!
//! The first command builds the library without `tracing` and `metrics`, which report without being asked.

use std::time::Duration;

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use hubseal::{AppSecret, Endpoint, EndpointBuilder, Outcome, RequestHead};
use hubseal_benches::delivery::SECRET;

fn observers(criterion: &mut Criterion) {
    let body = Bytes::from(vec![b'a'; 700]);
    let mut group = criterion.benchmark_group("observers");
    let mut measure = |name: &str, add: &dyn Fn(EndpointBuilder) -> EndpointBuilder| {
        let secret = AppSecret::new(SECRET).expect("a valid secret");
        let endpoint = add(Endpoint::builder(secret))
            .build()
            .expect("valid settings");
        let headers = [
            (
                "x-hub-signature-256",
                endpoint.verifier().sign(&body).to_string(),
            ),
            ("content-length", "700".to_owned()),
        ];
        let deliver = || {
            let verifier = endpoint.receive(&RequestHead::new("POST", &headers));
            verifier.and_then(|verifier| verifier.finish_with(body.clone()))
        };
        assert!(deliver().is_ok(), "{name}");
        group.bench_function(name, |bencher| bencher.iter(deliver));
    };

    let built_in = if cfg!(feature = "observers") {
        "built-in, no recorder"
    } else {
        "none"
    };
    measure(built_in, &|endpoint| endpoint);
    measure("empty", &|endpoint| {
        endpoint.add_observer(|_: &Outcome<'_>| {})
    });
    #[cfg(feature = "observers")]
    {
        use hubseal::{AuditLog, Health};

        measure("audit log into nowhere", &|endpoint| {
            endpoint.add_observer(AuditLog::new(std::io::sink()))
        });
        measure("health", &|endpoint| endpoint.add_observer(Health::new()));
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new();
        // Histograms with buckets keep no samples.
        let recorder = recorder
            .set_buckets(&[0.001, 1.0, 1_000.0])
            .expect("buckets");
        let handle = recorder.install_recorder().expect("the first recorder");
        measure("Prometheus recorder", &|endpoint| endpoint);
        handle.run_upkeep();
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    targets = observers
}
criterion_main!(benches);
