//! Sets of registered values, each of which is replaced on its own.

use alloc::{sync::Arc, vec, vec::Vec};
use std::sync::{MutexGuard, PoisonError};

use super::{
    Redactor, RuleError,
    builder::registered,
    search::{LabelledValue, Rules},
};

/// The registered values of a redactor, in sets.
pub(super) struct Values(Vec<Vec<LabelledValue>>);

impl Values {
    /// The set of the builder, which never changes.
    const BUILDER: usize = 0;
    /// The set of [`Redactor::replace_values`].
    pub(super) const REPLACED: usize = 1;

    pub(super) fn new(of_builder: Vec<LabelledValue>) -> Self {
        Self(vec![of_builder, Vec::new()])
    }

    /// Returns copies of all values, with `values` instead of those of this set.
    fn with(&self, set: usize, values: &[LabelledValue]) -> Vec<LabelledValue> {
        debug_assert_ne!(set, Self::BUILDER);
        let others = self.0.iter().enumerate().filter(|(at, _)| *at != set);
        let others = others.flat_map(|(_, values)| values);
        others.chain(values).cloned().collect()
    }
}

impl Redactor {
    /// Replaces the values of a set, each with its label. On an error, they stay.
    pub(super) fn replace_set<'v>(
        &self,
        set: usize,
        values: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> Result<(), RuleError> {
        let values = values
            .into_iter()
            .map(|(label, value)| registered(label, value));
        let values = values.collect::<Result<Vec<_>, _>>()?;
        let mut all = self.values();
        let rules = Rules::new(&self.shared.settings, &all.with(set, &values))?;
        let mut current = (self.shared.rules.write()).unwrap_or_else(PoisonError::into_inner);
        let old = core::mem::replace(&mut *current, Arc::new(rules));
        drop(current);
        // Wipe the old values outside the lock.
        drop(old);
        if let Some(known) = all.0.get_mut(set) {
            *known = values;
        }
        Ok(())
    }

    fn values(&self) -> MutexGuard<'_, Values> {
        let values = self.shared.values.lock();
        values.unwrap_or_else(PoisonError::into_inner)
    }
}

/// A set of registered values that another part of the crate owns.
pub(crate) struct ValueSet {
    redactor: Redactor,
    set: usize,
}

impl ValueSet {
    pub(crate) fn new(redactor: &Redactor) -> Self {
        let mut values = redactor.values();
        let set = values.0.len();
        values.0.push(Vec::new());
        drop(values);
        Self {
            redactor: redactor.clone(),
            set,
        }
    }

    /// Replaces the values of the set, each with its label. On an error, they stay.
    pub(crate) fn replace<'v>(
        &self,
        values: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> Result<(), RuleError> {
        self.redactor.replace_set(self.set, values)
    }

    /// Returns whether the redactor accepts the value beside those that it has.
    pub(crate) fn accepts(&self, label: &str, value: &str) -> bool {
        let all = self.redactor.values();
        registered(label, value)
            .and_then(|value| {
                Rules::new(
                    &self.redactor.shared.settings,
                    &all.with(self.set, &[value]),
                )
            })
            .is_ok()
    }
}
