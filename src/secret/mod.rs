//! The three secrets of a receiver, as types that are not interchangeable, not printed, and wiped on
//! drop.
//!
//! # Rules
//! A value that breaks a rule is refused with a [`SecretError`] that says what to do.
//!
//! 1. A secret is not empty and has at most 16,384 bytes. An app secret has at least 16.
//! 2. It does not start or end with white space, and contains no control or invisible character.
//! 3. It is not wrapped in quotes, and does not start with a variable name (`APP_SECRET=…`).
//! 4. It is not a reference: anything that starts with `$`, `vault:`, `ENC[` or a URL scheme
//!    (`op://…`), or is wrapped in `{}` or `%%`.
//! 5. It is not a placeholder: text in `<>` or `[]`, one character repeated, template words such
//!    as `changeme` and `my-app-secret`, or anything that starts with `your`.
//!
//! The secrets have no `Display`, `Clone`, `PartialEq`, `Hash` or `Serialize`. `Debug` prints
//! `AppSecret([redacted])`. The text is available only through
//! [`expose_secret`](AppSecret::expose_secret), a name to search for.
//!
//! The text is stored in memory of exactly its size, and wiped when dropped. A `String` given to
//! `new` is wiped with its whole capacity.
//!
//! # Security
//! Wiping covers the memory that these types own. It does not cover values that the compiler
//! spilled to the stack, the operating system's copy of the environment, or the page cache of a
//! file.

mod error;
#[cfg(feature = "std")]
mod source;
mod text;

pub use error::{SecretError, SecretErrorKind};
use text::{Form, SecretText};

use alloc::string::String;
use core::fmt;
#[cfg(feature = "std")]
use std::path::Path;

