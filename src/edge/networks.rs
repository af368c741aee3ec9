//! Networks, parsed from text.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::{net::IpAddr, ops::RangeInclusive};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// A set of networks.
#[derive(Debug)]
pub(super) struct Networks {
    /// Sorted, without overlaps.
    v4: Box<[RangeInclusive<u32>]>,
    v6: Box<[RangeInclusive<u128>]>,
}

impl Networks {
    pub(super) fn new(networks: &[IpNet]) -> Self {
        let v4: Vec<Ipv4Net> = networks
            .iter()
            .filter_map(|network| match network {
                IpNet::V4(network) => Some(*network),
                IpNet::V6(_) => None,
            })
            .collect();
        let v6: Vec<Ipv6Net> = networks
            .iter()
            .filter_map(|network| match network {
                IpNet::V4(_) => None,
                IpNet::V6(network) => Some(*network),
            })
            .collect();
        Self {
            v4: ranges(Ipv4Net::aggregate(&v4), |net| {
                net.network().to_bits()..=net.broadcast().to_bits()
            }),
            v6: ranges(Ipv6Net::aggregate(&v6), |net| {
                net.network().to_bits()..=net.broadcast().to_bits()
            }),
        }
    }

    /// Returns whether one of the networks contains the address.
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(address) => contains(&self.v4, address.to_bits()),
            IpAddr::V6(address) => contains(&self.v6, address.to_bits()),
        }
    }
}

fn ranges<N, B: Ord + Copy>(
    networks: Vec<N>,
    range: impl Fn(&N) -> RangeInclusive<B>,
) -> Box<[RangeInclusive<B>]> {
    let mut ranges: Vec<_> = networks.iter().map(range).collect();
    ranges.sort_unstable_by_key(|range| *range.start());
    ranges.into()
}

fn contains<B: Ord>(ranges: &[RangeInclusive<B>], address: B) -> bool {
    let behind = ranges.partition_point(|range| *range.start() <= address);
    let nearest = behind.checked_sub(1).and_then(|index| ranges.get(index));
    nearest.is_some_and(|range| range.contains(&address))
}

/// Parses a network such as `10.0.0.0/8`, or a single address. `line` is for the error.
pub(super) fn parse(line: usize, entry: &str) -> Result<IpNet, NetworksError> {
    let refused = |problem| NetworksError {
        line,
        entry: entry.chars().take(MAX_SHOWN).collect(),
        problem,
    };
    if let Ok(address) = entry.parse::<IpAddr>() {
        return Ok(address.to_canonical().into());
    }
    let network: IpNet = entry.parse().map_err(|_| refused(Problem::Malformed))?;
    if network.prefix_len() == 0 {
        return Err(refused(Problem::Everything));
    }
    if network.trunc() != network {
        return Err(refused(Problem::HostBits(network.trunc())));
    }
    Ok(unmapped(network))
}

/// Returns the IPv4 network that an IPv4-mapped one stands for, because addresses are compared in that form.
fn unmapped(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else {
        return network;
    };
    let address = mapped.network().to_ipv4_mapped();
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
#[error("line {line}: {entry:?} {problem}")]
pub struct NetworksError {
    line: usize,
    entry: String,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error("is neither a network such as \"31.13.24.0/21\" nor an address")]
    Malformed,
    #[error("has an address that is not the first of its network; write \"{0}\"")]
    HostBits(IpNet),
    #[error("contains every address; name the networks")]
    Everything,
}
