//! References to container images: `registry.example/team/api:1.2@sha256:…`.
//!
//! The grammar is that of `github.com/distribution/reference`, which the container runtimes parse with. The API server
//! itself takes any text, and the pod then fails with `InvalidImageName`. One accident of that grammar is refused: a first
//! part with a dot that can be no host (`a_b.c/d`) is neither registry nor repository.

use super::NameError;
use super::error::{Fault, shown};
use super::text::{Class, every, is_lower_alphanumeric, serialize_as_text, starts, string_traits};

const WHAT: &str = "an image reference";
/// Where an image without a registry comes from, and its older name.
const DEFAULT_REGISTRIES: [&str; 2] = ["docker.io", "index.docker.io"];
/// The longest path of a repository.
const PATH_MOST: usize = 255;
/// The longest tag.
const TAG_MOST: usize = 128;
/// The digest algorithms that have an implementation, and the length of their values.
const ALGORITHMS: [(&str, usize); 3] = [("sha256", 64), ("sha384", 96), ("sha512", 128)];

const TAG: Class = Class {
    holds: |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'),
    name: "a letter, a digit, `_`, `.` or `-`",
};
const TAG_FIRST: Class =
    Class { holds: |c| c.is_ascii_alphanumeric() || c == '_', name: "a letter, a digit or `_`" };
const PATH: Class = Class {
    holds: |c| is_lower_alphanumeric(c) || matches!(c, '_' | '.' | '-'),
    name: "a lower-case letter, a digit, `_`, `.` or `-`",
};
const HOST: Class =
    Class { holds: |c| c.is_ascii_alphanumeric() || c == '-', name: "a letter, a digit or `-`" };
const HEXADECIMAL: Class =
    Class { holds: |c| matches!(c, '0'..='9' | 'a'..='f'), name: "a lower-case hexadecimal digit" };

/// A reference to a container image, kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageRef {
    registry: Option<String>,
    path: String,
    tag: Option<String>,
    digest: Option<String>,
    text: String,
}

/// A reference cut at its marks, nothing of it checked.
struct Parts<'a> {
    registry: Option<&'a str>,
    path: &'a str,
    tag: Option<&'a str>,
    digest: Option<&'a str>,
}

impl ImageRef {
    /// Reads a reference.
    ///
    /// # Errors
    /// States which part breaks the grammar. Upper case in the path and a leading `https://` are mended.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let parts = split(text);
        check(&parts).map_err(|fault| NameError::new(text, WHAT, fault).suggest(guess(text)))?;
        let owned = |part: Option<&str>| part.map(str::to_owned);
        Ok(Self {
            registry: owned(parts.registry),
            path: parts.path.to_owned(),
            tag: owned(parts.tag),
            digest: owned(parts.digest),
            text: text.to_owned(),
        })
    }

    /// The reference as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host of the registry with its port, `docker.io` where none is written.
    #[must_use]
    pub fn registry(&self) -> &str {
        let [default, older] = DEFAULT_REGISTRIES;
        self.registry.as_deref().filter(|registry| *registry != older).unwrap_or(default)
    }

    /// The path within the registry as it was written: `team/api`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.path
    }

    /// Registry and path as they were written, without tag and digest: what kustomize calls the name of an image.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.registry {
            Some(registry) => format!("{registry}/{}", self.path),
            None => self.path.clone(),
        }
    }

    /// The tag, where one is written.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest with its algorithm, where one is written: `sha256:…`.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// Whether a digest or a tag other than `latest` says which build is meant.
    #[must_use]
    pub fn is_versioned(&self) -> bool {
        self.digest.is_some() || self.tag.as_deref().is_some_and(|tag| tag != "latest")
    }

    /// The reference that the runtime asks for: `redis` is `docker.io/library/redis:latest`.
    #[must_use]
    pub fn normalized(&self) -> String {
        let registry = self.registry();
        let library = library(self.registry.as_deref(), &self.path);
        let tag = self.tag().or_else(|| self.digest.is_none().then_some("latest"));
        let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
        let digest = self.digest().map(|digest| format!("@{digest}")).unwrap_or_default();
        format!("{registry}/{library}{}{tag}{digest}", self.path)
    }

    /// The same image with another tag and no digest.
    ///
    /// # Errors
    /// States why `tag` is no tag.
    pub fn with_tag(&self, tag: &str) -> Result<Self, NameError> {
        Self::parse(&format!("{}:{tag}", self.name()))
    }
}

string_traits!(ImageRef);
serialize_as_text!(ImageRef);

fn split(text: &str) -> Parts<'_> {
    let (front, digest) = cut(text, text.find('@'));
    let after_path = front.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = cut(front, front[after_path..].find(':').map(|at| at + after_path));
    let (registry, path) = match name.split_once('/') {
        Some((first, rest)) if is_registry(first) => (Some(first), rest),
        _ => (None, name),
    };
    Parts { registry, path, tag, digest }
}

/// What stands before and after the one-byte mark at `at`.
fn cut(text: &str, at: Option<usize>) -> (&str, Option<&str>) {
    at.map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])))
}

