//! From all observations to findings: one for each cause.

use std::collections::{BTreeMap, BTreeSet};

use hubseal::testing::{Expected, Sending};

use super::{
    classify::{Secrets, kinds},
    kind::Kind,
    labels::{SEVERAL_SIGNATURES, UNUSUAL_DELIVERIES},
    observation::{Observation, Observed, Protocol},
};

/// The size of a large body, in bytes.
const LARGE: usize = 128 * 1024;

/// The cases of each kind, in the order of the report.
pub(super) type Findings<'a> = BTreeMap<Kind, Vec<&'a Observation>>;

/// Groups the observations by cause.
pub(super) fn findings<'a>(observations: &'a [Observation], secrets: &Secrets<'_>) -> Findings<'a> {
    let mut findings = Findings::new();
    let causes =
        [Protocol::Http1, Protocol::Http2].map(|protocol| Causes::of(protocol, observations));
    for seen in observations {
        let causes = causes
            .iter()
            .find(|causes| causes.protocol == seen.protocol);
        let kinds = kinds(seen, secrets).into_iter();
        let kinds = kinds.map(|kind| causes.map_or(kind, |causes| causes.refine(kind, seen)));
        for kind in kinds.collect::<BTreeSet<_>>() {
            findings.entry(kind).or_default().push(seen);
        }
    }
    findings
}

/// Facts about the receiver that explain several failures over one protocol.
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
struct Causes {
    protocol: Protocol,
    accepts_zeros: bool,
    accepts_unsigned: bool,
    accepts_any_timestamp: bool,
    rejects_all: bool,
    rejects_text_message: bool,
}

impl Causes {
    fn of(protocol: Protocol, observations: &[Observation]) -> Self {
        let own = || observations.iter().filter(|seen| seen.protocol == protocol);
        let accepted = |label| {
            let case = own().find(|seen| seen.case.label == label);
            case.map(|seen| seen.observed.is_success())
        };
        let mut genuine = own().filter(|seen| seen.case.expected == Expected::Verified);
        Self {
            protocol,
            accepts_zeros: accepted("a signature of zeros") == Some(true),
            accepts_unsigned: accepted("no signature") == Some(true),
            accepts_any_timestamp: accepted("timestamp of 1970") == Some(true),
            rejects_all: genuine.all(|seen| !seen.observed.is_success()),
            rejects_text_message: accepted("genuine text message") == Some(false),
        }
    }

    fn refine(&self, kind: Kind, seen: &Observation) -> Kind {
        match kind {
            Kind::AcceptsUnsigned
            | Kind::AcceptsForged
            | Kind::AcceptsTruncated
            | Kind::AcceptsVerifyToken
            | Kind::AcceptsChanged
            | Kind::LenientHeader
            | Kind::RepeatedHeader
            | Kind::OtherPlace
            | Kind::UnsignedParts
            | Kind::LongTolerance
            | Kind::FutureTimestamp
            | Kind::LongLists
                if self.accepts_zeros =>
            {
                Kind::NotVerified
            }
            Kind::OtherPlace if self.accepts_unsigned => Kind::AcceptsUnsigned,
            Kind::LongTolerance | Kind::FutureTimestamp if self.accepts_any_timestamp => {
                Kind::IgnoresTimestamp
            }
            Kind::RejectsSome => self.rejection(seen),
            _ => kind,
        }
    }

    /// The cause of a rejected genuine delivery.
    fn rejection(&self, seen: &Observation) -> Kind {
        let request = &seen.case.request;
        let is_update = request
            .body
            .trim_ascii_start()
            .starts_with(br#"{"object":"whatsapp_business_account""#);
        let status = seen.observed.status();
        let is_forged_to_it = matches!(status, Some(401 | 403 | 432));
        if self.rejects_all {
            return Kind::RejectsGenuine;
        }
        let is_chunked = matches!(request.sending, Sending::Chunked { .. });
        if status == Some(413) || request.body.len() >= LARGE && !is_chunked {
            return Kind::RejectsLarge;
        }
        if !is_update && !is_forged_to_it {
            return match (&seen.observed, status) {
                (_, Some(500..=599)) | (Observed::Closed, _) => Kind::CrashesOnSigned,
                _ => Kind::RejectsOther,
            };
        }
        if SEVERAL_SIGNATURES.contains(&seen.case.label) {
            return Kind::RejectsSeveral;
        }
        if self.rejects_text_message {
            return Kind::RejectsEscapes;
        }
        match request.sending {
            Sending::Chunked { .. } | Sending::AfterContinue => Kind::RejectsFraming,
            _ if UNUSUAL_DELIVERIES.contains(&seen.case.label) => Kind::RejectsOther,
            _ => Kind::RejectsSome,
        }
    }
}
