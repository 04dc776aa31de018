//! Shows a piece of XML, cut from a message, as people like to read it: one element a line, indented.
//!
//! It must show whatever it is given, since it is what a person looks at when a record was set aside: a fragment whose prefixes
//! are declared elsewhere, a broken end. So it only moves white space, keeps every tag as it was written, and never refuses.

use super::encoding::Source;
use quick_xml::{Reader, events::Event};

// Indentation can make a short text of many tags forty times longer, and nobody reads more of one record.
const MAX_SHOWN: usize = 1 << 20;

/// The same XML with one element a line, indented by two spaces a level.
pub fn pretty(raw: &[u8]) -> String {
    let raw = raw.get(..raw.len().min(MAX_SHOWN)).unwrap_or(raw);
    let text = Source::of(raw).map_or_else(|_| String::from_utf8_lossy(raw).into_owned(), |s| s.text.into_owned());
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut page = Page::default();
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        let event = reader.read_event();
        let end = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        let piece = text.get(start..end).unwrap_or_default();
        match event {
            Ok(Event::Start(_)) => page.start(piece),
            Ok(Event::End(_)) => page.end(piece),
            Ok(Event::Text(_) | Event::GeneralRef(_) | Event::CData(_)) => page.words.push_str(piece),
            Ok(Event::Eof) => break,
            Ok(_) => page.alone(piece),
            Err(_) => {
                page.words.push_str(text.get(start..).unwrap_or_default());
                break;
            }
        }
        if page.out.len() > MAX_SHOWN {
            page.words.push('…');
            break;
        }
    }
    page.flush();
    page.out.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c }).collect()
}

#[derive(Default)]
struct Page {
    out: String,
    depth: usize,
    // Text and references since the last tag, as written.
    words: String,
    // Whether a start tag, or a start tag and its text, is the last thing written: then its end tag may follow on its line.
    inline: bool,
}

impl Page {
    fn line(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
            (0..self.depth.min(32)).for_each(|_| self.out.push_str("  "));
        }
    }
    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        if !words.trim().is_empty() {
            if !self.inline {
                self.line();
            }
            self.out.push_str(words.trim());
        }
    }
    fn start(&mut self, tag: &str) {
        self.alone(tag);
        self.depth += 1;
        self.inline = true;
    }
    fn end(&mut self, tag: &str) {
        self.flush();
        self.depth = self.depth.saturating_sub(1);
        if !self.inline {
            self.line();
        }
        self.out.push_str(tag);
        self.inline = false;
    }
    fn alone(&mut self, tag: &str) {
        self.flush();
        self.line();
        self.out.push_str(tag);
        self.inline = false;
    }
}
