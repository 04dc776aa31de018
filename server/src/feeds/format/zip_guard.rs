//! Opens a zip that a stranger sent.
//!
//! Owns: the checks that make an archive safe to read. Must not know: what is in the files. Nothing an archive says about
//! itself is believed: names are judged, stretches of data must not overlap, and inflated bytes are counted while they come, so
//! that a bomb is refused after the first mebibyte too many and never held in memory.

use super::{Refusal, clip};
use std::{
    cell::Cell,
    io::{self, Cursor, Read},
    rc::Rc,
};

/// What an archive may ask of us.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files and folders in it.
    pub entries: usize,
    /// Bytes inflated from it in all.
    pub total: u64,
    /// Inflated bytes for each packed byte of one entry...
    pub ratio: u64,
    /// ...judged once so many bytes are inflated, since a small file of one letter packs very well.
    pub ratio_after: u64,
}
impl Default for Limits {
    fn default() -> Self {
        Self { entries: 64, total: 1 << 30, ratio: 200, ratio_after: 1 << 20 }
    }
}

/// An archive whose directory was judged sound.
pub struct Archive<'a> {
    zip: zip::ZipArchive<Cursor<&'a [u8]>>,
    names: Vec<String>,
    limits: Limits,
    spent: Rc<Cell<u64>>,
}

impl<'a> Archive<'a> {
    /// Judges the directory of `bytes`.
    pub fn open(bytes: &'a [u8], limits: Limits) -> Result<Self, Refusal> {
        let promised = promised_entries(bytes)?;
        if promised > limits.entries {
            return Err(Refusal::new("zip directory", format!("{promised} entries; at most {} are read", limits.entries)));
        }
        let bad = |e: zip::result::ZipError| Refusal::new("zip directory", format!("not a sound zip: {e}"));
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(bad)?;
        if zip.len() != promised {
            // The library keeps one entry a name: fewer entries than promised are two of one name, and which one counts would
            // depend on the reader.
            let why = format!("{promised} entries promised, {} distinct ones found", zip.len());
            return Err(Refusal::new("zip directory", why));
        }
        let mut names = Vec::with_capacity(promised);
        let mut stretches = Vec::with_capacity(promised);
        for i in 0..zip.len() {
            let entry = zip.by_index(i).map_err(|e| Refusal::new(format!("zip entry {i}"), e.to_string()))?;
            let refuse = |why: &str| Err(Refusal::new(format!("zip entry `{}`", clip(entry.name(), 100)), why));
            if let Some(why) = unsafe_name(entry.name()) {
                return refuse(why);
            }
            if entry.is_symlink() {
                return refuse("is a symbolic link");
            }
            if is_archive_name(entry.name()) {
                return refuse("is an archive inside the archive");
            }
            let Some(start) = entry.data_start() else { return refuse("has no data") };
            stretches.push((entry.header_start(), start.saturating_add(entry.compressed_size()), i));
            names.push(entry.name().to_owned());
        }
        stretches.sort_unstable();
        let directory = zip.central_directory_start();
        for (at, (from, to, i)) in stretches.iter().enumerate() {
            let next = stretches.get(at + 1).map_or(directory, |n| n.0);
            if *to > next || to < from {
                let name = names.get(*i).map_or("", String::as_str);
                return Err(Refusal::new(format!("zip entry `{}`", clip(name, 100)), "its data overlap what follows: a zip bomb"));
            }
        }
        Ok(Self { zip, names, limits, spent: Rc::default() })
    }

    /// The entries' names, in the directory's order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Reads the entry of that name, counting.
    pub fn read(&mut self, name: &str) -> Result<impl Read + use<'_, 'a>, Refusal> {
        let (limits, spent) = (self.limits, self.spent.clone());
        let entry = self.zip.by_name(name).map_err(|e| Refusal::new(format!("zip entry `{}`", clip(name, 100)), e.to_string()))?;
        let packed = entry.compressed_size();
        Ok(Counted { from: entry, here: 0, packed, limits, spent, fresh: true })
    }
}

// Counts what is inflated and stops when it is too much. An error of a reader is all it can say; the caller adds the place.
struct Counted<R> {
    from: R,
    here: u64,
    packed: u64,
    limits: Limits,
    spent: Rc<Cell<u64>>,
    fresh: bool,
}
impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buf)?;
        if std::mem::take(&mut self.fresh) && buf.get(..n).is_some_and(|b| b.starts_with(b"PK\x03\x04")) {
            return Err(io::Error::other("is an archive inside the archive"));
        }
        self.here = self.here.saturating_add(n as u64);
        self.spent.set(self.spent.get().saturating_add(n as u64));
        if self.here > self.limits.ratio_after && self.here > self.packed.saturating_mul(self.limits.ratio) {
            let why = format!("inflates to more than {} times its size: a zip bomb", self.limits.ratio);
            return Err(io::Error::other(why));
        }
        if self.spent.get() > self.limits.total {
            return Err(io::Error::other(format!("the archive inflates to more than {} bytes", self.limits.total)));
        }
        Ok(n)
    }
}

// How many entries the end record promises, before the library allocates anything for them.
fn promised_entries(bytes: &[u8]) -> Result<usize, Refusal> {
    const RECORD: usize = 22;
    let end = format!("byte {}", bytes.len());
    if !bytes.starts_with(b"PK") {
        return Err(Refusal::new("byte 0", "not a zip: it does not start with PK"));
    }
    let lowest = bytes.len().saturating_sub(RECORD + usize::from(u16::MAX));
    let found = (lowest..=bytes.len().saturating_sub(RECORD)).rev().find(|i| bytes[*i..].starts_with(b"PK\x05\x06"));
    let Some(at) = found else { return Err(Refusal::new(end, "the zip is truncated: its end record is missing")) };
    // 64-bit archives are for what would be refused anyway; their second directory could contradict the first.
    if at >= 20 && bytes[at - 20..].starts_with(b"PK\x06\x07") {
        return Err(Refusal::new(format!("byte {}", at - 20), "a 64-bit zip is not read"));
    }
    match bytes.get(at + 10..at + 12) {
        Some([low, high]) => Ok(usize::from(u16::from_le_bytes([*low, *high]))),
        _ => Err(Refusal::new(end, "the zip is truncated within its end record")),
    }
}

