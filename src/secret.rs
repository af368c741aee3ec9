//! The three secrets a receiver holds, as types that cannot be confused, printed or left behind.
//!
//! # Rules
//! 1. A secret is never empty, never surrounded by white space, holds no control character and
//!    none of the invisible ones that pasting brings along, and never looks like a placeholder:
//!    such a value cannot be made.
//! 2. It has no `Debug`, `Display`, `Clone`, `PartialEq`, `Hash` or `Serialize`. The text comes
//!    out through [`expose_secret`](AppSecret::expose_secret) only, a name to search for.
//! 3. It is stored in memory of exactly its size, and wiped when dropped. A `String` handed to
//!    `new` is wiped with its whole capacity.
//!
//! # Security
//! Wiping covers the memory these types own. It cannot reach what the compiler spilled to the
//! stack, the operating system's copy of the environment, or the page cache of a file.

mod error;
#[cfg(feature = "std")]
mod source;
mod text;

pub use error::{SecretError, SecretErrorKind};
use text::SecretText;

use alloc::string::String;
#[cfg(feature = "std")]
use std::path::Path;

macro_rules! secret {
    ($(#[$documentation:meta])* $name:ident, $what:literal, $sample:literal) => {
        $(#[$documentation])*
        ///
        /// It does not print, compare, clone or convert:
        /// ```compile_fail,E0277
        #[doc = concat!("let secret = hubseal::", stringify!($name), "::new(", stringify!($sample), ").unwrap();")]
        /// println!("{secret:?}");
        /// ```
        /// ```compile_fail,E0277
        #[doc = concat!("let secret = hubseal::", stringify!($name), "::new(", stringify!($sample), ").unwrap();")]
        /// println!("{secret}");
        /// ```
        /// ```compile_fail,E0369
        #[doc = concat!("let secret = hubseal::", stringify!($name), "::new(", stringify!($sample), ").unwrap();")]
        /// let _ = secret == secret;
        /// ```
        /// ```compile_fail,E0599
        #[doc = concat!("let secret = hubseal::", stringify!($name), "::new(", stringify!($sample), ").unwrap();")]
        /// let _ = secret.clone();
        /// ```
        /// ```compile_fail,E0277
        /// fn serializable<T: serde::Serialize>() {}
        #[doc = concat!("serializable::<hubseal::", stringify!($name), ">();")]
        /// ```
        /// ```compile_fail,E0277
        /// fn hashable<T: core::hash::Hash>() {}
        #[doc = concat!("hashable::<hubseal::", stringify!($name), ">();")]
        /// ```
        pub struct $name(SecretText);

        impl $name {
            #[doc = concat!("Takes ", $what, " from text; an owned `String` is wiped, its spare capacity included.")]
            ///
            /// Text is bounded to 16,384 bytes.
            ///
            /// # Errors
            /// A [`SecretError`] that says what to do, where the text is empty, surrounded by
            /// white space, too long, a placeholder, or holds a control or invisible character.
            ///
            /// # Security
            /// A string literal stays in the program's image. Prefer
            /// [`from_env`](Self::from_env) or [`from_file`](Self::from_file).
            ///
            /// # Examples
            /// ```
            #[doc = concat!("use hubseal::", stringify!($name), ";")]
            ///
            #[doc = concat!("assert!(", stringify!($name), "::new(", stringify!($sample), ").is_ok());")]
            #[doc = concat!("assert!(", stringify!($name), "::new(\"\").is_err());")]
            #[doc = concat!("assert!(", stringify!($name), "::new(\"pasted with a newline\\n\").is_err());")]
            #[doc = concat!("assert!(", stringify!($name), "::new(\"changeme\").is_err());")]
            /// ```
            pub fn new(text: impl Into<String>) -> Result<Self, SecretError> {
                SecretText::new($what, text.into()).map(Self)
            }

            #[doc = concat!("Reads ", $what, " from an environment variable.")]
            ///
            /// # Errors
            /// A [`SecretError`] naming the variable, where it is not set, is not Unicode, or
            /// holds what [`new`](Self::new) refuses.
            ///
            /// # Examples
            /// ```
            #[doc = concat!("let missing = hubseal::", stringify!($name), "::from_env(\"NOT_SET_ANYWHERE\").err().unwrap();")]
            /// assert!(missing.to_string().contains("NOT_SET_ANYWHERE"));
            /// ```
            #[cfg(feature = "std")]
            pub fn from_env(variable: &str) -> Result<Self, SecretError> {
                source::from_env($what, variable).map(Self)
            }

            #[doc = concat!("Reads ", $what, " from a file, such as a mounted container secret.")]
            ///
            /// Exactly one trailing newline (`\n` or `\r\n`) is stripped, because editors add
            /// one. At most 16,384 bytes are accepted and little more is ever read.
            ///
            /// # Errors
            /// A [`SecretError`] naming the file, where it cannot be read, is not UTF-8, or
            /// holds what [`new`](Self::new) refuses.
            ///
            /// # Examples
            /// ```
            #[doc = concat!("let path = std::env::temp_dir().join(\"hubseal-example-", stringify!($name), "\");")]
            #[doc = concat!("std::fs::write(&path, concat!(", stringify!($sample), ", \"\\n\"))?;")]
            #[doc = concat!("let secret = hubseal::", stringify!($name), "::from_file(&path)?;")]
            #[doc = concat!("assert_eq!(secret.expose_secret(), ", stringify!($sample), ");")]
            /// # std::fs::remove_file(&path)?;
            /// # Ok::<(), Box<dyn std::error::Error>>(())
            /// ```
            #[cfg(feature = "std")]
            pub fn from_file(path: impl AsRef<Path>) -> Result<Self, SecretError> {
                source::from_file($what, path.as_ref()).map(Self)
            }

            #[doc = concat!("The text of ", $what, ", for the one call that needs it.")]
            ///
            /// # Security
            /// What leaves here is no longer wiped, and nothing keeps it out of a log.
            ///
            /// # Examples
            /// ```
            #[doc = concat!("let secret = hubseal::", stringify!($name), "::new(", stringify!($sample), ")?;")]
            #[doc = concat!("assert_eq!(secret.expose_secret(), ", stringify!($sample), ");")]
            /// # Ok::<(), hubseal::SecretError>(())
            /// ```
            #[must_use]
            pub fn expose_secret(&self) -> &str {
                self.0.as_str()
            }
        }
    };
}

secret! {
    /// The App Secret: the key of every webhook signature and of `appsecret_proof`.
    ///
    /// Meta shows it as 32 lower-case hexadecimal digits and uses that text itself as the key,
    /// not the 16 bytes it spells. Give it as shown.
    ///
    /// It is not a [`VerifyToken`], and neither turns into the other:
    /// ```compile_fail,E0271
    /// let token = hubseal::VerifyToken::new("a token of the registration").unwrap();
    /// let ring = hubseal::KeyRing::new([("current", token)]);
    /// ```
    AppSecret, "the app secret", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
}

secret! {
    /// The verify token: the text you chose when you registered the callback URL, which Meta
    /// sends back in the `GET` handshake. It signs nothing.
    VerifyToken, "the verify token", "correct-horse-battery-staple"
}

secret! {
    /// A Graph API access token, the message of [`AppSecretProof`](crate::AppSecretProof).
    ///
    /// Meta gives no maximum length and calls tokens opaque, so no shape is demanded here.
    AccessToken, "the access token", "EAAJB4dK3example0token"
}
