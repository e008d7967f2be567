//! The platform in the making: what every part of an import adds to and looks up.

use std::collections::{BTreeMap, BTreeSet};

use super::Given;
use super::codes::{ASSUMED, NOT_CARRIED, SECRET, UNSET};
use super::engines::{self, Engine};
use super::project::{Project, Text, Variable};
use super::secrets::{can_be_secret, is_secret_name, login};
use super::variables::{Piece, pieces, plain};
use crate::diag::{Diagnostic, did_you_mean};
use crate::source::Span;
use crate::spec;

/// What stands for a variable that has no value.
const UNKNOWN: &str = "to-be-set";

/// The platform in the making.
pub(super) struct Draft<'a> {
    /// The project that is imported.
    pub project: &'a Project,
    /// What is known besides.
    pub given: &'a Given,
    /// What there is to say.
    pub notes: Vec<Diagnostic>,
    /// The platform's variables.
    pub vars: BTreeMap<String, spec::Scalar>,
    /// Contracts of secrets: the keys of each.
    pub secrets: BTreeMap<String, BTreeMap<String, spec::SecretKey>>,
    /// The engine of each service that is a database.
    pub engines: BTreeMap<&'a str, Engine>,
    /// Services whose place something of the cluster takes.
    pub proxies: BTreeSet<&'a str>,
    /// Passwords of databases: what the file writes for each, and the databases that have it.
    pub passwords: BTreeMap<String, Vec<&'a str>>,
    /// Secret variables that texts of the service at hand refer to.
    pub referred: BTreeSet<String>,
    /// Volumes whose size nobody said.
    pub sized: Vec<String>,
    /// The variables of each service, those of its files included.
    pub variables: BTreeMap<&'a str, BTreeMap<String, Variable>>,
    configs: BTreeMap<String, spec::Config>,
    /// The keys of the secret that services share, by what the file writes for each.
    shared: BTreeMap<String, String>,
    keys: BTreeMap<&'a str, String>,
}

/// How Kubernetes reads the text: whether `$(NAME)` in it is a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// As it is: a value of a ConfigMap.
    Plainly,
    /// With variables: the value of a variable, a command, an argument.
    Expanding,
}

impl<'a> Draft<'a> {
    pub fn new(project: &'a Project, given: &'a Given) -> Self {
        let mut draft = Self {
            project,
            given,
            notes: Vec::new(),
            vars: BTreeMap::new(),
            secrets: BTreeMap::new(),
            engines: BTreeMap::new(),
            proxies: BTreeSet::new(),
            passwords: BTreeMap::new(),
            referred: BTreeSet::new(),
            sized: Vec::new(),
            variables: BTreeMap::new(),
            configs: BTreeMap::new(),
            shared: BTreeMap::new(),
            keys: BTreeMap::new(),
        };
        for (name, service) in &project.services {
            let key = draft.free_label(name);
            draft.keys.insert(name, key);
            let mut variables = draft.file_variables(name, &service.env_files);
            variables.extend(service.environment.clone());
            draft.variables.insert(name, variables);
            let Some(image) = &service.image else { continue };
            if engines::is_proxy(&image.text, &given.values) {
                draft.proxies.insert(name);
            } else if let Some(engine) = engines::of(&image.text, &given.values) {
                draft.engines.insert(name, engine);
            }
        }
        draft
    }

    /// The key of a service in the platform, which is a DNS label.
    pub fn key(&self, service: &str) -> String {
        self.keys.get(service).cloned().unwrap_or_else(|| label(service))
    }

    fn free_label(&self, name: &str) -> String {
        let wanted = label(name);
        let taken = |key: &String| self.keys.values().any(|other| other == key);
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        std::iter::once(wanted.clone()).chain(numbered).find(|key| !taken(key)).unwrap_or_default()
    }

    pub fn not_carried(&mut self, span: Option<Span>, message: impl Into<String>, hint: impl Into<String>) {
        self.notes.push(Diagnostic::new(&NOT_CARRIED, message).at(span, "").hint(hint));
    }

    pub fn assumed(&mut self, span: Option<Span>, message: impl Into<String>, hint: impl Into<String>) {
        self.notes.push(Diagnostic::new(&ASSUMED, message).at(span, "").hint(hint));
    }

    /// The text with the values of its variables, for figures and names.
    pub fn filled(&self, text: &str) -> String {
        plain(text, &self.given.values, &mut Vec::new())
    }

    /// A config with a file that lies beside the Compose file.
    pub fn config_file(&mut self, config: &str, key: &str, path: &str) {
        let config = self.configs.entry(config.to_owned()).or_default();
        config.files.get_or_insert_default().insert(key.to_owned(), path.to_owned());
    }

