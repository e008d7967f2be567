//! `bayplan-check.toml`: what a tree of manifests is to be judged by, and what is excused in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::check::{CustomRule, Exception, External, Keys, Policy, Profile, Schemas, Settings};
use crate::diag::{Code, Diagnostic, Severity};
use crate::host::{Cause, Host, HostError};
use crate::manifest::LARGEST;
use crate::names::KubernetesVersion;
use crate::source::{FileId, Sources, Span};

/// The file that is read where no other is named.
pub const CONFIG: &str = "bayplan-check.toml";

/// Every code of this driver, by name.
pub static CODES: &[&Code] = &[&BAD_CHECK_CONFIG];

/// A configuration that cannot be read.
pub static BAD_CHECK_CONFIG: Code = Code {
    name: "bad-check-config",
    severity: Severity::Error,
    docs: "## What it means
`bayplan-check.toml` is no TOML, or has a key or a value that it cannot have.

## Why it matters
A tree that is judged by another measure than was meant passes for the wrong reason.

## Example
```toml
profil = \"strict\"
```

## Instead
```toml
kubernetes = \"1.35\"
profile = \"strict\"                       # api, default or strict
fail-on = \"error\"                      # error, warning or note; a warning unless given
crds = [\"crds/\"]                         # definitions of custom resources
skip = [\"k8s/vendor/*\"]
sorted-keys = false                     # true: keys stand in the order of the alphabet

[external]                               # what others create
namespaces = [\"monitoring\"]
objects = [\"Secret shop/db\", \"Service infra/kafka\", \"ClusterIssuer letsencrypt\"]

[[allow]]
rule = \"sec-run-as-non-root\"
on = \"Deployment shop/legacy\"
because = \"the image is being replaced\"
until = \"2026-12-31\"

[[rule]]                                 # a rule of your own
id = \"team\"
kinds = [\"Deployment\", \"StatefulSet\"]
expression = \"has(object.metadata.labels) && 'team' in object.metadata.labels\"
message = \"say which team owns it: metadata.labels.team\"
severity = \"error\"                       # error, warning or note; a warning unless given
```
",
};

/// What the file says.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub kubernetes: Option<KubernetesVersion>,
    pub profile: Option<Profile>,
    pub fail_on: Option<Severity>,
    pub crds: Vec<PathBuf>,
    pub skip: Vec<String>,
    /// Whether keys are to be written in the order of the alphabet.
    pub sorted_keys: bool,
    external: External,
    settings: Settings,
    rules: Vec<Arc<CustomRule>>,
    exceptions: Vec<Exception>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
struct ConfigFile {
    kubernetes: Option<Spanned<String>>,
    profile: Option<Spanned<String>>,
    fail_on: Option<Spanned<String>>,
    crds: Vec<PathBuf>,
    skip: Vec<String>,
    sorted_keys: bool,
    external: Outside,
    settings: Settings,
    rule: Vec<Spanned<OwnRule>>,
    allow: Vec<Spanned<Allow>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct OwnRule {
    id: String,
    kinds: Vec<String>,
    expression: String,
    message: String,
    severity: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
struct Outside {
    namespaces: Vec<String>,
    objects: Vec<Spanned<String>>,
    hosts: BTreeSet<String>,
    storage_classes: Option<BTreeSet<String>>,
    ingress_classes: Option<BTreeSet<String>>,
    priority_classes: Option<BTreeSet<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Allow {
    rule: String,
    on: Option<String>,
    #[serde(default)]
    because: String,
    until: Option<toml::Value>,
}

/// Reads the configuration. One that was not named and is not there is an empty one.
pub(super) fn read(
    host: &dyn Host,
    sources: &mut Sources,
    named: Option<&Path>,
) -> (Config, Vec<Diagnostic>) {
    let path = named.unwrap_or(Path::new(CONFIG));
    let folder = path.parent().unwrap_or(Path::new(""));
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = match host.read_at_most(folder, &file_name, LARGEST).map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(_)) => {
            let problem = format!("`{}` is not UTF-8", path.display());
            return (Config::default(), vec![Diagnostic::new(&BAD_CHECK_CONFIG, problem)]);
        }
        Err(HostError { cause: Cause::Missing, .. }) if named.is_none() => {
            return (Config::default(), Vec::new());
        }
        Err(error) => return (Config::default(), vec![error.diagnostic()]),
    };
    let file = sources.add(path.display().to_string(), text);
    match toml::from_str::<ConfigFile>(sources.text(file)) {
        Ok(config) => Reader { file, problems: Vec::new() }.config(config),
        Err(error) => {
            let range = error.span().unwrap_or_default();
            let span = Span { file, start: range.start, end: range.end };
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            (Config::default(), vec![Diagnostic::new(&BAD_CHECK_CONFIG, message).at(Some(span), "")])
        }
    }
}

struct Reader {
    file: FileId,
    problems: Vec<Diagnostic>,
}

impl Reader {
    fn config(mut self, file: ConfigFile) -> (Config, Vec<Diagnostic>) {
        let config = Config {
            kubernetes: file.kubernetes.and_then(|text| {
                let parsed = KubernetesVersion::parse(text.get_ref());
                self.accept(&text, parsed.map_err(|error| error.message().to_owned()))
            }),
            profile: file.profile.and_then(|text| self.accept(&text, profile(text.get_ref()))),
            fail_on: file.fail_on.and_then(|text| self.accept(&text, severity(text.get_ref()))),
            crds: file.crds,
            skip: file.skip,
            sorted_keys: file.sorted_keys,
            external: self.external(file.external),
            settings: file.settings,
            exceptions: file.allow.into_iter().map(|allow| self.exception(allow)).collect(),
            rules: file.rule.iter().filter_map(|rule| self.rule(rule)).collect(),
        };
        (config, self.problems)
    }

