//! Services that are databases, as `[databases.<name>]`.

use std::collections::BTreeMap;

use super::draft::{Draft, Reads, identity, value};
use super::engines::Engine;
use super::project::{MountKind, Service, Variable};
use crate::spec;

/// What a volume gets whose size nobody said.
pub(super) const SIZE: &str = "10Gi";

/// Notes the password of every database, so that services which have the same one refer to it.
pub(super) fn note_passwords(draft: &mut Draft<'_>) {
    let engines: Vec<(&str, Engine)> = draft.engines.iter().map(|(name, it)| (*name, it.clone())).collect();
    for (name, engine) in engines {
        let service = &draft.project.services[name];
        if let Some(password) = password(draft, name, service, &engine) {
            draft.passwords.entry(password).or_default().push(name);
        }
    }
}

/// What the file writes for the password: a variable, a file, or an argument of the server.
fn password(draft: &Draft<'_>, name: &str, service: &Service, engine: &Engine) -> Option<String> {
    let variables = &draft.variables[name];
    let given = engine.words.password.iter().find_map(|word| Some((*word, variables.get(*word)?)));
    let argument = || {
        let words = &service.command.as_ref()?.words;
        let at = words.iter().position(|word| word == "--requirepass")?;
        words.get(at + 1).map(|password| identity(password))
    };
    let of_variable =
        |(word, it): (&str, &Variable)| identity(&it.value.clone().unwrap_or_else(|| format!("${{{word}}}")));
    given.map(of_variable).or_else(argument)
}

/// The database that a service becomes.
pub(super) fn database(
    draft: &mut Draft<'_>,
    name: &str,
    service: &Service,
    engine: &Engine,
) -> spec::Database {
    let words = engine.words;
    let (user, database) = (said(draft, name, words.user), said(draft, name, words.database));
    let has_password = draft.passwords.values().flatten().any(|it| *it == name);
    let left_out = [words.user, words.database, words.password, words.settled].concat();
    let environment = draft.environment(name, &left_out);
    let settings = environment.settings.into_iter().map(|(key, it)| (key, value(it.to_string())));
    let env: BTreeMap<String, spec::EnvValue> = environment.env.into_iter().chain(settings).collect();
    let image = service.image.as_ref().map(|image| draft.text(&image.text, Reads::Plainly, image.span));
    let database = spec::Database {
        engine: Some(engine.name.to_owned()),
        version: engine.version.clone(),
        image,
        user: user.filter(|it| it != "root"),
        database,
        credentials: (!has_password)
            .then(|| spec::Credentials { enabled: Some(false), ..Default::default() }),
        storage: storage(draft, name, service, engine),
        resources: super::workloads::resources(draft, name, &service.resources),
        args: arguments(draft, name, service, engine),
        env: (!env.is_empty()).then_some(env),
        probes: startup(engine),
        ..Default::default()
    };
    if !has_password && engine.name != "redis" {
        let hint =
            "give it credentials: take `credentials = false` out, and put a password into the secret store";
        draft.not_carried(service.span, format!("`{name}` runs without a password that the file says"), hint);
    }
    database
}

/// The text of the first variable of those names that the file gives.
fn said(draft: &mut Draft<'_>, name: &str, words: &[&str]) -> Option<String> {
    let given = words.iter().find_map(|word| draft.variables[name].get(*word)).cloned()?;
    Some(draft.text(&given.value?, Reads::Plainly, given.span))
}

/// A server that answers nobody while it recovers needs an hour for it.
fn startup(engine: &Engine) -> Option<spec::Probes> {
    let patient = spec::Probe { period: Some(10), failures: Some(360), ..Default::default() };
    (engine.name != "redis").then(|| spec::Probes { startup: Some(patient), ..Default::default() })
}

/// Everything but the data comes from the engine: what else is mounted is said.
fn storage(draft: &mut Draft<'_>, name: &str, service: &Service, engine: &Engine) -> Option<spec::Storage> {
    let mut kept = false;
    for mount in &service.mounts {
        let is_data = engine.words.data.contains(&mount.target.trim_end_matches('/'));
        match &mount.kind {
            MountKind::Volume(_) | MountKind::Bind(_) if is_data => kept = true,
            MountKind::Memory => {}
            MountKind::Bind(path) if mount.target.starts_with("/docker-entrypoint-initdb.d") => {
                let message = format!("`{path}` runs in `{name}` when it starts with an empty volume");
                let hint = "say it in `[databases.*.schemas]` or `bootstrap`, or restore a dump, which brings it along";
                draft.not_carried(mount.span, message, hint);
            }
            _ => {
                let message = format!("`{}` is mounted in `{name}`", mount.target);
                draft.not_carried(mount.span, message, "say it with `args` or `patch` of the database");
            }
        }
    }
    if !kept && engine.name == "redis" {
        return None;
    }
    draft.sized.push(draft.key(name));
    Some(spec::Storage { size: Some(SIZE.to_owned()), ..Default::default() })
}

/// The arguments of the server, without its name and without what the engine says itself.
fn arguments(draft: &mut Draft<'_>, name: &str, service: &Service, engine: &Engine) -> Option<Vec<String>> {
    let command = service.command.as_ref()?;
    let mut words = command.words.iter().peekable();
    words.next_if(|first| engine.words.server.contains(&first.as_str()));
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--requirepass" | "--appendonly" if engine.name == "redis" => drop(words.next()),
            word => kept.push(draft.text(word, Reads::Expanding, command.span)),
        }
    }
    if kept.first().is_some_and(|first| ["sh", "bash", "/bin/sh", "/bin/bash"].contains(&first.as_str())) {
        let hint = "say what it sets in `args` of the database";
        draft.not_carried(command.span, format!("the server of `{name}` is started by a script"), hint);
        return None;
    }
    (!kept.is_empty()).then_some(kept)
}
