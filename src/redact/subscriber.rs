//! A redacting writer for `tracing-subscriber`.

use tracing_subscriber::fmt::MakeWriter;

use super::{RedactingWriter, Redactor, writer::Record};

impl Redactor {
    /// Creates a writer for `tracing-subscriber` that redacts each event.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let subscriber = tracing_subscriber::fmt()
    ///     .with_writer(Redactor::new().make_writer(std::io::stderr))
    ///     .finish();
    /// # drop(subscriber);
    /// ```
    #[must_use]
    pub fn make_writer<M>(&self, inner: M) -> RedactingMakeWriter<M> {
        RedactingMakeWriter {
            redactor: self.clone(),
            inner,
        }
    }
}

/// A writer for `tracing-subscriber` that redacts each event, with its spans, as one record.
/// [`Redactor::make_writer`] creates it.
///
/// Pass it to `with_writer` of a layer or a subscriber, with any format.
///
/// - An event shorter than [`Redactor::MAX_RECORD`] becomes one `write_all` on the inner writer.
/// - [`Redactor::replace_values`] applies to the next event. The subscriber need not be rebuilt.
/// - With the default feature `tracing-log` of `tracing-subscriber`, messages of the `log` crate are
///   redacted too.
///
/// # Security
/// - Each layer of a subscriber has its own writer. Wrap all of them.
/// - Panics, `println!` and `eprintln!` bypass every writer. [`Redactor::display`] has a panic hook.
///
/// # tower-http
/// The span of `TraceLayer` has a field `uri` with the query. At the level `DEBUG`, each log line of a
/// handshake then contains the verify token. This writer redacts it. If another layer also exports
/// events, for example to a trace collector, redact the fields themselves:
///
/// ```
/// use http::Request;
/// use hubseal::redact::{RedactedHeaders, Redactor};
/// use tower_http::trace::TraceLayer;
/// # use std::{convert::Infallible, sync::{Arc, Mutex}};
/// # use tower::{ServiceBuilder, ServiceExt, service_fn};
/// # #[derive(Clone, Default)]
/// # struct Log(Arc<Mutex<Vec<u8>>>);
/// # impl std::io::Write for Log {
/// #     fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
/// #         self.0.lock().unwrap().write(text)
/// #     }
/// #     fn flush(&mut self) -> std::io::Result<()> {
/// #         Ok(())
/// #     }
/// # }
///
/// let redactor = Redactor::new();
/// let layer = TraceLayer::new_for_http().make_span_with(move |request: &Request<String>| {
///     tracing::debug_span!(
///         "request",
///         method = %request.method(),
///         uri = %redactor.display(request.uri()),
///         headers = ?RedactedHeaders(request.headers()),
///     )
/// });
/// # let log = Log::default();
/// # let raw = log.clone();
/// # let subscriber = tracing_subscriber::fmt()
/// #     .with_max_level(tracing::Level::DEBUG)
/// #     .with_writer(move || raw.clone())
/// #     .finish();
/// # let service = ServiceBuilder::new().layer(layer).service(service_fn(async |_| {
/// #     Ok::<_, Infallible>(http::Response::new(String::new()))
/// # }));
/// # let request = Request::get("/webhook?hub.mode=subscribe&hub.verify_token=correct-horse")
/// #     .header("host", "example.com")
/// #     .header("authorization", "Basic YTpi")
/// #     .body(String::new())?;
/// # let _default = tracing::subscriber::set_default(subscriber);
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(service.oneshot(request))?;
/// # let log = String::from_utf8(log.0.lock().unwrap().clone())?;
/// # assert!(log.contains("hub.mode=subscribe") && log.contains("example.com"), "{log}");
/// # assert!(!log.contains("correct-horse") && !log.contains("YTpi"), "{log}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Leave `DefaultMakeSpan::include_headers` and `DefaultOnResponse::include_headers` off. They log every
/// value that is not marked as sensitive.
#[derive(Clone, Debug)]
pub struct RedactingMakeWriter<M> {
    redactor: Redactor,
    inner: M,
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for RedactingMakeWriter<M> {
    type Writer = RedactingWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        RedactingWriter::new(&self.redactor, self.inner.make_writer(), Record::Event)
    }

    fn make_writer_for(&'a self, meta: &tracing_core::Metadata<'_>) -> Self::Writer {
        RedactingWriter::new(
            &self.redactor,
            self.inner.make_writer_for(meta),
            Record::Event,
        )
    }
}
