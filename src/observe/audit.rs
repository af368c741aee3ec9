//! The audit log: one JSON line for each request.

use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};
use core::{fmt, mem, time::Duration};
use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use humantime::format_rfc3339_millis;
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    clock::unix_time,
    events::TARGET,
    outcome::{Observer, Outcome},
};
use crate::redact::PseudonymKey;

/// Writes one JSON line for each request to a file or another writer.
///
/// ```json
/// {"time":"2026-11-26T16:40:00.123Z","endpoint":"webhook","end":"verified","key":"current","body_bytes":700,"elapsed_us":12}
/// {"time":"2026-11-26T16:40:01.456Z","endpoint":"webhook","end":"rejected","reason":"signature_mismatch","body_bytes":700,"elapsed_us":14}
/// ```
///
/// - `end` is [`End::as_str`](crate::End::as_str), and `reason` is
///   [`RejectionKind::as_str`](crate::RejectionKind::as_str). A field without a value is left out.
/// - There is no limit: a flood of forged requests writes a line for each. Watch the size of the file.
/// - A line is written and flushed on the thread of its request. For a slow disk, use a writer with its
///   own thread, such as `tracing_appender::non_blocking`. By default, that writer drops lines under load
///   and reports no error: set `lossy(false)`.
/// - To rotate the file, use a writer that reopens it, such as `tracing_appender::rolling`. Or open the
///   file for appending, and let logrotate copy and truncate it.
/// - A failing writer loses lines, but no request. A `tracing` event at `ERROR` reports the first failure.
///   An event at `INFO` reports the number of lost lines when the writer works again. See also
///   [`lost_lines`](Self::lost_lines).
/// - After a failure, the next line begins with a line feed, so that a half-written line does not damage
///   it. A reader of the log must skip empty and incomplete lines.
///
/// Clones write to the same writer.
///
/// # Security
/// A line contains no byte of the request and no address. It contains a pseudonym of the address after
/// [`with_source_pseudonyms`](Self::with_source_pseudonyms).
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, AuditLog, Endpoint, RequestHead};
/// use std::fs;
///
/// # let directory = std::env::temp_dir().join(format!("hubseal-audit-{}", std::process::id()));
/// # fs::create_dir_all(&directory)?;
/// let path = directory.join("audit.jsonl");
/// let file = fs::OpenOptions::new().create(true).append(true).open(&path)?;
/// let audit = AuditLog::new(file);
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .add_observer(audit.clone())
///     .build()?;
///
/// let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
/// endpoint.receive(&RequestHead::new("POST", &headers))?.finish_with("{}")?;
///
/// let log = fs::read_to_string(&path)?;
/// assert!(log.contains(r#""endpoint":"webhook","end":"verified","key":"current","body_bytes":2,"#));
/// assert_eq!(audit.lost_lines(), 0);
/// # fs::remove_dir_all(&directory)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct AuditLog {
    log: Arc<Mutex<Log>>,
    pseudonyms: Option<Arc<PseudonymKey>>,
}

impl AuditLog {
    /// Creates an audit log that writes to this writer.
    ///
    /// Each line is passed to `write_all` as a whole and then flushed.
    ///
    /// # Examples
    /// ```
    /// let audit = hubseal::AuditLog::new(std::io::stderr());
    /// assert_eq!(audit.lost_lines(), 0);
    /// ```
    pub fn new(writer: impl io::Write + Send + 'static) -> Self {
        Self {
            log: Arc::new(Mutex::new(Log {
                writer: Box::new(writer),
                line: Vec::new(),
                run: 0,
                reported: false,
                lost: 0,
            })),
            pseudonyms: None,
        }
    }

    /// Adds the field `source` to each line: a pseudonym of the peer's address, such as
    /// `ip:2gr2s2a5rcr4`.
    ///
    /// To find a known address in the log, search for its [`ip_address`](PseudonymKey::ip_address)
    /// pseudonym. Clones that were made before have no such field. Behind a proxy, the address is that of
    /// the proxy.
    ///
    /// # Security
    /// Anyone with the key can find an IPv4 address by trying all of them. Keep the key apart from the log.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AuditLog, redact::PseudonymKey};
    ///
    /// let key = PseudonymKey::new(b"32 random bytes, kept by the DPO")?;
    /// let _audit = AuditLog::new(std::io::stderr()).with_source_pseudonyms(key);
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    #[must_use]
    pub fn with_source_pseudonyms(self, key: PseudonymKey) -> Self {
        Self {
            pseudonyms: Some(Arc::new(key)),
            ..self
        }
    }

