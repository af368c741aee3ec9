//! Parts of a body, which may have another type than expected.
//!
//! A part of another type is skipped, and reading continues behind it. `serde_json` itself cannot continue
//! behind half of a surrogate pair, or behind a number that an `f64` cannot hold, except as a `RawValue`.

use alloc::{borrow::Cow, vec::Vec};
use core::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::json::text;

/// A part that is read from an array or from an object. Each method returns `None` to skip the value.
pub(super) trait Part<'a>: Sized {
    fn read<D: Deserializer<'a>>(value: D) -> Result<Option<Self>, D::Error> {
        value.deserialize_any(AnyType(PhantomData))
    }

    fn from_array<A: SeqAccess<'a>>(array: A) -> Result<Option<Self>, A::Error> {
        IgnoredAny.visit_seq(array)?;
        Ok(None)
    }

    fn from_object<A: MapAccess<'a>>(mut object: A) -> Result<Option<Self>, A::Error> {
        while next_name(&mut object)?.is_some() {
            skip_value(&mut object)?;
        }
        Ok(None)
    }

    /// Returns the number of skipped parts in this one.
    fn skipped(&self) -> usize {
        0
    }
}

/// Skips a value of any type, except an array or object that `T` reads.
struct AnyType<T>(PhantomData<T>);

macro_rules! skip {
    ($($visit:ident: $type:ty),*) => {
        $(fn $visit<E>(self, _: $type) -> Result<Option<T>, E> { Ok(None) })*
    };
}

impl<'a, T: Part<'a>> Visitor<'a> for AnyType<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any type")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, array: A) -> Result<Option<T>, A::Error> {
        T::from_array(array)
    }

    fn visit_map<A: MapAccess<'a>>(self, object: A) -> Result<Option<T>, A::Error> {
        T::from_object(object)
    }

    skip!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }
}

/// Returns the name of the next member. No name that is looked for has half of a surrogate pair.
pub(super) fn next_name<'a, A: MapAccess<'a>>(
    object: &mut A,
) -> Result<Option<Cow<'a, str>>, A::Error> {
    let name = object.next_key()?;
    Ok(name.map(|name| text(name).unwrap_or_default()))
}

/// Returns the values of these members. Of two members with the same name, the last one counts.
pub(super) fn members<'a, A: MapAccess<'a>, const N: usize>(
    mut object: A,
    names: [&str; N],
) -> Result<[Option<&'a RawValue>; N], A::Error> {
    let mut values = [None; N];
    while let Some(name) = next_name(&mut object)? {
        let mut known = names.iter().zip(&mut values);
        match known.find(|(known, _)| **known == name) {
            Some((_, value)) => *value = Some(object.next_value()?),
            None => skip_value(&mut object)?,
        }
    }
    Ok(values)
}

/// Skips the value of a member.
pub(super) fn skip_value<'a, A: MapAccess<'a>>(object: &mut A) -> Result<(), A::Error> {
    object.next_value::<IgnoredAny>().map(drop)
}

/// The result of [`Part::read`].
pub(super) struct Read<T>(pub(super) Option<T>);

impl<'a, T: Part<'a>> Deserialize<'a> for Read<T> {
    fn deserialize<D: Deserializer<'a>>(value: D) -> Result<Self, D::Error> {
        T::read(value).map(Self)
    }
}

/// A part that is read from an object, and the text of the object. Both are borrowed from a `RawValue`.
#[derive(Clone)]
pub(super) struct WithJson<'a, T> {
    pub(super) part: T,
    pub(super) json: &'a str,
}

impl<'a, T: Part<'a>> Part<'a> for WithJson<'a, T> {
    fn read<D: Deserializer<'a>>(value: D) -> Result<Option<Self>, D::Error> {
        let json = <&RawValue>::deserialize(value)?.get();
        if !json.starts_with('{') {
            return Ok(None);
        }
        let Read(part) =
            serde_json::from_str(json).map_err(|_| D::Error::custom("unreadable value"))?;
        Ok(part.map(|part| Self { part, json }))
    }
}

/// The parts that are read from an array, and the number of those that are skipped in it, at any depth.
#[derive(Clone)]
pub(super) struct List<T> {
    pub(super) parts: Vec<T>,
    pub(super) skipped: usize,
}

impl<T> List<T> {
    pub(super) const EMPTY: Self = Self {
        parts: Vec::new(),
        skipped: 0,
    };
    /// In place of an array that is absent or has another type.
    pub(super) const SKIPPED: Self = Self {
        parts: Vec::new(),
        skipped: 1,
    };
}

impl<'a, T: Part<'a>> Part<'a> for List<T> {
    fn from_array<A: SeqAccess<'a>>(mut array: A) -> Result<Option<Self>, A::Error> {
        let mut list = Self::EMPTY;
        while let Some(Read(part)) = array.next_element()? {
            let skipped = part.as_ref().map_or(1, Part::skipped);
            list.skipped = list.skipped.saturating_add(skipped);
            list.parts.extend(part);
        }
        Ok(Some(list))
    }
}

impl<'a, T: Part<'a>> Deserialize<'a> for List<T> {
    fn deserialize<D: Deserializer<'a>>(value: D) -> Result<Self, D::Error> {
        Ok(Self::read(value)?.unwrap_or(Self::SKIPPED))
    }
}
