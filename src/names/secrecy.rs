//! Names of things that are kept secret.

/// Words for what is kept secret. What is called by one of them, and by nothing after it, holds one.
const WORDS: [&str; 13] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api_key",
    "access_key",
    "private_key",
    "secret_key",
    "auth_key",
    "encryption_key",
];

/// A name in the form in which it is compared: `stripe.secret-key` is `stripe_secret_key`.
pub(crate) fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace(['-', '.'], "_")
}

/// Whether a plain name ends in a word for what is kept secret, or in one of `further`.
pub(crate) fn ends_in_secret(plain: &str, further: &[&str]) -> bool {
    WORDS
        .iter()
        .chain(further)
        .any(|word| plain.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with('_')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_counts() {
        assert!(ends_in_secret(&plain("stripe.SECRET-key"), &[]) && ends_in_secret("token", &[]));
        assert!(ends_in_secret("oidc_client_secret", &[]) && ends_in_secret("db_salt", &["salt"]));
        assert!(!ends_in_secret("token_ttl", &[]) && !ends_in_secret("mytoken", &[]));
    }
}
