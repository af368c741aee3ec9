//! JSON with other white space and other escapes.

use alloc::vec::Vec;

use super::{escapes::Escapes, tokens::Tokens};

/// The white space between the tokens.
#[derive(Clone, Copy)]
pub(super) enum Layout {
    AsReceived,
    OneLine {
        comma: &'static [u8],
        colon: &'static [u8],
    },
    Indented {
        indent: &'static [u8],
        end: &'static [u8],
    },
}

const fn indented(indent: &'static [u8], end: &'static [u8]) -> Layout {
    Layout::Indented { indent, end }
}

/// The layouts of common JSON libraries. The indented ones also with a newline at the end, as in files.
pub(super) const LAYOUTS: [Layout; 9] = [
    Layout::AsReceived,
    Layout::OneLine {
        comma: b",",
        colon: b":",
    },
    // Python's default.
    Layout::OneLine {
        comma: b", ",
        colon: b": ",
    },
    indented(b"  ", b""),
    indented(b"    ", b""),
    indented(b"\t", b""),
    indented(b"  ", b"\n"),
    indented(b"    ", b"\n"),
    indented(b"\t", b"\n"),
];

/// Writes valid JSON in another layout and style. Keys keep their order, numbers their form.
///
/// Returns `None` if the result would be longer than `limit`.
pub(super) fn rewrite(
    json: &[u8],
    layout: Layout,
    style: Option<&Escapes>,
    limit: usize,
) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(json.len());
    let mut depth = 0_usize;
    let keeps_space = matches!(layout, Layout::AsReceived);
    let is_space = |token: &[u8]| token.trim_ascii().is_empty();
    let mut tokens = Tokens(json)
        .filter(|token| keeps_space || !is_space(token))
        .peekable();
    while let Some(token) = tokens.next() {
        match token {
            b"{" | b"[" => {
                out.extend_from_slice(token);
                // Empty collections stay on one line.
                if let Some(end) = tokens.next_if(|next| matches!(next, [b'}' | b']'])) {
                    out.extend_from_slice(end);
                } else {
                    depth = depth.saturating_add(1);
                    layout.break_line(depth, &mut out);
                }
            }
            b"}" | b"]" => {
                depth = depth.saturating_sub(1);
                layout.break_line(depth, &mut out);
                out.extend_from_slice(token);
            }
            b"," => {
                out.extend_from_slice(layout.comma());
                layout.break_line(depth, &mut out);
            }
            b":" => out.extend_from_slice(layout.colon()),
            [b'"', ..] => match style {
                Some(style) => style.write(token, &mut out),
                None => out.extend_from_slice(token),
            },
            _ => out.extend_from_slice(token),
        }
        if out.len() > limit {
            return None;
        }
    }
    if let Layout::Indented { end, .. } = layout {
        out.extend_from_slice(end);
    }
    Some(out)
}

impl Layout {
    fn break_line(self, depth: usize, out: &mut Vec<u8>) {
        if let Self::Indented { indent, .. } = self {
            out.push(b'\n');
            for _ in 0..depth {
                out.extend_from_slice(indent);
            }
        }
    }

    const fn comma(self) -> &'static [u8] {
        match self {
            Self::OneLine { comma, .. } => comma,
            Self::AsReceived | Self::Indented { .. } => b",",
        }
    }

    const fn colon(self) -> &'static [u8] {
        match self {
            Self::OneLine { colon, .. } => colon,
            Self::AsReceived => b":",
            Self::Indented { .. } => b": ",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    fn rewritten(json: &str, layout: usize) -> String {
        let out = rewrite(json.as_bytes(), LAYOUTS[layout], None, 1_000).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn writes_every_layout() {
        let compact = r#"{"a b":[1.0,{},[ ],{"c":"d: , [\u00e4"}],"a":1E5}"#;
        let python = r#"{"a b": [1.0, {}, [], {"c": "d: , [\u00e4"}], "a": 1E5}"#;
        let pretty = "{\n_\"a b\": [\n__1.0,\n__{},\n__[],\n__{\n___\"c\": \"d: , [\\u00e4\"\n__}\n_],\n_\"a\": 1E5\n}";
        assert_eq!(rewritten(compact, 0), compact);
        for received in [compact, python, pretty] {
            let received = &received.replace('_', " ");
            assert_eq!(rewritten(received, 1), compact.replace("[ ]", "[]"));
            assert_eq!(rewritten(received, 2), python);
            for (layout, indent) in ["  ", "    ", "\t"].into_iter().enumerate() {
                let pretty = pretty.replace('_', indent);
                assert_eq!(rewritten(received, layout + 3), pretty);
                assert_eq!(rewritten(received, layout + 6), pretty + "\n");
            }
        }
    }

    #[test]
    fn limits_the_length() {
        let deep = "[".repeat(100) + &"]".repeat(100);
        let length = |limit| rewrite(deep.as_bytes(), LAYOUTS[4], None, limit).map(|out| out.len());
        let whole = length(usize::MAX).unwrap();
        assert!(whole > 30_000);
        assert_eq!((length(whole), length(whole - 1)), (Some(whole), None));
    }
}
