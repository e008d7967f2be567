//! The Kubernetes versions that bayplan knows the API of.

use std::fmt;

/// A minor version of Kubernetes whose API schemas are in the binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(non_camel_case_types, reason = "the names are the versions")]
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
    /// All of them, oldest first.
    pub const ALL: [Self; 5] = [Self::V1_33, Self::V1_34, Self::V1_35, Self::V1_36, Self::V1_37];

    /// Reads `1.35` or `v1.35`; `None` for a version that bayplan has no schemas of.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.strip_prefix('v').unwrap_or(text);
        Self::ALL.into_iter().find(|version| version.as_str() == number)
    }

    /// The version as `platform.toml` writes it: `1.35`.
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

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_as_it_is_written() {
        for version in KubernetesVersion::ALL {
            assert_eq!(KubernetesVersion::parse(&version.to_string()), Some(version));
        }
        assert_eq!(KubernetesVersion::parse("v1.36"), Some(KubernetesVersion::V1_36));
        assert_eq!(KubernetesVersion::parse("1.32"), None);
    }
}
