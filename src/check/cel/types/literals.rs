//! What is written out in an expression and can be read before there is a value: durations, times, regular expressions
//! and the texts of `format`. After `cel/validator.go` and `ext/formatting.go` of cel-go.

use super::Type;
use crate::check::cel::functions::time;
use crate::check::cel::syntax::{Expr, Literal, compile_flaw};
use crate::check::duration;

/// Refuses a call whose first argument is written out and cannot be read. Methods have a dot in front.
pub(super) fn argument(name: &str, arguments: &[Expr]) -> Result<(), String> {
    let Some(Expr::Literal(Literal::Text(text))) = arguments.first() else { return Ok(()) };
    match name {
        "duration" if duration::parse(text).is_none() => Err(format!("`{text}` is no duration")),
        "timestamp" if time::parse_moment(text).is_none() => Err(format!("`{text}` is no time")),
        "matches" | ".matches" => regex(text),
        _ => Ok(()),
    }
}

/// Refuses what is surely no regular expression to Go.
pub(super) fn regex(text: &str) -> Result<(), String> {
    compile_flaw(text).map_or(Ok(()), |why| Err(format!("`{text}` is no regular expression: {why}")))
}

/// Whether the items of a list fit the verbs of a text.
pub(super) fn format(text: &str, items: &[Type]) -> Result<(), String> {
    let (mut rest, mut asked) = (text, 0);
    while let Some(at) = rest.find('%') {
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            rest = after;
            continue;
        }
        let precision =
            rest.strip_prefix('.').map_or(0, |it| 1 + it.bytes().take_while(u8::is_ascii_digit).count());
        let verb = rest[precision..].chars().next();
        let verb = verb.ok_or_else(|| "a verb of `format` is missing after `%`".to_owned())?;
        let item = items.get(asked).ok_or("`format` has fewer values than verbs")?;
        if !fits(verb, item).ok_or_else(|| format!("`format` has no verb `%{verb}`"))? {
            return Err(format!("`%{verb}` of `format` does not take {item}"));
        }
        asked += 1;
        rest = &rest[precision + verb.len_utf8()..];
    }
    if asked < items.len() { Err("`format` has more values than verbs".to_owned()) } else { Ok(()) }
}

/// Whether a verb takes a value of that type; `None` where there is no such verb.
fn fits(verb: char, item: &Type) -> Option<bool> {
    let fits = match verb {
        's' => !matches!(item, Type::Object(_) | Type::Optional(_) | Type::Opaque(_)),
        'd' | 'o' => matches!(item, Type::Int | Type::Uint),
        'f' | 'e' => matches!(item, Type::Double | Type::Text),
        'b' => matches!(item, Type::Int | Type::Uint | Type::Bool),
        'x' | 'X' => matches!(item, Type::Int | Type::Uint | Type::Text | Type::Bytes),
        _ => return None,
    };
    Some(fits || *item == Type::Dyn)
}
