//! Values as plain text: postcard in base64. For what the server writes into a page and what a browser keeps.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

/// Writes a value.
pub fn write(value: &impl Serialize) -> String {
    STANDARD_NO_PAD.encode(postcard::to_extend(value, Vec::new()).unwrap_or_default())
}

/// Reads a value; `None` when the text is of another version or damaged.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    postcard::from_bytes(&STANDARD_NO_PAD.decode(text.trim()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(value: (String, Vec<i64>, Option<bool>)) {
            prop_assert_eq!(read(&write(&value)), Some(value));
        }
        #[test]
        fn no_text_panics(text in ".{0,60}") { let _ = read::<(String, Vec<i64>)>(&text); }
    }
}
