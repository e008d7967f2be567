//! What a rule is beside its code: the family that it belongs to, the profile that it begins in, and the rows of the
//! catalogue that it answers.

use std::fmt;

use crate::diag::{Code, Severity};

/// What sort of thing a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// The object is of the shape that the API server of the target version decodes.
    Schema,
    /// What the validation of the API server refuses and a schema cannot say.
    Api,
    /// Everything that an object names is there.
    References,
    /// Connections, disruptions and volumes work out among all objects.
    Reachability,
    /// What an attacker could use.
    Security,
    /// What breaks when a pod, a node or a release goes wrong.
    Reliability,
    /// What pods ask of nodes, and what they may take.
    Resources,
    /// How pods are reached.
    Networking,
    /// What a version of Kubernetes will take away, or has taken.
    Deprecations,
    /// What keeps a tree readable.
    Hygiene,
}

impl Family {
    /// The word for it, as the folder of its rules is called.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Api => "api",
            Self::References => "references",
            Self::Reachability => "reachability",
            Self::Security => "security",
            Self::Reliability => "reliability",
            Self::Resources => "resources",
            Self::Networking => "networking",
            Self::Deprecations => "deprecations",
            Self::Hygiene => "hygiene",
        }
    }

    /// Whether its findings are about how things should be done, and not about what cannot work.
    #[must_use]
    pub const fn is_practice(self) -> bool {
        !matches!(self, Self::Schema | Self::Api | Self::References | Self::Reachability)
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which rules run. Each profile has the rules of those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Profile {
    /// Only what the API server refuses.
    Api,
    /// Everything but rules that are off.
    #[default]
    Default,
    /// Every rule.
    Strict,
}

impl Profile {
    /// Every profile, the narrowest first.
    pub const ALL: [Self; 3] = [Self::Api, Self::Default, Self::Strict];

    /// The word for it on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Default => "default",
            Self::Strict => "strict",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How much a rule weighs in the default profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It does not run.
    Off,
    /// Worth knowing.
    Info,
    /// Somebody should look.
    Warning,
    /// It cannot work, or must not.
    Error,
}

impl Level {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One rule, as the table of rules lists it.
#[derive(Debug)]
pub struct Rule {
    /// The code that its findings bear, with its weight and its documentation.
    pub code: &'static Code,
    /// What sort of thing it looks at.
    pub family: Family,
    /// The first profile that it runs in.
    pub profile: Profile,
    /// The rows of the catalogue that it answers, separated by spaces.
    pub(super) rows: &'static str,
}

impl Rule {
    /// How much it weighs in the default profile.
    #[must_use]
    pub const fn level(&self) -> Level {
        match (self.profile, self.code.severity) {
            (Profile::Strict, _) => Level::Off,
            (_, Severity::Error) => Level::Error,
            (_, Severity::Warning) => Level::Warning,
            (_, Severity::Note) => Level::Info,
        }
    }

    /// The rows of the catalogue that it answers: `catalogue.tsv` says which checks of other tools each row stands for.
    pub fn rows(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.rows.split_whitespace()
    }
}
