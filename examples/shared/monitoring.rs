//! Metrics, a health route and an audit log.

use std::{
    fs::OpenOptions,
    io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use axum::{Json, Router, http::StatusCode, routing::get};
use hubseal::{AuditLog, EndpointBuilder, Health};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::{message, optional};

/// Upper bounds of the histogram buckets, in bytes. An ordinary delivery has about 700 bytes.
const BODY_BYTES: [f64; 6] = [
    1_024.0,
    4_096.0,
    16_384.0,
    65_536.0,
    1_048_576.0,
    4_194_304.0,
];

/// Upper bounds of the histogram buckets, in seconds.
const SECONDS: [f64; 7] = [0.000_1, 0.001, 0.01, 0.1, 1.0, 5.0, 10.0];

/// A listener for `/metrics` and `/health`, apart from the public one.
pub(crate) struct Monitoring(Option<Parts>);

struct Parts {
    listener: TcpListener,
    metrics: PrometheusHandle,
    health: Health,
}

impl Monitoring {
    /// Reads `AUDIT_LOG` and `METRICS_ADDR`, and adds the observers for them.
    pub(super) fn from_env(
        mut endpoint: EndpointBuilder,
    ) -> Result<(Self, EndpointBuilder), String> {
        if let Some(path) = optional::<String>("AUDIT_LOG")? {
            let file = OpenOptions::new().create(true).append(true).open(&path);
            let file =
                file.map_err(|problem| format!("AUDIT_LOG: cannot open {path}: {problem}"))?;
            endpoint = endpoint.add_observer(AuditLog::new(file));
        }
        let Some(address) = optional::<SocketAddr>("METRICS_ADDR")? else {
            return Ok((Self(None), endpoint));
        };
        let listener = TcpListener::bind(address)
            .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
            .map_err(|problem| format!("METRICS_ADDR: cannot listen on {address}: {problem}"))?;
        let health = Health::new();
        let parts = Parts {
            listener,
            // Must precede the endpoint, which then sets its counters to 0.
            metrics: install_recorder()?,
            health: health.clone(),
        };
        Ok((Self(Some(parts)), endpoint.add_observer(health)))
    }

    /// Serves `/metrics` and `/health` in the background, and prints the address.
    pub(crate) fn serve(self) -> io::Result<()> {
        let Self(Some(parts)) = self else {
            return Ok(());
        };
        let listener = tokio::net::TcpListener::from_std(parts.listener)?;
        println!("metrics on http://{}/metrics", listener.local_addr()?);
        let (upkeep, metrics, health) = (parts.metrics.clone(), parts.metrics, parts.health);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(5)).await;
                upkeep.run_upkeep();
            }
        });
        let app = Router::new()
            .route("/metrics", get(async move || metrics.render()))
            .route(
                "/health",
                get(async move || {
                    let report = health.report();
                    let status = if report.is_healthy() {
                        StatusCode::OK
                    } else {
                        StatusCode::SERVICE_UNAVAILABLE
                    };
                    (status, Json(report))
                }),
            );
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(())
    }
}

fn install_recorder() -> Result<PrometheusHandle, String> {
    let buckets = |builder: PrometheusBuilder, metric: &str, bounds| {
        builder.set_buckets_for_metric(Matcher::Full(metric.to_owned()), bounds)
    };
    buckets(PrometheusBuilder::new(), "hubseal_body_bytes", &BODY_BYTES)
        .and_then(|builder| buckets(builder, "hubseal_duration_seconds", &SECONDS))
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(message)
}
