//! One entry of a delivery.

use alloc::borrow::Cow;

use serde::de::MapAccess;

use super::{
    change::ChangeParts,
    json::text,
    part::{List, Part, next_name, skip_value},
};

#[derive(Clone)]
pub(super) struct EntryParts<'a> {
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) changes: List<ChangeParts<'a>>,
}

impl<'a> Part<'a> for EntryParts<'a> {
    fn from_object<A: MapAccess<'a>>(mut entry: A) -> Result<Option<Self>, A::Error> {
        let (mut id, mut changes) = (None, List::SKIPPED);
        while let Some(name) = next_name(&mut entry)? {
            match &*name {
                "id" => id = text(entry.next_value()?),
                "changes" => changes = entry.next_value()?,
                _ => skip_value(&mut entry)?,
            }
        }
        Ok(Some(Self { id, changes }))
    }

    fn skipped(&self) -> usize {
        self.changes.skipped
    }
}
