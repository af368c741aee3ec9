//! The result of a diagnosis.

use alloc::{vec, vec::Vec};
use core::fmt;

use super::cause::Cause;

/// The causes that [`Diagnose`](super::Diagnose) has found. `Display` prints one line for each.
///
/// It holds no secret, no signature and no part of the body. It is no proof that a request is genuine, and
/// nothing converts it into a [`Verified`](crate::Verified).
///
/// # Examples
/// ```
/// use hubseal::diagnose::Diagnose;
///
/// let unsigned: [(&str, &str); 0] = [];
/// let diagnosis = Diagnose::new("c1e8b0a53f7d4926a85b60d2917e43fc").delivery(&unsigned, "{}");
/// assert_eq!(
///     diagnosis.to_string(),
///     "signature_missing: the request has no X-Hub-Signature-256 header. \
///      Let every proxy forward the header. If no proxy removes it, the request is not from Meta.",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis<'a> {
    causes: Vec<Cause>,
    is_certain: bool,
    secret_name: Option<&'a str>,
}

impl<'a> Diagnosis<'a> {
    pub(super) fn of_header(cause: Cause) -> Self {
        Self {
            causes: vec![cause],
            is_certain: true,
            secret_name: None,
        }
    }

    /// The signature matches a variant, with the cause that the secret and the body prove.
    pub(super) fn of_match(
        secret: Option<Cause>,
        body: Option<Cause>,
        secret_name: Option<&'a str>,
    ) -> Self {
        let mut causes: Vec<Cause> = secret.into_iter().chain(body).collect();
        if causes.is_empty() {
            causes.push(Cause::Matches);
        }
        Self {
            causes,
            is_certain: true,
            secret_name,
        }
    }

    pub(super) fn of_clues(causes: Vec<Cause>) -> Self {
        Self {
            causes,
            is_certain: false,
            secret_name: None,
        }
    }

    /// Returns the causes; at least one.
    ///
    /// If they are certain, there are two at most: one of the secret and one of the body.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Signature, diagnose::{Cause, Diagnose}};
    ///
    /// let secret = AppSecret::new("c1e8b0a53f7d4926a85b60d2917e43fc")?;
    /// let headers = [("x-hub-signature-256", Signature::sign(&secret, r#"{"a":1}"#).to_string())];
    ///
    /// let quoted = "\"c1e8b0a53f7d4926a85b60d2917e43fc\"";
    /// let diagnosis = Diagnose::new(quoted).delivery(&headers, r#"{ "a": 1 }"#);
    /// assert_eq!(diagnosis.causes(), [Cause::SecretWrapped, Cause::JsonRewritten]);
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// Returns whether the causes are certain. Otherwise they are clues, and each may be wrong.
    ///
    /// A cause is certain if the signature matches a variant, or if the signature header cannot be used.
    ///
    /// # Examples
    /// ```
    /// use hubseal::diagnose::{Cause, Diagnose};
    ///
    /// let headers = [("x-hub-signature-256", format!("sha256={:064x}", 7))];
    /// let diagnosis = Diagnose::new("c1e8b0a53f7d4926a85b60d2917e43fc").delivery(&headers, "");
    /// assert_eq!(diagnosis.causes(), [Cause::BodyEmpty]);
    /// assert!(!diagnosis.is_certain());
    /// ```
    #[must_use]
    pub const fn is_certain(&self) -> bool {
        self.is_certain
    }

    /// Returns the name of the [other secret](super::Diagnose::add_secret) that matches.
    ///
    /// # Examples
    /// ```
    /// use hubseal::diagnose::Diagnose;
    ///
    /// let headers = [(
    ///     "x-hub-signature-256",
    ///     "sha256=4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3",
    /// )];
    /// let diagnose = Diagnose::new("c1e8b0a53f7d4926a85b60d2917e43fc").add_secret("2025", "mysecret");
    /// assert_eq!(diagnose.delivery(&headers, r#"{"foo":"bar"}"#).secret_name(), Some("2025"));
    /// ```
    #[must_use]
    pub const fn secret_name(&self) -> Option<&'a str> {
        self.secret_name
    }
}

/// Prints `name: sentence. Remedy.` for each cause, and the name of the secret that matches.
impl fmt::Display for Diagnosis<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, cause) in self.causes.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{}: {cause}", cause.as_str())?;
            if let (Cause::OtherSecret, Some(name)) = (cause, self.secret_name) {
                write!(f, " ({})", name.escape_debug())?;
            }
            write!(f, ". {}", cause.remedy())?;
        }
        Ok(())
    }
}