/// The first part of a path is a host where it could be nothing else, as the runtimes tell them apart.
fn is_registry(first: &str) -> bool {
    first == "localhost" || first.contains(['.', ':']) || first.contains(|c: char| c.is_ascii_uppercase())
}

/// The folder that a path of one part stands for in the default registry; it counts towards the length.
fn library(registry: Option<&str>, path: &str) -> &'static str {
    let default = registry.is_none_or(|registry| DEFAULT_REGISTRIES.contains(&registry));
    if default && !path.contains('/') { "library/" } else { "" }
}

fn check(parts: &Parts<'_>) -> Result<(), Fault> {
    parts.registry.map_or(Ok(()), registry)?;
    path(parts.path, PATH_MOST - library(parts.registry, parts.path).len())?;
    parts.tag.map_or(Ok(()), tag)?;
    parts.digest.map_or(Ok(()), digest)
}

fn registry(text: &str) -> Result<(), Fault> {
    let after_host = text.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = cut(text, text[after_host..].find(':').map(|at| at + after_host));
    if port.is_some_and(|port| port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit())) {
        return Err(Fault::of(format!("`{}` is no port of a registry", shown(port.unwrap_or_default()))));
    }
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => ipv6(address),
        None => host.split('.').try_for_each(host_part),
    }
    .map_err(|fault| fault.within(&format!("the registry `{}`", shown(text)), 0))
}

fn host_part(text: &str) -> Result<(), Fault> {
    every(text, &HOST)?;
    if text.is_empty() || text.starts_with('-') || text.ends_with('-') {
        return Err(Fault::of("a part between dots is empty or has `-` at an end"));
    }
    Ok(())
}

fn ipv6(text: &str) -> Result<(), Fault> {
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_hexdigit() || c == ':') {
        return Ok(());
    }
    Err(Fault::of("what stands in brackets is no IPv6 address"))
}

fn path(text: &str, most: usize) -> Result<(), Fault> {
    if text.len() > most {
        return Err(Fault::too_long(text.len(), most).within("the repository", 0));
    }
    if text.len() == 64 && every(text, &HEXADECIMAL).is_ok() {
        return Err(Fault::of("64 hexadecimal digits name an image by its identifier, not a repository"));
    }
    text.split('/').try_for_each(component)
}

fn component(text: &str) -> Result<(), Fault> {
    let part = if text.is_empty() { "the repository".to_owned() } else { format!("`{}`", shown(text)) };
    every(text, &PATH)
        .and_then(|()| if text.is_empty() { Err(Fault::of("a part is empty")) } else { Ok(()) })
        .and_then(|()| separators(text))
        .map_err(|fault| fault.within(&part, 0))
}

/// Between letters and digits stands one `.`, one or two `_`, or any number of `-`; at the ends nothing does.
fn separators(text: &str) -> Result<(), Fault> {
    let between: Vec<&str> = text.split(is_lower_alphanumeric).collect();
    let (first, rest) = between.split_first().unwrap_or((&"", &[]));
    let (last, inner) = rest.split_last().unwrap_or((&"", &[]));
    if !first.is_empty() || !last.is_empty() {
        return Err(Fault::of("a letter or digit must stand at both ends"));
    }
    let allowed = |run: &&str| matches!(*run, "" | "." | "_" | "__") || run.bytes().all(|b| b == b'-');
    match inner.iter().find(|run| !allowed(run)) {
        Some(run) => Err(Fault::of(format!("`{run}` is no separator"))),
        None => Ok(()),
    }
}

fn tag(text: &str) -> Result<(), Fault> {
    let rule = every(text, &TAG).and_then(|()| starts(text, &TAG_FIRST)).and_then(|()| {
        if text.len() > TAG_MOST { Err(Fault::too_long(text.len(), TAG_MOST)) } else { Ok(()) }
    });
    rule.map_err(|fault| fault.within("the tag", 0))
}

fn digest(text: &str) -> Result<(), Fault> {
    let (algorithm, value) = text.split_once(':').unwrap_or((text, ""));
    let Some((_, length)) = ALGORITHMS.iter().find(|(name, _)| *name == algorithm) else {
        return Err(Fault::of("a digest starts with `sha256:`, `sha384:` or `sha512:`"));
    };
    every(value, &HEXADECIMAL).map_err(|fault| fault.within("the digest", 0))?;
    if value.len() != *length {
        return Err(Fault::of(format!("the digest has {} digits, {algorithm} has {length}", value.len())));
    }
    Ok(())
}