    /// A config with a text.
    pub fn config_text(&mut self, config: &str, key: &str, text: String) {
        let config = self.configs.entry(config.to_owned()).or_default();
        config.data.get_or_insert_default().insert(key.to_owned(), text);
    }

    /// The configs so far.
    pub fn configs(&mut self) -> BTreeMap<String, spec::Config> {
        std::mem::take(&mut self.configs)
    }

    /// The contracts so far.
    pub fn contracts(&mut self) -> BTreeMap<String, spec::Secret> {
        let contracts = std::mem::take(&mut self.secrets).into_iter();
        contracts
            .map(|(name, keys)| (name, spec::Secret { keys: Some(keys), ..Default::default() }))
            .collect()
    }

    /// A text of the language: variables become expressions, or references to secret variables of the container.
    pub fn text(&mut self, raw: &str, reads: Reads, span: Option<Span>) -> String {
        let mut whole = String::new();
        for piece in pieces(raw) {
            match piece {
                Piece::Text(text) => whole.push_str(&literal(&self.renamed(&text), reads)),
                Piece::Variable { replacement: Some(_), .. } => {
                    whole.push_str(&literal(&self.filled(raw), reads));
                    return whole;
                }
                Piece::Variable { name, .. } if reads == Reads::Expanding && is_secret_name(&name) => {
                    whole.extend(["$(", &name, ")"]);
                    self.referred.insert(name);
                }
                Piece::Variable { name, default, .. } => {
                    whole.push_str(&self.variable(&name, default.as_deref(), span));
                }
            }
        }
        whole
    }

    /// The expression for a variable of the Compose file, which becomes one of the platform.
    fn variable(&mut self, name: &str, default: Option<&str>, span: Option<Span>) -> String {
        let key = name.to_ascii_lowercase();
        let known = self.given.values.get(name).filter(|value| !value.is_empty());
        let value = known.cloned().or_else(|| default.map(|text| self.filled(text)));
        if value.is_none() && !self.vars.contains_key(&key) {
            let problem = Diagnostic::new(&UNSET, format!("the variable `{name}` has no value here"));
            self.notes.push(problem.at(span, "").hint(format!("give `vars.{key}` a value")));
        }
        let value = value.unwrap_or_else(|| UNKNOWN.to_owned());
        self.vars.entry(key.clone()).or_insert(spec::Scalar::Text(literal(&value, Reads::Plainly)));
        format!("{{{{ vars.{key} }}}}")
    }