    fn rule(&mut self, rule: &Spanned<OwnRule>) -> Option<Arc<CustomRule>> {
        let OwnRule { id, kinds, expression, message, severity } = rule.get_ref();
        let severity = self.accept(rule, self::severity(severity.as_deref().unwrap_or("warning")))?;
        let made = self.accept(rule, CustomRule::new(id, kinds.clone(), expression, message))?;
        Some(Arc::new(made.weighing(severity)))
    }

    fn external(&mut self, outside: Outside) -> External {
        let mut external = External {
            hosts: outside.hosts,
            storage_classes: outside.storage_classes,
            ingress_classes: outside.ingress_classes,
            priority_classes: outside.priority_classes,
            ..External::default()
        };
        for namespace in outside.namespaces {
            external.namespaces.insert(namespace, std::collections::BTreeMap::new());
        }
        for object in &outside.objects {
            let text = object.get_ref();
            let Some((kind, name)) = text.split_once(' ') else {
                self.refuse(
                    object,
                    format!("`{text}` is no object: write `Kind namespace/name`, or `Kind name`"),
                );
                continue;
            };
            let (namespace, name) = name.split_once('/').unwrap_or(("", name));
            match kind {
                "Secret" => external.add_secret(namespace, name, Keys::Any),
                _ => external.add_object(kind, namespace, name),
            }
        }
        external
    }

    fn exception(&self, allow: Spanned<Allow>) -> Exception {
        let span = self.span(&allow);
        let Allow { rule, on, because, until } = allow.into_inner();
        let until = until.map(|until| match until {
            toml::Value::Datetime(day) => day.to_string(),
            other => other.as_str().unwrap_or("no text").to_owned(),
        });
        Exception { rule, on, because, until, span: Some(span) }
    }

    /// What was read, unless it is wrong, and then that is said.
    fn accept<T, R>(&mut self, at: &Spanned<T>, read: Result<R, String>) -> Option<R> {
        read.map_err(|problem| self.refuse(at, problem)).ok()
    }

    fn refuse<T>(&mut self, at: &Spanned<T>, message: String) {
        let span = Some(self.span(at));
        self.problems.push(Diagnostic::new(&BAD_CHECK_CONFIG, message).at(span, ""));
    }

    fn span<T>(&self, spanned: &Spanned<T>) -> Span {
        Span { file: self.file, start: spanned.span().start, end: spanned.span().end }
    }
}

fn profile(word: &str) -> Result<Profile, String> {
    let known = Profile::ALL.into_iter().find(|profile| profile.as_str() == word);
    known.ok_or_else(|| format!("there is no profile `{word}`: there are api, default and strict"))
}

fn severity(word: &str) -> Result<Severity, String> {
    match word {
        "error" => Ok(Severity::Error),
        "warning" => Ok(Severity::Warning),
        "note" => Ok(Severity::Note),
        other => Err(format!("there is no severity `{other}`: there are error, warning and note")),
    }
}

impl Config {
    /// The policy that it makes.
    pub fn policy<'a>(&self, schemas: &'a Schemas) -> Policy<'a> {
        Policy {
            external: self.external.clone(),
            settings: self.settings.clone(),
            rules: self.rules.clone(),
            exceptions: self.exceptions.clone(),
            ..Policy::new(schemas)
        }
    }
}
