//! `[keycloaks.<name>]`: an identity provider that the platform runs, with its realms, clients and roles as data.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Resources;
use super::schema::short;

/// A Keycloak. It becomes a workload of the same key, and a ConfigMap with its realms.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Keycloak {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The component that it belongs to. Its own name unless given.
    pub component: Option<String>,
    /// The name of its objects in the cluster. Its key unless given.
    pub name: Option<String>,
    /// The image, pinned by tag or digest.
    pub image: Option<String>,
    /// Its own PostgreSQL, by its key in `[databases]`.
    pub database: Option<String>,
    /// The URL that browsers use: `"https://id.example.com"`. Tokens name it as their issuer.
    pub public_url: Option<String>,
    /// How many pods; 1 unless given. Several share their sessions.
    pub replicas: Option<i32>,
    /// How many pods a node drain may take away at once.
    pub disruption: Option<super::Disruption>,
    /// CPU and memory, as `request..limit`.
    pub resources: Option<Resources>,
    /// Further environment variables: `KC_…`.
    pub env: Option<BTreeMap<String, super::EnvValue>>,
    /// Its realms by name.
    pub realms: Option<BTreeMap<String, Realm>>,
}

/// A realm: people, the roles that they may have, and the programs that they sign in to.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Realm {
    /// What people see.
    pub display_name: Option<String>,
    /// Whether people may register themselves; `false` unless given.
    pub self_registration: Option<bool>,
    /// Whether an address must be confirmed by mail; `false` unless given.
    pub verify_email: Option<bool>,
    /// Seconds that an access token lives; 300 unless given.
    pub token_lifespan: Option<u32>,
    /// Roles by name, with what each is for.
    pub roles: Option<BTreeMap<String, RealmRole>>,
    /// Attributes of people besides name and address, by name.
    pub attributes: Option<BTreeMap<String, Attribute>>,
    /// Claims of the tokens, by name: where each comes from.
    pub claims: Option<BTreeMap<String, Claim>>,
    /// Clients by id.
    pub clients: Option<BTreeMap<String, Client>>,
}

/// A role of a realm. A text says what it is for.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "description")]))]
pub struct RealmRole {
    /// What it is for, in one sentence.
    pub description: Option<String>,
    /// Whether everybody has it who registers; `false` unless given.
    pub default: Option<bool>,
}

/// An attribute of people.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Attribute {
    /// What people see it called.
    pub display_name: Option<String>,
    /// Who may change it; `admin` unless given, since what a program trusts nobody may give himself.
    pub edit: Option<Editor>,
}

/// Who may change an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Editor {
    /// Administrators alone.
    Admin,
    /// The person, too.
    User,
}

/// Where a claim comes from: exactly one of the three.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Claim {
    /// An attribute of the person, by its name in `attributes`.
    pub attribute: Option<String>,
    /// `true` for the list of the person's roles.
    pub roles: Option<bool>,
    /// An audience that every token names, whichever client asked for it.
    pub audience: Option<String>,
}

/// A program that people sign in to.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Client {
    /// What people see.
    pub display_name: Option<String>,
    /// `true` for what runs in browsers and phones and keeps no secret: it proves itself by PKCE. `false` unless given.
    pub public: Option<bool>,
    /// Where people may be sent back to: `["https://shop.example.com/*"]`.
    pub redirect_uris: Option<Vec<String>>,
    /// Origins that browsers may call from; those of `redirect-uris` unless given.
    pub web_origins: Option<Vec<String>>,
    /// `true` for a program that acts for itself, without a person.
    pub service_account: Option<bool>,
    /// The secret that holds its own, by its key in `[secrets]`; needed unless it is public.
    pub secret: Option<String>,
    /// The key within that secret; `client-secret` unless given.
    pub key: Option<String>,
}
