//! Decides whether a needle is a part of a secret.

use alloc::{format, string::String};
use core::ops::Range;

use super::{
    between::Between,
    cursor::Cursor,
    found::Found,
    looks, personal,
    rules::{Label, Rule, Rules},
    text::{MARKER, ends_in_word, head, is_cut_off, last, run_back, tail},
    tokens,
    value::Value,
};
use crate::redact::keys::Look;

impl Rules {
    /// Judges a hit, and adds its match.
    pub(super) fn judge(&self, rule: Rule, hit: Range<usize>, found: &mut Found<'_>) {
        let (record, start) = (found.record, hit.start);
        let behind = tail(record, hit.end);
        let personal = self.personal.as_deref();
        let judged = match rule {
            Rule::Key(look, label) => {
                let _ = self.key(look, label, hit, found);
                return;
            }
            Rule::Value(index) => return self.value(index, start, found),
            Rule::Token(index, label) => {
                tokens::token(index, found.before(start), tail(record, start))
                    .map(|length| (start..start + length, label, None))
            }
            Rule::Bar { app, threads } => {
                tokens::behind_bar(found.before(hit.end), behind).map(|(is_threads, length)| {
                    let label = if is_threads { threads } else { app };
                    (hit.end..hit.end + length, label, None)
                })
            }
            Rule::Bearer(label) => tokens::bearer(found.before(start), behind)
                .filter(|token| start >= found.floor || stands_alone(behind, token))
                .map(|token| (hit.end + token.start..hit.end + token.end, label, None)),
            Rule::MessageId(label) => personal
                .and_then(|personal| personal.message_id(tail(record, start)))
                .map(|(length, text)| (start..start + length, label, text)),
            Rule::Plus(label) => personal
                .and_then(|personal| personal.free_number(found.before(hit.end), behind))
                .map(|(plus, digits, text)| {
                    let start = hit.end.saturating_sub(plus);
                    (start..hit.end + digits, label, text)
                }),
        };
        if let Some((range, label, text)) = judged {
            found.push(start.max(found.floor).min(range.start), range, label, text);
        }
    }

    /// Judges a key. Returns `None` if it has no value that is secret.
    fn key(
        &self,
        look: Look,
        label: Label,
        key: Range<usize>,
        found: &mut Found<'_>,
    ) -> Option<()> {
        let record = found.record;
        let (before, behind) = (found.before(key.start), tail(record, key.end));
        // Most needles are no keys, and the next byte tells.
        let may_follow = b"\"'\\%=:>, \t\r\n\x1b".contains(behind.first()?);
        if !may_follow || matches!(look, Look::Code | Look::Pin) && ends_in_word(before) {
            return None;
        }
        if look.is_personal() && is_part_of_word(before, behind) {
            return None;
        }
        let between = Between::read(record, key.end, look)?;
        if look.is_personal() && !is_whole_key(look, &between, before, behind) {
            return None;
        }
        let start = between.value.start.at;
        if let Some(length) = self.done(look, &between) {
            // It stays, so that a key between this one and its marker does not replace it.
            found.floor = start + length;
            return None;
        }
        let marker = self.marker(label);
        let listed = between.is_list
            && between.value.rest().starts_with(marker.as_bytes())
            && between.value.from(start + marker.len()).is_empty();
        let (mut text, mut end) = if look.is_personal() {
            self.personal(look, &between, listed)?
        } else if listed {
            (None, between.value.end())
        } else {
            (None, looks::secret(look, &between, before)?)
        };
        let key_quote = between.key_quote.as_ref();
        if let Some((_, quote)) = key_quote.filter(|_| looks::is_number(&between)) {
            let quote = core::str::from_utf8(record.get(quote.clone())?).ok()?;
            let with = text.as_deref().unwrap_or(marker);
            text = Some(format!("{quote}{with}{quote}"));
        }
        let has_fixed_end = text.is_some() || look == Look::Pin;
        found.push(key.start, start..end, label, text);
        if !has_fixed_end {
            found.limit(between.value.limit());
        }
        while let Some(next) = between.next_value(end) {
            end = next.end();
            found.push(key.start, next.start.at..end, label, None);
            found.limit(next.limit());
        }
        Some(())
    }

    /// Returns the length of a value that is a marker or a pseudonym already.
    fn done(&self, look: Look, between: &Between<'_>) -> Option<usize> {
        let text = between.value.rest();
        let length = match self.marker_length(text) {
            0 if look.is_personal() && look != Look::Text => personal::pseudonym(text),
            length => length,
        };
        let rest = between.value.from(between.value.start.at + length);
        let ends = match look {
            Look::Pin => looks::is_pin_end(rest),
            look if look.is_personal() && look != Look::Text => is_end(rest),
            _ => rest.is_empty(),
        };
        (length > 0 && ends && !between.is_list).then_some(length)
    }