    /// The text with the names by which services are reached in the cluster, where those are others.
    fn renamed(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, service) in &self.project.services {
            let key = self.key(name);
            let others = std::iter::once(name).chain(&service.aliases).filter(|other| **other != key);
            for other in others {
                text = with_host(&text, other, &key);
            }
        }
        text
    }

    /// A key of the contract of a secret, which is described there.
    pub fn secret(
        &mut self,
        secret: &str,
        key: &str,
        description: String,
        span: Option<Span>,
    ) -> spec::EnvValue {
        let keys = self.secrets.entry(secret.to_owned()).or_default();
        if !keys.contains_key(key) {
            keys.insert(
                key.to_owned(),
                spec::SecretKey { description: Some(description), ..Default::default() },
            );
            let message = format!("the value of `{key}` is a secret, and was left out");
            let hint = format!("put a new value under the key `{key}` of the secret `{secret}`");
            self.notes.push(Diagnostic::new(&SECRET, message).at(span, "").hint(hint));
        }
        spec::EnvValue { secret: Some(secret.to_owned()), key: Some(key.to_owned()), ..Default::default() }
    }

    /// What holds the value of a secret variable of a service: the credentials of a database, a secret that services share, or
    /// one of its own.
    fn secret_value(&mut self, service: &str, name: &str, raw: &str, span: Option<Span>) -> spec::EnvValue {
        if let Some(database) = self.passwords.get(&identity(raw)).and_then(|found| found.first()) {
            return self.password_of(database);
        }
        if self.readers(raw) <= 1 {
            let secret = format!("{}-secrets", self.key(service));
            return self.secret(&secret, &config_key(name), format!("`{name}` of `{service}`"), span);
        }
        let key = self.shared_key(name, raw);
        let secret = format!("{}-shared", self.given.group.as_ref().unwrap_or(&self.given.name));
        self.secret(&secret, &key, format!("`{name}` of several services"), span)
    }

    /// The key for a value that several services have: the name of its variable, or of the first that has it.
    fn shared_key(&mut self, name: &str, raw: &str) -> String {
        let identity = identity(raw);
        if let Some(key) = self.shared.get(&identity) {
            return key.clone();
        }
        let wanted = config_key(identity.strip_prefix('$').unwrap_or(name));
        let taken = |key: &String| self.shared.values().any(|other| other == key);
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        let key = std::iter::once(wanted.clone()).chain(numbered).find(|key| !taken(key)).unwrap_or_default();
        self.shared.insert(identity, key.clone());
        key
    }

    /// The password of a database that the platform runs.
    pub fn password_of(&self, database: &str) -> spec::EnvValue {
        let (secret, key) = (Some(self.key(database)), Some("password".to_owned()));
        spec::EnvValue { secret, key, ..Default::default() }
    }

    /// How many services have a variable with this value.
    fn readers(&self, raw: &str) -> usize {
        let wanted = identity(raw);
        let has = |variable: &Variable| variable.value.as_deref().is_some_and(|raw| identity(raw) == wanted);
        self.variables.values().filter(|variables| variables.values().any(has)).count()
    }

    /// The variables of a service: plain settings, and the others.
    pub fn environment(&mut self, name: &str, left_out: &[&str]) -> Environment {
        let mut found = Environment::default();
        let variables = self.variables.get(name).cloned().unwrap_or_default();
        for (variable, given) in variables.iter().filter(|(name, _)| !left_out.contains(&name.as_str())) {
            let raw = given.value.clone().unwrap_or_else(|| format!("${{{variable}}}"));
            let filled = self.filled(&raw);
            let of_secret =
                matches!(pieces(&raw).as_slice(), [Piece::Variable { name, .. }] if is_secret_name(name));
            let named_secret = is_secret_name(variable)
                && (can_be_secret(&filled) || filled.is_empty() && raw.contains('$'));
            if of_secret || named_secret || (self.given.is_token)(&filled) && login(&raw).is_none() {
                let value = self.secret_value(name, variable, &raw, given.span);
                found.env.insert(variable.clone(), value);
            } else {
                self.plain_variable(name, (variable, &raw), given.span, &mut found);
            }
        }
        let referred = std::mem::take(&mut self.referred);
        for variable in referred {
            if found.env.contains_key(&variable) {
                continue;
            }
            let value = self.secret_value(name, &variable, &format!("${{{variable}}}"), None);
            found.env.insert(variable, value);
        }
        found
    }

    fn plain_variable(
        &mut self,
        service: &str,
        (variable, raw): (&str, &str),
        span: Option<Span>,
        found: &mut Environment,
    ) {
        if let Some(login) = login(raw) {
            let other = format!("{variable}_PASSWORD");
            let database = self.database_of(login.host, login.user);
            let secret = match database {
                Some(database) => self.password_of(database),
                None => self.secret_value(service, &other, login.password, span),
            };
            let before = self.text(login.before, Reads::Expanding, span);
            let behind = self.text(login.behind, Reads::Expanding, span);
            found.env.insert(other.clone(), secret);
            found.env.insert(variable.to_owned(), value(format!("{before}$({other}){behind}")));
            return;
        }
        let text = self.text(raw, Reads::Expanding, span);
        if pieces(raw)
            .iter()
            .any(|piece| matches!(piece, Piece::Variable { name, .. } if is_secret_name(name)))
        {
            found.env.insert(variable.to_owned(), value(text));
        } else {
            let text = self.text(raw, Reads::Plainly, span);
            found.settings.insert(variable.to_owned(), spec::Scalar::Text(text));
        }
    }

    /// The database of that name, where the user is the one that applications connect to it as.
    fn database_of(&self, host: &str, user: &str) -> Option<&'a str> {
        let (name, _) = self.project.called(host)?;
        let engine = self.engines.get(name)?;
        let has_password = self.passwords.values().flatten().any(|database| *database == name);
        let user = self.filled(user);
        let own = engine.words.user.iter().find_map(|word| self.variables[name].get(*word)?.value.as_deref());
        let own = own.map_or_else(|| default_user(engine.name).to_owned(), |own| self.filled(own));
        (has_password && (user.is_empty() || user == own)).then_some(name)
    }

    /// The settings of a file of variables, over which those of the service lie.
    fn file_variables(&mut self, service: &str, files: &[Text]) -> BTreeMap<String, Variable> {
        let mut found = BTreeMap::new();
        for file in files {
            let path = self.filled(&file.text);
            if let Some(text) = self.given.files.get(&path) {
                found.extend(super::env_file(text).into_iter().map(|(name, value)| {
                    // The file is not interpolated by everybody alike; a `$` in it is meant.
                    (name, Variable { value: Some(value.replace('$', "$$")), span: file.span })
                }));
                continue;
            }
            let near = did_you_mean(&path, self.given.files.keys().map(String::as_str));
            let hint = near.map_or_else(
                || {
                    "put the file beside the Compose file and import again, or write its variables by hand"
                        .to_owned()
                },
                |near| format!("did you mean `{near}`?"),
            );
            self.not_carried(
                file.span,
                format!("`{service}` reads variables from `{path}`, which is not there"),
                hint,
            );
        }
        found
    }
}