/// A reference without a scheme and with its path in lower case.
fn guess(text: &str) -> Option<String> {
    let bare = text.trim().split_once("://").map_or(text.trim(), |(_, rest)| rest);
    let parts = split(bare);
    let start = parts.registry.map_or(0, |registry| registry.len() + 1);
    let (registry, rest) = bare.split_at_checked(start)?;
    let (path, end) = rest.split_at_checked(parts.path.len())?;
    let meant = format!("{registry}{}{end}", path.to_ascii_lowercase());
    (meant != text && check(&split(&meant)).is_ok()).then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Registry, repository and tag; `-` for a tag that is not written.
    fn parts(text: &str) -> Result<(String, String, String), String> {
        let image = ImageRef::parse(text).map_err(|error| error.to_string())?;
        let tag = image.tag().unwrap_or("-").to_owned();
        Ok((image.registry().to_owned(), image.repository().to_owned(), tag))
    }

    #[test]
    fn references_come_apart_as_the_runtimes_take_them() {
        for (text, registry, repository, tag) in [
            ("redis", "docker.io", "redis", "-"),
            ("redis:7-alpine", "docker.io", "redis", "7-alpine"),
            ("bitnami/redis", "docker.io", "bitnami/redis", "-"),
            ("index.docker.io/redis", "docker.io", "redis", "-"),
            ("test.com:5000", "docker.io", "test.com", "5000"),
            ("test:5000/repo", "test:5000", "repo", "-"),
            ("test:5000/repo:tag", "test:5000", "repo", "tag"),
            ("localhost/a:b", "localhost", "a", "b"),
            ("Registry/a", "Registry", "a", "-"),
            (
                "sub-dom1.foo.com/bar/baz/quux:some-long-tag",
                "sub-dom1.foo.com",
                "bar/baz/quux",
                "some-long-tag",
            ),
            ("192.168.1.1:5000/repo:5050", "192.168.1.1:5000", "repo", "5050"),
            ("[2001:db8::1]:5000/repo:tag", "[2001:db8::1]:5000", "repo", "tag"),
            ("foo_bar.com:8080", "docker.io", "foo_bar.com", "8080"),
            ("a--b/c__d/e.f:_x", "docker.io", "a--b/c__d/e.f", "_x"),
        ] {
            assert_eq!(
                parts(text),
                Ok((registry.to_owned(), repository.to_owned(), tag.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn a_digest_has_the_length_of_its_algorithm() -> Result<(), NameError> {
        let digest = format!("sha256:{}", "f".repeat(64));
        let image = ImageRef::parse(&format!("ghcr.io/a/b:1@{digest}"))?;
        assert_eq!((image.digest(), image.tag()), (Some(digest.as_str()), Some("1")));
        assert_eq!(image.name(), "ghcr.io/a/b");
        for wrong in ["sha256:ff", "md5:ffffffffffffffffffffffffffffffff", "sha256", ""] {
            assert!(ImageRef::parse(&format!("a@{wrong}")).is_err(), "{wrong}");
        }
        assert!(ImageRef::parse(&format!("a@sha256:{}", "F".repeat(64))).is_err());
        assert!(ImageRef::parse(&format!("a@sha512:{}", "0".repeat(128))).is_ok());
        Ok(())
    }

    #[test]
    fn what_no_runtime_takes_is_refused() {
        let (long_tag, long_path) = (format!("a:{}", "t".repeat(129)), "a/".repeat(128) + "a");
        for text in [
            "",
            " ",
            ":tag",
            "@sha256:ff",
            "a:",
            "a@",
            "Api",
            "Uppercase:tag",
            "test:5000/Upper/lower:tag",
            "a b",
            "a//b",
            "/a",
            "a/",
            "a..b",
            "a___b",
            "a-",
            "_a",
            "a:-t",
            "a:t:u",
            "a.b-/c",
            "-x.com/a",
            "x.com:/a",
            "x.com:8o/a",
            "[2001:db8::1]",
            "[fe80::1%eth0]:5000/repo",
            "aa/asdf$$^/aa",
            "http://x.com/a",
            "é",
            "a:é",
            &"a".repeat(64),
            &long_tag,
            &long_path,
        ] {
            assert!(ImageRef::parse(text).is_err(), "{text}");
        }
        assert!(ImageRef::parse(&format!("a:{}", "t".repeat(128))).is_ok());
        assert!(ImageRef::parse(&"a".repeat(247)).is_ok());
        assert!(ImageRef::parse(&"a".repeat(248)).is_err(), "`library/` counts");
    }

    #[test]
    fn a_guess_mends_case_and_scheme() {
        let meant = |text: &str| ImageRef::parse(text).err()?.suggestion().map(str::to_owned);
        assert_eq!(meant("ghcr.io/Team/Api:V1").as_deref(), Some("ghcr.io/team/api:V1"));
        assert_eq!(meant("https://ghcr.io/team/api").as_deref(), Some("ghcr.io/team/api"));
        assert_eq!(meant("a b"), None);
    }

    #[test]
    fn a_reference_is_completed_as_the_runtime_does() -> Result<(), NameError> {
        assert_eq!(ImageRef::parse("redis")?.normalized(), "docker.io/library/redis:latest");
        assert_eq!(ImageRef::parse("ghcr.io/a")?.normalized(), "ghcr.io/a:latest");
        assert_eq!(ImageRef::parse("ghcr.io/a:1")?.with_tag("2")?.as_str(), "ghcr.io/a:2");
        assert!(ImageRef::parse("a")?.with_tag("b/c:d e").is_err());
        assert!(!ImageRef::parse("redis:latest")?.is_versioned());
        assert!(ImageRef::parse("redis:7")?.is_versioned());
        Ok(())
    }
}
