//! `hubseal probe`: sends the attack suite, and reports weaknesses.

mod classify;
mod findings;
mod http2;
mod kind;
mod labels;
mod observation;
mod report;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use hubseal::{
    PayloadLimit, RejectionKind, Verifier, VerifyToken,
    testing::{Case, Expected, Sending, Target, attack_suite},
};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    Result,
    arguments::Probe,
    connect::{Connector, Offer},
    output, relay,
};
use classify::Secrets;
use findings::findings;
use observation::{Observation, Observed, Protocol};
use report::Run;

/// Probes the endpoint, and returns whether nothing but notes was found.
pub(crate) fn run(arguments: &Probe) -> Result<bool> {
    if arguments.url.target.contains('?') {
        return Err(
            "the URL has a query; remove it, because the probe adds queries of its own".into(),
        );
    }
    let secret = arguments.secret.load()?;
    let is_meta = arguments.secret.scheme.is_meta();
    let token = if is_meta {
        Some(arguments.token.load()?)
    } else {
        None
    };
    let connector = Connector::new(&arguments.url)?;

    let deadline = Duration::from_secs(arguments.read_deadline);
    let unused = VerifyToken::new("no token in this scheme")?;
    let now = SystemTime::now();
    let scheme = arguments.secret.scheme.scheme();
    let mut target = Target::new(
        &arguments.url.target,
        &secret,
        token.as_ref().unwrap_or(&unused),
    )
    .payload_limit(PayloadLimit::new(arguments.payload_limit))
    .read_deadline(deadline)
    .scheme(scheme)
    .time(now);
    if arguments.updates_only {
        target = target.updates_only();
    }
    let mut cases = attack_suite(&target);
    cases.retain(|case| is_meta || !needs_token(case));
    let secrets = Secrets {
        verifier: Verifier::new(&secret).with_scheme(scheme),
        secret: &secret,
        token: token.as_ref(),
        time: now.duration_since(SystemTime::UNIX_EPOCH)?.as_secs(),
    };

    let start = Instant::now();
    let observations = output::runtime()?.block_on(observe(
        &connector,
        cases,
        deadline
            .saturating_mul(2)
            .saturating_add(Duration::from_secs(5)),
        arguments.concurrency,
    ))?;
    let mut requests = BTreeMap::new();
    for seen in &observations {
        let count: &mut usize = requests.entry(seen.protocol).or_default();
        *count = count.saturating_add(1);
    }
    let run = Run {
        url: arguments.url.with_target(&arguments.url.target),
        requests,
        elapsed: start.elapsed(),
        findings: &findings(&observations, &secrets),
    };
    output::write(&if arguments.json {
        run.json()?
    } else {
        run.table(arguments.verbose)
    })?;
    Ok(run.is_clean())
}

/// Whether the case is about the handshake or the verify token, which only Meta has.
fn needs_token(case: &Case) -> bool {
    let labels = ["POST of a handshake", "signed with the verify token"];
    if labels.contains(&case.label) {
        return true;
    }
    matches!(
        case.expected,
        Expected::Challenge(_)
            | Expected::Rejected(
                RejectionKind::HandshakeMalformed | RejectionKind::HandshakeRejected
            )
    )
}

/// Whether the receiver may wait for more of the body until its deadline.
fn waits(case: &Case) -> bool {
    match case.request.sending {
        Sending::Withheld | Sending::Stalled { .. } => true,
        Sending::AfterContinue | Sending::Pieces { .. } => case.expected != Expected::Verified,
        _ => false,
    }
}

async fn observe(
    connector: &Connector,
    cases: Vec<Case>,
    patience: Duration,
    concurrency: u8,
) -> Result<Vec<Observation>> {
    if let Err(error) = connector.connect(Offer::Http1).await {
        return Err(format!("cannot connect to {}: {error}", connector.url.authority).into());
    }
    let mut plan: Vec<_> = cases
        .iter()
        .map(|case| (Protocol::Http1, case.clone()))
        .collect();
    if http2::is_spoken(connector).await {
        let cases = cases
            .into_iter()
            .filter(|case| http2::can_send(&case.request));
        plan.extend(cases.map(|case| (Protocol::Http2, case)));
    }
    // Last, because a receiver with one worker answers nothing else while it waits for a body. A long wait
    // would also let the signed timestamps of the others expire.
    plan.sort_by_key(|(_, case)| waits(case));

    // Draws on standard error, and only on a terminal.
    let progress = ProgressBar::new(u64::try_from(plan.len()).unwrap_or(u64::MAX));
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed}") {
        progress.set_style(style);
    }
    let places = Arc::new(Semaphore::new(usize::from(concurrency)));
    let mut running = JoinSet::new();
    for (index, (protocol, case)) in plan.into_iter().enumerate() {
        let (connector, places, progress) = (connector.clone(), places.clone(), progress.clone());
        let place = places.acquire_owned().await?;
        running.spawn(async move {
            let request = case.request.clone();
            let exchanged = match protocol {
                Protocol::Http1 => relay::send(&connector, request, patience).await,
                Protocol::Http2 => http2::send(&connector, request, patience).await,
            };
            drop(place);
            progress.inc(1);
            let observed = Observed::of(exchanged);
            (
                index,
                Observation {
                    protocol,
                    case,
                    observed,
                },
            )
        });
    }
    let mut observations = Vec::new();
    while let Some(joined) = running.join_next().await {
        observations.push(joined?);
    }
    progress.finish_and_clear();
    // In the order of the attack suite, not of the responses.
    observations.sort_by_key(|(index, _)| *index);
    Ok(observations
        .into_iter()
        .map(|(_, observation)| observation)
        .collect())
}
