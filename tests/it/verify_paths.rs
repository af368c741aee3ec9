//! The three ways by which a body reaches its verdict.

use hubseal::{Endpoint, KeyName, Rejection, RejectionKind, RequestHead, Verified};

/// The bytes that came back and the key that signed them, or the reason of refusal.
pub(crate) type Outcome = Result<(Vec<u8>, KeyName), RejectionKind>;

/// `Verifier::verify`, with the whole body.
pub(crate) fn one_shot(endpoint: &Endpoint, header: &[u8], body: &[u8]) -> Outcome {
    outcome(endpoint.verifier().verify(header, body))
}

/// `Verification`, which keeps nothing: the pieces are kept here.
pub(crate) fn in_chunks(endpoint: &Endpoint, header: &[u8], pieces: &[&[u8]]) -> Outcome {
    let verifier = endpoint.verifier();
    let signature = verifier.scheme().parse(header);
    let key = signature.and_then(|signature| {
        let mut verification = verifier.begin(signature);
        for piece in pieces {
            verification.update(piece);
        }
        verification.finish()
    });
    let key = key.map_err(|rejection| rejection.kind())?;
    Ok((pieces.concat(), key))
}

/// `Endpoint::receive` and `BodyVerifier`, which keeps the pieces itself.
pub(crate) fn through_endpoint(endpoint: &Endpoint, header: &[u8], pieces: &[&[u8]]) -> Outcome {
    let length = pieces.iter().map(|piece| piece.len()).sum::<usize>();
    let headers = [
        ("content-length", length.to_string().into_bytes()),
        (endpoint.verifier().scheme().header(), header.to_vec()),
    ];
    outcome(
        endpoint
            .receive(&RequestHead::new("POST", &headers))
            .and_then(|mut body_verifier| {
                for piece in pieces {
                    body_verifier.push(piece.to_vec())?;
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
