//! Settings of caches and of geo-fences: typed, checked, and written as ConfigMaps whose keys are environment variables.

use super::codes::UNKNOWN_REFERENCE;
use super::engine::topology::Parts;
use super::expand::{named, required};
use super::regions::codes::CACHE_EVICTION_MISSES;
use super::scope::enabled;
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;
use crate::value::json;

/// What every cache and geo-fence of the platform becomes.
pub(super) fn parts(spec: &spec::Platform, parts: &mut Parts) {
    for (key, cache) in enabled(spec.caches.as_ref(), |cache| cache.enabled) {
        self::cache(spec, key, cache, parts);
    }
    for (key, fence) in enabled(spec.geo_fences.as_ref(), |fence| fence.enabled) {
        self::fence(key, fence, parts);
    }
}

fn cache(spec: &spec::Platform, key: &str, cache: &spec::Cache, parts: &mut Parts) {
    let path = KeyPath::of(["caches", key]);
    let needed = [
        ("namespace", cache.namespace.is_some()),
        ("database", cache.database.is_some()),
        ("key", cache.key.is_some()),
        ("ttl", cache.ttl.is_some()),
    ];
    if !required(parts, &path, &needed) {
        return;
    }
    let database = cache.database.as_deref().unwrap_or_default();
    if !spec.databases.as_ref().is_some_and(|databases| databases.contains_key(database)) {
        let message = format!("`{path}.database`: there is no database `{database}`");
        parts.problem(&UNKNOWN_REFERENCE, &path.key("database"), message, "declare it, or correct the name");
    }
    let template = cache.key.as_deref().unwrap_or_default();
    let evict = cache.evict.clone().unwrap_or_else(|| template.to_owned());
    if !matches(&evict, template) {
        let at = path.key("evict");
        let message = format!("`{at}`: `{evict}` matches none of the keys `{template}`");
        let hint = "write the key again, with `*` for what a change does not name";
        parts.problem(&CACHE_EVICTION_MISSES, &at, message, hint);
    }
    for (name, value) in [("ttl", cache.ttl), ("lock-ttl", cache.lock_ttl), ("scan-count", cache.scan_count)]
    {
        if value == Some(0) {
            let message = format!("`{path}.{name}` cannot be 0");
            parts.problem(
                &BAD_VALUE,
                &path.key(name),
                message,
                "an entry that never expires is never mended: write a number of seconds",
            );
        }
    }
    let place = (cache.namespace.as_deref(), cache.component.as_deref().unwrap_or(key));
    let text = |value: Option<u32>, usual: u32| value.unwrap_or(usual).to_string();
    let data = json!({
        "CACHE_MODE": "cache-aside",
        "CACHE_KEY_TEMPLATE": template,
        "CACHE_TTL_SECONDS": text(cache.ttl, 0),
        "CACHE_EVICTION_PATTERN": evict,
        "CACHE_SCAN_COUNT": text(cache.scan_count, 500),
        "CACHE_LOCK_TTL_SECONDS": text(cache.lock_ttl, 10),
        "CACHE_LOCK_WAIT_SECONDS": text(cache.lock_wait, 5),
    });
    parts.add("configs", key, named(place, key, &json!({"data": data})));
}

/// Whether a pattern matches the keys that a template makes: part by part, each is the same or `*`.
fn matches(pattern: &str, template: &str) -> bool {
    let (pattern, template): (Vec<&str>, Vec<&str>) =
        (pattern.split(':').collect(), template.split(':').collect());
    pattern.len() == template.len()
        && pattern
            .iter()
            .zip(&template)
            .all(|(pattern, template)| pattern == template || (*pattern == "*" && template.starts_with('<')))
}

fn fence(key: &str, fence: &spec::GeoFence, parts: &mut Parts) {
    let path = KeyPath::of(["geo-fences", key]);
    let needed = [
        ("namespace", fence.namespace.is_some()),
        ("header", fence.header.is_some()),
        ("field", fence.field.is_some()),
    ];
    if !required(parts, &path, &needed) {
        return;
    }
    let place = (fence.namespace.as_deref(), fence.component.as_deref().unwrap_or(key));
    let sources = fence.precedence.clone().unwrap_or_else(|| vec![spec::CountrySource::Geoip]);
    let words: Vec<&str> = sources
        .iter()
        .map(|source| match source {
            spec::CountrySource::Geoip => "geoip",
            spec::CountrySource::Profile => "profile",
        })
        .collect();
    let list = |own: Option<&String>, usual: &str| own.cloned().unwrap_or_else(|| usual.to_owned());
    let data = json!({
        "GEO_COUNTRY_HEADER": fence.header,
        "GEO_COUNTRY_PRECEDENCE": words.join(","),
        "GEO_RESTRICTIONS_FIELD": fence.field,
        // `$in` for what a list lets in, `$nin` for what a list keeps out: `$ne` would compare with a list as a whole.
        "GEO_ALLOW_LIST": list(fence.allow.as_ref(), "allow"),
        "GEO_DENY_LIST": list(fence.deny.as_ref(), "deny"),
    });
    parts.add("configs", key, named(place, key, &json!({"data": data})));
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_is_the_key_with_stars() {
        let key = "tenant:<tenant_id>:country:<country_code>:catalog";
        assert!(matches("tenant:<tenant_id>:country:*:catalog", key));
        assert!(matches(key, key));
        assert!(!matches("tenant:*:catalog", key), "a part is missing");
        assert!(!matches("*:<tenant_id>:country:*:catalog", key), "a star for a fixed part");
    }
}
