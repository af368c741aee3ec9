//! Keyed pseudonyms for phone numbers, user ids and IP addresses.

use alloc::{format, string::String};
use core::net::IpAddr;

use hmac::Mac;

use super::RuleError;
use crate::signature::HmacState;

/// A key for pseudonyms of phone numbers, user ids and IP addresses.
///
/// A pseudonym such as `wa:4h5kdonq2ecx` is `wa:` and 12 characters of base32 (RFC 4648, lower case).
/// They encode the first 60 bits of an HMAC-SHA256 of the number's digits. The pseudonym of a user id
/// begins with `user:`, that of an IP address with `ip:`. An unkeyed hash could be reversed by trying
/// all phone numbers.
///
/// To change the key, give the new one [an id](Self::with_id). Its pseudonyms then contain the id:
/// `wa:2027:gmxv4ks6ud3c`.
///
/// # Security
/// - Anyone with the key can check whether a pseudonym belongs to a given phone number or address.
/// - Keep the key apart from the logs and from the app secret.
///
/// # Examples
/// ```
/// use hubseal::redact::PseudonymKey;
///
/// let key = PseudonymKey::new(b"32 random bytes, kept by the DPO")?;
/// assert_eq!(key.phone_number("+1 650 555 1234").as_deref(), Some("wa:xzethf37qwf5"));
/// # Ok::<(), hubseal::redact::RuleError>(())
/// ```
///
/// `PersonalData::Pseudonyms` uses a key for logs, and `AuditLog::with_source_pseudonyms` for addresses.
/// A key implements neither `Debug` nor `PartialEq`:
/// ```compile_fail,E0369
/// let key = hubseal::redact::PseudonymKey::new([7; 32]).unwrap();
/// let _ = key == key;
/// ```
pub struct PseudonymKey {
    mac: HmacState,
    /// The id and a colon, or the empty string.
    id: String,
}

/// The minimum length of a key, in bytes.
const MIN_KEY: usize = 16;
const MAX_ID: usize = 16;
/// Twelve characters of five bits each.
const CHARACTERS: usize = 12;
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

impl PseudonymKey {
    /// Creates a key from at least 16 bytes. Use 32 random bytes.
    ///
    /// # Errors
    /// Returns [`RuleError::PseudonymKey`] if the key is shorter.
    ///
    /// # Security
    /// The caller must wipe the memory that `key` refers to.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::PseudonymKey;
    ///
    /// assert!(PseudonymKey::new([7; 32]).is_ok());
    /// assert!(PseudonymKey::new("too short").is_err());
    /// ```
    pub fn new(key: impl AsRef<[u8]>) -> Result<Self, RuleError> {
        let key = key.as_ref();
        if key.len() < MIN_KEY {
            return Err(RuleError::PseudonymKey);
        }
        Ok(Self {
            mac: HmacState::of_key(key),
            id: String::new(),
        })
    }

    /// Creates a random key. Its pseudonyms are comparable within one run of the process only.
    ///
    /// # Errors
    /// Returns [`RuleError::NoRandomness`] if the operating system returns no random bytes.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::PseudonymKey;
    ///
    /// let (one, other) = (PseudonymKey::random()?, PseudonymKey::random()?);
    /// assert_ne!(one.phone_number("16505551234"), other.phone_number("16505551234"));
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    #[cfg(feature = "getrandom")]
    pub fn random() -> Result<Self, RuleError> {
        let mut key = zeroize::Zeroizing::new([0; 32]);
        getrandom::fill(key.as_mut()).map_err(|_| RuleError::NoRandomness)?;
        Self::new(key.as_ref())
    }

    /// Sets the id of the key, which each of its pseudonyms contains.
    ///
    /// # Errors
    /// Returns [`RuleError::PseudonymId`] if the id is not 1 to 16 characters of `a`–`z`, `0`–`9`, `-`
    /// and `_`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::PseudonymKey;
    ///
    /// let key = PseudonymKey::new([7; 32])?.with_id("2027")?;
    /// assert!(key.phone_number("16505551234").unwrap().starts_with("wa:2027:"));
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    pub fn with_id(self, id: &str) -> Result<Self, RuleError> {
        if !is_id(id.as_bytes()) {
            return Err(RuleError::PseudonymId);
        }
        Ok(Self {
            id: format!("{id}:"),
            ..self
        })
    }

    /// Returns the pseudonym of a phone number, to search a log for.
    ///
    /// The number includes the country code. Characters other than digits are ignored. Returns `None`
    /// unless there are 7 to 15 digits.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::PseudonymKey;
    ///
    /// let key = PseudonymKey::new([7; 32])?;
    /// assert_eq!(key.phone_number("+1 650 555 1234"), key.phone_number("16505551234"));
    /// assert_eq!(key.phone_number("1234"), None);
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    #[must_use]
    pub fn phone_number(&self, number: &str) -> Option<String> {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        (7..=15)
            .contains(&digits.len())
            .then(|| self.pseudonym("wa", "hubseal/pseudonym/phone number", digits.as_bytes()))
    }

    /// Returns the pseudonym of an IP address, to search an audit log for.
    ///
    /// An IPv4-mapped IPv6 address has the pseudonym of its IPv4 address. The redactor does not replace IP
    /// addresses.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::PseudonymKey;
    ///
    /// let key = PseudonymKey::new([7; 32])?;
    /// let known = key.ip_address([192, 0, 2, 1].into());
    /// assert!(known.starts_with("ip:"));
    /// assert_eq!(known, key.ip_address("::ffff:192.0.2.1".parse().unwrap()));
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    #[must_use]
    pub fn ip_address(&self, address: IpAddr) -> String {
        const DOMAIN: &str = "hubseal/pseudonym/ip address";
        match address.to_canonical() {
            IpAddr::V4(address) => self.pseudonym("ip", DOMAIN, &address.octets()),
            IpAddr::V6(address) => self.pseudonym("ip", DOMAIN, &address.octets()),
        }
    }

    #[cfg(feature = "redact")]
    pub(super) fn user_id(&self, id: &str) -> String {
        self.pseudonym("user", "hubseal/pseudonym/user id", id.as_bytes())
    }

    #[expect(clippy::disallowed_methods, reason = "pseudonyms are public")]
    fn pseudonym(&self, prefix: &str, domain: &str, of: &[u8]) -> String {
        let mut mac = self.mac.copy();
        for part in [domain.as_bytes(), &[0], of] {
            mac.update(part);
        }
        let tag = mac.finalize().into_bytes();
        let bits = tag
            .first_chunk()
            .map_or(0, |first| u64::from_be_bytes(*first));
        let letter = |index: usize| {
            let five = bits >> 59_usize.saturating_sub(index.saturating_mul(5)) & 31;
            let letter = usize::try_from(five)
                .ok()
                .and_then(|five| LETTERS.get(five));
            char::from(letter.copied().unwrap_or_default())
        };
        let name: String = (0..CHARACTERS).map(letter).collect();
        format!("{prefix}:{}{name}", self.id)
    }
}

fn is_id(id: &[u8]) -> bool {
    let allowed = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    (1..=MAX_ID).contains(&id.len()) && id.iter().all(allowed)
}
