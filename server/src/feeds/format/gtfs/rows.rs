//! Rows of a comma-separated file, one at a time, from a reader that may turn hostile.
//!
//! Owns: RFC 4180 as GTFS uses it (quotes, doubled quotes, CR LF, a byte order mark). Must not know: what the columns mean. A
//! general CSV library would grow one record without end; here a record has a limit, and bad UTF-8 costs a letter, not a file.

use std::{
    borrow::Cow,
    io::{self, Read},
};

/// The longest row that is read.
const LONGEST: usize = 1 << 20;

/// A file of rows below a header.
pub struct Rows<R> {
    from: R,
    chunk: Box<[u8]>,
    at: usize,
    len: usize,
    text: Vec<u8>,
    ends: Vec<usize>,
    columns: Vec<String>,
    line: u64,
}

impl<R: Read> Rows<R> {
    /// Reads the header.
    pub fn new(from: R) -> io::Result<Self> {
        let mut rows =
            Self { from, chunk: vec![0; 64 << 10].into(), at: 0, len: 0, text: Vec::new(), ends: Vec::new(), columns: Vec::new(), line: 0 };
        if rows.next_record()? {
            rows.columns = (0..rows.ends.len()).map(|i| rows.field(i).trim_start_matches('\u{feff}').trim().to_owned()).collect();
        }
        Ok(rows)
    }
    /// Where the column of that name stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c == name)
    }
    /// Goes to the next row that is not blank; `false` at the end.
    pub fn advance(&mut self) -> io::Result<bool> {
        while self.next_record()? {
            if self.ends.len() > 1 || !self.text.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
    /// The current row's number, the header being 1.
    pub fn line(&self) -> u64 {
        self.line
    }
    /// The field of the current row in a column; empty when the column or the field is missing.
    pub fn get(&self, column: Option<usize>) -> Cow<'_, str> {
        column.map_or(Cow::Borrowed(""), |i| self.field(i))
    }
    fn field(&self, i: usize) -> Cow<'_, str> {
        let start = if i == 0 { 0 } else { self.ends.get(i - 1).copied().unwrap_or(usize::MAX) };
        let bytes = self.ends.get(i).and_then(|end| self.text.get(start..*end)).unwrap_or_default();
        String::from_utf8_lossy(bytes.trim_ascii())
    }
    fn next_byte(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.len {
            self.len = self.from.read(&mut self.chunk)?;
            self.at = 0;
        }
        let byte = self.chunk.get(self.at).copied().filter(|_| self.at < self.len);
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }
    fn next_record(&mut self) -> io::Result<bool> {
        self.text.clear();
        self.ends.clear();
        let (mut quoted, mut closed, mut started) = (false, false, false);
        while let Some(byte) = self.next_byte()? {
            started = true;
            // A quote right after a closing one was a doubled quote: it stands for itself, and the field goes on.
            let doubled = std::mem::take(&mut closed) && byte == b'"';
            match byte {
                b'"' if quoted => (quoted, closed) = (false, true),
                b'"' => {
                    quoted = true;
                    if doubled {
                        self.text.push(byte);
                    }
                }
                b',' if !quoted => self.ends.push(self.text.len()),
                b'\n' if !quoted => break,
                b'\r' if !quoted => {}
                other => self.text.push(other),
            }
            if self.text.len() > LONGEST || self.ends.len() > 1000 {
                return Err(io::Error::other(format!("row {} is longer than {LONGEST} bytes", self.line + 1)));
            }
        }
        if started {
            self.ends.push(self.text.len());
            self.line += 1;
        }
        Ok(started)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &[u8]) -> Vec<Vec<String>> {
        let mut rows = Rows::new(text).unwrap();
        let width = rows.columns.len();
        let mut out = vec![rows.columns.clone()];
        while rows.advance().unwrap() {
            out.push((0..width).map(|i| rows.get(Some(i)).into_owned()).collect());
        }
        out
    }

    #[test]
    fn quotes_blanks_and_marks() {
        let text = b"\xef\xbb\xbfid, name\r\n1,\"Rossi, \"\"Mario\"\"\"\r\n\r\n2,\"two\nlines\"\n3\n4,caff\xe8,extra";
        let want: Vec<Vec<&str>> =
            vec![vec!["id", "name"], vec!["1", "Rossi, \"Mario\""], vec!["2", "two\nlines"], vec!["3", ""], vec!["4", "caff\u{fffd}"]];
        assert_eq!(all(text), want);
        assert!(Rows::new(&b""[..]).is_ok());
    }

    proptest! {
        #[test]
        fn what_is_quoted_comes_back(cells in prop::collection::vec("[a-z\",\n]{1,6}", 2)) {
            let row: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
            let text = format!("a,b\n{}\n", row.join(","));
            let want: Vec<String> = cells.iter().map(|c| c.trim_ascii().to_owned()).collect();
            prop_assert_eq!(&all(text.as_bytes())[1], &want);
        }
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(mut rows) = Rows::new(&bytes[..]) { while rows.advance().unwrap_or(false) { let _ = rows.get(Some(1)); } }
        }
    }
}
