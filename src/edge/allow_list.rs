//! A list of the networks that may send requests.

use alloc::sync::Arc;
use core::{fmt, net::IpAddr, time::Duration};

use super::{NetworksError, network_list, shared_networks::SharedNetworks};

/// A list of the networks that may send requests.
///
/// Clones share the networks. [`replace`](Self::replace) replaces them at run time. Requests take no exclusive
/// lock and allocate nothing.
///
/// # Formats
/// [`parse`](Self::parse) and [`replace`](Self::replace) accept these lines, also mixed:
///
/// - A network or an address: `31.13.24.0/21`, `2001:db8::/32`, `192.0.2.7`.
/// - Objects of a routing registry, separated by blank lines. Each begins with `route:` or `route6:`. Its
///   other lines are skipped, and so are lines that begin with `%`.
/// - A geofeed ([RFC 8805]): lines of a CSV file that begin with a network. Their other fields are skipped.
/// - Blank lines, and comments after `#`.
///
/// Any other line is an error. An IPv4-mapped IPv6 address counts as the IPv4 address, here and in
/// [`contains`](Self::contains).
///
/// # The networks of Meta
/// [Meta's documentation] names a [geofeed] and the output of this command. hubseal contains no copy, because the
/// networks change without notice.
///
/// ```sh
/// whois -h whois.radb.net -- '-i origin AS32934' >meta-networks.txt
/// ```
///
/// An outdated list rejects genuine deliveries, and Meta does not tell you. Take these steps:
///
/// 1. Start with [`report_only`](Self::report_only). The list then rejects nothing, and reports requests from other
///    networks.
/// 2. Compare the reports with your deliveries. Enforce the list when no genuine delivery was reported.
/// 3. Replace the list regularly, such as daily, with a text that you have just fetched. If nothing replaces it,
///    [`with_max_age`](Self::with_max_age) warns. It does not know the age of the text.
///
/// # Security
/// - The list does not replace the signature. Others can send from a listed network, and a registry can
///   contain wrong routes.
/// - Behind a proxy, find the source with a [`ClientAddress`](super::ClientAddress). Otherwise each request has
///   the address of the proxy.
///
/// # Examples
/// ```
/// use hubseal::edge::AllowList;
///
/// let registry = "
/// route:      198.51.100.0/24
/// descr:      Example
/// origin:     AS64496
///
/// route6:     2001:db8::/32
/// origin:     AS64496
/// ";
/// let list = AllowList::parse(registry)?.report_only();
/// assert!(list.contains("198.51.100.7".parse()?));
/// assert!(!list.contains("203.0.113.7".parse()?));
///
/// // Later, for the endpoint with a clone of the list:
/// list.replace("203.0.113.0/24")?;
/// assert!(list.contains("203.0.113.7".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [geofeed]: https://facebook.com/peering/geofeed
/// [RFC 8805]: https://www.rfc-editor.org/rfc/rfc8805
/// [Meta's documentation]: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
#[derive(Clone)]
pub struct AllowList {
    networks: Arc<SharedNetworks>,
    report_only: bool,
    max_age: Option<Duration>,
}

