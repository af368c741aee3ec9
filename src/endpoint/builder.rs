//! The builder of an endpoint.

use alloc::vec::Vec;
use core::time::Duration;

use super::{
    ConfigError, Endpoint, Handshake, MemoryBudget, PayloadLimit, gates::Gates, policy::Policy,
};
#[cfg(feature = "edge")]
use crate::edge::FailureLimit;
#[cfg(all(feature = "replay", feature = "_adapter"))]
use crate::replay::ReplayGuard;
use crate::{
    observe::{Observer, Observers},
    rejection::SignatureFailureStatus,
    secret::VerifyToken,
    signature::{KeyName, KeyRing, Scheme, Verifier},
    sync::{Arc, Replaceable},
};

/// Builds an [`Endpoint`]. The defaults fit Meta.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use hubseal::{AppSecret, Endpoint, MemoryBudget, PayloadLimit, VerifyToken};
///
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .verify_token(VerifyToken::new("correct-horse")?)
///     .payload_limit(PayloadLimit::new(1024 * 1024))
///     .memory_budget(MemoryBudget::new(16 * 1024 * 1024))
///     .read_deadline(Duration::from_secs(5))
///     .build()?;
/// assert_eq!(endpoint.read_deadline(), Duration::from_secs(5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "call `build` to get the endpoint"]
pub struct EndpointBuilder {
    verify_tokens: Vec<VerifyToken>,
    /// Whether the policy has the verify tokens of `Secrets`.
    has_shared_tokens: bool,
    pub(super) policy: Policy,
}

impl EndpointBuilder {
    /// Builds an endpoint that shares its keys, and the verify tokens if there are any.
    pub(crate) fn new(verifier: Verifier, handshake: Option<Replaceable<Handshake>>) -> Self {
        Self {
            verify_tokens: Vec::new(),
            has_shared_tokens: handshake.is_some(),
            policy: Policy {
                verifier,
                handshake: handshake.unwrap_or_else(|| Replaceable::new(Handshake::new([]))),
                payload_limit: PayloadLimit::default(),
                memory_budget: MemoryBudget::default(),
                read_deadline: Endpoint::DEFAULT_READ_DEADLINE,
                signature_failure_status: SignatureFailureStatus::default(),
                observers: Observers::new(Endpoint::DEFAULT_NAME),
                gates: Gates::default(),
                #[cfg(all(feature = "replay", feature = "_adapter"))]
                replay_guard: None,
                #[cfg(feature = "_adapter")]
                checked: false.into(),
            },
        }
    }

