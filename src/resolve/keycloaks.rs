//! Keycloak: a workload, the Secret of its first administrator, and its realms as the JSON that it imports.
//!
//! Sources: <https://www.keycloak.org/server/all-config>, <https://www.keycloak.org/server/importExport>,
//! <https://www.keycloak.org/docs/latest/server_admin/index.html#user-profile>. A realm is imported where it is not there
//! yet: what administrators change later stays.

use std::collections::BTreeMap;

use super::codes::{CONFLICTING_KEYS, UNKNOWN_REFERENCE};
use super::engine::topology::Parts;
use super::expand::{named, required};
use crate::source::KeyPath;
use crate::spec;
use crate::value::{Map, Value, json};

const HTTP: u16 = 8080;
/// Health and metrics have a port of their own since Keycloak 25.
const MANAGEMENT: u16 = 9000;
/// Where members of a cluster find each other (JGroups over TCP, the default since Keycloak 26).
const JGROUPS: u16 = 7800;

/// What every Keycloak of the platform becomes.
pub(super) fn parts(spec: &spec::Platform, parts: &mut Parts) {
    for (key, keycloak) in super::scope::enabled(spec.keycloaks.as_ref(), |keycloak| keycloak.enabled) {
        one(spec, key, keycloak, parts);
    }
}

fn one(spec: &spec::Platform, key: &str, keycloak: &spec::Keycloak, parts: &mut Parts) {
    let path = KeyPath::of(["keycloaks", key]);
    let needed = [
        ("namespace", keycloak.namespace.is_some()),
        ("image", keycloak.image.is_some()),
        ("database", keycloak.database.is_some()),
    ];
    let database = keycloak.database.as_deref().and_then(|name| spec.databases.as_ref()?.get(name));
    if let (Some(name), None) = (&keycloak.database, database) {
        let message = format!("`{path}.database`: there is no database `{name}`");
        parts.problem(&UNKNOWN_REFERENCE, &path.key("database"), message, "declare it: an own PostgreSQL");
    }
    check(key, keycloak, parts);
    let (true, Some(database)) = (required(parts, &path, &needed), database) else { return };
    let name = keycloak.name.as_deref().unwrap_or(key);
    let place = (keycloak.namespace.as_deref(), keycloak.component.as_deref().unwrap_or(key));
    let realms: Map = keycloak
        .realms
        .iter()
        .flatten()
        .map(|(realm, spec)| (format!("{realm}.json"), pretty(&realm_json(realm, spec))))
        .collect();
    let admin = json!({
        "description": "The password of the first administrator, `admin`; change it there, and make administrators of your own",
        "generate": "openssl rand -hex 24",
    });
    parts.add(
        "secrets",
        format!("{key}-admin"),
        named(place, &format!("{name}-admin"), &json!({"keys": {"password": admin}})),
    );
    if !realms.is_empty() {
        parts.add(
            "configs",
            format!("{key}-realms"),
            named(place, &format!("{name}-realms"), &json!({"data": realms})),
        );
    }
    let workload = workload((key, name), keycloak, database, place);
    parts.add("workloads", key, workload);
}

fn workload(
    (key, name): (&str, &str),
    keycloak: &spec::Keycloak,
    database: &spec::Database,
    place: (Option<&str>, &str),
) -> Value {
    let replicas = keycloak.replicas.unwrap_or(1);
    let has_realms = keycloak.realms.as_ref().is_some_and(|realms| !realms.is_empty());
    let mut args = vec!["start"];
    let mut mounts = json!({"/tmp": {"name": "scratch"}});
    if has_realms {
        args.push("--import-realm");
        mounts["/opt/keycloak/data/import"] = json!({"name": format!("{key}-realms")});
    }
    let probe = |path: &str, failures| json!({"http": path, "port": "management", "period": 10, "timeout": 5, "failures": failures});
    let mut ports = json!({"http": {"container": HTTP}, "management": {"container": MANAGEMENT}});
    let mut more = json!({
        "kind": "deployment",
        "image": keycloak.image,
        "args": args,
        "env": env(key, keycloak, database),
        "uses": [{"name": keycloak.database}],
        "replicas": replicas,
        "resources": keycloak.resources,
        "disruption": keycloak.disruption,
        "mounts": mounts,
        "probes": {
            "startup": probe("/health/started", 60),
            "liveness": probe("/health/live", 3),
            "readiness": probe("/health/ready", 3),
        },
        // The keycloak user of the image. The server builds itself anew when it starts, within its own folder.
        "security": {"user": 1000, "group": 1000, "read-only-root": false},
        "grace-period": 60,
    });
    if replicas > 1 {
        ports["jgroups"] = json!({"container": JGROUPS});
        more["joins"] = json!([key]);
    }
    more["ports"] = ports;
    named(place, name, &more)
}

