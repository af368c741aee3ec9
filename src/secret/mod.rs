//! Types for the app secret, the verify token and the access token.

mod error;
#[cfg(feature = "std")]
mod source;
mod text;
mod whsec;

pub use error::{SecretError, SecretErrorKind};
use text::{Form, SecretText};

use alloc::string::String;
use core::fmt;
#[cfg(feature = "std")]
use std::path::Path;

macro_rules! secret {
    (
        $(#[$documentation:meta])*
        $name:ident, $what:literal, $length:literal, $form:expr, $sample:literal
    ) => {
        $(#[$documentation])*
        ///
        /// # Rules
        /// A value that breaks a rule is refused with a [`SecretError`].
        ///
        #[doc = concat!("- The length is ", $length, " to 16,384 bytes.")]
        /// - No white space at the start or end, and no control or invisible characters.
        /// - No quotes around it, and no variable name before it (`NAME=…`).
        /// - No reference: a prefix such as `$`, `vault:`, `ENC[`, `arn:aws` or `op://`, or text in
        ///   `{}` or `%%`.
        /// - No placeholder: text in `<>` or `[]`, one repeated character, template words such as
        ///   `changeme` and `my-app-secret`, or text that starts with `your`.
        ///
        /// # Security
        /// The text is wiped on drop, and so is a `String` passed to [`new`](Self::new). Copies remain in
        /// the process environment, the page cache of a file, and where the compiler spilled registers
        /// to the stack.
        ///
        /// `Debug` prints no part of it, so a struct that holds one can derive `Debug`:
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
            #[doc = concat!("Creates ", $what, " from text.")]
            ///
            /// An owned `String` is wiped, with its spare capacity.
            ///
            /// # Errors
            /// Returns a [`SecretError`] if the text breaks one of the [rules](Self#rules).
            ///
            /// # Security
            /// A string literal is part of the executable file. In production, read the secret from the
            /// environment or a file.
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
            /// Returns a [`SecretError`] if the variable is not set, is not Unicode, or has a value
            /// that [`new`](Self::new) refuses. The error names the variable.
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
            /// - Removes one trailing newline (`\n` or `\r\n`), because editors add one.
            /// - Reads at most 16,387 bytes.
            /// - Follows symbolic links.
            /// - Refuses a named pipe, a socket or a device without opening it.
            ///
            /// # Errors
            /// Returns a [`SecretError`] if the file cannot be read, is not a regular file, is not
            /// UTF-8, or has contents that [`new`](Self::new) refuses. The error names the file.
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
            /// Copies of this text are not wiped, and not redacted from logs.
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

        /// Prints the name of the type and `[redacted]`.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    };
}

secret! {
    /// The app secret: the key of webhook signatures and of `appsecret_proof`.
    ///
    /// Meta shows it as 32 lower-case hexadecimal digits. That text is the key, not the 16 bytes that
    /// it encodes.
    ///
    /// - For Meta, use [`meta`](Self::meta), [`meta_from_env`](Self#method.meta_from_env) or
    ///   [`meta_from_file`](Self#method.meta_from_file). They refuse every other form, so they detect most
    ///   mixed-up values.
    /// - The other constructors accept any form, such as a GitHub webhook secret.
    /// - For Standard Webhooks and Svix, call [`decode_whsec`](Self::decode_whsec) after one of them.
    ///
    /// An app secret is not a [`VerifyToken`], and neither converts into the other:
    /// ```compile_fail,E0271
    /// let token = hubseal::VerifyToken::new("a token of the registration").unwrap();
    /// let ring = hubseal::KeyRing::new([("current", token)]);
    /// ```
    AppSecret, "the app secret", "16", Form::Key, "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
}

secret! {
    /// The verify token: the text that you chose when you registered the callback URL.
    ///
    /// Meta sends it back in the `GET` handshake. It signs nothing. It has no fixed form, so an app
    /// secret in its place is not detected.
    VerifyToken, "the verify token", "1", Form::Token, "correct-horse-battery-staple"
}

secret! {
    /// A Graph API access token, the message of [`AppSecretProof`](crate::AppSecretProof).
    ///
    /// Meta documents no form and no maximum length for it.
    AccessToken, "the access token", "1", Form::Token, "EAAJB4dK3example0token"
}

/// Constructors for the app secret of a Meta app.
impl AppSecret {
    /// Creates the app secret of a Meta app from text.
    ///
    /// # Errors
    /// Returns a [`SecretError`] if
    /// - [`new`](Self::new) refuses the text,
    /// - it is not exactly 32 lower-case hexadecimal digits
    ///   ([`NotMetaForm`](SecretErrorKind::NotMetaForm)),
    /// - it is an obvious sample: bytes that count up by a constant, or a repeated first half
    ///   ([`Placeholder`](SecretErrorKind::Placeholder)).
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
    /// Returns a [`SecretError`] if the variable is not set, is not Unicode, or has a value that
    /// [`meta`](Self::meta) refuses. The error names the variable.
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

    /// Reads the app secret of a Meta app from a regular file.
    ///
    /// Reads the file like [`from_file`](Self::from_file).
    ///
    /// # Errors
    /// Returns a [`SecretError`] if the file cannot be read, is not a regular file, is not UTF-8, or has
    /// contents that [`meta`](Self::meta) refuses. The error names the file.
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
