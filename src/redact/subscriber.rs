//! A redacting writer for `tracing-subscriber`.

use tracing_subscriber::fmt::MakeWriter;

use super::{RedactingWriter, Redactor, writer::AtDrop};

impl Redactor {
    /// Creates a writer for `tracing-subscriber` that redacts each event.
    ///
    /// Pass it to `with_writer` of a layer or a subscriber.
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

/// A writer for `tracing-subscriber` that redacts each event, with its spans, as one text.
/// [`Redactor::make_writer`] creates it.
///
/// Pass it to `with_writer` of a layer or a subscriber, with any format.
///
/// - An event becomes one `write_all` on the inner writer, if the formatter writes it at once. The
///   formatters of `tracing-subscriber` do.
/// - Dropping the writer ends the event. While the thread panics, the event counts as cut off.
/// - With the default feature `tracing-log` of `tracing-subscriber`, messages of the `log` crate are
///   redacted too.
///
/// # Security
/// - Each layer of a subscriber has its own writer. Wrap all of them.
/// - Panics bypass every writer: use [`Redactor::install_panic_hook`]. So do `println!` and `eprintln!`.
///
/// # tower-http
/// By default, the span of `TraceLayer` has a field `uri` that contains the query. At the level `DEBUG`,
/// each log line of a handshake then contains the verify token. This writer redacts it. If other layers
/// also export events, for example to a trace collector, redact the field itself:
///
/// ```
/// use http::Request;
/// use hubseal::redact::Redactor;
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
///         headers = %redactor.headers(request.headers()),
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
/// value that is not marked as sensitive. Use [`Redactor::headers`] instead.
///
/// # Examples
/// ```
/// use hubseal::redact::Redactor;
/// use std::sync::{Arc, Mutex};
///
/// let log = Arc::new(Mutex::new(Vec::new()));
/// # struct Shared(Arc<Mutex<Vec<u8>>>);
/// # impl std::io::Write for Shared {
/// #     fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
/// #         self.0.lock().unwrap().write(text)
/// #     }
/// #     fn flush(&mut self) -> std::io::Result<()> {
/// #         Ok(())
/// #     }
/// # }
/// # let shared = Arc::clone(&log);
/// # let to_log = move || Shared(Arc::clone(&shared));
/// let subscriber = tracing_subscriber::fmt()
///     .with_writer(Redactor::new().make_writer(to_log))
///     .finish();
///
/// tracing::subscriber::with_default(subscriber, || {
///     tracing::info!(url = "/me?access_token=EAAGm0PX4ZCpsBAAbcdefghijklmnop", "asking");
/// });
/// let log = String::from_utf8(log.lock().unwrap().clone())?;
/// assert!(log.contains("/me?access_token=[redacted:access_token]"), "{log}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RedactingMakeWriter<M> {
    redactor: Redactor,
    inner: M,
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for RedactingMakeWriter<M> {
    type Writer = RedactingWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        let inner = self.inner.make_writer();
        RedactingWriter::new(&self.redactor, inner, AtDrop::Finish)
    }

    fn make_writer_for(&'a self, meta: &tracing_core::Metadata<'_>) -> Self::Writer {
        let inner = self.inner.make_writer_for(meta);
        RedactingWriter::new(&self.redactor, inner, AtDrop::Finish)
    }
}