fn env(key: &str, keycloak: &spec::Keycloak, database: &spec::Database) -> Value {
    let name = keycloak.database.as_deref().unwrap_or_default();
    let host = database.name.as_deref().unwrap_or(name);
    let host = match (&database.namespace, &keycloak.namespace) {
        (Some(there), Some(here)) if there != here => {
            format!("{host}.{{{{ns:{there}}}}}.svc.cluster.local")
        }
        _ => host.to_owned(),
    };
    let replicas = keycloak.replicas.unwrap_or(1);
    let mut env = json!({
        "KC_DB": {"value": "postgres"},
        "KC_DB_URL_HOST": {"value": host},
        "KC_DB_URL_PORT": {"value": database.port.unwrap_or(5432).to_string()},
        "KC_DB_URL_DATABASE": {"value": database.database.as_deref().unwrap_or("keycloak")},
        "KC_DB_USERNAME": {"value": database.user.as_deref().unwrap_or("keycloak")},
        "KC_DB_PASSWORD": {"secret": name},
        "KC_BOOTSTRAP_ADMIN_USERNAME": {"value": "admin"},
        "KC_BOOTSTRAP_ADMIN_PASSWORD": {"secret": format!("{key}-admin"), "key": "password"},
        "KC_CACHE": {"value": if replicas > 1 { "ispn" } else { "local" }},
        "KC_HEALTH_ENABLED": {"value": "true"},
        "KC_METRICS_ENABLED": {"value": "true"},
        // TLS ends at the edge, which says so in these headers.
        "KC_HTTP_ENABLED": {"value": "true"},
        "KC_PROXY_HEADERS": {"value": "xforwarded"},
        // What runs in the cluster fetches keys by the name there; tokens name the public one.
        "KC_HOSTNAME_BACKCHANNEL_DYNAMIC": {"value": "true"},
    });
    if let Some(url) = &keycloak.public_url {
        env["KC_HOSTNAME"] = json!({"value": url});
    } else {
        env["KC_HOSTNAME_STRICT"] = json!({"value": "false"});
        env["KC_HOSTNAME_BACKCHANNEL_DYNAMIC"] = json!({"value": "false"});
    }
    for client in secrets_of_clients(keycloak) {
        env[client.0] = client.1;
    }
    for (variable, value) in keycloak.env.iter().flatten() {
        env[variable] = json!(value);
    }
    env
}

/// A variable for the secret of each client that has one; the import reads it by its name.
fn secrets_of_clients(keycloak: &spec::Keycloak) -> Vec<(String, Value)> {
    let clients = keycloak.realms.iter().flatten().flat_map(|(_, realm)| realm.clients.iter().flatten());
    clients
        .filter_map(|(id, client)| {
            let key = client.key.as_deref().unwrap_or("client-secret");
            Some((secret_variable(id), json!({"secret": client.secret.as_ref()?, "key": key})))
        })
        .collect()
}

fn secret_variable(client: &str) -> String {
    let upper = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("CLIENT_SECRET_{}", client.chars().map(upper).collect::<String>())
}

fn check(key: &str, keycloak: &spec::Keycloak, parts: &mut Parts) {
    for (realm, spec) in keycloak.realms.iter().flatten() {
        let path = KeyPath::of(["keycloaks", key, "realms", realm]);
        for (name, claim) in spec.claims.iter().flatten() {
            let path = path.key("claims").key(name);
            let given = [claim.attribute.is_some(), claim.roles == Some(true), claim.audience.is_some()];
            if given.iter().filter(|given| **given).count() != 1 {
                let message = format!("`{path}` needs one of `attribute`, `roles` and `audience`");
                parts.problem(
                    &CONFLICTING_KEYS,
                    &path,
                    message,
                    "say where it comes from: `{ attribute = \"…\" }`",
                );
            }
            let attributes = spec.attributes.as_ref();
            if let Some(attribute) = &claim.attribute
                && !attributes.is_some_and(|attributes| attributes.contains_key(attribute))
            {
                let message = format!("`{path}.attribute`: the realm has no attribute `{attribute}`");
                let hint = format!("declare it: `attributes.{attribute} = {{ edit = \"admin\" }}`");
                parts.problem(&UNKNOWN_REFERENCE, &path.key("attribute"), message, hint);
            }
        }
        for (id, client) in spec.clients.iter().flatten() {
            let public = client.public == Some(true);
            if public == client.secret.is_some() {
                let path = path.key("clients").key(id);
                let (message, hint) = if public {
                    (
                        format!("`{path}` is public and has a secret"),
                        "remove `secret`: what everybody can read is none",
                    )
                } else {
                    (
                        format!("`{path}` is not public and lacks `secret`"),
                        "add `secret = \"…\"`, or `public = true` for what runs in browsers",
                    )
                };
                parts.problem(&CONFLICTING_KEYS, &path, message, hint);
            }
        }
    }
}

