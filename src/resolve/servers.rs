//! `[monitoring.prometheus]`, `[monitoring.alertmanager]` and `[monitoring.loki]`: servers that operators run.

use super::scope::Scope;
use crate::diag::{Diagnostic, did_you_mean};
use crate::model::{LokiStack, Server};
use crate::names::Quantity;
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// What a Loki of the operator can bear (<https://loki-operator.dev/docs/api.md/>, `LokiStackSizeType`).
const SIZES: [&str; 5] = ["1x.demo", "1x.extra-small", "1x.medium", "1x.pico", "1x.small"];
/// Whose words the Secret of a bucket can use (`ObjectStorageSecretType`).
const STORES: [&str; 5] = ["alibabacloud", "azure", "gcs", "s3", "swift"];

/// A Prometheus or an Alertmanager.
pub(super) fn server(scope: &mut Scope<'_>, key: &str, spec: Option<&spec::Server>) -> Option<Server> {
    let spec = spec.filter(|server| server.enabled != Some(false))?;
    let path = KeyPath::of(["monitoring", key]);
    let usual = spec::Resources {
        cpu: Some("100m..1".to_owned()),
        memory: Some("256Mi..1Gi".to_owned()),
        ..spec::Resources::default()
    };
    let own = spec.resources.as_ref().unwrap_or(&usual);
    let resources = super::container::resources(scope, &path, Some(own));
    let replicas = spec.replicas.unwrap_or(1);
    if replicas < 1 {
        let message = format!("`{path}.replicas` is {replicas}, and 1 is the least");
        refuse(scope, &path.key("replicas"), message, "take it out with `enabled = false`".to_owned());
    }
    let retention = spec.retention.clone().unwrap_or_default();
    if !retention.is_empty() && !is_length_of_time(&retention) {
        let message = format!("`{path}.retention`: `{retention}` is no length of time");
        refuse(scope, &path.key("retention"), message, "write it as in `\"15d\"`".to_owned());
    }
    let storage = spec.storage.as_ref().filter(|storage| storage.enabled != Some(false));
    let at = path.key("storage");
    let size = storage.and_then(|storage| scope.required(&at, "size", storage.size.clone()));
    let size = size.and_then(|size| scope.parse(&at.key("size"), &size, Quantity::parse));
    let storage = size.map(|size| (size, storage.and_then(|storage| storage.class.clone())));
    Some(Server { source: path, replicas, retention, storage, resources })
}

/// A figure and a unit, as Prometheus reads them: `15d`, `1w`, `36h`.
fn is_length_of_time(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    end > 0 && ["ms", "s", "m", "h", "d", "w", "y"].contains(&&text[end..])
}

/// A Loki.
pub(super) fn loki(scope: &mut Scope<'_>, spec: Option<&spec::LokiStack>) -> Option<LokiStack> {
    let spec = spec.filter(|loki| loki.enabled != Some(false))?;
    let path = KeyPath::of(["monitoring", "loki"]);
    let namespace = scope.namespace(&path, spec.namespace.as_deref())?;
    let size = spec.size.clone().unwrap_or_else(|| "1x.small".to_owned());
    one_of(scope, &path.key("size"), &size, &SIZES);
    let store = spec.store.clone().unwrap_or_else(|| "s3".to_owned());
    one_of(scope, &path.key("store"), &store, &STORES);
    let class = scope.required(&path, "class", spec.class.clone());
    let secret = scope.required(&path, "secret", spec.secret.as_deref());
    let secret = secret.and_then(|key| super::secrets::read_by(scope, &path, &namespace, key));
    Some(LokiStack { source: path, namespace, size, class: class?, secret: secret?, store, days: spec.days })
}

fn one_of(scope: &mut Scope<'_>, path: &KeyPath, text: &str, known: &[&str]) {
    if known.contains(&text) {
        return;
    }
    let near = did_you_mean(text, known.iter().copied());
    let hint = near.map_or_else(
        || format!("the values are {}", known.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    refuse(scope, path, format!("`{path}` cannot be `{text}`"), hint);
}

fn refuse(scope: &mut Scope<'_>, path: &KeyPath, message: String, hint: String) {
    let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(path), "");
    scope.report(problem.hint(hint));
}
