//! The common part of YAML, read in one pass: what manifests are written in, nine times out of ten.
//!
//! Takes the text of a file; gives its documents, or `None` where it meets anything out of the ordinary: an anchor, a tag,
//! a text that goes over several lines, a tab in an indentation, a mistake. Then the complete parser reads the whole file,
//! so this one never has to say what is wrong. What it does read it reads as the other does; a test compares them.
//!
//! Decoding YAML is most of what a checker of manifests does, and this is ten times as fast as the complete parser.

mod flow;
mod literal;

use std::ops::Range;

use super::document::{DEEPEST, Document, Draft};
use super::{quoted, scalar};
use crate::value::{Text, Value};

/// The documents of `text`, empty ones left out.
pub(super) fn read(text: &str) -> Option<Vec<Document>> {
    if !is_tame(text.as_bytes()) {
        return None;
    }
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        end: 0,
        ahead: Ahead::End,
        deep: 0,
        draft: Draft::for_text(text.len()),
    };
    let mut documents = Vec::new();
    loop {
        reader.advance()?;
        if let Ahead::Content(column) = reader.ahead {
            documents.push(reader.document(column)?);
        }
        if reader.at >= text.len() {
            return Some(documents);
        }
        reader.marker()?;
    }
}

/// Whether a byte is, or begins, a character that needs a second look.
const fn is_odd(c: u8) -> bool {
    (c < 0x20 && c != b'\n' && c != b'\t') || matches!(c, 0x7f | 0xc2 | 0xe2 | 0xef)
}

/// Whether there is no character in which the parsers of YAML differ, or that they refuse.
fn is_tame(bytes: &[u8]) -> bool {
    // A whole chunk at once is what a processor does best, and hardly a chunk has such a character in it.
    let is_plain = |chunk: &&[u8]| !chunk.iter().fold(false, |odd, c| odd | is_odd(*c));
    let plain: usize = bytes.chunks(64).take_while(is_plain).map(<[u8]>::len).sum();
    let mut rest = &bytes[plain..];
    while let Some(at) = rest.iter().position(|c| is_odd(*c)) {
        let harmless = match rest[at..] {
            [0xc2, second, ..] => second >= 0xa0,
            [0xe2, 0x80, third, ..] => !matches!(third, 0xa8 | 0xa9),
            [0xe2, ..] => true,
            [0xef, second, ..] => !matches!(second, 0xbb | 0xbf),
            _ => false,
        };
        if !harmless {
            return false;
        }
        rest = &rest[at + 1..];
    }
    true
}

/// What the next line with content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ahead {
    /// Content in this column, from 0.
    Content(usize),
    /// The end of the document.
    End,
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Where the last value ended.
    end: usize,
    ahead: Ahead,
    deep: usize,
    draft: Draft,
}

/// A key, and where its value may begin.
struct Key {
    name: Text,
    range: Range<usize>,
    after: usize,
}

