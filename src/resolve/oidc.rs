//! Clients of an identity provider that others run: what its owner is asked to make.

use super::codes::UNKNOWN_REFERENCE;
use super::scope::{Scope, enabled};
use crate::diag::{Diagnostic, did_you_mean};
use crate::model::{External, OidcClient};
use crate::source::KeyPath;
use crate::spec;

/// Every client.
pub(super) fn build(scope: &mut Scope<'_>, externals: &[External]) -> Vec<OidcClient> {
    let clients = enabled(scope.spec.oidc_clients.as_ref(), |client| client.enabled);
    clients.into_iter().filter_map(|(key, client)| one(scope, key, client, externals)).collect()
}

fn one(
    scope: &mut Scope<'_>,
    key: &str,
    client: &spec::OidcClient,
    externals: &[External],
) -> Option<OidcClient> {
    let path = KeyPath::of(["oidc-clients", key]);
    let provider = scope.required(&path, "provider", client.provider.as_deref())?;
    if externals.iter().all(|external| external.key != provider) {
        let known = externals.iter().map(|external| external.key.as_str());
        let hint = did_you_mean(provider, known).map(|near| format!("did you mean `{near}`?"));
        let message = format!("`{path}.provider`: there is no external `{provider}`");
        let problem = Diagnostic::new(&UNKNOWN_REFERENCE, message).maybe_hint(hint);
        let place = scope.span(&path.key("provider"));
        scope.report(problem.at(place, ""));
        return None;
    }
    let realm = scope.required(&path, "realm", client.realm.clone())?;
    let id = client.client_id.clone().unwrap_or_else(|| key.to_owned());
    Some(OidcClient {
        source: path,
        audience: client.audience.clone().unwrap_or_else(|| id.clone()),
        id,
        realm,
        own_realm: client.registration == Some(spec::Registration::Realm),
        redirect_uris: client.redirect_uris.clone().unwrap_or_default(),
        public: client.public.unwrap_or(true),
        provider: provider.to_owned(),
    })
}
