//! Holds hubseal against other libraries on random deliveries: what we sign they accept, what they
//! sign we accept, and what was tampered with all refuse.
//!
//! `scripts/peers` installs the libraries and starts this.

mod delivery;
mod peer;

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
    let [octokit, pywa] = env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "the scripts of octokit and of pywa are wanted")?;
    let seed = setting("PEERS_SEED")?.unwrap_or_else(|| fastrand::u64(..));
    let count = setting("PEERS_CASES")?.unwrap_or(400);
    println!("PEERS_SEED={seed} PEERS_CASES={count}");

    // GitHub writes a signature as Meta does. Each peer meets the scheme that it was made for.
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
                hold(&delivery, *scheme, peer).map_err(|problem| {
                    format!("{number}, {delivery}, {}: {problem}", peer.name())
                })?;
            }
        }
    }
    for (_, peer) in peers {
        println!("{}", peer.end()?);
    }
    Ok(())
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

/// Everybody's verdict on a delivery must be the same, and so must everybody's own signature.
fn hold(delivery: &Delivery, scheme: Scheme, peer: &mut Peer) -> Result<()> {
    let answer = peer.ask(delivery)?;
    let secret = || AppSecret::new(delivery.secret.as_str());
    let verifier = Verifier::new(secret()?).with_scheme(scheme);

    let ours = Signature::sign(&secret()?, &delivery.body).to_string();
    if ours != answer.signature {
        return Err(format!("we sign {ours}, they sign {}", answer.signature).into());
    }
    if let Some(accepts) = answer
        .accepts
        .filter(|accepts| *accepts != delivery.genuine())
    {
        return Err(format!("their verdict: accepts is {accepts}").into());
    }
    for (signature, genuine) in [
        (&answer.signature, true),
        (&delivery.signature, delivery.genuine()),
    ] {
        let at_once = verifier.verify(signature, &delivery.body).is_ok();
        let in_pieces = scheme.parse(signature).is_ok_and(|signature| {
            let mut verification = verifier.begin(signature);
            delivery
                .pieces()
                .for_each(|piece| verification.update(piece));
            verification.finish().is_ok()
        });
        if [at_once, in_pieces] != [genuine; 2] {
            return Err(
                format!("ours on {signature}: at once {at_once}, in pieces {in_pieces}").into(),
            );
        }
    }
    Ok(())
}