impl Reader<'_> {
    fn document(&mut self, column: usize) -> Option<Document> {
        let root = self.draft.open(0..0);
        let start = self.at;
        let value = self.node(column, 0)?;
        self.draft.close(root, start..self.end);
        (self.ahead == Ahead::End).then(|| std::mem::take(&mut self.draft).finish(value))
    }

    /// Goes over a line that holds `---` and nothing else.
    fn marker(&mut self) -> Option<()> {
        let rest = self.text[self.at..].strip_prefix("---")?;
        self.at = self.text.len() - rest.len();
        self.end_of_line()
    }

    /// Goes to the content of the next line that has some.
    fn advance(&mut self) -> Option<()> {
        loop {
            let start = self.at;
            self.skip_spaces();
            match self.peek() {
                None => break,
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.skip_line(),
                Some(b'\t') => return None,
                Some(_) if self.at == start && self.is_marker() => break,
                Some(_) => {
                    self.ahead = Ahead::Content(self.at - start);
                    return Some(());
                }
            }
        }
        self.ahead = Ahead::End;
        Some(())
    }

    fn is_marker(&self) -> bool {
        let here = &self.bytes[self.at..];
        (here.starts_with(b"---") || here.starts_with(b"...")) && is_break(here.get(3).copied())
    }

    /// A value that begins here, at `column`. Lines that stand at `least` or further right would go on with it.
    fn node(&mut self, column: usize, least: usize) -> Option<Value> {
        self.deep += 1;
        if self.deep > DEEPEST {
            return None;
        }
        let value = if self.is_dash() {
            self.sequence(column)
        } else if let Some(key) = self.key()? {
            self.mapping(column, key)
        } else {
            self.scalar(least)
        };
        self.deep -= 1;
        value
    }

    fn sequence(&mut self, column: usize) -> Option<Value> {
        let mut items = Vec::new();
        loop {
            let dash = self.at;
            self.at += 1;
            self.skip_spaces();
            let spot = self.draft.open(0..0);
            let start = self.at;
            let (start, item) = if self.is_at_end_of_line() {
                self.below(column + 1, start)?
            } else {
                (start, self.node(column + self.at - dash, column + 1)?)
            };
            self.draft.close(spot, start..self.end.max(start));
            items.push(item);
            match self.ahead {
                Ahead::Content(next) if next == column && self.is_dash() => {}
                Ahead::Content(next) if next > column => return None,
                _ => return Some(Value::Array(items)),
            }
        }
    }

    fn mapping(&mut self, column: usize, first: Key) -> Option<Value> {
        let mut fields = Vec::with_capacity(4);
        let places = self.draft.len();
        let mut key = first;
        loop {
            let spot = self.draft.open(key.range.clone());
            self.at = key.after;
            self.skip_spaces();
            let start = self.at;
            let (start, value) = if self.is_at_end_of_line() {
                self.end = key.range.end;
                self.field_below(column, start)?
            } else {
                (start, self.scalar(column + 1)?)
            };
            self.draft.close(spot, start..self.end.max(start));
            fields.push((key.name, value));
            match self.ahead {
                Ahead::Content(next) if next == column && !self.is_dash() => key = self.key()??,
                Ahead::Content(next) if next >= column => return None,
                _ => return Some(Value::Object(self.draft.mapping(fields, places))),
            }
        }
    }

    /// What stands below a key: a sequence may stand in the column of the key itself.
    fn field_below(&mut self, column: usize, start: usize) -> Option<(usize, Value)> {
        self.end_of_line()?;
        self.advance()?;
        match self.ahead {
            Ahead::Content(next) if next == column && self.is_dash() => {
                self.deep += 1;
                let at = self.at;
                let value = if self.deep > DEEPEST { None } else { self.sequence(next) }?;
                self.deep -= 1;
                Some((at, value))
            }
            _ => self.nested(column + 1, start),
        }
    }

    fn below(&mut self, least: usize, start: usize) -> Option<(usize, Value)> {
        self.end_of_line()?;
        self.end = start;
        self.advance()?;
        self.nested(least, start)
    }

    /// The value in the lines to come, or the null that is nothing at all.
    fn nested(&mut self, least: usize, start: usize) -> Option<(usize, Value)> {
        match self.ahead {
            Ahead::Content(next) if next >= least => {
                let at = self.at;
                Some((at, self.node(next, least)?))
            }
            _ => Some((start, Value::Null)),
        }
    }

    /// A value that begins on this line and is neither a block sequence nor a block mapping.
    fn scalar(&mut self, least: usize) -> Option<Value> {
        let value = match self.peek()? {
            b'"' => self.quoted(quoted::double(&self.text[self.at..])?),
            b'\'' => self.quoted(quoted::single(&self.text[self.at..])?),
            b'{' | b'[' => self.flow(least)?,
            b'|' => return self.literal(least),
            _ => self.plain()?,
        };
        self.end_of_line()?;
        self.advance()?;
        match self.ahead {
            Ahead::Content(next) if next >= least => None,
            _ => Some(value),
        }
    }

    fn quoted(&mut self, (value, length): (std::borrow::Cow<'_, str>, usize)) -> Value {
        self.at += length;
        self.end = self.at;
        value.into()
    }

    fn plain(&mut self) -> Option<Value> {
        if !self.begins_plain() {
            return None;
        }
        let start = self.at;
        let mut end = start;
        while let Some(c) = self.peek() {
            match c {
                b'\n' => break,
                b'\t' => return None,
                b' ' => {}
                b'#' if self.bytes[self.at - 1] == b' ' => break,
                b':' if is_break(self.bytes.get(self.at + 1).copied()) => return None,
                _ => end = self.at + 1,
            }
            self.at += 1;
        }
        self.end = end;
        self.plain_value(start..end)
    }

    fn plain_value(&mut self, range: Range<usize>) -> Option<Value> {
        let text = &self.text[range.clone()];
        let value = scalar::value(text)?;
        if !value.is_string() {
            self.draft.weigh(text, range);
        }
        Some(value)
    }

    /// Whether the character here can begin a scalar without quotes, in a block.
    fn begins_plain(&self) -> bool {
        match self.peek() {
            None => false,
            Some(b'-') => !is_break(self.bytes.get(self.at + 1).copied()),
            Some(c) => !b"?:,[]{}#&*!|>'\"%@`\t\n".contains(&c),
        }
    }

    /// The key that the line begins with here: `Some(None)` where there is none.
    #[allow(clippy::option_option, reason = "the outer one is the way out of this parser")]
    fn key(&mut self) -> Option<Option<Key>> {
        let rest = &self.text[self.at..];
        let quote = match self.peek()? {
            b'"' => Some(quoted::double(rest)?),
            b'\'' => Some(quoted::single(rest)?),
            _ => None,
        };
        if let Some((name, length)) = quote {
            return Some(self.quoted_key(name.into(), length));
        }
        if !self.begins_plain() {
            return Some(None);
        }
        let Some(range) = self.plain_key()? else { return Some(None) };
        let text = &self.text[range.clone()];
        if text == "<<" {
            return None;
        }
        let name = Text::from(scalar::key(text)?);
        if name != text {
            self.draft.weigh(text, range.clone());
        }
        Some(Some(Key { name, after: self.after_colon(range.end)?, range }))
    }

    fn quoted_key(&self, name: Text, length: usize) -> Option<Key> {
        let range = self.at..self.at + length;
        Some(Key { name, after: self.after_colon(range.end)?, range })
    }

    /// Where a value may begin after the colon that follows `end`, if one does.
    fn after_colon(&self, end: usize) -> Option<usize> {
        let rest = &self.bytes[end..];
        let spaces = rest.iter().take_while(|c| **c == b' ').count();
        let colon = rest.get(spaces) == Some(&b':') && is_break(rest.get(spaces + 1).copied());
        (colon && spaces < 8).then_some(end + spaces + 1)
    }

    /// The bytes of a plain key, if the line begins with one. A parser need not look further than 1024 characters.
    #[allow(clippy::option_option, reason = "the outer one is the way out of this parser")]
    fn plain_key(&self) -> Option<Option<Range<usize>>> {
        let mut end = self.at;
        for (index, c) in self.bytes[self.at..].iter().enumerate() {
            let at = self.at + index;
            match c {
                b'\n' => return Some(None),
                b'\t' => return None,
                b' ' => {}
                b'#' if self.bytes[at - 1] == b' ' => return Some(None),
                b':' if is_break(self.bytes.get(at + 1).copied()) => {
                    return if at - end > 7 || index > 1000 { None } else { Some(Some(self.at..end)) };
                }
                _ => end = at + 1,
            }
        }
        Some(None)
    }

    fn is_dash(&self) -> bool {
        self.peek() == Some(b'-') && is_break(self.bytes.get(self.at + 1).copied())
    }

    fn is_at_end_of_line(&self) -> bool {
        matches!(self.peek(), None | Some(b'\n')) || self.is_comment()
    }

    fn is_comment(&self) -> bool {
        self.peek() == Some(b'#') && self.at > 0 && matches!(self.bytes[self.at - 1], b' ' | b'\n')
    }

    /// Goes to the next line; `None` where something else than a comment stands on this one.
    fn end_of_line(&mut self) -> Option<()> {
        self.skip_spaces();
        if !self.is_at_end_of_line() {
            return None;
        }
        self.skip_line();
        Some(())
    }

    fn skip_spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|c| *c == b'\n').map_or(rest.len(), |at| at + 1);
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}

/// Whether what follows an indicator makes it one: white space or the end.
const fn is_break(next: Option<u8>) -> bool {
    matches!(next, None | Some(b' ' | b'\n' | b'\t'))
}
