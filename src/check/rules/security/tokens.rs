//! What a secret looks like: tokens whose form is known, passwords in URLs, and values of things that are called secrets.
//!
//! Each function says what it takes a text for, in words that follow "this is", and never repeats the text. False alarms
//! teach people to look away, so placeholders, references, paths, numbers and plain words are no secrets.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use crate::names::secrecy::{ends_in_secret, plain};

/// The forms of tokens, and whose they are.
const FORMS: [(&str, &str); 24] = [
    (r"-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----", "a private key"),
    (r"\b(AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b", "an access key of AWS"),
    (r"\bAIza[0-9A-Za-z_-]{35}\b", "an API key of Google"),
    (r"\bgh[pousr]_[A-Za-z0-9]{36,}\b", "a token of GitHub"),
    (r"\bgithub_pat_[A-Za-z0-9_]{22,}\b", "a token of GitHub"),
    (r"\bglpat-[A-Za-z0-9_-]{20,}", "a token of GitLab"),
    (r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}", "a token of Slack"),
    (r"hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,}", "a webhook of Slack"),
    (r"\b[rs]k_(live|test)_[A-Za-z0-9]{16,}", "a key of Stripe"),
    (r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", "a signed token (JWT)"),
    (r"\bnpm_[A-Za-z0-9]{36}\b", "a token of npm"),
    (r"\bpypi-AgEI[A-Za-z0-9_-]{50,}", "a token of PyPI"),
    (r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b", "a key of SendGrid"),
    (r"\bSK[0-9a-f]{32}\b", "a key of Twilio"),
    (r"\bkey-[0-9a-f]{32}\b", "a key of Mailgun"),
    (r"\bdop_v1_[0-9a-f]{64}\b", "a token of DigitalOcean"),
    (r"\bhv[bs]\.[A-Za-z0-9_-]{24,}", "a token of Vault"),
    (r"AccountKey=[A-Za-z0-9+/]{86}==", "a key of an Azure storage account"),
    (r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b", "a token of Telegram"),
    (r"\bshp(at|ca|pa|ss)_[0-9a-fA-F]{32}\b", "a token of Shopify"),
    (r"\bdapi[0-9a-f]{32}\b", "a token of Databricks"),
    (r"\bsk-(proj|ant)-[A-Za-z0-9_-]{20,}", "a key of a language model"),
    (r"\bAGE-SECRET-KEY-1[0-9A-Z]{50,}", "a key of age"),
    (r"\bsq0(atp|csp)-[A-Za-z0-9_-]{22,}", "a token of Square"),
];

static TOKENS: LazyLock<Option<RegexSet>> = LazyLock::new(|| RegexSet::new(FORMS.map(|(form, _)| form)).ok());

static IN_URL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[a-z][a-z0-9+.-]*://[^\s:/@]*:([^\s/@]+)@").ok());

static ASSIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)^\s*["']?([A-Za-z0-9_.-]+)["']?\s*[:=]\s*["']?([^\s"',;#]+)["']?\s*,?\s*$"#).ok()
});

/// The text holds a token of a known form, or a URL with a password.
pub(in crate::check) fn kind(text: &str) -> Option<&'static str> {
    let form = TOKENS.as_ref().and_then(|tokens| tokens.matches(text).into_iter().next());
    let of_form = form.and_then(|index| FORMS.get(index)).map(|(_, kind)| *kind);
    let mut urls = IN_URL.as_ref().into_iter().flat_map(|form| form.captures_iter(text));
    let in_url = urls.any(|found| found.get(1).is_some_and(|password| is_written_out(password.as_str())));
    of_form.or_else(|| in_url.then_some("a password in a URL"))
}

/// The value of something that is called a secret.
pub(super) fn named(name: &str, value: &str) -> Option<&'static str> {
    let called = ends_in_secret(&plain(name), &[]);
    let value = value.trim();
    (called
        && is_written_out(value)
        && !value.contains([' ', '\n'])
        && value.len() >= 6
        && looks_random(value))
    .then_some("the value of a secret")
}

/// A line of a file that gives a secret its value.
pub(super) fn assigned(text: &str) -> Option<&'static str> {
    let mut lines = ASSIGNED.as_ref().into_iter().flat_map(|form| form.captures_iter(text));
    lines.find_map(|line| named(line.get(1)?.as_str(), line.get(2)?.as_str()))
}

/// Whether a value is itself, and no reference to another and no placeholder.
fn is_written_out(value: &str) -> bool {
    let refers = value.contains(['$', '<', '>', '{', '}', '%']);
    let path = value.starts_with(['/', '.']) || value.contains("://") && IN_URL.is_none();
    let blank = value.is_empty() || value.chars().all(|c| matches!(c, 'x' | 'X' | '*' | '.' | '-' | '_'));
    // `INSERT_TOKEN_HERE`: the name of what is to be put there.
    let names = value.contains('_') && value.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    !refers && !path && !blank && !names
}

/// Whether a value is none of the words that settings take: it mixes letters with digits or signs, or is long and uneven.
fn looks_random(value: &str) -> bool {
    let digit = value.bytes().any(|c| c.is_ascii_digit());
    let letter = value.bytes().any(|c| c.is_ascii_alphabetic());
    digit && letter || letter && value.len() >= 20 && entropy(value) > 3.5
}

/// Shannon's measure, in bits for each byte.
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    value.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let length = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / length);
    shares.map(|share| -share * share.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_an_expression() {
        assert!(TOKENS.is_some() && IN_URL.is_some() && ASSIGNED.is_some());
    }

    #[test]
    fn words_are_no_secrets() {
        for value in [
            "disabled",
            "$(TOKEN)",
            "/run/token",
            "${TOKEN}",
            "********",
            "<token>",
            "kubernetes",
            "INSERT_THE_TOKEN_HERE",
        ] {
            assert_eq!(named("token", value), None, "{value}");
        }
        assert!(named("client-secret", "4f9a-77c1").is_some());
        assert_eq!(named("token-ttl", "3600s-of-1h"), None);
    }
}