    /// Sets the name of the endpoint in logs, metrics and [`Outcome`](crate::Outcome)s. Defaults to
    /// `webhook`.
    ///
    /// Give each endpoint of a process its own name: 1 to 32 characters of `A`–`Z`, `a`–`z`, `0`–`9`, `-`,
    /// `_` and `.`.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// let endpoint = builder.name("whatsapp").build()?;
    /// assert_eq!(endpoint.name(), "whatsapp");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn name(mut self, name: &str) -> Self {
        self.policy.observers.name = name.into();
        self
    }

    /// Adds an observer, which is called with the outcome of each request.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// use hubseal::Outcome;
    ///
    /// let _endpoint = builder
    ///     .add_observer(|outcome: &Outcome<'_>| println!("{}", outcome.end()))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_observer(mut self, observer: impl Observer + 'static) -> Self {
        self.policy.observers.add(observer);
        self
    }

    /// Sets the verify token that the handshake accepts. Replaces all tokens set before.
    ///
    /// Without a verify token, every handshake is rejected.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// use hubseal::VerifyToken;
    ///
    /// let endpoint = builder.verify_token(VerifyToken::new("correct-horse")?).build()?;
    /// let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=correct-horse";
    /// assert!(endpoint.handshake(query).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify_token(mut self, token: VerifyToken) -> Self {
        self.verify_tokens.clear();
        self.add_verify_token(token)
    }

    /// Adds a verify token that the handshake also accepts, for example while you rotate it.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// use hubseal::VerifyToken;
    ///
    /// let endpoint = builder
    ///     .verify_token(VerifyToken::new("the-new-one")?)
    ///     .add_verify_token(VerifyToken::new("the-old-one")?)
    ///     .build()?;
    /// let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=the-old-one";
    /// assert!(endpoint.handshake(query).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_verify_token(mut self, token: VerifyToken) -> Self {
        self.verify_tokens.push(token);
        self
    }

    /// Sets the guard that drops duplicates and replays. By default, every verified delivery is handled.
    ///
    /// The routes, layers and services of the adapters use it: see [`replay`](crate::replay). This method
    /// needs the feature of an adapter. Give each endpoint its own store, or its own prefix in a shared one.
    ///
    /// # Security
    /// [`Endpoint::admit`] and [`BodyVerifier`](crate::BodyVerifier) do not use it, and neither do the
    /// extractors without a route or a layer. There, claim the
    /// [fingerprint](crate::Verified::fingerprint) yourself.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// use hubseal::replay::ReplayGuard;
    ///
    /// let _endpoint = builder.replay_guard(ReplayGuard::in_memory()).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(all(feature = "replay", feature = "_adapter"))]
    pub fn replay_guard(mut self, guard: ReplayGuard) -> Self {
        self.policy.replay_guard = Some(guard);
        self
    }

    /// Sets the signature scheme. Defaults to [`Scheme::META`].
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// use hubseal::Scheme;
    ///
    /// let endpoint = builder.scheme(Scheme::GITHUB).build()?;
    /// assert_eq!(endpoint.verifier().scheme().name(), "github");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.policy.verifier = self.policy.verifier.with_scheme(scheme);
        self
    }

    /// Sets the payload limit. Defaults to [`PayloadLimit::META`], 4 MiB.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// use hubseal::{RequestHead, RejectionKind, PayloadLimit};
    ///
    /// let endpoint = builder.payload_limit(PayloadLimit::new(700)).build()?;
    /// let signature = endpoint.verifier().sign("").to_string();
    /// let headers = [("x-hub-signature-256", &*signature), ("content-length", "701")];
    /// let rejection = endpoint.receive(&RequestHead::new("POST", &headers)).err().unwrap();
    /// assert_eq!(rejection.kind(), RejectionKind::PayloadTooLarge);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn payload_limit(mut self, limit: PayloadLimit) -> Self {
        self.policy.payload_limit = limit;
        self
    }

    /// Sets the memory budget for unverified bodies. Defaults to 64 MiB for this endpoint.
    ///
    /// Pass clones of one budget to several endpoints to bound them together.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// use hubseal::MemoryBudget;
    ///
    /// let budget = MemoryBudget::new(16 * 1024 * 1024);
    /// let _endpoint = builder.memory_budget(budget.clone()).build()?;
    /// assert_eq!(budget.available(), 16 * 1024 * 1024);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn memory_budget(mut self, budget: MemoryBudget) -> Self {
        self.policy.memory_budget = budget;
        self
    }

    /// Sets the read deadline: the time from the end of the head to the end of the body. Defaults to 10
    /// seconds.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// use core::time::Duration;
    ///
    /// let endpoint = builder.read_deadline(Duration::from_secs(5)).build()?;
    /// assert_eq!(endpoint.read_deadline(), Duration::from_secs(5));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_deadline(mut self, deadline: Duration) -> Self {
        self.policy.read_deadline = deadline;
        self
    }

    /// Sets the status for a missing or invalid signature. Defaults to 401. WhatsApp Flows data
    /// endpoints need 432.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// use hubseal::{RequestHead, SignatureFailureStatus};
    ///
    /// let endpoint = builder.signature_failure_status(SignatureFailureStatus::Flows).build()?;
    /// let unsigned = [("content-length", "0")];
    /// let rejection = endpoint.receive(&RequestHead::new("POST", &unsigned)).err().unwrap();
    /// assert_eq!(rejection.status(), 432);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn signature_failure_status(mut self, status: SignatureFailureStatus) -> Self {
        self.policy.signature_failure_status = status;
        self
    }

    /// Builds the endpoint.
    ///
    /// # Errors
    /// Returns a [`ConfigError`] if
    /// - the payload limit, the read deadline, the failure limit, or a duration of the replay guard is zero,
    /// - the payload limit exceeds half of the memory budget, because one body can use only that half,
    /// - the name is empty, is too long or has another character,
    /// - the verify tokens are those of `Secrets`, and the builder got another one.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// let endpoint = builder.build()?;
    /// let clone = endpoint.clone();
    /// assert_eq!(clone.read_deadline(), endpoint.read_deadline());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn build(self) -> Result<Endpoint, ConfigError> {
        let limit = self.policy.payload_limit.bytes();
        let available = self.policy.memory_budget.shared();
        if limit == 0 {
            return Err(ConfigError::PayloadLimitIsZero);
        }
        if limit > available {
            return Err(ConfigError::PayloadLimitExceedsBudget { limit, available });
        }
        if self.policy.read_deadline.is_zero() {
            return Err(ConfigError::ReadDeadlineIsZero);
        }
        #[cfg(all(feature = "replay", feature = "_adapter"))]
        if (self.policy.replay_guard.as_ref()).is_some_and(ReplayGuard::has_zero_duration) {
            return Err(ConfigError::ReplayDurationIsZero);
        }
        #[cfg(feature = "edge")]
        if (self.policy.gates.failure_limit.as_ref()).is_some_and(FailureLimit::is_zero) {
            return Err(ConfigError::FailureLimitIsZero);
        }
        if !KeyName::is_valid(&self.policy.observers.name) {
            return Err(ConfigError::NameInvalid);
        }
        if self.has_shared_tokens && !self.verify_tokens.is_empty() {
            return Err(ConfigError::VerifyTokensFromSecrets);
        }
        #[cfg(feature = "metrics")]
        self.policy
            .observers
            .register_metrics(self.policy.memory_budget.available());
        let mut policy = self.policy;
        if !self.verify_tokens.is_empty() {
            policy.handshake = Replaceable::new(Handshake::new(self.verify_tokens));
        }
        Ok(Endpoint(Arc::new(policy)))
    }
}

impl Endpoint {
    /// Returns a builder for an endpoint that accepts these keys: one [`AppSecret`](crate::AppSecret) or
    /// a [`KeyRing`].
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Endpoint};
    ///
    /// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?).build()?;
    /// assert_eq!(endpoint.verifier().scheme().name(), "meta");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(keys: impl Into<KeyRing>) -> EndpointBuilder {
        EndpointBuilder::new(Verifier::new(keys), None)
    }
}
