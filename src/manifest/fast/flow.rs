//! Flow collections, which are also all of JSON.

use super::Reader;
use crate::manifest::document::DEEPEST;
use crate::manifest::{quoted, scalar};
use crate::value::Value;

impl Reader<'_> {
    /// A `{…}` or `[…]` that begins here. Its lines stand at `least` or further right.
    pub(super) fn flow(&mut self, least: usize) -> Option<Value> {
        self.deep += 1;
        if self.deep > DEEPEST {
            return None;
        }
        let value =
            if self.peek() == Some(b'{') { self.flow_mapping(least) } else { self.flow_sequence(least) };
        self.deep -= 1;
        self.end = self.at;
        value
    }

    fn flow_mapping(&mut self, least: usize) -> Option<Value> {
        let mut fields = Vec::new();
        let places = self.draft.len();
        self.at += 1;
        loop {
            self.flow_space(least)?;
            if self.peek()? == b'}' {
                self.at += 1;
                return Some(Value::Object(self.draft.mapping(fields, places)));
            }
            let start = self.at;
            let name = self.flow_key()?;
            let key = start..self.at;
            self.flow_space(least)?;
            if self.peek()? != b':' || self.at - start > 1000 || self.text[start..self.at].contains('\n') {
                return None;
            }
            self.at += 1;
            // Only after a key in quotes may the value follow at once.
            let apart = matches!(self.peek()?, b' ' | b'\n') || matches!(self.bytes[start], b'"' | b'\'');
            self.flow_space(least)?;
            if !apart {
                return None;
            }
            let spot = self.draft.open(key);
            let start = self.at;
            let value = self.flow_value(least)?;
            self.draft.close(spot, start..self.end);
            fields.push((name.into(), value));
            self.flow_separator(least, b'}')?;
        }
    }

    fn flow_sequence(&mut self, least: usize) -> Option<Value> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.flow_space(least)?;
            if self.peek()? == b']' {
                self.at += 1;
                return Some(Value::Array(items));
            }
            let spot = self.draft.open(0..0);
            let start = self.at;
            let value = self.flow_value(least)?;
            self.draft.close(spot, start..self.end);
            items.push(value);
            self.flow_separator(least, b']')?;
        }
    }

    /// Goes over the comma after an entry. The closing bracket stays where it is.
    fn flow_separator(&mut self, least: usize, closing: u8) -> Option<()> {
        self.flow_space(least)?;
        match self.peek()? {
            b',' => self.at += 1,
            c if c == closing => {}
            _ => return None,
        }
        Some(())
    }

    fn flow_value(&mut self, least: usize) -> Option<Value> {
        match self.peek()? {
            b'"' => Some(self.quoted(quoted::double(&self.text[self.at..])?)),
            b'\'' => Some(self.quoted(quoted::single(&self.text[self.at..])?)),
            b'{' | b'[' => self.flow(least),
            _ => {
                let range = self.flow_plain()?;
                self.end = range.end;
                self.plain_value(range)
            }
        }
    }

    fn flow_key(&mut self) -> Option<String> {
        let rest = &self.text[self.at..];
        let (name, length) = match self.peek()? {
            b'"' => quoted::double(rest)?,
            b'\'' => quoted::single(rest)?,
            _ => {
                let range = self.flow_plain()?;
                let text = &self.text[range.clone()];
                let name = scalar::key(text).filter(|_| text != "<<")?.into_owned();
                if name != text {
                    self.draft.weigh(text, range.clone());
                }
                self.at = range.end;
                return Some(name);
            }
        };
        let name = name.into_owned();
        self.at += length;
        Some(name)
    }

    /// The bytes of a scalar without quotes, which ends on its line.
    fn flow_plain(&mut self) -> Option<std::ops::Range<usize>> {
        if !self.begins_plain() || self.peek() == Some(b'-') && !self.is_signed() {
            return None;
        }
        let start = self.at;
        let mut end = start;
        loop {
            match self.peek()? {
                b',' | b']' | b'}' | b'\n' => break,
                b'[' | b'{' | b'\t' | b'#' => return None,
                b':' if !self.is_inside_plain() => break,
                b' ' => {}
                _ => end = self.at + 1,
            }
            self.at += 1;
        }
        // A line break goes on with the scalar unless the collection goes on at once.
        let next = self.bytes[self.at..].iter().find(|c| !matches!(c, b' ' | b'\n'));
        matches!(next, Some(b',' | b']' | b'}' | b':')).then_some(start..end)
    }

    fn is_signed(&self) -> bool {
        self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_alphanumeric)
    }

    fn is_inside_plain(&self) -> bool {
        self.bytes.get(self.at + 1).is_some_and(|c| !b" \n\t,[]{}".contains(c))
    }

    /// Goes over spaces and line breaks. Comments and tabs are left to the complete parser.
    fn flow_space(&mut self, least: usize) -> Option<()> {
        let mut line = None;
        loop {
            match self.peek()? {
                b' ' => self.at += 1,
                b'\n' => {
                    self.at += 1;
                    line = Some(self.at);
                }
                b'\t' | b'#' => return None,
                _ => break,
            }
        }
        match line {
            Some(start) if self.at - start < least || self.at == start && self.is_marker() => None,
            _ => Some(()),
        }
    }
}
