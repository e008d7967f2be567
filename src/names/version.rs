//! The versions of Kubernetes that the output can be judged against.

use super::NameError;
use super::error::Fault;
use super::text::{serialize_as_text, string_traits};

/// A minor version of Kubernetes whose schemas the project carries. Later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KubernetesVersion {
    /// 1.33
    V1_33,
    /// 1.34
    V1_34,
    /// 1.35
    V1_35,
    /// 1.36
    V1_36,
    /// 1.37
    V1_37,
}

impl KubernetesVersion {
    /// Every version, oldest first.
    pub const ALL: [Self; 5] = [Self::V1_33, Self::V1_34, Self::V1_35, Self::V1_36, Self::V1_37];

    /// Reads a minor version: `1.35`.
    ///
    /// # Errors
    /// Names the versions there are. A patch version and a leading `v` are mended in the suggestion.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let known = |text: &str| Self::ALL.into_iter().find(|version| version.as_str() == text);
        known(text).ok_or_else(|| {
            let offered = Self::ALL.map(Self::as_str).join(", ");
            let meant = known(&minor(text)).map(|version| version.as_str().to_owned());
            let fault = Fault::of(format!("there are {offered}"));
            NameError::new(text, "a version of Kubernetes that bayplan knows", fault).suggest(meant)
        })
    }

    /// The version as `platform.toml` writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_33 => "1.33",
            Self::V1_34 => "1.34",
            Self::V1_35 => "1.35",
            Self::V1_36 => "1.36",
            Self::V1_37 => "1.37",
        }
    }
}

string_traits!(KubernetesVersion);
serialize_as_text!(KubernetesVersion);

/// `v1.35.2` to `1.35`.
fn minor(text: &str) -> String {
    let plain = text.trim().trim_start_matches(['v', 'V']);
    plain.split('.').take(2).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_and_print_as_they_read() {
        assert!(KubernetesVersion::ALL.is_sorted());
        for version in KubernetesVersion::ALL {
            assert_eq!(KubernetesVersion::parse(version.as_str()), Ok(version));
        }
    }

    #[test]
    fn an_unknown_version_names_those_there_are() {
        let error = KubernetesVersion::parse("1.20").expect_err("too old");
        assert_eq!(
            error.message(),
            "`1.20` is not a version of Kubernetes that bayplan knows: there are 1.33, 1.34, 1.35, 1.36, 1.37"
        );
        assert_eq!(error.suggestion(), None);
        for text in ["v1.35", "1.35.2", "v1.35.0+k3s1"] {
            let error = KubernetesVersion::parse(text).expect_err("not a minor version");
            assert_eq!(error.suggestion(), Some("1.35"), "{text}");
        }
    }
}