    /// Returns the number of lines that the writer failed to write or flush.
    ///
    /// A line whose write panicked is counted too. Waits while another thread writes a line.
    ///
    /// # Examples
    /// ```
    /// let audit = hubseal::AuditLog::new(std::io::sink());
    /// assert_eq!(audit.lost_lines(), 0);
    /// ```
    #[must_use]
    pub fn lost_lines(&self) -> u64 {
        let log = self.log();
        log.lost.saturating_add(log.run)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        // A panic of the writer leaves the log as a failed write does.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for AuditLog {
    fn observe(&self, outcome: &Outcome<'_>) {
        let pseudonym = |key: &Arc<PseudonymKey>| Some(key.ip_address(outcome.source()?));
        let record = Record {
            elapsed_us: outcome.elapsed_us(),
            source: self.pseudonyms.as_ref().and_then(pseudonym),
            outcome,
        };
        // The lock is released before the event, whose subscriber could use this log.
        let change = self.log().append(&record);
        match change {
            None => {}
            Some(Change::Failed(error)) => tracing::error!(
                target: TARGET,
                %error,
                "cannot write to the audit log; its lines are lost until the writer works again"
            ),
            Some(Change::Recovered { lost }) => tracing::info!(
                target: TARGET,
                lost,
                "writing to the audit log works again; {lost} lines are lost"
            ),
        }
    }
}

/// Prints the number of lost lines.
impl fmt::Debug for AuditLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditLog")
            .field("lost_lines", &self.lost_lines())
            .finish_non_exhaustive()
    }
}

struct Log {
    writer: Box<dyn io::Write + Send>,
    /// The current line. The buffer is reused.
    line: Vec<u8>,
    /// The lines lost since the last success.
    run: u64,
    /// Whether the current run of failures is reported.
    reported: bool,
    /// The lines lost in earlier runs.
    lost: u64,
}

/// A change to report.
enum Change {
    Failed(io::Error),
    Recovered { lost: u64 },
}

impl Log {
    fn append(&mut self, record: &Record<'_>) -> Option<Change> {
        let run = self.run;
        // Counted as lost until it is written, because the writer can panic.
        self.run = run.saturating_add(1);
        if let Err(error) = self.write(record, run > 0) {
            let known = mem::replace(&mut self.reported, true);
            return (!known).then_some(Change::Failed(error));
        }
        self.run = 0;
        self.lost = self.lost.saturating_add(run);
        self.reported = false;
        (run > 0).then_some(Change::Recovered { lost: run })
    }

    fn write(&mut self, record: &Record<'_>, after_failure: bool) -> io::Result<()> {
        self.line.clear();
        if after_failure {
            // Ends a line of which only a part was written.
            self.line.push(b'\n');
        }
        serde_json::to_writer(&mut self.line, record)?;
        self.line.push(b'\n');
        self.writer.write_all(&self.line)?;
        self.writer.flush()
    }
}

/// The fields of a line.
struct Record<'a> {
    outcome: &'a Outcome<'a>,
    elapsed_us: Option<u64>,
    source: Option<String>,
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let end = self.outcome.end();
        let mut map = serializer.serialize_map(None)?;
        // Read under the lock, so that the lines are in order of time.
        if let Some(time) = unix_time().and_then(system_time) {
            let time = format_rfc3339_millis(time);
            map.serialize_entry("time", &format_args!("{time}"))?;
        }
        map.serialize_entry("endpoint", self.outcome.endpoint())?;
        map.serialize_entry("end", end.as_str())?;
        if let Some(key) = end.key() {
            map.serialize_entry("key", key.as_str())?;
        }
        if let Some(reason) = end.reason() {
            map.serialize_entry("reason", reason)?;
        }
        if let Some(kind) = self.outcome.report_only() {
            map.serialize_entry("report_only", kind.as_str())?;
        }
        map.serialize_entry("body_bytes", &self.outcome.body_bytes())?;
        if let Some(elapsed) = self.elapsed_us {
            map.serialize_entry("elapsed_us", &elapsed)?;
        }
        if let Some(source) = &self.source {
            map.serialize_entry("source", source)?;
        }
        map.end()
    }
}

/// The first second of the year 10000, which RFC 3339 cannot express.
const YEAR_10000: u64 = 253_402_300_800;

fn system_time(since_1970: Duration) -> Option<SystemTime> {
    if since_1970.as_secs() >= YEAR_10000 {
        return None;
    }
    SystemTime::UNIX_EPOCH.checked_add(since_1970)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use core::time::Duration;

    use super::{YEAR_10000, format_rfc3339_millis, system_time};

    #[test]
    fn formats_times_until_the_end_of_year_9999() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00.007Z"),
            (1_795_711_200, "2026-11-26T16:40:00.007Z"),
            (YEAR_10000 - 1, "9999-12-31T23:59:59.007Z"),
        ] {
            let time = system_time(Duration::new(seconds, 7_999_999)).unwrap();
            assert_eq!(format_rfc3339_millis(time).to_string(), expected);
        }
        assert_eq!(system_time(Duration::from_secs(YEAR_10000)), None);
    }
}
