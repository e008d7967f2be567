//! `[quality]`: the gates that a change passes before it reaches a cluster.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The gates, as a workflow of GitHub Actions and hooks of pre-commit that bayplan writes below `out/ci/`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Quality {
    /// Where the platform's file lies in the repository; `platform.toml` unless given.
    pub platform_file: Option<String>,
    /// Where the output lies in the repository; `out` unless given.
    pub output: Option<String>,
    /// The folders of sources and the language of each.
    pub sources: Option<std::collections::BTreeMap<String, Language>>,
    /// How secrets are looked for; `gitleaks` unless given.
    pub secrets: Option<SecretScanner>,
    /// How sources are looked at; `semgrep` unless given.
    pub code: Option<CodeScanner>,
    /// How dependencies are looked at; `dependabot` unless given.
    pub dependencies: Option<DependencyScanner>,
    /// The severities of Trivy that fail an image; `["HIGH", "CRITICAL"]` unless given.
    pub image_severities: Option<Vec<String>>,
}

/// The language of a folder of sources: it chooses linter and test runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Go: golangci-lint and `go test`.
    Go,
    /// JavaScript and TypeScript: `ESLint` and Vitest.
    Node,
    /// Python: Ruff and pytest.
    Python,
}

/// A program that looks for secrets in the history of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecretScanner {
    /// <https://github.com/gitleaks/gitleaks>
    Gitleaks,
    /// <https://github.com/trufflesecurity/trufflehog>
    Trufflehog,
}

/// A program that looks for weaknesses in sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CodeScanner {
    /// <https://semgrep.dev>
    Semgrep,
    /// <https://www.sonarsource.com/products/sonarqube/>
    Sonarqube,
}

/// A program that looks for weaknesses in dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DependencyScanner {
    /// <https://docs.github.com/code-security/dependabot>
    Dependabot,
    /// <https://snyk.io>
    Snyk,
}
