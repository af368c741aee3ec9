//! The headers of other schemes, compared with the documented rules.
//!
//! The lines of the input are the values of the signature, the timestamp and the id.

use std::time::{Duration, SystemTime};

use hubseal::{KeyRing, Scheme, Verifier};

use self::oracle::{Head, judged};
use crate::{known::secret, rejection::assert_rejected};

#[path = "../../tests/it/schemes/oracle.rs"]
mod oracle;

/// The time of the seeds.
const NOW: u64 = 1_700_000_000;

pub fn check(input: &[u8]) {
    let mut lines = input.split(|byte| *byte == b'\n');
    let head = Head {
        signature: lines.next(),
        timestamp: lines.next(),
        id: lines.next(),
    };
    for scheme in [
        Scheme::SHOPIFY,
        Scheme::SLACK,
        Scheme::STRIPE,
        Scheme::STANDARD_WEBHOOKS,
        Scheme::SVIX,
    ] {
        let ring = KeyRing::from(secret());
        let ring = ring.with_clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(NOW));
        let verifier = Verifier::new(ring).with_scheme(scheme);
        let values = [head.signature, head.timestamp, head.id];
        let headers: Vec<(&str, &[u8])> = scheme
            .headers()
            .filter_map(|name| {
                let place = usize::from(name.ends_with("-timestamp"))
                    + 2 * usize::from(name.ends_with("-id"));
                Some((name, values[place]?))
            })
            .collect();
        match (
            verifier.verify_headers(&headers, "{}"),
            judged(&scheme, &head, NOW),
        ) {
            // Nobody but the seeds has a signature of this key.
            (Ok(_), Ok(())) => {}
            (Err(rejection), Ok(())) => {
                assert_rejected(&rejection, hubseal::RejectionKind::SignatureMismatch, false);
            }
            (Err(rejection), Err(kind)) => assert_rejected(&rejection, kind, false),
            (Ok(_), Err(kind)) => panic!("verified instead of rejected with {kind:?}"),
        }
    }
}
