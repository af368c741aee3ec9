//! Compares hubseal with other libraries on random deliveries. Each accepts the signatures of the
//! other, and both reject tampered deliveries.
//!
//! `just peers` installs the libraries and starts this program.

mod delivery;
mod peer;
mod schemes;

use std::{
    env, error,
    process::{Command, ExitCode},
};

use delivery::Delivery;
use hubseal::{AppSecret, Scheme, Signature, Verifier};
use peer::Peer;

type Result<T, E = Box<dyn error::Error>> = std::result::Result<T, E>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let [octokit, pywa, schemes, slack] = env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "usage: peers OCTOKIT-SCRIPT PYWA-SCRIPT SCHEMES-SCRIPT SLACK-SCRIPT")?;
    let seed = setting("PEERS_SEED")?.unwrap_or_else(|| fastrand::u64(..));
    let count = setting("PEERS_CASES")?.unwrap_or(400);
    println!("PEERS_SEED={seed} PEERS_CASES={count}");

    // GitHub and Meta use the same signature header. Each peer is called with its own scheme.
    let mut peers = [
        (
            Scheme::GITHUB,
            Peer::start(Command::new("node").arg(octokit))?,
        ),
        (
            Scheme::META,
            Peer::start(Command::new("python3").arg(pywa))?,
        ),
    ];
    let mut random = fastrand::Rng::with_seed(seed);
    for number in 0..count {
        for delivery in Delivery::genuine_and_tampered(&mut random, number) {
            for (scheme, peer) in &mut peers {
                compare(&delivery, *scheme, peer).map_err(|problem| {
                    format!("{number}, {delivery}, {}: {problem}", peer.name())
                })?;
            }
        }
    }
    for (_, peer) in peers {
        println!("{}", peer.end()?);
    }
    schemes::compare(&mut random, count, &schemes, &slack)
}

fn setting(variable: &str) -> Result<Option<u64>> {
    match env::var(variable) {
        Err(env::VarError::NotPresent) => Ok(None),
        text => Ok(Some(
            text?
                .parse()
                .map_err(|error| format!("{variable}: {error}"))?,
        )),
    }
}

/// Checks that both libraries return the same result and the same signature.
fn compare(delivery: &Delivery, scheme: Scheme, peer: &mut Peer) -> Result<()> {
    let answer = peer.ask(delivery)?;
    let secret = || AppSecret::new(delivery.secret.as_str());
    let verifier = Verifier::new(secret()?).with_scheme(scheme);

    let ours = Signature::sign(&secret()?, &delivery.body).to_string();
    if ours != answer.signature {
        return Err(format!("our signature is {ours}, theirs is {}", answer.signature).into());
    }
    if let Some(accepts) = answer
        .accepts
        .filter(|accepts| *accepts != delivery.genuine())
    {
        return Err(format!("their result: accepts is {accepts}").into());
    }
    for (signature, genuine) in [
        (&answer.signature, true),
        (&delivery.signature, delivery.genuine()),
    ] {
        let one_shot = verifier.verify(signature, &delivery.body).is_ok();
        let in_chunks = scheme.parse(signature).is_ok_and(|signature| {
            let mut verification = verifier.begin(signature);
            delivery
                .chunks()
                .for_each(|chunk| verification.update(chunk));
            verification.finish().is_ok()
        });
        if [one_shot, in_chunks] != [genuine; 2] {
            return Err(format!(
                "our result for {signature}: in one call {one_shot}, in chunks {in_chunks}"
            )
            .into());
        }
    }
    Ok(())
}