fn unsafe_name(name: &str) -> Option<&'static str> {
    let drive = name.as_bytes().get(1) == Some(&b':');
    if name.starts_with(['/', '\\']) || drive {
        Some("has an absolute name")
    } else if name.split(['/', '\\']).any(|part| part == "..") {
        Some("has a name that leaves its folder")
    } else if name.contains('\0') {
        Some("has a name with a zero byte")
    } else {
        None
    }
}
fn is_archive_name(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
    ["zip", "gz", "bz2", "xz", "7z", "tar", "tgz", "zst"].iter().any(|e| extension.eq_ignore_ascii_case(e))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    /// A zip of these files.
    pub fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, body) in files {
            out.start_file(*name, SimpleFileOptions::default()).unwrap();
            out.write_all(body).unwrap();
        }
        out.finish().unwrap().into_inner()
    }
    fn open(bytes: &[u8]) -> Result<Archive<'_>, Refusal> {
        Archive::open(bytes, Limits::default())
    }
    fn refusal(bytes: &[u8]) -> String {
        open(bytes).err().expect("refused").to_string()
    }

    #[test]
    fn a_sound_archive_is_read() {
        let bytes = zip_of(&[("a.txt", b"one"), ("b.txt", b"two")]);
        let mut zip = open(&bytes).unwrap();
        assert_eq!(zip.names(), ["a.txt", "b.txt"]);
        let mut text = String::new();
        zip.read("b.txt").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "two");
    }

    #[test]
    fn a_bomb_is_refused_while_it_inflates() {
        let bytes = zip_of(&[("routes.txt", &vec![b'a'; 64 << 20])]);
        let mut zip = open(&bytes).unwrap();
        let mut sink = io::sink();
        let mut counted = zip.read("routes.txt").unwrap();
        let err = io::copy(&mut counted, &mut sink).unwrap_err();
        assert!(err.to_string().contains("200 times"), "{err}");
        let few = Limits { total: 1000, ..Limits::default() };
        let bytes = zip_of(&[("a.txt", &[b'x'; 600]), ("b.txt", &[b'y'; 600])]);
        let mut zip = Archive::open(&bytes, few).unwrap();
        assert!(io::copy(&mut zip.read("a.txt").unwrap(), &mut sink).is_ok());
        assert!(io::copy(&mut zip.read("b.txt").unwrap(), &mut sink).is_err());
    }

    #[test]
    fn overlapping_entries_are_refused() {
        let mut bytes = zip_of(&[("a.txt", b"the same data"), ("b.txt", b"the same data")]);
        // The second directory record is pointed at the first file's data, the way an overlap bomb reuses one kernel.
        let second = bytes.windows(4).enumerate().filter(|(_, w)| w == b"PK\x01\x02").map(|(i, _)| i).nth(1).unwrap();
        bytes[second + 42..second + 46].copy_from_slice(&0u32.to_le_bytes());
        assert!(refusal(&bytes).contains("overlap"), "{}", refusal(&bytes));
    }

    #[test]
    fn names_links_and_archives_are_judged() {
        for (name, why) in [
            ("../routes.txt", "leaves its folder"),
            ("a/..\\b", "leaves its folder"),
            ("/etc/passwd", "absolute"),
            ("C:\\x", "absolute"),
            ("inner.ZIP", "archive inside"),
        ] {
            let text = refusal(&zip_of(&[(name, b"x")]));
            assert!(text.contains(why), "{name}: {text}");
        }
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        out.add_symlink("routes.txt", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        assert!(refusal(&out.finish().unwrap().into_inner()).contains("symbolic link"));
        let hidden = zip_of(&[("stops.txt", &zip_of(&[("a", b"b")]))]);
        assert!(io::copy(&mut open(&hidden).unwrap().read("stops.txt").unwrap(), &mut io::sink()).is_err());
        let many: Vec<String> = (0..65).map(|i| format!("{i}.txt")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|n| (n.as_str(), &b"x"[..])).collect();
        assert!(refusal(&zip_of(&many)).contains("65 entries"));
    }

    #[test]
    fn truncated_or_other_bytes_say_where() {
        let bytes = zip_of(&[("a.txt", b"one")]);
        assert_eq!(open(&bytes[..bytes.len() - 5]).err().unwrap().at, format!("byte {}", bytes.len() - 5));
        assert_eq!(open(b"routes").err().unwrap().at, "byte 0");
        assert!(open(b"").is_err() && open(b"PK").is_err());
    }

    proptest! {
        #[test]
        fn no_mutation_panics(at in any::<prop::sample::Index>(), with in any::<u8>(), cut in any::<prop::sample::Index>()) {
            let mut bytes = zip_of(&[("a.txt", b"one,two"), ("b.txt", b"three")]);
            let at = at.index(bytes.len());
            bytes[at] = with;
            bytes.truncate(cut.index(bytes.len() * 2).max(1));
            if let Ok(mut zip) = open(&bytes) {
                for name in zip.names().to_vec() {
                    if let Ok(mut reader) = zip.read(&name) { let _ = io::copy(&mut reader, &mut io::sink()); }
                }
            }
        }
    }
}
