//! The arguments of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{samples::Sample, schemes::SchemeName, url::Url};

/// Tests webhook endpoints and deliveries of Meta (WhatsApp Business) and other platforms, and redacts logs.
///
/// Secrets come from files or environment variables, never from arguments.
///
/// Exit status: 0 if nothing is wrong, and 1 if something is. It is 2 if the work could not be done, for
/// example because an argument or the connection is unusable.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Probe(Probe),
    Send(Send),
    Sign(Sign),
    Verify(Verify),
    Diagnose(Diagnose),
    Redact(Redact),
    /// Checks secrets before a service uses them.
    #[command(subcommand)]
    Secret(SecretCommand),
}

#[derive(Subcommand)]
pub(crate) enum SecretCommand {
    Check(SecretCheck),
}

/// Sends about 150 forged, malformed, slow and genuine requests to your endpoint, and reports weaknesses.
///
/// Only probe an endpoint that you own. About 20 requests are genuine deliveries, signed with your secret.
/// The receiver processes them like those of the platform. Use a test instance with its own secret.
///
/// Each request is sent over HTTP/1.1, and over HTTP/2 if the server speaks it. A `note` is
/// no finding: it does not change the exit status.
#[derive(Args)]
pub(crate) struct Probe {
    /// The URL of the endpoint, such as `https://staging.example.com/webhook`.
    pub(crate) url: Url,
    #[command(flatten)]
    pub(crate) secret: OneSecret,
    #[command(flatten)]
    pub(crate) token: OneToken,
    /// Use WhatsApp updates for all genuine bodies, because the receiver rejects other ones.
    #[arg(long)]
    pub(crate) updates_only: bool,
    /// The largest body that the receiver accepts, in bytes (at least 131072).
    #[arg(long, value_name = "BYTES", default_value_t = hubseal::PayloadLimit::META.bytes())]
    pub(crate) payload_limit: usize,
    /// The longest time that the receiver waits for a body, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub(crate) read_deadline: u64,
    /// The number of requests at the same time.
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) concurrency: u8,
    /// List all cases of each finding.
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Print JSON instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Sends a signed delivery to your endpoint, and prints the response. Exits with 0 if its status is 200.
#[derive(Args)]
pub(crate) struct Send {
    /// The URL of the endpoint.
    pub(crate) url: Url,
    #[command(flatten)]
    pub(crate) secret: OneSecret,
    /// The sample to send.
    #[arg(long, value_enum, default_value_t = Sample::Message, conflicts_with = "file")]
    pub(crate) sample: Sample,
    /// A file to send as the body, or `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// The longest time to wait for the response, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub(crate) timeout: u64,
}

/// Prints the headers that sign a body.
#[derive(Args)]
pub(crate) struct Sign {
    /// The file with the raw body, or `-` for standard input.
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) secret: OneSecret,
    /// The id to sign, if the scheme signs one. Defaults to a new one.
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// The time to sign in seconds since 1970, if the scheme signs it. Defaults to now.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timestamp: Option<u64>,
}

/// Verifies a signature, and prints which secret matches. Exits with 1 if none does.
#[derive(Args)]
pub(crate) struct Verify {
    /// The file with the raw body, or `-` for standard input.
    pub(crate) file: PathBuf,
    /// The value of the signature header, such as `sha256=…`.
    #[arg(long, value_name = "VALUE", required_unless_present = "header")]
    pub(crate) signature: Option<String>,
    /// A header of the delivery, as `name: value`. Can be repeated.
    #[arg(long, conflicts_with = "signature")]
    pub(crate) header: Vec<String>,
    /// The time when the delivery arrived, in seconds since 1970, for signed timestamps. Defaults to now.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) at: Option<u64>,
    #[command(flatten)]
    pub(crate) secrets: ManySecrets,
    #[arg(long, value_enum, default_value_t, help = SCHEME_HELP)]
    pub(crate) scheme: SchemeName,
}

/// Names the likely cause of a signature mismatch, and its remedy. Exits with 0 if the signature matches.
///
/// Knows the signatures of Meta and GitHub only.
///
/// Reads the secrets exactly as they are configured, quotes and white space included. The first one is the
/// configured secret, and the others are tried too. Its output contains no part of a secret or the body.
#[derive(Args)]
pub(crate) struct Diagnose {
    /// The file with the raw body as the receiver got it, or `-` for standard input.
    pub(crate) file: PathBuf,
    /// The value of the header X-Hub-Signature-256.
    #[arg(long, value_name = "VALUE", required_unless_present = "headers")]
    pub(crate) signature: Option<String>,
    /// A file with all headers, one `Name: value` for each line.
    #[arg(long, value_name = "FILE", conflicts_with = "signature")]
    pub(crate) headers: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) secrets: ManySecrets,
    #[command(flatten)]
    pub(crate) token: OneToken,
}

/// Redacts secrets in standard input, and writes it to standard output in constant memory.
///
/// Registers APP_SECRET and VERIFY_TOKEN if they are set. Redaction is best effort.
#[derive(Args)]
#[allow(clippy::doc_markdown, reason = "shown as help")]
pub(crate) struct Redact {
    /// What to do with personal data of webhook bodies.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) personal_data: PersonalDataPolicy,
    /// A file with at least 16 random bytes for the pseudonyms. Without it, they differ in each run.
    #[arg(long, value_name = "FILE")]
    pub(crate) pseudonym_key_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) secrets: ManySecrets,
    #[command(flatten)]
    pub(crate) token: OneToken,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PersonalDataPolicy {
    /// Leave it.
    #[default]
    Off,
    /// Replace it with markers.
    Mask,
    /// Replace phone numbers and ids with pseudonyms, and the rest with markers.
    Pseudonym,
}

/// Checks the app secret and the verify token, and names each problem and its remedy. Never prints a value.
#[derive(Args)]
pub(crate) struct SecretCheck {
    #[command(flatten)]
    pub(crate) secret: OneSecret,
    #[command(flatten)]
    pub(crate) token: OneToken,
}

const SCHEME_HELP: &str = "The platform, which sets the form of the secret and of the signature";

#[derive(Args)]
pub(crate) struct OneSecret {
    /// Read the app secret from this file.
    #[arg(long, value_name = "FILE", conflicts_with = "secret_env")]
    pub(crate) secret_file: Option<PathBuf>,
    /// Read the app secret from this environment variable.
    #[arg(long, value_name = "NAME", default_value = "APP_SECRET")]
    pub(crate) secret_env: String,
    #[arg(long, value_enum, default_value_t, help = SCHEME_HELP)]
    pub(crate) scheme: SchemeName,
}

#[derive(Args)]
pub(crate) struct OneToken {
    /// Read the verify token from this file.
    #[arg(long, value_name = "FILE", conflicts_with = "token_env")]
    pub(crate) token_file: Option<PathBuf>,
    /// Read the verify token from this environment variable [default: `VERIFY_TOKEN`].
    #[arg(long, value_name = "NAME")]
    pub(crate) token_env: Option<String>,
}

#[derive(Args)]
pub(crate) struct ManySecrets {
    /// Read an app secret from this file. Can be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Vec<PathBuf>,
    /// Read an app secret from this environment variable. Can be repeated [default: `APP_SECRET`].
    #[arg(long, value_name = "NAME")]
    pub(crate) secret_env: Vec<String>,
}