impl AllowList {
    /// Parses a list. The type documents the [formats](Self#formats).
    ///
    /// # Errors
    /// Refuses the whole text for
    /// - a line in another format,
    /// - a network with host bits, such as `10.1.2.3/8`,
    /// - a network of all addresses, such as `0.0.0.0/0`,
    /// - a text without a network, because an empty file would lock out all senders.
    ///
    /// # Examples
    /// ```
    /// use hubseal::edge::AllowList;
    ///
    /// let list = AllowList::parse("192.0.2.0/24 # the office\n2001:db8::7")?;
    /// assert!(list.contains("192.0.2.255".parse()?));
    ///
    /// let refused = AllowList::parse("192.0.2.0/24\nexample.com").unwrap_err();
    /// assert!(refused.to_string().starts_with(r#"line 2: "example.com" is neither a network"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, NetworksError> {
        Ok(Self {
            networks: Arc::new(SharedNetworks::new(network_list::parse(text)?)),
            report_only: false,
            max_age: None,
        })
    }

    /// Replaces the networks of this list and its clones.
    ///
    /// Concurrent requests are compared with all old networks or with all new ones.
    ///
    /// # Errors
    /// Refuses the same texts as [`parse`](Self::parse), and keeps the old networks and their age.
    ///
    /// # Examples
    /// ```
    /// use hubseal::edge::AllowList;
    ///
    /// let list = AllowList::parse("192.0.2.0/24")?;
    /// let of_endpoint = list.clone();
    ///
    /// list.replace("198.51.100.0/24")?;
    /// assert!(of_endpoint.contains("198.51.100.7".parse()?));
    ///
    /// assert!(list.replace("").is_err());
    /// assert!(of_endpoint.contains("198.51.100.7".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replace(&self, text: &str) -> Result<(), NetworksError> {
        self.networks.replace(network_list::parse(text)?);
        Ok(())
    }

    /// Accepts requests from other networks, and only reports them.
    ///
    /// Applies to this `AllowList` and its later clones.
    ///
    /// # Examples
    /// ```
    /// use hubseal::edge::AllowList;
    ///
    /// let list = AllowList::parse("192.0.2.0/24")?.report_only();
    /// assert!(!list.contains("198.51.100.7".parse()?)); // reported, and accepted
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn report_only(self) -> Self {
        Self {
            report_only: true,
            ..self
        }
    }

    /// Sets the age above which requests log a warning, at most once in 24 hours after the last replacement. By
    /// default, none is logged.
    ///
    /// Applies to this `AllowList` and its later clones. All of them together log one warning. An old list
    /// stays in force. Without a clock, as on `wasm32-unknown-unknown`, this has no effect.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    ///
    /// use hubseal::edge::AllowList;
    ///
    /// let week = Duration::from_secs(7 * 24 * 60 * 60);
    /// let list = AllowList::parse("192.0.2.0/24")?.with_max_age(week);
    /// # assert!(list.contains("192.0.2.7".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_max_age(self, age: Duration) -> Self {
        Self {
            max_age: Some(age),
            ..self
        }
    }

    /// Returns whether one of the networks contains the address.
    ///
    /// The time is logarithmic in the number of networks.
    ///
    /// # Examples
    /// ```
    /// use hubseal::edge::AllowList;
    ///
    /// let list = AllowList::parse("192.0.2.0/24")?;
    /// assert!(list.contains("192.0.2.7".parse()?));
    /// assert!(list.contains("::ffff:192.0.2.7".parse()?));
    /// assert!(!list.contains("2001:db8::7".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn contains(&self, source: IpAddr) -> bool {
        self.networks.contains(source)
    }

    /// Returns the time since [`parse`](Self::parse) or the last successful [`replace`](Self::replace), in
    /// whole milliseconds.
    ///
    /// Returns zero where the platform has no clock.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    ///
    /// use hubseal::edge::AllowList;
    ///
    /// let list = AllowList::parse("192.0.2.0/24")?;
    /// assert!(list.age() < Duration::from_secs(60));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn age(&self) -> Duration {
        self.networks.age()
    }

    pub(crate) fn is_report_only(&self) -> bool {
        self.report_only
    }

    /// Returns the age if the list is too old and no warning was logged in the last 24 hours. One caller gets
    /// it, which logs the warning.
    pub(crate) fn overdue(&self) -> Option<Duration> {
        self.networks.overdue(self.max_age?)
    }
}

/// Prints the number of networks without those that another one contains, the mode and the age.
impl fmt::Debug for AllowList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AllowList")
            .field("networks", &self.networks.len())
            .field("report_only", &self.report_only)
            .field("age", &self.age())
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}
