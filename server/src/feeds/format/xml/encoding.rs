//! Bytes to characters. XML says what encoding it is in; what says nothing is UTF-8, and what is not what it says is refused:
//! a guess would turn a street's name into another one.

use super::MAX_BYTES;
use crate::feeds::format::{Refusal, clip};
use app::model::Span;
use std::borrow::Cow;

/// A document's characters, and how they stand to its bytes.
pub struct Source<'a> {
    /// The characters.
    pub text: Cow<'a, str>,
    /// Where `text` begins in the raw bytes; `None` when it was transcoded, so that its offsets say nothing about them.
    pub base: Option<usize>,
}

impl<'a> Source<'a> {
    /// Reads the characters of `raw`, in the encoding it declares and in no other.
    pub fn of(raw: &'a [u8]) -> Result<Self, Refusal> {
        if raw.len() > MAX_BYTES {
            return Err(Refusal::new(format!("byte {MAX_BYTES}"), format!("the document is larger than {} MiB", MAX_BYTES >> 20)));
        }
        let source = match raw {
            [0xEF, 0xBB, 0xBF, rest @ ..] => Self { text: utf8(rest)?, base: Some(3) },
            [0xFF, 0xFE, rest @ ..] => Self { text: utf16(rest, u16::from_le_bytes)?, base: None },
            [0xFE, 0xFF, rest @ ..] => Self { text: utf16(rest, u16::from_be_bytes)?, base: None },
            _ => match declared_encoding(raw).as_deref() {
                None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => Self { text: utf8(raw)?, base: Some(0) },
                Some("iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252") => {
                    Self { text: windows_1252(raw)?, base: None }
                }
                Some(other) => {
                    let read = "UTF-8, UTF-16 with a byte order mark, ISO-8859-1 and windows-1252 are";
                    let why = format!("the encoding `{}` is not read here; {read}", clip(other, 40));
                    return Err(Refusal::new("line 1:1", why));
                }
            },
        };
        // XML 1.0 section 2.2: no control characters but tab and line ends. One pass, before anything is built.
        let bad = source.text.bytes().position(|b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'));
        match bad {
            Some(at) => {
                let byte = source.text.as_bytes().get(at).copied().unwrap_or(0);
                Err(Refusal::new(source.at(at), format!("character U+{byte:04X} may not stand in XML")))
            }
            None => Ok(source),
        }
    }
    /// `line L:C` of a byte offset in `text`; columns count characters. Counted from the start: only a refusal asks.
    pub fn at(&self, offset: usize) -> String {
        place(self.text.as_bytes(), offset)
    }
    /// The raw bytes of a stretch of `text`; empty when they were transcoded.
    pub fn span(&self, start: usize, end: usize) -> Span {
        self.base.map_or(Span::default(), |base| Span::new(start + base, end + base))
    }
}

fn place(text: &[u8], offset: usize) -> String {
    let before = text.get(..offset.min(text.len())).unwrap_or_default();
    let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    // A continuation byte of UTF-8 (10xxxxxx) starts no character.
    let column = before.iter().skip(line_start).filter(|b| **b & 0xC0 != 0x80).count() + 1;
    format!("line {line}:{column}")
}

fn utf8(raw: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    std::str::from_utf8(raw).map(Cow::Borrowed).map_err(|e| {
        let at = e.valid_up_to();
        let byte = raw.get(at).copied().unwrap_or(0);
        Refusal::new(place(raw, at), format!("byte 0x{byte:02X} is not UTF-8, and no other encoding is declared"))
    })
}

fn utf16(raw: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, Refusal> {
    let (pairs, rest) = raw.as_chunks::<2>();
    let text: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(Cow::Owned(text)),
        _ => Err(Refusal::new("line 1:1", "the byte order mark says UTF-16, but what follows is not")),
    }
}

// What ISO-8859-1 leaves to control characters, windows-1252 fills with quotes and dashes. Publishers say the one and mean the
// other so often that the WHATWG made them synonyms; so do we. A dash here marks the five bytes that are nothing in either.
const HIGH_CONTROLS: [char; 32] = [
    '€', '-', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '-', 'Ž', '-', '-', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š',
    '›', 'œ', '-', 'ž', 'Ÿ',
];
fn windows_1252(raw: &[u8]) -> Result<Cow<'static, str>, Refusal> {
    let mut text = String::with_capacity(raw.len() + raw.len() / 8);
    for (at, byte) in raw.iter().enumerate() {
        text.push(match byte {
            0x80..=0x9F => match HIGH_CONTROLS.get(usize::from(byte - 0x80)) {
                Some(c) if *c != '-' => *c,
                _ => {
                    return Err(Refusal::new(format!("byte {at}"), format!("byte 0x{byte:02X} is no character in windows-1252")));
                }
            },
            _ => char::from(*byte),
        });
    }
    Ok(Cow::Owned(text))
}

// The label in `<?xml … encoding="…"?>`, in lower case. The declaration is ASCII in every encoding read without a mark.
fn declared_encoding(raw: &[u8]) -> Option<String> {
    let head = raw.get(..raw.len().min(256))?;
    let end = head.windows(2).position(|w| w == b"?>")?;
    let declaration = String::from_utf8_lossy(head.get(..end)?).into_owned();
    let declaration = declaration.trim_start().strip_prefix("<?xml")?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split_once(quote).map(|(label, _)| label.trim().to_ascii_lowercase())
}
