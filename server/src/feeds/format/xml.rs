//! The one door through which XML comes in: bytes to a small owned tree, or a refusal with its place.
//!
//! Owns: encodings, limits, namespaces, entities, byte spans. Must not know any format: decoders walk the tree it makes.
//! XML can be made to hurt its reader (entities that grow a thousandfold, elements a million deep, references to files and
//! other machines). So: no DOCTYPE at all, no entity but the five of the standard, and every size counted before it is trusted.

mod encoding;
mod pretty;

pub use pretty::pretty;

use super::{Refusal, clip};
use app::model::Span;
use encoding::Source;
use quick_xml::{Reader, events::BytesStart, events::Event};
use std::{collections::HashSet, sync::Arc};

/// The largest document read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;
/// The deepest nesting read; the root is at depth 1.
pub const MAX_DEPTH: usize = 64;
/// The most attributes an element may have, and the most namespace prefixes that may stand in scope at once.
pub const MAX_ATTRIBUTES: usize = 256;
/// The longest single tag or stretch of text, in bytes.
pub const MAX_TOKEN: usize = 1 << 20;
/// The most elements and attributes in a document: in memory, `<a/>` costs thirty times its four bytes.
pub const MAX_NODES: usize = 2_000_000;

/// An element: its name resolved against its namespaces, and all that is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    /// Its local name, without prefix.
    pub name: Arc<str>,
    /// The URI of its namespace; empty when it is in none.
    pub ns: Arc<str>,
    /// Its attributes, by local name, in document order; namespace declarations are not among them.
    pub attributes: Vec<(Arc<str>, String)>,
    /// Its child elements in document order.
    pub children: Vec<Element>,
    /// All character data directly in it, in one piece.
    pub text: String,
    /// Where it stands in the raw bytes; empty when those had to be transcoded.
    pub span: Span,
    /// The line it starts on, from 1.
    pub line: u32,
}

impl Element {
    /// The first child of that local name, whatever its namespace.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|c| &*c.name == name)
    }
    /// All children of that local name, whatever their namespace.
    pub fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> + 'a {
        self.children.iter().filter(move |c| &*c.name == name)
    }
    /// The trimmed text of the first child of that name that has any.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.children.iter().filter(|c| &*c.name == name).find_map(Element::own_text)
    }
    /// Its own trimmed text, if there is any.
    pub fn own_text(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|t| !t.is_empty())
    }
    /// The trimmed value of an attribute, if there is any.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| &**n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
    }
    /// Itself and everything below it, in document order.
    pub fn descendants(&self) -> impl Iterator<Item = &Element> {
        let mut waiting = vec![self];
        std::iter::from_fn(move || {
            let next = waiting.pop()?;
            waiting.extend(next.children.iter().rev());
            Some(next)
        })
    }
    /// The first element below it of that local name, whatever its depth, namespace and ASCII case.
    pub fn find(&self, name: &str) -> Option<&Element> {
        self.descendants().skip(1).find(|e| e.name.eq_ignore_ascii_case(name))
    }
    /// Its name and line, as findings and refusals cite it.
    pub fn place(&self) -> String {
        format!("<{}> on line {}", self.name, self.line)
    }
}

/// Reads a whole document and gives its root.
pub fn parse(raw: &[u8]) -> Result<Element, Refusal> {
    let source = Source::of(raw)?;
    let builder = Builder {
        source: &source,
        reader: Reader::from_str(&source.text),
        names: HashSet::new(),
        open: Vec::new(),
        prefixes: Vec::new(),
        nodes: 0,
        line: (0, 1),
    };
    builder.run()
}

struct Builder<'a> {
    source: &'a Source<'a>,
    reader: Reader<&'a [u8]>,
    // Each name once: feeds repeat a few dozen names a million times.
    names: HashSet<Arc<str>>,
    // The elements not closed yet, the root first.
    open: Vec<Element>,
    // Namespace prefixes in scope: depth of the element that declared it, prefix, URI. The innermost is last.
    prefixes: Vec<(usize, Arc<str>, Arc<str>)>,
    nodes: usize,
    // How far lines were counted, and the line there.
    line: (usize, u32),
}

