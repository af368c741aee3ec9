//! Reads a record through the layers of encoding around a part of it.
//!
//! JSON in a JSON string is behind one layer of backslashes, a percent-encoded query behind one of
//! percents, and so on. The rules see decoded characters only.

use super::text::tail;

/// A kind of encoding.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// `\"`, `\\`, `\n`, `\u0022`
    Backslash,
    /// `%22`
    Percent,
}

/// The layers of encoding around a character, from the outermost to the innermost.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Layers {
    /// A bit for each layer: whether it is [`Layer::Percent`].
    percents: u16,
    count: u8,
}

impl Layers {
    const MAX: u8 = 8;

    fn push(self, layer: Layer) -> Option<Self> {
        (self.count < Self::MAX).then(|| Self {
            percents: self.percents | u16::from(layer == Layer::Percent) << self.count,
            count: self.count + 1,
        })
    }

    pub(super) const fn has_percent(self) -> bool {
        self.percents > 0
    }

    fn get(self, index: u8) -> Layer {
        match self.percents >> index & 1 {
            0 => Layer::Backslash,
            _ => Layer::Percent,
        }
    }
}

/// A decoded character.
#[derive(Clone, Copy)]
pub(super) struct Char {
    /// [`Char::WIDE`] if the character is an escape that is not ASCII.
    pub(super) byte: u8,
    /// The byte, or the UTF-16 code unit of a `\u` escape.
    pub(super) unit: u16,
    /// The end of the character in the record.
    pub(super) end: usize,
    /// The number of layers that it is encoded in.
    pub(super) depth: u8,
}

impl Char {
    /// No UTF-8 text contains it, so it equals no other character.
    pub(super) const WIDE: u8 = 0xff;

    fn raw(byte: u8, at: usize) -> Self {
        Self {
            byte,
            unit: byte.into(),
            end: at + 1,
            depth: 0,
        }
    }
}

/// A place in a record, and the layers to decode.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    pub(super) text: &'t [u8],
    pub(super) at: usize,
    pub(super) layers: Layers,
}

impl<'t> Cursor<'t> {
    pub(super) const fn new(text: &'t [u8], at: usize) -> Self {
        let layers = Layers {
            percents: 0,
            count: 0,
        };
        Self { text, at, layers }
    }

    /// The text from here on, as it is written.
    pub(super) fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Returns the next character.
    #[inline]
    pub(super) fn peek(&self) -> Option<Char> {
        let byte = *self.text.get(self.at)?;
        if self.layers.count > 0 && layer_of(byte).is_some() {
            return self.read(self.at, self.layers.count);
        }
        Some(Char::raw(byte, self.at))
    }

    /// Goes behind the next character if it is this one.
    pub(super) fn takes(&mut self, byte: u8) -> bool {
        self.takes_if(|next| next.byte == byte)
    }

    /// Adds the layers that the next character is encoded in besides.
    #[inline]
    pub(super) fn decoded(self) -> Self {
        if self.may_be_encoded() {
            self.decoded_fully()
        } else {
            self
        }
    }

    #[inline]
    fn may_be_encoded(&self) -> bool {
        let next = self.text.get(self.at);
        next.is_some_and(|byte| layer_of(*byte).is_some())
    }

    fn decoded_fully(mut self) -> Self {
        while let Some(inner) = self.next_layer() {
            self = inner;
        }
        self
    }

    /// Returns the same place behind one more layer, if the next character is encoded in any.
    fn next_layer(self) -> Option<Self> {
        let next = self.peek()?;
        let layer = layer_of(next.byte)?;
        // Nobody escapes the percent signs of an encoded text.
        let allowed = layer == Layer::Backslash || !self.is_escape(next);
        self.inner(layer).filter(|_| allowed)
    }

    fn is_escape(&self, next: Char) -> bool {
        let innermost = next.depth.checked_sub(1);
        innermost.is_some_and(|layer| self.layers.get(layer) == Layer::Backslash)
    }

