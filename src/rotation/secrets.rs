//! Secrets in files, which are rotated while the server runs.

use alloc::sync::Arc;
use core::fmt;
use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

#[cfg(feature = "redact")]
use super::redacted::register;
use super::{SecretsBuilder, accepted::Accepted};
#[cfg(feature = "redact")]
use crate::redact::ValueSet;
use crate::{
    endpoint::{EndpointBuilder, Handshake},
    secret::SecretError,
    signature::Verifier,
    sync::Replaceable,
};

/// App secret and verify tokens in files, which [`reload`](Self::reload) reads again while the server runs.
///
/// | when `reload` finds | then |
/// |---|---|
/// | a new app secret | it becomes the key `current`, the replaced one `previous` until the grace ends |
/// | a new verify token | it is accepted, and the replaced one until the grace ends |
/// | the same contents | nothing changes, and neither do the deadlines |
/// | a file that it refuses | nothing changes: neither keys nor tokens nor the redactor |
///
/// - The grace is 7 days by default: see [`SecretsBuilder::grace`].
/// - Only one replaced secret is accepted at a time, and one set of replaced tokens. The next change ends
///   the grace of the one before.
/// - After the grace, a delivery that is signed with the replaced secret is rejected as
///   [`KeyExpired`](crate::RejectionKind::KeyExpired).
/// - Clones share the secrets, and so do all endpoints that [`endpoint`](Self::endpoint) builds.
///
/// # Security
/// - Secrets are compared in constant time.
/// - A replaced secret is wiped at the next change or by [`revoke_previous`](Self::revoke_previous), not at the
///   end of its grace. Requests in progress, the redactor and the [previous file](SecretsBuilder::previous_file)
///   can keep it for longer.
/// - Deadlines follow the clock of the system. If it is set back, an expired secret is accepted again.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Secrets, Verifier};
///
/// # let folder = std::env::temp_dir().join(format!("hubseal-secrets-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let file = folder.join("app_secret");
/// std::fs::write(&file, "7c1e8b0a53f7d4926a85b60d2917e43f")?;
/// let secrets = Secrets::from_files(&file).load()?;
/// let endpoint = secrets.endpoint().name("whatsapp").build()?;
/// let old = endpoint.verifier().sign("{}").to_string();
///
/// std::fs::write(&file, "9d02b6f1e4a83c5770e1942bd8f65a3c")?;
/// assert!(secrets.reload()?);
/// assert_eq!(endpoint.verifier().verify(&old, "{}")?.key().as_str(), "previous");
/// let new = Verifier::new(AppSecret::meta_from_file(&file)?).sign("{}").to_string();
/// assert_eq!(endpoint.verifier().verify(&new, "{}")?.key().as_str(), "current");
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Secrets(Arc<Inner>);

struct Inner {
    files: SecretsBuilder,
    /// Locked during a whole reload, so that an older one cannot overwrite a newer one.
    reloading: Mutex<()>,
    /// Never locked while a file is read, so that a slow disk cannot delay a revocation.
    accepted: Mutex<Accepted>,
    verifier: Verifier,
    /// `None` without a file with a verify token.
    handshake: Option<Replaceable<Handshake>>,
    #[cfg(feature = "redact")]
    redacted: Option<ValueSet>,
}

impl Secrets {
    /// Returns a builder, which reads the app secret from this file.
    ///
    /// # Examples
    /// ```
    /// let _builder = hubseal::Secrets::from_files("/run/secrets/app_secret");
    /// ```
    pub fn from_files(app_secret: impl AsRef<Path>) -> SecretsBuilder {
        SecretsBuilder::new(app_secret.as_ref())
    }

    pub(super) fn load(files: SecretsBuilder) -> Result<Self, SecretError> {
        let accepted = Accepted::of(files.read()?, files.deadline());
        #[cfg(feature = "redact")]
        let redacted = files.redactor.as_ref().map(ValueSet::new);
        #[cfg(feature = "redact")]
        register(redacted.as_ref(), &files, &[&accepted])?;
        Ok(Self(Arc::new(Inner {
            verifier: Verifier::new(accepted.ring(&files.clock)),
            handshake: (!files.verify_tokens.is_empty())
                .then(|| Replaceable::new(accepted.handshake(&files.clock))),
            reloading: Mutex::new(()),
            accepted: Mutex::new(accepted),
            files,
            #[cfg(feature = "redact")]
            redacted,
        })))
    }