impl Builder<'_> {
    fn run(mut self) -> Result<Element, Refusal> {
        let mut root: Option<Element> = None;
        loop {
            let start = self.position();
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(e) => {
                    let at = usize::try_from(self.reader.error_position()).unwrap_or(start);
                    return Err(Refusal::new(self.source.at(at), e.to_string()));
                }
            };
            let end = self.position();
            if end.saturating_sub(start) > MAX_TOKEN && !matches!(event, Event::Comment(_)) {
                return Err(self.refuse(start, format!("a tag or text is longer than {} KiB", MAX_TOKEN >> 10)));
            }
            let closed = match event {
                Event::Start(tag) => {
                    self.enter(&tag, start, root.is_some())?;
                    None
                }
                Event::Empty(tag) => {
                    self.enter(&tag, start, root.is_some())?;
                    self.leave(end)
                }
                Event::End(_) => self.leave(end),
                Event::Text(text) => {
                    self.say(&String::from_utf8_lossy(&text), start)?;
                    None
                }
                Event::CData(text) => {
                    self.say(&String::from_utf8_lossy(&text), start)?;
                    None
                }
                Event::GeneralRef(name) => {
                    let c = self.reference(&String::from_utf8_lossy(&name), start)?;
                    self.say(c.encode_utf8(&mut [0; 4]), start)?;
                    None
                }
                // Before anything is made of it: entities are declared in here, and files and other machines named.
                Event::DocType(_) => {
                    return Err(self.refuse(start, "a DOCTYPE is not accepted: it can name files and grow without end"));
                }
                Event::Decl(_) if start > 0 => {
                    return Err(self.refuse(start, "an XML declaration may only stand at the very start"));
                }
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => None,
                Event::Eof => break,
            };
            root = closed.or(root);
        }
        if let Some(unclosed) = self.open.last() {
            let why = format!("the document ends before {} is closed", unclosed.place());
            return Err(self.refuse(self.source.text.len(), why));
        }
        root.ok_or_else(|| self.refuse(0, "there is no XML element in it"))
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }
    fn refuse(&self, offset: usize, why: impl Into<String>) -> Refusal {
        Refusal::new(self.source.at(offset), why)
    }
    fn name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        let name: Arc<str> = name.into();
        self.names.insert(name.clone());
        name
    }

    fn enter(&mut self, tag: &BytesStart, at: usize, second_root: bool) -> Result<(), Refusal> {
        let depth = self.open.len() + 1;
        if second_root {
            return Err(self.refuse(at, "a second root element; a document has one"));
        }
        if depth > MAX_DEPTH {
            return Err(self.refuse(at, format!("elements are nested deeper than {MAX_DEPTH}")));
        }
        let mut attributes: Vec<(String, String)> = Vec::new();
        // quick-xml's own check for repeated names compares each with each; ours sorts, below.
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|e| self.refuse(at, format!("an attribute is malformed: {e}")))?;
            if attributes.len() == MAX_ATTRIBUTES {
                return Err(self.refuse(at, format!("more than {MAX_ATTRIBUTES} attributes on one element")));
            }
            let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            let value = self.value(&String::from_utf8_lossy(&attribute.value), at)?;
            attributes.push((name, value));
        }
        self.nodes += 1 + attributes.len();
        if self.nodes > MAX_NODES {
            return Err(self.refuse(at, format!("more than {MAX_NODES} elements and attributes")));
        }
        let mut seen: Vec<&str> = attributes.iter().map(|(n, _)| n.as_str()).collect();
        seen.sort_unstable();
        if let Some([twice, _]) = seen.array_windows().find(|[a, b]| a == b) {
            return Err(self.refuse(at, format!("attribute `{twice}` stands twice on one element")));
        }
        for (name, value) in &attributes {
            let prefix = if name == "xmlns" { "" } else { name.strip_prefix("xmlns:").unwrap_or("xmlns") };
            if prefix != "xmlns" {
                if self.prefixes.len() == MAX_ATTRIBUTES {
                    return Err(self.refuse(at, format!("more than {MAX_ATTRIBUTES} namespace prefixes in scope")));
                }
                let (prefix, uri) = (self.name(prefix), self.name(value));
                self.prefixes.push((depth, prefix, uri));
            }
        }
        let (ns, name) = self.resolve(&String::from_utf8_lossy(tag.name().as_ref()), at)?;
        let attributes = attributes
            .into_iter()
            .filter(|(n, _)| n != "xmlns" && !n.starts_with("xmlns:"))
            .map(|(n, v)| (self.name(n.split_once(':').map_or(n.as_str(), |(_, local)| local)), v))
            .collect();
        let (from, line) = self.line;
        let between = self.source.text.as_bytes().get(from..at).unwrap_or_default();
        self.line = (at, line.saturating_add(between.iter().filter(|b| **b == b'\n').count().try_into().unwrap_or(u32::MAX)));
        let span = self.source.span(at, at);
        self.open.push(Element { name, ns, attributes, span, line: self.line.1, ..Element::default() });
        Ok(())
    }

    // Closes the innermost element; gives it back when it was the root.
    fn leave(&mut self, end: usize) -> Option<Element> {
        let mut done = self.open.pop()?;
        if let Some(base) = self.source.base {
            done.span = Span::new(done.span.start as usize, end + base);
        }
        let depth = self.open.len();
        while self.prefixes.pop_if(|(declared, ..)| *declared > depth).is_some() {}
        match self.open.last_mut() {
            Some(parent) => {
                parent.children.push(done);
                None
            }
            None => Some(done),
        }
    }

    fn say(&mut self, text: &str, at: usize) -> Result<(), Refusal> {
        match self.open.last_mut() {
            // Line ends are one character, however they were written (XML 1.0 section 2.11).
            Some(element) if text.contains('\r') => element.text.push_str(&text.replace("\r\n", "\n").replace('\r', "\n")),
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(self.refuse(at, "text outside the root element: this is not XML")),
        }
        Ok(())
    }

    fn resolve(&mut self, qualified: &str, at: usize) -> Result<(Arc<str>, Arc<str>), Refusal> {
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", qualified));
        let starts = |c: char| c.is_alphabetic() || c == '_';
        let continues = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '·') || !c.is_ascii();
        if !local.starts_with(starts) || !local.chars().all(continues) {
            return Err(self.refuse(at, format!("`{}` is not an element name", clip(qualified, 40))));
        }
        let ns = match self.prefixes.iter().rev().find(|(_, p, _)| **p == *prefix) {
            Some((.., uri)) => uri.clone(),
            None if prefix.is_empty() => self.name(""),
            None => return Err(self.refuse(at, format!("the prefix `{}` is not declared", clip(prefix, 40)))),
        };
        let local = self.name(local);
        Ok((ns, local))
    }

    fn value(&self, raw: &str, at: usize) -> Result<String, Refusal> {
        if raw.contains('<') {
            return Err(self.refuse(at, "`<` may not stand in an attribute value"));
        }
        let mut value = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((before, after)) = rest.split_once('&') {
            let (name, after) = after.split_once(';').ok_or_else(|| self.refuse(at, "`&` without `;` in an attribute value"))?;
            value.push_str(before);
            value.push(self.reference(name, at)?);
            rest = after;
        }
        value.push_str(rest);
        Ok(if value.contains(['\t', '\n', '\r']) { value.replace(['\t', '\n', '\r'], " ") } else { value })
    }

    fn reference(&self, name: &str, at: usize) -> Result<char, Refusal> {
        let number = |digits: &str, radix| {
            let plain = digits.chars().all(|c| c.is_digit(radix));
            u32::from_str_radix(digits, radix).ok().filter(|_| plain).and_then(char::from_u32)
        };
        let c = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => match name.strip_prefix('#') {
                Some(n) => n.strip_prefix('x').map_or_else(|| number(n, 10), |hex| number(hex, 16)),
                None => None,
            },
        };
        c.filter(|c| *c >= ' ' || matches!(c, '\t' | '\n' | '\r')).ok_or_else(|| {
            self.refuse(at, format!("`&{};` stands for nothing known; only XML's own five entities are read", clip(name, 40)))
        })
    }
}

#[cfg(test)]
mod tests;