macro_rules! secret {
    (
        $(#[$documentation:meta])*
        $name:ident, $what:literal, $form:expr, $sample:literal
    ) => {
        $(#[$documentation])*
        ///
        /// `Debug` prints no part of it, so that a structure which holds one can derive `Debug`:
        /// ```
        #[doc = concat!("let secret = hubseal::", stringify!($name), "::new(", stringify!($sample), ")?;")]
        #[doc = concat!("assert_eq!(format!(\"{secret:?}\"), \"", stringify!($name), "([redacted])\");")]
        /// # Ok::<(), hubseal::SecretError>(())
        /// ```
        ///
        /// It cannot be displayed, compared, cloned, serialised or hashed:
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
            #[doc = concat!("Creates ", $what, " from text. An owned `String` is wiped, with its spare capacity.")]
            ///
            /// # Errors
            /// Returns a [`SecretError`] if the text breaks one of the [rules](Self#rules).
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
                SecretText::new($form, text.into())
                    .map(Self)
                    .map_err(|kind| SecretError::new($what, kind))
            }

            #[doc = concat!("Reads ", $what, " from an environment variable.")]
            ///
            /// # Errors
            /// Returns a [`SecretError`] that names the variable, if it is not set, is not
            /// Unicode, or has a value that [`new`](Self::new) refuses.
            ///
            /// # Examples
            /// ```
            #[doc = concat!("let refused = hubseal::", stringify!($name), "::from_env(\"NOT_SET\").unwrap_err();")]
            /// assert_eq!(refused.to_string(), "NOT_SET is not set; set this environment variable");
            /// ```
            #[cfg(feature = "std")]
            pub fn from_env(variable: &str) -> Result<Self, SecretError> {
                source::from_env($form, variable).map(Self)
            }

            #[doc = concat!("Reads ", $what, " from a regular file, such as a mounted container secret.")]
            ///
            /// One trailing newline (`\n` or `\r\n`) is removed, because editors add one. At most
            /// 16,387 bytes are read. A symbolic link is followed. A named pipe, a socket or a
            /// device is refused without being opened.
            ///
            /// # Errors
            /// Returns a [`SecretError`] that names the file, if it cannot be read, is not a
            /// regular file, is not UTF-8, or has a content that [`new`](Self::new) refuses.
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
                source::from_file($what, $form, path.as_ref()).map(Self)
            }

            #[doc = concat!("Returns the text of ", $what, ".")]
            ///
            /// # Security
            /// Copies of this text are not wiped, and nothing redacts them from logs.
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

        /// Prints the type's name only.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    };
}

secret! {
    /// The app secret: the key of every webhook signature and of `appsecret_proof`.
    ///
    /// Meta shows it as 32 lower-case hexadecimal digits. That text is the key, not the 16 bytes
    /// that it spells. Use [`meta`](Self::meta), [`meta_from_env`](Self::meta_from_env) or
    /// [`meta_from_file`](Self::meta_from_file) for it: they refuse every other form, and so
    /// most other values in its place. The other constructors accept any text, such
    /// as a webhook secret of GitHub.
    ///
    /// # Rules
    /// - 16 to 16,384 bytes, without white space at the ends, control or invisible characters
    /// - no quotes around it, and no variable name before it (`APP_SECRET=…`)
    /// - no reference (`$NAME`, `{{ name }}`, `op://…`, `vault:…`) and no placeholder
    ///
    /// # Separate types
    /// It is not a [`VerifyToken`], and neither converts into the other:
    /// ```compile_fail,E0271
    /// let token = hubseal::VerifyToken::new("a token of the registration").unwrap();
    /// let ring = hubseal::KeyRing::new([("current", token)]);
    /// ```
    AppSecret, "the app secret", Form::Key, "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
}

secret! {
    /// The verify token: the text that you chose when you registered the callback URL. Meta sends
    /// it back in the `GET` handshake. It signs nothing.
    ///
    /// # Rules
    /// - at most 16,384 bytes, without white space at the ends, control or invisible characters
    /// - no quotes around it, and no variable name before it (`VERIFY_TOKEN=…`)
    /// - no reference (`$NAME`, `{{ name }}`, `op://…`, `vault:…`) and no placeholder
    ///
    /// Its form is free, so an app secret in its place is not detected.
    VerifyToken, "the verify token", Form::Token, "correct-horse-battery-staple"
}

secret! {
    /// A Graph API access token, the message of [`AppSecretProof`](crate::AppSecretProof).
    ///
    /// # Rules
    /// - at most 16,384 bytes, without white space at the ends, control or invisible characters
    /// - no quotes around it, and no variable name before it (`ACCESS_TOKEN=…`)
    /// - no reference (`$NAME`, `{{ name }}`, `op://…`, `vault:…`) and no placeholder
    ///
    /// Meta documents no form and no maximum length for it.
    AccessToken, "the access token", Form::Token, "EAAJB4dK3example0token"
}

/// App secrets of Meta.
impl AppSecret {
    /// Creates the app secret of a Meta app from text.
    ///
    /// # Errors
    /// Returns a [`SecretError`] if [`new`](Self::new) refuses the text, if it is not exactly 32
    /// lower-case hexadecimal digits ([`NotMetaForm`](SecretErrorKind::NotMetaForm)), or if it is
    /// an obvious sample of that form: bytes that count up by a constant, or a half that repeats.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, SecretErrorKind};
    ///
    /// let kind = |text: &str| AppSecret::meta(text).map_err(|refused| refused.kind()).err();
    /// assert_eq!(kind("c1e8b0a53f7d4926a85b60d2917e43fc"), None);
    /// assert_eq!(kind("C1E8B0A53F7D4926A85B60D2917E43FC"), Some(SecretErrorKind::NotMetaForm));
    /// assert_eq!(kind("0f1e2d3c4b5a69788796a5b4c3d2e1f0"), Some(SecretErrorKind::Placeholder));
    /// ```
    pub fn meta(text: impl Into<String>) -> Result<Self, SecretError> {
        SecretText::new(Form::MetaKey, text.into())
            .map(Self)
            .map_err(|kind| SecretError::new("the app secret", kind))
    }

    /// Reads the app secret of a Meta app from an environment variable.
    ///
    /// # Errors
    /// Returns a [`SecretError`] that names the variable, if it is not set, is not Unicode, or
    /// has a value that [`meta`](Self::meta) refuses.
    ///
    /// # Examples
    /// ```
    /// let refused = hubseal::AppSecret::meta_from_env("CARGO_PKG_NAME").unwrap_err();
    /// assert_eq!(
    ///     refused.to_string(),
    ///     "CARGO_PKG_NAME is not 32 lower-case hexadecimal digits, as Meta app secrets are; \
    ///      copy it from App Dashboard > App settings > Basic",
    /// );
    /// ```
    #[cfg(feature = "std")]
    pub fn meta_from_env(variable: &str) -> Result<Self, SecretError> {
        source::from_env(Form::MetaKey, variable).map(Self)
    }

    /// Reads the app secret of a Meta app from a regular file, as [`from_file`](Self::from_file)
    /// does.
    ///
    /// # Errors
    /// Returns a [`SecretError`] that names the file, if it cannot be read, is not a regular
    /// file, is not UTF-8, or has a content that [`meta`](Self::meta) refuses.
    ///
    /// # Examples
    /// ```
    /// let refused = hubseal::AppSecret::meta_from_file("/run/secrets/not-there").unwrap_err();
    /// assert!(refused.to_string().starts_with(
    ///     r#"the app secret file "/run/secrets/not-there" does not exist; check the path"#
    /// ));
    /// ```
    #[cfg(feature = "std")]
    pub fn meta_from_file(path: impl AsRef<Path>) -> Result<Self, SecretError> {
        source::from_file("the app secret", Form::MetaKey, path.as_ref()).map(Self)
    }
}
