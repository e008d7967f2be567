//! What is a secret: by the name of a variable, by the form of a value, or as the password of a URL.

use crate::names::secrecy::{ends_in_secret, plain};

/// Words for what an importer leaves out besides: a value that is none does no harm as a secret.
const FURTHER: [&str; 5] = ["pass", "secret_key_base", "signing_key", "salt", "credentials"];
/// Words of the same sort wherever they stand in a name.
const WITHIN: [&str; 3] = ["password", "secret_key", "private_key"];
/// Ends of names that say where a secret is, how long it holds or what it is called, and not what it is.
const ABOUT: [&str; 14] = [
    "_file",
    "_path",
    "_url",
    "_name",
    "_id",
    "_ttl",
    "_expiry",
    "_expires_in",
    "_length",
    "_header",
    "_policy",
    "_type",
    "_algorithm",
    "_enabled",
];

/// Whether what is called so is a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = plain(name);
    let ends = ends_in_secret(&name, &FURTHER);
    let within = WITHIN.iter().any(|word| name.contains(word));
    (ends || within) && !ABOUT.iter().any(|end| name.ends_with(end)) && !name.starts_with("public_")
}

/// Whether a value can be that of a secret: a switch, a path or a figure of one digit is none.
pub(super) fn can_be_secret(value: &str) -> bool {
    let word = value.trim().to_ascii_lowercase();
    let switch =
        ["", "0", "1", "true", "false", "yes", "no", "on", "off", "null", "none"].contains(&word.as_str());
    !switch && !value.starts_with("/run/secrets/")
}

/// A URL that holds a password: what stands before it, the password, and what stands behind it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Login<'a> {
    pub before: &'a str,
    pub user: &'a str,
    pub password: &'a str,
    pub host: &'a str,
    pub behind: &'a str,
}

/// The password of the first URL in a text that has one: `scheme://user:password@host`.
pub(super) fn login(text: &str) -> Option<Login<'_>> {
    let start = text.find("://")? + 3;
    let authority = &text[start..];
    let end = authority.find(['/', '?', '#', ' ', '\n', '"', '\'']).unwrap_or(authority.len());
    // The default of a variable may hold any of these.
    let end = if authority[..end].contains("${") { authority.len() } else { end };
    let at = start + authority[..end].rfind('@')?;
    let login = &text[start..at];
    let colon = start + login.find(':').filter(|colon| !login[..*colon].contains("${"))?;
    let (before, password, behind) = (&text[..=colon], &text[colon + 1..at], &text[at..]);
    let host = behind[1..].split([':', '/', '?', ',']).next().unwrap_or_default();
    (!password.is_empty()).then_some(Login { before, user: &text[start..colon], password, host, behind })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "DB_PASSWORD",
            "JWT_SECRET",
            "API_KEY",
            "GITHUB_TOKEN",
            "PASSWORD_SALT",
            "stripe.secret-key",
            "SMTP_PASS",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "POSTGRES_PASSWORD_FILE",
            "TOKEN_TTL",
            "PUBLIC_KEY",
            "COMPASS",
            "CLIENT_ID",
            "SECRET_NAME",
            "PORT",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
        assert!(can_be_secret("postgres") && !can_be_secret("yes") && !can_be_secret("/run/secrets/db"));
    }

    #[test]
    fn the_password_of_a_url_is_found() {
        let found = login("postgres://app:hunter2@db:5432/shop").expect("it has one");
        assert_eq!((found.before, found.user, found.password), ("postgres://app:", "app", "hunter2"));
        assert_eq!((found.host, found.behind), ("db", "@db:5432/shop"));
        let found = login("redis://:${REDIS_PASSWORD:-a/b}@cache").expect("it has one");
        assert_eq!((found.password, found.host), ("${REDIS_PASSWORD:-a/b}", "cache"));
        for text in ["http://api:3000/users@x", "postgres://app@db/shop", "user:pass", "http://a/?u=b:c@d"] {
            assert_eq!(login(text), None, "{text}");
        }
    }
}
