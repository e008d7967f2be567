//! The bytes of a file as text: what is no text is refused before a parser sees it.

use std::ops::Range;

/// No file above this is read. The API server takes no request above 3 MiB.
pub const LARGEST: u64 = 64 * 1024 * 1024;

/// Why bytes are no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoText {
    /// What is wrong, in lower case.
    pub message: String,
    /// The bytes as far as they are text, and where that ends.
    pub readable: String,
    /// The place of the offending character in `readable`.
    pub at: Range<usize>,
}

/// The text of a file, without a byte order mark.
pub(super) fn text(bytes: Vec<u8>) -> Result<String, NoText> {
    if let Some(encoding) = wide_encoding(&bytes) {
        return Err(refusal(format!("it is {encoding}, and manifests are UTF-8"), String::new()));
    }
    let head = &bytes[..bytes.len().min(8192)];
    if let Some(at) = head.contains(&0).then(|| head.iter().position(|byte| *byte == 0)).flatten() {
        return Err(refusal(format!("it is no text: byte {at} is zero"), String::new()));
    }
    let bytes = if bytes.starts_with(b"\xEF\xBB\xBF") { bytes[3..].to_vec() } else { bytes };
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let mut readable = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let end = readable[at..].find('\n').map_or(readable.len(), |line| at + line);
        readable.truncate(end);
        refusal_at(format!("it is not UTF-8: byte {at} is not part of a character"), readable, at)
    })
}

fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("UTF-16"),
        _ => None,
    }
}

fn refusal(message: String, readable: String) -> NoText {
    refusal_at(message, readable, 0)
}

fn refusal_at(message: String, readable: String, at: usize) -> NoText {
    let end = readable[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    NoText { message, readable, at: at..end }
}
