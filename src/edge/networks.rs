//! Networks, parsed from text.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::{cmp::Reverse, net::IpAddr, ops::RangeInclusive};

use ipnet::{IpNet, Ipv4Net};

/// A set of networks.
#[derive(Debug)]
pub(super) struct Networks {
    /// Sorted, without overlaps.
    v4: Box<[RangeInclusive<u32>]>,
    v6: Box<[RangeInclusive<u128>]>,
}

impl Networks {
    pub(super) fn new(networks: &[IpNet]) -> Self {
        let v4 = networks.iter().filter_map(|network| match network {
            IpNet::V4(net) => Some(net.network().to_bits()..=net.broadcast().to_bits()),
            IpNet::V6(_) => None,
        });
        let v6 = networks.iter().filter_map(|network| match network {
            IpNet::V4(_) => None,
            IpNet::V6(net) => Some(net.network().to_bits()..=net.broadcast().to_bits()),
        });
        Self {
            v4: without_overlaps(v4.collect()),
            v6: without_overlaps(v6.collect()),
        }
    }

    /// Collects parsed networks. Refuses an empty list.
    pub(super) fn collect(
        parsed: impl IntoIterator<Item = Result<IpNet, NetworksError>>,
    ) -> Result<Self, NetworksError> {
        let networks: Vec<_> = parsed.into_iter().collect::<Result<_, _>>()?;
        if networks.is_empty() {
            return Err(NetworksError(Reason::Empty));
        }
        Ok(Self::new(&networks))
    }

    /// Returns whether one of the networks contains the address.
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(address) => contains(&self.v4, address.to_bits()),
            IpAddr::V6(address) => contains(&self.v6, address.to_bits()),
        }
    }

    /// Returns the number of networks, without those that another one contains.
    pub(super) fn len(&self) -> usize {
        self.v4.len().saturating_add(self.v6.len())
    }
}

/// Sorts the ranges of networks. Two networks are separate, or one contains the other.
fn without_overlaps<B: Ord + Copy>(mut ranges: Vec<RangeInclusive<B>>) -> Box<[RangeInclusive<B>]> {
    ranges.sort_unstable_by_key(|range| (*range.start(), Reverse(*range.end())));
    ranges.dedup_by(|next, kept| next.end() <= kept.end());
    ranges.into()
}

fn contains<B: Ord + Copy>(ranges: &[RangeInclusive<B>], address: B) -> bool {
    let behind = ranges.partition_point(|range| *range.start() <= address);
    let nearest = behind.checked_sub(1).and_then(|index| ranges.get(index));
    nearest.is_some_and(|range| range.contains(&address))
}

/// Parses a network such as `10.0.0.0/8`, or a single address. `line` is for the error.
pub(super) fn parse(line: usize, entry: &str) -> Result<IpNet, NetworksError> {
    let refused = |problem| NetworksError::refused(line, entry, problem);
    let network = read(entry).ok_or_else(|| refused(Problem::Malformed))?;
    let unmapped = unmapped(network);
    if unmapped.prefix_len() == 0 {
        return Err(refused(Problem::Everything));
    }
    if network.trunc() != network {
        return Err(refused(Problem::HostBits(network.trunc())));
    }
    Ok(unmapped)
}

/// Reads a network that may have host bits, or a single address.
///
/// Does not use the parser of `ipnet`, which reads `010.0.0.0` as `10.0.0.0`. To others it is octal.
pub(super) fn read(entry: &str) -> Option<IpNet> {
    let Some((address, prefix)) = entry.split_once('/') else {
        return entry.parse::<IpAddr>().ok().map(IpNet::from);
    };
    // The parser of integers accepts a sign and leading zeros.
    if prefix.len() > 1 && prefix.starts_with(['+', '0']) {
        return None;
    }
    IpNet::new(address.parse().ok()?, prefix.parse().ok()?).ok()
}

/// Converts an IPv4-mapped network to an IPv4 network. Addresses are converted before they are compared.
fn unmapped(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else {
        return network;
    };
    let address = mapped.addr().to_ipv4_mapped();
    let prefix = mapped.prefix_len().checked_sub(96);
    let v4 = address
        .zip(prefix)
        .and_then(|(address, prefix)| Ipv4Net::new(address, prefix).ok());
    v4.map_or(network, IpNet::V4)
}

/// The maximum length of an entry in an error, in characters.
const MAX_SHOWN: usize = 64;

/// The error of a refused list of networks. The message names the line, the entry and the remedy.
///
/// # Examples
/// ```
/// use hubseal::edge::AllowList;
///
/// let refused = AllowList::parse("31.13.24.0/21\n10.1.2.3/8\n").unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     r#"line 2: "10.1.2.3/8" has an address that is not the first of its network; write "10.0.0.0/8""#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct NetworksError(Reason);

impl NetworksError {
    pub(super) fn refused(line: usize, entry: &str, problem: Problem) -> Self {
        Self(Reason::Line {
            line,
            entry: entry.chars().take(MAX_SHOWN).collect(),
            problem,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Reason {
    #[error("the list contains no network; add at least one network or address")]
    Empty,
    #[error("line {line}: {entry:?} {problem}")]
    Line {
        line: usize,
        entry: String,
        problem: Problem,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("is neither a network such as \"31.13.24.0/21\" nor an address")]
    Malformed,
    #[error("has an address that is not the first of its network; write \"{0}\"")]
    HostBits(IpNet),
    #[error("contains every address; name the networks")]
    Everything,
    #[error("contains several networks; write each on its own line")]
    Several,
}
