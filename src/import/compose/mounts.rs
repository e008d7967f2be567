//! What stands at paths of a container: volumes, files beside the Compose file, secrets and configs.

use std::collections::BTreeMap;

use super::databases::SIZE;
use super::draft::{Draft, Reads, config_key, label};
use super::project::{ConfigSource, Mount, MountKind, Service};
use super::secrets::is_secret_name;
use crate::spec;

/// Ends of files that hold keys.
const KEY_FILES: [&str; 5] = [".pem", ".key", ".p12", ".pfx", ".jks"];

type Mounts = BTreeMap<String, spec::Mount>;

/// The mounts of a service, and its own volume where it has one that nobody shares.
pub(super) fn mounts(
    draft: &mut Draft<'_>,
    name: &str,
    service: &Service,
) -> (Mounts, Option<spec::Storage>) {
    let mut mounts = Mounts::new();
    let own: Vec<&Mount> = service.mounts.iter().filter(|mount| is_own(draft, name, mount)).collect();
    let single = match own.as_slice() {
        [only] if !service.global && !only.read_only => Some(*only),
        _ => None,
    };
    for mount in &service.mounts {
        if single.is_some_and(|single| std::ptr::eq(single, mount)) {
            continue;
        }
        if let Some(found) = self_made(draft, name, mount) {
            mounts.insert(mount.target.clone(), found);
        }
    }
    let storage = single.map(|mount| {
        draft.sized.push(draft.key(name));
        spec::Storage { size: Some(SIZE.to_owned()), mount: Some(mount.target.clone()), ..Default::default() }
    });
    (mounts, storage)
}

/// Whether a mount is a volume of this service and of no other.
fn is_own(draft: &Draft<'_>, name: &str, mount: &Mount) -> bool {
    let MountKind::Volume(volume) = &mount.kind else { return mount.kind == MountKind::Anonymous };
    let others = draft.project.services.iter().filter(|(other, _)| *other != name);
    let mut all = others.flat_map(|(_, service)| &service.mounts);
    !draft.project.external_volumes.contains(volume) && !all.any(|it| it.kind == mount.kind)
}

fn self_made(draft: &mut Draft<'_>, name: &str, mount: &Mount) -> Option<spec::Mount> {
    let named = |name: String| spec::Mount {
        name: Some(name),
        read_only: mount.read_only.then_some(true),
        ..Default::default()
    };
    match &mount.kind {
        MountKind::Memory => Some(spec::Mount { memory: Some(true), ..named("scratch".to_owned()) }),
        MountKind::Anonymous => Some(named("scratch".to_owned())),
        MountKind::Volume(volume) => Some(named(label(volume))),
        MountKind::Bind(path) => bind(draft, (name, path), mount),
    }
}

/// A file beside the Compose file becomes a config or a secret; a folder of the machine is left out.
fn bind(draft: &mut Draft<'_>, (name, path): (&str, &str), mount: &Mount) -> Option<spec::Mount> {
    let file = path.rsplit('/').next().unwrap_or_default();
    let relative = path.strip_prefix("./").unwrap_or(path);
    let is_key = KEY_FILES.iter().any(|end| file.ends_with(end));
    if path.ends_with("docker.sock") {
        let hint = "what asks Docker asks the API of Kubernetes now: `api-access` and a role, or a chart that brings both";
        draft.not_carried(mount.span, format!("`{name}` talks to Docker"), hint);
        None
    } else if is_key {
        let secret = format!("{}-files", draft.key(name));
        let key = config_key(file);
        draft.secret(&secret, &key, format!("The file `{file}` of `{name}`"), mount.span);
        Some(spec::Mount { name: Some(secret), sub_path: Some(key), ..Default::default() })
    } else if draft.given.files.contains_key(path) && !path.starts_with("..") {
        let (config, key) = (format!("{}-files", draft.key(name)), file.to_owned());
        draft.config_file(&config, &key, relative);
        Some(spec::Mount { name: Some(config), sub_path: Some(key), ..Default::default() })
    } else {
        let hint = "bring files in `[configs]`, data in a volume; only agents of a node may see its folders (`host`)";
        draft.not_carried(mount.span, format!("`{path}` of the machine is mounted in `{name}`"), hint);
        None
    }
}

/// What the project declares as secrets and configs, where a service reads them.
pub(super) fn grants(draft: &mut Draft<'_>, name: &str, service: &Service, mounts: &mut Mounts) {
    for grant in &service.secrets {
        let target = match &grant.target {
            Some(path) if path.starts_with('/') => path.clone(),
            Some(file) => format!("/run/secrets/{file}"),
            None => format!("/run/secrets/{}", grant.source),
        };
        let (secret, key) = (label(&grant.source), config_key(&grant.source));
        draft.secret(
            &secret,
            &key,
            format!("The secret `{}` of the Compose project", grant.source),
            grant.span,
        );
        mounts.insert(target, spec::Mount { name: Some(secret), sub_path: Some(key), ..Default::default() });
    }
    for grant in &service.configs {
        let target = grant.target.clone().unwrap_or_else(|| format!("/{}", grant.source));
        let config = label(&grant.source);
        let key = target.rsplit('/').next().unwrap_or_default().to_owned();
        match draft.project.configs.get(&grant.source) {
            Some(ConfigSource::File(file))
                if is_secret_name(&grant.source) || draft.given.files.contains_key(&file.text) =>
            {
                draft.config_file(&config, &key, file.text.strip_prefix("./").unwrap_or(&file.text));
            }
            Some(ConfigSource::Content(content)) => {
                let text = draft.text(&content.text, Reads::Plainly, content.span);
                draft.config_text(&config, &key, text);
            }
            _ => {
                let message = format!("`{name}` reads the config `{}`, whose text is not here", grant.source);
                draft.not_carried(grant.span, message, "write it as `[configs]`, and mount it");
                continue;
            }
        }
        mounts.insert(target, spec::Mount { name: Some(config), sub_path: Some(key), ..Default::default() });
    }
}

/// The volumes that several services share, or of which one has several.
pub(super) fn volumes(
    draft: &mut Draft<'_>,
    used: &BTreeMap<String, Vec<(String, bool)>>,
) -> BTreeMap<String, spec::Volume> {
    let mut volumes = BTreeMap::new();
    for (volume, readers) in used {
        let access = if readers.len() > 1 { "ReadWriteMany" } else { "ReadWriteOnce" };
        draft.sized.push(volume.clone());
        let made = spec::Volume {
            size: Some(SIZE.to_owned()),
            access: Some(access.to_owned()),
            ..Default::default()
        };
        volumes.insert(volume.clone(), made);
    }
    volumes
}
