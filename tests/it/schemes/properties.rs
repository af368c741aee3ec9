//! Round trips, changes and chunks, for random messages.

use hubseal::{Endpoint, RequestHead, Scheme, Verifier};
use proptest::{collection::vec, prelude::*, sample::Index};

use super::{ALL, NOW, ring, ring_of_two, verifier};

fn schemes() -> impl Strategy<Value = Scheme> {
    prop::sample::select(&ALL[..])
}

/// Ids that every scheme accepts.
const ID: &str = "[!-\\-0-~]{1,256}";

proptest! {
    #[test]
    fn accepts_its_own_signature_in_any_chunks(
        scheme in schemes(),
        id in ID,
        late in 0..=600_u64,
        chunks in vec(vec(any::<u8>(), 0..100), 0..10),
        declares in any::<bool>(),
        is_second in any::<bool>(),
    ) {
        let ring = || if is_second { ring_of_two(&scheme) } else { ring(&scheme) };
        let body = chunks.concat();
        let verifier = verifier(scheme);
        let headers = verifier.sign_headers(&id, NOW - 300 + late, &body).unwrap();
        let verifier = Verifier::new(ring()).with_scheme(scheme);
        prop_assert!(verifier.verify_headers(&headers, body.as_slice()).is_ok());

        let mut verification = verifier.begin_headers(&headers).unwrap();
        for chunk in &chunks {
            verification.update(chunk);
        }
        prop_assert!(verification.finish().is_ok());

        let endpoint = Endpoint::builder(ring()).scheme(scheme).build().unwrap();
        let mut headers = headers;
        if declares {
            headers.push(("content-length", body.len().to_string()));
        }
        let mut received = endpoint.receive(&RequestHead::new("POST", &headers)).unwrap();
        for chunk in chunks {
            prop_assert!(received.push(chunk).is_ok());
        }
        prop_assert_eq!(received.finish().unwrap().into_inner(), body);
    }

    #[test]
    fn rejects_changed_body_in_any_chunks(
        scheme in schemes(),
        chunks in vec(vec(any::<u8>(), 1..100), 1..10),
        at in any::<Index>(),
        bit in 0..8_u8,
    ) {
        let mut body = chunks.concat();
        let verifier = verifier(scheme);
        let headers = verifier.sign_headers("id", NOW, &body).unwrap();
        let place = at.index(body.len());
        body[place] ^= 1 << bit;
        prop_assert!(verifier.verify_headers(&headers, body.as_slice()).is_err());
        let endpoint = Endpoint::builder(ring(&scheme)).scheme(scheme).build().unwrap();
        let mut received = endpoint.receive(&RequestHead::new("POST", &headers)).unwrap();
        for chunk in body.chunks(chunks[0].len()) {
            prop_assert!(received.push(chunk.to_vec()).is_ok());
        }
        prop_assert!(received.finish().is_err());
    }

    /// The id and the timestamp of one delivery with the signature of another.
    #[test]
    fn rejects_parts_of_another_delivery(
        scheme in schemes(),
        ids in [ID, ID],
        times in [0..=600_u64, 0..=600],
    ) {
        let verifier = verifier(scheme);
        let sign = |place: usize| {
            verifier.sign_headers(&ids[place], NOW - 300 + times[place], "{}").unwrap()
        };
        let (one, other) = (sign(0), sign(1));
        for place in 1..one.len() {
            let mut mixed = one.clone();
            mixed[place] = other[place].clone();
            let verified = verifier.verify_headers(&mixed, "{}").is_ok();
            prop_assert_eq!(verified, one[place] == other[place]);
        }
    }
}
