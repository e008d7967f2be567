//! Figures as Compose writes them, as Kubernetes does: cores, bytes and durations.

/// Powers of 1024.
const UNITS: [&str; 5] = ["", "Ki", "Mi", "Gi", "Ti"];

/// Cores: `0.5` is `500m`.
pub(super) fn cpu(text: &str) -> Option<String> {
    let cores: f64 = text.trim().parse().ok().filter(|cores: &f64| cores.is_finite() && *cores > 0.0)?;
    let millicores = (cores * 1000.0).ceil();
    if millicores >= 1e9 {
        return None;
    }
    Some(if millicores % 1000.0 == 0.0 {
        format!("{:.0}", millicores / 1000.0)
    } else {
        format!("{millicores:.0}m")
    })
}

/// Bytes: Compose counts in powers of 1024 (`512m`, `1gb`, `64mib`), whatever letter it writes.
pub(super) fn memory(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    let end = lower.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(lower.len());
    let (figure, unit) = lower.split_at(end);
    let figure: f64 = figure.parse().ok()?;
    let scale = match unit.trim() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 1,
        "m" | "mb" | "mib" => 2,
        "g" | "gb" | "gib" => 3,
        "t" | "tb" | "tib" => 4,
        _ => return None,
    };
    let (mut figure, mut scale) = (figure, scale);
    while figure.fract() != 0.0 && scale > 0 {
        (figure, scale) = (figure * 1024.0, scale - 1);
    }
    let figure = figure.ceil();
    (figure > 0.0 && figure < 1e15).then(|| format!("{figure:.0}{}", UNITS[scale]))
}

/// Whole seconds, rounded up: `1m30s` is 90.
pub(super) fn seconds(text: &str) -> Option<i32> {
    let mut total = 0.0_f64;
    let mut rest = text.trim();
    if let Ok(plain) = rest.parse::<f64>() {
        return whole(plain);
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let figure: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let unit_end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        total += figure
            * match &rest[..unit_end] {
                "us" | "µs" => 1e-6,
                "ms" => 1e-3,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                _ => return None,
            };
        rest = &rest[unit_end..];
    }
    whole(total)
}

fn whole(seconds: f64) -> Option<i32> {
    #[expect(clippy::cast_possible_truncation, reason = "it is below a million")]
    (0.0..1e6).contains(&seconds).then(|| seconds.ceil().max(1.0) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_become_those_of_kubernetes() {
        for (text, expected) in
            [("0.5", Some("500m")), ("2", Some("2")), ("0.0001", Some("1m")), ("x", None), ("0", None)]
        {
            assert_eq!(cpu(text).as_deref(), expected, "{text}");
        }
        for (text, expected) in [
            ("512M", Some("512Mi")),
            ("1.5g", Some("1536Mi")),
            ("64kb", Some("64Ki")),
            ("100", Some("100")),
            ("5x", None),
        ] {
            assert_eq!(memory(text).as_deref(), expected, "{text}");
        }
        for (text, expected) in [
            ("1m30s", Some(90)),
            ("10s", Some(10)),
            ("500ms", Some(1)),
            ("30", Some(30)),
            ("soon", None),
            ("9h9x", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
