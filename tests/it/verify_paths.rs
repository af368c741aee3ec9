//! The three code paths that verify a body.

use hubseal::{Endpoint, KeyName, Rejection, RejectionKind, RequestHead, Verified};

/// The verified bytes and the key name, or the kind of the rejection.
pub(crate) type Outcome = Result<(Vec<u8>, KeyName), RejectionKind>;

/// `Verifier::verify` with the whole body.
pub(crate) fn one_shot(endpoint: &Endpoint, header: &[u8], body: &[u8]) -> Outcome {
    outcome(endpoint.verifier().verify(header, body))
}

/// `Verification`, which does not keep the chunks.
pub(crate) fn in_chunks(endpoint: &Endpoint, header: &[u8], chunks: &[&[u8]]) -> Outcome {
    let verifier = endpoint.verifier();
    let signature = verifier.scheme().parse(header);
    let key = signature.and_then(|signature| {
        let mut verification = verifier.begin(signature);
        for chunk in chunks {
            verification.update(chunk);
        }
        verification.finish()
    });
    let key = key.map_err(|rejection| rejection.kind())?;
    Ok((chunks.concat(), key))
}

/// `Endpoint::receive` and `BodyVerifier`, which keeps the chunks.
pub(crate) fn through_endpoint(endpoint: &Endpoint, header: &[u8], chunks: &[&[u8]]) -> Outcome {
    let length = chunks.iter().map(|chunk| chunk.len()).sum::<usize>();
    let headers = [
        ("content-length", length.to_string().into_bytes()),
        (endpoint.verifier().scheme().header(), header.to_vec()),
    ];
    outcome(
        endpoint
            .receive(&RequestHead::new("POST", &headers))
            .and_then(|mut body_verifier| {
                for chunk in chunks {
                    body_verifier.push(chunk.to_vec())?;
                }
                body_verifier.finish()
            }),
    )
}

fn outcome<T: AsRef<[u8]>>(verified: Result<Verified<T>, Rejection>) -> Outcome {
    let verified = verified.map_err(|rejection| rejection.kind())?;
    let key = verified.key();
    Ok((verified.into_inner().as_ref().to_vec(), key))
}