fn realm_json(name: &str, realm: &spec::Realm) -> Value {
    let roles = realm.roles.iter().flatten();
    let roles: Vec<Value> = roles
        .clone()
        .map(|(role, spec)| json!({"name": role, "description": spec.description.as_deref().unwrap_or_default()}))
        .collect();
    let by_default = realm.roles.iter().flatten().filter(|(_, role)| role.default == Some(true));
    let by_default: Vec<&String> = by_default.map(|(role, _)| role).collect();
    let mut all = roles;
    let default_role = format!("default-roles-{name}");
    all.push(json!({
        "name": default_role,
        "description": "What everybody has who registers",
        "composite": true,
        "composites": {"realm": by_default},
    }));
    let clients: Vec<Value> =
        realm.clients.iter().flatten().map(|(id, client)| client_json(id, client, realm)).collect();
    json!({
        "realm": name,
        "enabled": true,
        "displayName": realm.display_name.as_deref().unwrap_or(name),
        "sslRequired": "external",
        "registrationAllowed": realm.self_registration.unwrap_or(false),
        "verifyEmail": realm.verify_email.unwrap_or(false),
        "loginWithEmailAllowed": true,
        "duplicateEmailsAllowed": false,
        "resetPasswordAllowed": true,
        "bruteForceProtected": true,
        "accessTokenLifespan": realm.token_lifespan.unwrap_or(300),
        "roles": {"realm": all},
        "defaultRole": {"name": default_role},
        "clients": clients,
        "components": {"org.keycloak.userprofile.UserProfileProvider": [{
            "providerId": "declarative-user-profile",
            "config": {"kc.user.profile.config": [user_profile(realm.attributes.as_ref()).to_string()]},
        }]},
    })
}

/// What people have besides a name, and who may change it. An attribute that is not listed cannot be set at all.
fn user_profile(attributes: Option<&BTreeMap<String, spec::Attribute>>) -> Value {
    let both = json!(["admin", "user"]);
    let usual = ["username", "email", "firstName", "lastName"];
    let usual = usual.map(|name| {
        json!({"name": name, "displayName": format!("${{{name}}}"), "permissions": {"view": both, "edit": both}})
    });
    let own = attributes.into_iter().flatten().map(|(name, attribute)| {
        let edit = if attribute.edit == Some(spec::Editor::User) { both.clone() } else { json!(["admin"]) };
        let shown = attribute.display_name.as_deref().unwrap_or(name);
        json!({"name": name, "displayName": shown, "permissions": {"view": both, "edit": edit}})
    });
    json!({"attributes": usual.into_iter().chain(own).collect::<Vec<_>>()})
}

fn client_json(id: &str, client: &spec::Client, realm: &spec::Realm) -> Value {
    let public = client.public == Some(true);
    let uris = client.redirect_uris.clone().unwrap_or_default();
    let origins = client.web_origins.clone().unwrap_or_else(|| vec!["+".to_owned()]);
    let mut json = json!({
        "clientId": id,
        "name": client.display_name.as_deref().unwrap_or(id),
        "enabled": true,
        "protocol": "openid-connect",
        "publicClient": public,
        "standardFlowEnabled": !uris.is_empty(),
        "implicitFlowEnabled": false,
        "directAccessGrantsEnabled": false,
        "serviceAccountsEnabled": client.service_account.unwrap_or(false),
        "redirectUris": uris,
        "webOrigins": origins,
        // A code that was caught on its way is worth nothing without the verifier (RFC 7636).
        "attributes": {"pkce.code.challenge.method": "S256"},
        "protocolMappers": mappers(realm),
    });
    if !public {
        json["clientAuthenticatorType"] = json!("client-secret");
        json["secret"] = json!(format!("${{{}}}", secret_variable(id)));
    }
    json
}

fn mappers(realm: &spec::Realm) -> Vec<Value> {
    realm.claims.iter().flatten().filter_map(|(claim, from)| mapper(claim, from)).collect()
}

fn mapper(name: &str, claim: &spec::Claim) -> Option<Value> {
    let (kind, mut config) = if let Some(attribute) = &claim.attribute {
        ("oidc-usermodel-attribute-mapper", json!({"user.attribute": attribute, "jsonType.label": "String"}))
    } else if claim.roles == Some(true) {
        ("oidc-usermodel-realm-role-mapper", json!({"multivalued": "true", "jsonType.label": "String"}))
    } else {
        ("oidc-audience-mapper", json!({"included.custom.audience": claim.audience.as_ref()?}))
    };
    if claim.audience.is_none() {
        config["claim.name"] = json!(name);
        config["userinfo.token.claim"] = json!("true");
        config["id.token.claim"] = json!("true");
    }
    config["access.token.claim"] = json!("true");
    Some(json!({
        "name": name,
        "protocol": "openid-connect",
        "protocolMapper": kind,
        "config": config,
    }))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_trusts_only_an_administrator_changes() {
        let attributes = BTreeMap::from([("tenant_id".to_owned(), spec::Attribute::default())]);
        let profile = user_profile(Some(&attributes));
        let tenant = profile["attributes"].as_array().and_then(|all| all.last().cloned());
        assert_eq!(tenant.map(|tenant| tenant["permissions"]["edit"].clone()), Some(json!(["admin"])));
    }

    #[test]
    fn a_client_that_is_not_public_reads_its_secret_from_a_variable() {
        let client = spec::Client { secret: Some("shop".to_owned()), ..spec::Client::default() };
        let json = client_json("back-office", &client, &spec::Realm::default());
        assert_eq!(json["secret"], json!("${CLIENT_SECRET_BACK_OFFICE}"));
    }
}
