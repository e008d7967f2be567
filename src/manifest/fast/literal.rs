//! Literal block scalars: `|`, `|-` and `|+`.

use super::{Ahead, Reader};
use crate::value::Value;

/// What becomes of the line breaks at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chomping {
    /// One is kept.
    Clip,
    /// None is kept.
    Strip,
    /// All are kept.
    Keep,
}

impl Reader<'_> {
    /// The block that begins here with `|`. Its lines stand at `least` or further right.
    pub(super) fn literal(&mut self, least: usize) -> Option<Value> {
        self.at += 1;
        let chomping = match self.peek() {
            Some(b'-') => Chomping::Strip,
            Some(b'+') => Chomping::Keep,
            _ => Chomping::Clip,
        };
        if chomping != Chomping::Clip {
            self.at += 1;
        }
        self.end = self.at;
        if !matches!(self.peek(), Some(b' ' | b'\n')) || least == 0 {
            return None;
        }
        self.end_of_line()?;
        let indent = self.block_indent()?;
        // An empty block that keeps its line breaks, or none, is for the complete parser.
        if indent < least {
            return None;
        }
        let content = self.block_lines(indent)?;
        self.advance()?;
        match self.ahead {
            Ahead::Content(next) if next >= least => None,
            _ => Some(chomp(content, chomping)?.into()),
        }
    }

    /// The indentation of the first line that is not blank.
    fn block_indent(&self) -> Option<usize> {
        let mut widest = 0;
        for line in self.text[self.at..].split('\n') {
            let content = line.trim_start_matches(' ');
            let indent = line.len() - content.len();
            if !content.is_empty() {
                return (!content.starts_with('\t') && widest <= indent).then_some(indent);
            }
            widest = widest.max(indent);
        }
        None
    }

    /// The lines of the block, each with a line break.
    fn block_lines(&mut self, indent: usize) -> Option<String> {
        let mut content = String::new();
        while self.at < self.bytes.len() {
            let rest = &self.text[self.at..];
            let length = rest.find('\n');
            // A last line without a line break is rare enough for the complete parser.
            let line = &rest[..length?];
            let spaces = line.bytes().take(indent).take_while(|c| *c == b' ').count();
            if spaces == indent {
                content.push_str(&line[indent..]);
                self.end = self.at + line.len();
            } else if line.len() > spaces {
                if line.as_bytes()[spaces] == b'\t' {
                    return None;
                }
                break;
            }
            content.push('\n');
            self.at += line.len() + 1;
        }
        Some(content)
    }
}

fn chomp(mut content: String, chomping: Chomping) -> Option<String> {
    if chomping == Chomping::Keep {
        return Some(content);
    }
    let kept = content.trim_end_matches('\n').len();
    if kept == 0 {
        return None;
    }
    content.truncate(kept);
    if chomping == Chomping::Clip {
        content.push('\n');
    }
    Some(content)
}