    /// Returns a builder for an endpoint with these secrets. Each further call builds one that shares them.
    ///
    /// The verify tokens are shared too, unless no [`verify_token_file`](SecretsBuilder::verify_token_file)
    /// is set.
    ///
    /// # Examples
    /// ```no_run
    /// use hubseal::Secrets;
    ///
    /// let secrets = Secrets::from_files("/run/secrets/app_secret").load()?;
    /// let _endpoint = secrets.endpoint().name("whatsapp").build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn endpoint(&self) -> EndpointBuilder {
        EndpointBuilder::new(self.0.verifier.clone(), self.0.handshake.clone())
    }

    /// Reads the files again, and returns whether the accepted secrets or tokens have changed.
    ///
    /// - Requests in progress finish with the keys that were in use when their head arrived.
    /// - It blocks while it reads. In async code, call it in `tokio::task::spawn_blocking`.
    /// - Concurrent calls run one after the other.
    ///
    /// # Errors
    /// Returns the errors of [`SecretsBuilder::load`]. Then nothing has changed.
    ///
    /// # Examples
    /// ```no_run
    /// # let secrets = hubseal::Secrets::from_files("/run/secrets/app_secret").load()?;
    /// match secrets.reload() {
    ///     Ok(true) => println!("secrets rotated: {secrets:?}"),
    ///     Ok(false) => println!("secrets unchanged"),
    ///     Err(error) => eprintln!("secrets not reloaded, the old ones stay in use: {error}"),
    /// }
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    pub fn reload(&self) -> Result<bool, SecretError> {
        let reloading = self.0.reloading.lock();
        let _reloading = reloading.unwrap_or_else(PoisonError::into_inner);
        let files = &self.0.files;
        let contents = files.read()?;
        let mut accepted = self.accepted();
        let (next, is_changed) = accepted.next(contents, files.deadline());
        if is_changed {
            // The old values are redacted too, because requests in progress may still use them.
            #[cfg(feature = "redact")]
            register(self.0.redacted.as_ref(), files, &[&next, &accepted])?;
            self.put_into_use(&next);
        }
        *accepted = next;
        Ok(is_changed)
    }

    /// Ends the grace of the replaced secret and tokens at once, for example because they have leaked.
    ///
    /// - Also remove the [file](SecretsBuilder::previous_file) of the previous secret: a restart reads it again,
    ///   and so does a [`reload`](Self::reload) after the file has changed.
    /// - Requests in progress finish with the keys that were in use when their head arrived.
    /// - The redactor still redacts the secret.
    ///
    /// # Examples
    /// ```no_run
    /// # let secrets = hubseal::Secrets::from_files("/run/secrets/app_secret").load()?;
    /// secrets.revoke_previous();
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    pub fn revoke_previous(&self) {
        let mut accepted = self.accepted();
        accepted.revoke_previous();
        self.put_into_use(&accepted);
    }

    fn put_into_use(&self, accepted: &Accepted) {
        let clock = &self.0.files.clock;
        self.0.verifier.replace_keys(accepted.ring(clock));
        if let Some(handshake) = &self.0.handshake {
            handshake.replace(accepted.handshake(clock), |_, _| {});
        }
    }

    fn accepted(&self) -> MutexGuard<'_, Accepted> {
        // Each change is one assignment, so a poisoned lock contains a complete state.
        let accepted = self.0.accepted.lock();
        accepted.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Prints the names of the keys, and the number of tokens.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets")
            .field("keys", &self.0.verifier.keys())
            .field(
                "handshake",
                &self.0.handshake.as_ref().map(Replaceable::get),
            )
            .finish_non_exhaustive()
    }
}
