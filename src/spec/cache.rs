//! `[caches.<name>]` and `[geo-fences.<name>]`: settings that programs share, as typed configuration in a ConfigMap.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How programs use a cache. It becomes a ConfigMap of the same key whose keys are environment variables.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Cache {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The component that it belongs to. Its own name unless given.
    pub component: Option<String>,
    /// The database that keeps it, by its key in `[databases]`.
    pub database: Option<String>,
    /// The key of an entry, with `<…>` for what differs: `"tenant:<tenant_id>:country:<country_code>:catalog"`.
    pub key: Option<String>,
    /// The pattern of the keys that a change makes stale: the key with `*` for what the change does not name.
    pub evict: Option<String>,
    /// Seconds that an entry lives.
    pub ttl: Option<u32>,
    /// How many keys one `SCAN` looks at; 500 unless given.
    pub scan_count: Option<u32>,
    /// Seconds after which the lock of a worker that died is free again; 10 unless given.
    pub lock_ttl: Option<u32>,
    /// Seconds that others wait for the worker that fills an entry; 5 unless given.
    pub lock_wait: Option<u32>,
}

/// What may be seen in which country. It becomes a ConfigMap of the same key whose keys are environment variables.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GeoFence {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The component that it belongs to. Its own name unless given.
    pub component: Option<String>,
    /// The header with the country, which the edge removes and then sets: `"X-User-Country"`.
    pub header: Option<String>,
    /// Where the country comes from, strongest first.
    pub precedence: Option<Vec<CountrySource>>,
    /// The field of a document that holds the rule: `"geo_restrictions"`.
    pub field: Option<String>,
    /// The list of countries within it where a thing may be seen; a filter by `$in`.
    pub allow: Option<String>,
    /// The list of countries within it where a thing may not be seen; a filter by `$nin`.
    pub deny: Option<String>,
}

/// Where the country of a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CountrySource {
    /// The address of the client.
    Geoip,
    /// What the person said of himself.
    Profile,
}
