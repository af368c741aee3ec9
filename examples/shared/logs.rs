//! Redacted logs and panic messages.

use std::io::{self, Stderr};

use hubseal::redact::{RedactingMakeWriter, Redactor};
use tracing_subscriber::{
    EnvFilter, Registry,
    fmt::{
        self,
        format::{DefaultFields, Format},
    },
    layer::SubscriberExt,
    reload,
    util::SubscriberInitExt,
};

type Layer = fmt::Layer<Registry, DefaultFields, Format, RedactingMakeWriter<fn() -> Stderr>>;

pub(crate) struct Logs(reload::Handle<Layer, Registry>);

impl Logs {
    /// Starts logging to standard error. `RUST_LOG` sets the filter, `info` by default.
    pub(super) fn to_stderr(redactor: &Redactor) -> Self {
        redactor.install_panic_hook();
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
        let writer = redactor.make_writer(io::stderr as fn() -> Stderr);
        let (layer, handle) = reload::Layer::new(fmt::layer().with_writer(writer));
        tracing_subscriber::registry()
            .with(layer)
            .with(filter)
            .init();
        Self(handle)
    }

    /// Replaces the redactor.
    pub(super) fn redact_with(&self, redactor: &Redactor) -> Result<(), reload::Error> {
        redactor.install_panic_hook();
        self.0
            .modify(|layer| *layer.writer_mut() = redactor.make_writer(io::stderr))
    }
}