    /// Forgets the layers, and decodes the next character from the start. Skips escaped backslashes before
    /// a quote or an escape.
    #[inline]
    pub(super) fn fresh(self) -> Self {
        let mut fresh = Self::new(self.text, self.at);
        while fresh.may_be_encoded() {
            fresh = fresh.decoded_fully();
            match fresh.peek() {
                Some(next)
                    if next.byte == b'\\' && next.depth > 0 && fresh.goes_on_behind(next.end) =>
                {
                    fresh = Self::new(self.text, fresh.skip_repeated(next.end));
                }
                _ => break,
            }
        }
        fresh
    }

    fn goes_on_behind(&self, at: usize) -> bool {
        matches!(self.text.get(at), Some(b'"' | b'\'' | b'\\'))
    }

    /// Skips the backslash that ends at `end`, as often as it is written in the same way. In all layers, what
    /// follows it cannot change how it is decoded.
    fn skip_repeated(&self, mut end: usize) -> usize {
        let written = self.text.get(self.at..end).unwrap_or_default();
        while self.layers.count == Layers::MAX
            && tail(self.text, end).starts_with(written)
            && self.goes_on_behind(end + written.len())
        {
            end += written.len();
        }
        end
    }

    /// Returns the same place behind one more layer, if the next character is encoded in it.
    pub(super) fn inner(self, layer: Layer) -> Option<Self> {
        let inner = self.deeper(layer)?;
        (inner.peek()?.depth == inner.layers.count).then_some(inner)
    }

    /// Goes behind the next character if it is this code unit.
    pub(super) fn takes_unit(&mut self, unit: u16) -> bool {
        self.takes_if(|next| next.unit == unit)
    }

    fn takes_if(&mut self, fits: impl Fn(&Char) -> bool) -> bool {
        let next = self.peek().filter(fits);
        self.at = next.map_or(self.at, |next| next.end);
        next.is_some()
    }

    /// Returns the same place behind one more layer.
    pub(super) fn deeper(self, layer: Layer) -> Option<Self> {
        let layers = self.layers.push(layer)?;
        Some(Self { layers, ..self })
    }

    fn read(&self, at: usize, level: u8) -> Option<Char> {
        let Some(outer) = level.checked_sub(1) else {
            return self.text.get(at).map(|byte| Char::raw(*byte, at));
        };
        let first = self.read(at, outer)?;
        let decoded = match (first.byte, self.layers.get(outer)) {
            (b'%', Layer::Percent) => self.hexadecimal(first.end, outer, 2),
            (b'\\', Layer::Backslash) => self.escape(first, outer),
            _ => None,
        };
        Some(decoded.map_or(first, |decoded| Char {
            depth: level,
            ..decoded
        }))
    }

    fn escape(&self, backslash: Char, outer: u8) -> Option<Char> {
        let second = self.read(backslash.end, outer)?;
        if second.depth > backslash.depth {
            return None;
        }
        let byte = match second.byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'u' => return self.hexadecimal(second.end, outer, 4),
            // The beginning of a terminal colour.
            b'x' => {
                return self
                    .hexadecimal(second.end, outer, 2)
                    .filter(|one| one.byte == 0x1b && tail(self.text, one.end).starts_with(b"["));
            }
            b'/' => second.byte,
            // A quote of an outer layer ends the string that the backslash is in.
            b'"' | b'\'' | b'\\' if second.depth == backslash.depth => second.byte,
            _ => return None,
        };
        let unit = byte.into();
        Some(Char {
            byte,
            unit,
            ..second
        })
    }

    fn hexadecimal(&self, at: usize, level: u8, digits: u8) -> Option<Char> {
        let (mut unit, mut end) = (0, at);
        for _ in 0..digits {
            let next = self.read(end, level)?;
            let digit = char::from(next.byte).to_digit(16)?;
            unit = unit << 4 | u16::try_from(digit).ok()?;
            end = next.end;
        }
        let byte = match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() || digits == 2 => byte,
            _ => Char::WIDE,
        };
        Some(Char {
            byte,
            unit,
            end,
            depth: level,
        })
    }
}

pub(super) fn layer_of(byte: u8) -> Option<Layer> {
    match byte {
        b'\\' => Some(Layer::Backslash),
        b'%' => Some(Layer::Percent),
        _ => None,
    }
}
