//! Durations as Go writes them, read as `time.ParseDuration` reads them; Kyverno, cron schedules and CEL use that.
//!
//! <https://pkg.go.dev/time#ParseDuration>. A length of `platform.toml` is `names::Duration`, which is narrower.

/// The units, each in billionths of a second. The two signs for a millionth look alike.
const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// The most that fits, on the negative side.
const MOST: i128 = 1 << 63;

/// Billionths of a second: `1h30m`, `1.5s`, `-10ms`; `None` for what is no duration.
pub(crate) fn parse(text: &str) -> Option<i128> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0;
    while !rest.is_empty() {
        let (part, after) = part(rest)?;
        total += part;
        if total > MOST {
            return None;
        }
        rest = after;
    }
    (sign < 0 || total < MOST).then_some(sign * total)
}

/// The first figure with its unit, and what follows.
fn part(text: &str) -> Option<(i128, &str)> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (whole, rest) = text.split_at(digits(text));
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(digits(rest)),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    let unit = UNITS.into_iter().find(|(own, _)| *own == name)?.1;
    let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
    // What is beyond eighteen digits is less than a billionth of a second.
    let kept = &fraction[..fraction.len().min(18)];
    let share = if kept.is_empty() { 0 } else { kept.parse::<i128>().ok()? };
    let scale = 10_i128.pow(u32::try_from(kept.len()).ok()?);
    Some((i128::from(whole) * unit + share * unit / scale, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, nanos) in [
            ("0", 0),
            ("+5s", 5_000_000_000),
            ("1h30m", 5_400_000_000_000),
            ("1.5h", 5_400_000_000_000),
            ("-.5s", -500_000_000),
            ("1.s", 1_000_000_000),
            ("5\u{b5}s3\u{3bc}s", 8_000),
            ("0.0000000001s", 0),
            ("-9223372036854775808ns", -MOST),
        ] {
            assert_eq!(parse(text), Some(nanos), "{text}");
        }
        for bad in
            ["", "5", "m", "1x", ".", "-", "--1s", "1 s", "1h 2m", "1d", "9223372036854775808ns", "s1", "1S"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
