//! Header lookup, independent of the framework.

use alloc::{collections::BTreeMap, vec::Vec};
#[cfg(feature = "std")]
use std::collections::HashMap;

/// A collection of headers that an [`Endpoint`](crate::Endpoint) can read.
///
/// It is implemented for slices, arrays and vectors of pairs, for `BTreeMap`, and for the header map of
/// each adapter. The feature `std` adds `HashMap`. Names are matched without regard to case. For a map of lists,
/// pass a `Vec` with a pair for each value.
///
/// # Security
/// A map has one value for each name, so it can hide a repeated header. If its source joins repeated
/// values, the joined signature is malformed and therefore rejected.
///
/// # Examples
/// ```
/// use hubseal::HeaderLookup;
/// use std::collections::BTreeMap;
///
/// let headers = [("Content-Length", "2"), ("content-length", "3")];
/// assert_eq!(headers.values("content-length").count(), 2);
///
/// let event = BTreeMap::from([("X-Hub-Signature-256".to_owned(), "sha256=".to_owned())]);
/// let values = HeaderLookup::values(&event, "x-hub-signature-256");
/// assert!(values.eq([b"sha256="]));
///
/// // A map of lists, such as `multiValueHeaders` of AWS:
/// let lists = BTreeMap::from([("Content-Length".to_owned(), vec!["2".to_owned(), "3".to_owned()])]);
/// let pairs = lists.iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
/// assert_eq!(pairs.collect::<Vec<_>>().values("content-length").count(), 2);
/// ```
pub trait HeaderLookup {
    /// Returns every value of a header, in order, as raw bytes. `name` is in lower case.
    ///
    /// # Security
    /// Return all values, not only the first. The endpoint rejects requests with two signatures.
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]>;
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> HeaderLookup for [(N, V)] {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        matching(self.iter().map(|(name, value)| (name, value)), name)
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>, const LENGTH: usize> HeaderLookup for [(N, V); LENGTH] {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.as_slice().values(name)
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> HeaderLookup for Vec<(N, V)> {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.as_slice().values(name)
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> HeaderLookup for BTreeMap<N, V> {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        matching(self, name)
    }
}

#[cfg(feature = "std")]
impl<N: AsRef<[u8]>, V: AsRef<[u8]>, S> HeaderLookup for HashMap<N, V, S> {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        matching(self, name)
    }
}

/// Compares names without regard to case, because gateways do not always send lower-case names.
fn matching<'a, N: AsRef<[u8]> + 'a, V: AsRef<[u8]> + 'a>(
    headers: impl IntoIterator<Item = (&'a N, &'a V)>,
    name: &str,
) -> impl Iterator<Item = &'a [u8]> {
    headers
        .into_iter()
        .filter(|(known, _)| known.as_ref().eq_ignore_ascii_case(name.as_bytes()))
        .map(|(_, value)| value.as_ref())
}