/// The variables of a container.
#[derive(Debug, Default)]
pub(super) struct Environment {
    /// Those that come from secrets, or hold a reference to one.
    pub env: BTreeMap<String, spec::EnvValue>,
    /// The others.
    pub settings: BTreeMap<String, spec::Scalar>,
}

pub(super) fn value(text: String) -> spec::EnvValue {
    spec::EnvValue { value: Some(spec::Scalar::Text(text)), ..Default::default() }
}

/// What two values have in common that are written alike: `$NAME` and `${NAME:-default}` are the same variable.
pub(super) fn identity(raw: &str) -> String {
    match pieces(raw).as_slice() {
        [Piece::Variable { name, .. }] => format!("${name}"),
        _ => raw.to_owned(),
    }
}

fn default_user(engine: &str) -> &'static str {
    match engine {
        "postgres" => "postgres",
        "redis" => "default",
        "sqlserver" => "sa",
        _ => "root",
    }
}

/// A text in which nothing is an expression, and nothing a variable of Kubernetes.
fn literal(text: &str, reads: Reads) -> String {
    let mut whole = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('{', Some('{' | '%' | '#')) => {
                whole.extend(["{{ '", &c.to_string(), &rest.next().unwrap_or_default().to_string(), "' }}"]);
            }
            ('$', Some('$' | '(')) if reads == Reads::Expanding => whole.push_str("$$"),
            _ => whole.push(c),
        }
    }
    whole
}

/// A DNS label that is as near to `name` as can be.
pub(super) fn label(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let text: String = name.chars().map(plain).collect();
    let text = text.trim_matches('-');
    let text =
        if text.starts_with(|c: char| c.is_ascii_digit()) { format!("x-{text}") } else { text.to_owned() };
    let cut: String = text.chars().take(50).collect();
    if cut.is_empty() { "unnamed".to_owned() } else { cut.trim_end_matches('-').to_owned() }
}

/// The key of a secret for a variable: `JWT_SECRET` is `jwt-secret`.
pub(super) fn config_key(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(plain).collect()
}

/// The text with `host` replaced where it stands as a host: alone, or behind `//` or `@`, or before a port.
fn with_host(text: &str, host: &str, other: &str) -> String {
    let mut whole = String::new();
    let mut at = 0;
    for (start, behind) in hosts(text, host) {
        whole.push_str(&text[at..start]);
        whole.push_str(other);
        at = start + host.len();
        debug_assert!(behind >= at);
    }
    whole + &text[at..]
}

/// Where `host` stands in a text as a host: its first byte, and the one past it and its port.
pub(super) fn hosts(text: &str, host: &str) -> Vec<(usize, usize)> {
    let part_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let found = text.match_indices(host).filter_map(|(start, _)| {
        let (before, behind) = (&text[..start], &text[start + host.len()..]);
        if before.ends_with(part_of_name) || behind.starts_with(part_of_name) {
            return None;
        }
        let port: String = behind.strip_prefix(':')?.chars().take_while(char::is_ascii_digit).collect();
        let end = start + host.len() + if port.is_empty() { 0 } else { port.len() + 1 };
        (!port.is_empty()).then_some((start, end))
    });
    let with_port: Vec<(usize, usize)> = found.collect();
    let bare = text.match_indices(host).filter_map(|(start, _)| {
        let (before, behind) = (&text[..start], &text[start + host.len()..]);
        let alone = before.is_empty() && behind.is_empty();
        let in_url = (before.ends_with("://") || before.ends_with('@') && before.contains("://"))
            && !behind.starts_with(part_of_name);
        ((alone || in_url) && !with_port.iter().any(|(at, _)| *at == start))
            .then_some((start, start + host.len()))
    });
    let mut all: Vec<(usize, usize)> = with_port.iter().copied().chain(bare).collect();
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_means_nothing_to_the_language_or_to_kubernetes() {
        assert_eq!(literal("{{ .Name }} $(date) $$", Reads::Expanding), "{{ '{{' }} .Name }} $$(date) $$$");
        assert_eq!(literal("$(date) ${x}", Reads::Plainly), "$(date) ${x}");
    }

    #[test]
    fn a_host_is_told_from_a_word() {
        for text in ["my_db", "my_db:5432", "postgres://u@my_db/x", "http://my_db", "a:1,my_db:2"] {
            assert!(with_host(text, "my_db", "my-db").contains("my-db"), "{text}");
        }
        for text in ["my_db_old", "use my_db", "/data/my_db", "xmy_db:1", "my_db.example:80"] {
            assert_eq!(with_host(text, "my_db", "my-db"), text);
        }
    }

    #[test]
    fn names_become_labels() {
        for (name, expected) in [("API_v2", "api-v2"), ("2048", "x-2048"), ("_", "unnamed"), ("web", "web")] {
            assert_eq!(label(name), expected);
        }
    }
}