    /// Returns the replacement of personal data, if it is no marker, and its end. `listed` tells that its marker
    /// begins a list.
    fn personal(
        &self,
        look: Look,
        between: &Between<'_>,
        listed: bool,
    ) -> Option<(Option<String>, usize)> {
        let personal = self.personal.as_ref()?;
        let value = looks::value(between);
        let ends = |end: &usize| is_end(value.from(*end));
        let user_id = personal::user_id(value.rest())
            .map(|length| value.start.at + length)
            .filter(ends);
        let number = if user_id.is_some() || matches!(look, Look::UserId | Look::Text) {
            None
        } else {
            personal::phone_number(value).filter(|(_, end)| ends(end))
        };
        let end = user_id.or(number.as_ref().map(|(_, end)| *end));
        let fits = match look {
            Look::Text => (value.is_quoted() || looks::is_number(between)) && !value.is_empty(),
            Look::Conversation if between.is_list => false,
            Look::MaybePhoneNumber if between.is_list => listed || end.is_some(),
            _ if between.is_list => !value.is_empty(),
            _ => match end {
                Some(end) => {
                    if look == Look::Conversation && !personal::is_conversation(value.from(end)) {
                        return None;
                    }
                    let text = match number {
                        Some((digits, _)) => personal.phone_number(&digits),
                        None => Some(personal.user_id(value.start.text.get(value.start.at..end)?)),
                    };
                    return Some((text, end));
                }
                None if matches!(look, Look::MaybePhoneNumber | Look::Conversation) => false,
                None => looks::is_secret(between, value),
            },
        };
        fits.then(|| (None, value.end()))
    }
}

/// Returns whether the token behind a key's value is not another key.
fn stands_alone(text: &[u8], token: &Range<usize>) -> bool {
    let (token, behind) = (text.get(token.clone()), tail(text, token.end));
    let padding = |token: &[u8]| run_back(token, |byte| byte == b'=');
    let is_one = |token: &[u8]| {
        let data = head(token, token.len().saturating_sub(padding(token)));
        !data.iter().any(|byte| b"%=".contains(byte)) && !data.ends_with(b"Bearer")
    };
    let mut behind = behind.iter().filter(|byte| !b" \t\r\n\"'".contains(byte));
    token.is_some_and(is_one)
        && behind
            .next()
            .is_none_or(|next| !b"=:%\\\x1b>,".contains(next))
}

/// Returns at a glance whether a key before a quote has no quote before it.
fn is_part_of_word(before: &[u8], behind: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    matches!(behind, [b'"' | b'\'', ..] | [b'\\', b'"', ..]) && before.last().is_some_and(is_letter)
}

/// Returns whether a key of personal data is whole. `before` and `behind` are the text around it.
fn is_whole_key(look: Look, between: &Between<'_>, before: &[u8], behind: &[u8]) -> bool {
    if let Some((quote, range)) = &between.key_quote {
        let (byte, length) = last(before).unwrap_or_default();
        let is_alike = byte == quote.byte && before.last() == Some(&quote.written);
        let opening = tail(before, before.len().saturating_sub(length));
        let is_escape = |quote: &[u8]| quote.starts_with(b"\\");
        let is_unicode = quote.written != byte && is_escape(behind) && is_escape(opening);
        // The length tells the strings apart that quotes are in.
        return is_alike && (is_unicode || length == range.len());
    }
    let follows = Cursor::new(behind, 0).fresh().peek();
    let joins = |byte: &u8| *byte == b'-' || *byte == b'.' && look == Look::Text;
    look != Look::Conversation
        && follows.is_some_and(|next| b"=: \x1b".contains(&next.byte))
        && !ends_in_word(before)
        && !before.last().is_some_and(joins)
        && !before.ends_with(MARKER)
}

/// Returns whether a number or an id ends here. It ends with its value, where the record is cut off, or
/// before the next field of a list. Text that was replaced by a marker may have continued it.
fn is_end(rest: Value<'_>) -> bool {
    let text = rest.rest();
    let next_field = |byte: &u8| b",;)]}<>|".contains(byte);
    rest.is_empty() && !text.starts_with(MARKER)
        || is_cut_off(text)
        || !rest.is_quoted() && text.first().is_some_and(next_field)
}
