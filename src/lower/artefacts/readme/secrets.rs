//! The secrets: which keys there are, what makes a value, who reads them, and how a value is changed.

use std::collections::{BTreeMap, BTreeSet};

use super::super::markdown::{Page, code, codes};
use super::super::template::{command, one_line};
use super::environment;
use crate::lower::workload::kind;
use crate::model::{
    Container, Controller, EnvSource, Platform, Secret, SecretKey, SecretStore, VolumeSource, Workload,
};

pub(super) fn section(page: &mut Page, base: &Platform, environments: &[&Platform]) {
    let secrets = all(base, environments);
    if secrets.is_empty() {
        return;
    }
    page.heading(2, "Secrets");
    page.paragraph(
        "No value of any secret is in this tree, nor in `platform.toml`. What stands here is what each environment must \
         be given.",
    );
    let rows: Vec<Vec<String>> = secrets.values().flat_map(|secret| rows(secret)).collect();
    page.table(&["Secret", "key", "what it is", "how to make one", "read by"], &rows);
    page.paragraph(&stores(environments));
    rotation(page, environments, &secrets);
}

/// The contracts of all environments by the name of the Secret.
fn all<'a>(base: &'a Platform, environments: &[&'a Platform]) -> BTreeMap<&'a str, &'a Secret> {
    let mut secrets: BTreeMap<&str, &Secret> = BTreeMap::new();
    for platform in std::iter::once(base).chain(environments.iter().copied()) {
        for secret in platform.secrets.iter().filter(|secret| !secret.provided) {
            secrets.entry(secret.name.as_str()).or_insert(secret);
        }
    }
    secrets
}

fn rows(secret: &Secret) -> Vec<Vec<String>> {
    let readers = codes(&secret.readers);
    let row = |key: &SecretKey| {
        vec![
            code(secret.name.as_str()),
            code(key.name.as_str()),
            one_line(&key.description),
            code(&key.generate),
            readers.clone(),
        ]
    };
    secret.keys.iter().map(row).collect()
}

fn stores(environments: &[&Platform]) -> String {
    let of = |platform: &&Platform| {
        let name = code(environment(platform));
        match &platform.secret_store {
            SecretStore::Kubernetes => format!(
                "- {name}: copy `overlays/{}/secrets/<name>.yaml.example` to `<name>.yaml` beside it and fill it in. Git \
                 ignores the copy.",
                environment(platform)
            ),
            SecretStore::ExternalSecrets { name: store, .. } => format!(
                "- {name}: the External Secrets Operator copies the values out of the ClusterSecretStore {}.",
                code(store)
            ),
        }
    };
    environments.iter().map(of).collect::<Vec<_>>().join("\n")
}

fn rotation(page: &mut Page, environments: &[&Platform], secrets: &BTreeMap<&str, &Secret>) {
    page.heading(3, "Rotating a secret");
    page.paragraph("Rotate on a schedule, when somebody with access leaves, and at once when a value may have been seen.");
    page.steps(&[
        "Make the new value with the command of the table.".to_owned(),
        "Tell whoever checks the value first, where it accepts only one: for a database, \
         `ALTER ROLE <user> PASSWORD '<new>'`; for a service outside, add the new value beside the old."
            .to_owned(),
        "Put it where the environment keeps it: into the secret store, or into `secrets/<name>.yaml` and then \
         `kubectl apply --server-side -f secrets/<name>.yaml`."
            .to_owned(),
        "Restart the readers, which see a new value only when they start (below).".to_owned(),
        "Check that everything is ready, then take the old value back where both were accepted.".to_owned(),
    ]);
    page.paragraph(
        "A value that encrypts or signs what is stored (`*_SECRET_KEY`) ends sessions and tokens when it changes: choose \
         the hour. A password that only the first start of a database reads is not changed by its Secret alone: step 2 \
         is what changes it.",
    );
    let Some(platform) = environments.first() else { return };
    let readers = readers(platform);
    let restarts: Vec<String> = secrets.keys().filter_map(|name| restart(name, &readers)).collect();
    if !restarts.is_empty() {
        page.paragraph(&format!("The readers, in {}:", code(environment(platform))));
        page.code("sh", &restarts.join("\n"));
    }
}

type Readers<'a> = BTreeMap<&'a str, BTreeMap<&'a str, BTreeSet<String>>>;

/// The commands that restart whatever reads the Secret, one a namespace.
fn restart(name: &str, readers: &Readers) -> Option<String> {
    let by_namespace = readers.get(name)?;
    let line = |(namespace, objects): (&&str, &BTreeSet<String>)| {
        let mut words = vec!["kubectl", "rollout", "restart", "-n", namespace];
        words.extend(objects.iter().map(String::as_str));
        format!("{}    # {name}", command(&words))
    };
    Some(by_namespace.iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// The workloads that read each Secret and can be restarted, by Secret and namespace.
fn readers(platform: &Platform) -> Readers<'_> {
    let mut readers = Readers::new();
    let restartable =
        |workload: &&Workload| !matches!(workload.controller, Controller::Job | Controller::CronJob { .. });
    for workload in platform.workloads.iter().filter(restartable) {
        let object = format!("{}/{}", kind(workload).to_ascii_lowercase(), workload.name);
        for secret in read_by(workload) {
            let by_namespace = readers.entry(secret).or_default();
            by_namespace.entry(workload.namespace.as_str()).or_default().insert(object.clone());
        }
    }
    readers
}

fn read_by(workload: &Workload) -> BTreeSet<&str> {
    let of_volumes = workload.volumes.iter().filter_map(|volume| match &volume.source {
        VolumeSource::Secret(name) | VolumeSource::Guarded { name, .. } => Some(name.as_str()),
        _ => None,
    });
    workload.init.iter().chain(&workload.containers).flat_map(read_by_container).chain(of_volumes).collect()
}

fn read_by_container(container: &Container) -> impl Iterator<Item = &str> {
    container.env.iter().filter_map(|variable| match &variable.source {
        EnvSource::Secret { name, .. } => Some(name.as_str()),
        _ => None,
    })
}
