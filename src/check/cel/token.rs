//! The words of an expression.
//!
//! Takes the text; gives tokens with the byte at which each begins. Refuses a character that no word begins with, a text
//! that does not end, and a number that does not fit. After <https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax>.

/// One word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    /// A name between backticks, which may hold dots, hyphens and slashes.
    Quoted(String),
    Int(u64),
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
    Sign(&'static str),
    End,
}

/// What keeps a text from being an expression, and the byte at which it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub at: usize,
    pub why: String,
}

const SIGNS: [&str; 27] = [
    "&&", "||", "==", "!=", "<=", ">=", "?.", "[?", "{?", "+", "-", "*", "/", "%", "!", "<", ">", "?", ":",
    ".", ",", "(", ")", "[", "]", "{", "}",
];

/// The words of a text, an end after the last.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Flaw> {
    let mut reader = Reader { text, at: 0 };
    let mut found = Vec::new();
    loop {
        reader.skip_blank();
        let at = reader.at;
        let token = reader.token()?;
        let is_end = token == Token::End;
        found.push((token, at));
        if is_end {
            return Ok(found);
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn flaw(&self, why: impl Into<String>) -> Flaw {
        Flaw { at: self.at, why: why.into() }
    }

    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0c']).len();
            self.at += blank;
            if !self.rest().starts_with("//") {
                return;
            }
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    fn token(&mut self) -> Result<Token, Flaw> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(Token::End) };
        let follows = rest[first.len_utf8()..].chars().next();
        if first.is_ascii_digit() || first == '.' && follows.is_some_and(|it| it.is_ascii_digit()) {
            return self.number();
        }
        if let Some(prefix) = text_prefix(rest) {
            return self.literal(prefix);
        }
        if first.is_ascii_alphabetic() || first == '_' {
            return Ok(Token::Name(self.word().to_owned()));
        }
        if first == '`' {
            let end = rest[1..].find('`').ok_or_else(|| self.flaw("a backtick is not closed"))?;
            self.at += end + 2;
            return Ok(Token::Quoted(rest[1..=end].to_owned()));
        }
        let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
        let sign = sign.ok_or_else(|| self.flaw(format!("`{first}` begins no word")))?;
        self.at += sign.len();
        Ok(Token::Sign(sign))
    }

    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn number(&mut self) -> Result<Token, Flaw> {
        let rest = self.rest();
        if let Some(digits) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
            let end = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
            let number = u64::from_str_radix(&digits[..end], 16);
            self.at += 2 + end;
            return self.whole(number.ok());
        }
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let mut end = digits(rest);
        let mut fraction = false;
        if let Some(after) = rest[end..].strip_prefix('.')
            && digits(after) > 0
        {
            fraction = true;
            end += 1 + digits(after);
        }
        if let Some(after) = rest[end..].strip_prefix(['e', 'E']) {
            let sign = usize::from(after.starts_with(['+', '-']));
            let count = digits(&after[sign..]);
            if count > 0 {
                fraction = true;
                end += 1 + sign + count;
            }
        }
        self.at += end;
        if fraction {
            let number = rest[..end].parse();
            return number.map(Token::Double).map_err(|_| self.flaw("this is no number"));
        }
        self.whole(rest[..end].parse().ok())
    }

    fn whole(&mut self, number: Option<u64>) -> Result<Token, Flaw> {
        let number = number.ok_or_else(|| self.flaw("this number does not fit into 64 bits"))?;
        if self.rest().starts_with(['u', 'U']) {
            self.at += 1;
            return Ok(Token::Uint(number));
        }
        Ok(Token::Int(number))
    }

    fn literal(&mut self, prefix: Prefix) -> Result<Token, Flaw> {
        self.at += prefix.length;
        let rest = self.rest();
        let quote =
            ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote)).unwrap_or("'");
        let inner = &rest[quote.len()..];
        let mut at = 0;
        let mut bytes = Vec::new();
        loop {
            let left = &inner[at..];
            if left.starts_with(quote) {
                break;
            }
            let next = left.chars().next().filter(|it| quote.len() == 3 || !matches!(it, '\n' | '\r'));
            let next = next.ok_or_else(|| self.flaw("this text does not end"))?;
            if next == '\\' && !prefix.raw {
                let (written, length) =
                    escape(left, prefix.bytes).ok_or_else(|| self.flaw("there is no such escape"))?;
                bytes.extend(written);
                at += length;
            } else {
                bytes.extend_from_slice(&left.as_bytes()[..next.len_utf8()]);
                at += next.len_utf8();
            }
        }
        self.at += at + 2 * quote.len();
        if prefix.bytes {
            return Ok(Token::Bytes(bytes));
        }
        String::from_utf8(bytes).map(Token::Text).map_err(|_| self.flaw("this text is no UTF-8"))
    }
}

/// What stands before the quotes of a text.
#[derive(Clone, Copy)]
struct Prefix {
    length: usize,
    raw: bool,
    bytes: bool,
}

fn text_prefix(rest: &str) -> Option<Prefix> {
    let length = rest.bytes().take(2).take_while(|byte| matches!(byte, b'r' | b'R' | b'b' | b'B')).count();
    let letters = rest[..length].to_ascii_lowercase();
    let is_text = rest[length..].starts_with(['"', '\'']) && !matches!(letters.as_str(), "rr" | "bb");
    is_text.then(|| Prefix { length, raw: letters.contains('r'), bytes: letters.contains('b') })
}

/// The bytes that an escape stands for, and its length in the text.
fn escape(text: &str, bytes: bool) -> Option<(Vec<u8>, usize)> {
    let kind = text[1..].chars().next()?;
    let plain = match kind {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        '\\' | '?' | '"' | '\'' | '`' => u8::try_from(kind).ok()?,
        'x' | 'X' => return code(text.get(2..4)?, 16, 4, bytes),
        'u' if !bytes => return code(text.get(2..6)?, 16, 6, false),
        'U' if !bytes => return code(text.get(2..10)?, 16, 10, false),
        '0'..='3' => return code(text.get(1..4)?, 8, 4, bytes),
        _ => return None,
    };
    Some((vec![plain], 2))
}

fn code(digits: &str, radix: u32, length: usize, bytes: bool) -> Option<(Vec<u8>, usize)> {
    if !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    let number = u32::from_str_radix(digits, radix).ok()?;
    if bytes {
        return Some((vec![u8::try_from(number).ok()?], length));
    }
    Some((char::from_u32(number)?.to_string().into_bytes(), length))
}
