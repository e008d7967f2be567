//! What a key is given, as an example to write in its place: the edit that a hint proposes.

/// Keys, each with a value that would be right in some platform. In order of the keys.
const EXAMPLES: &[(&str, &str)] = &[
    ("addresses", "[\"172.18.255.200-172.18.255.250\"]"),
    ("amount", "100"),
    ("attempts", "3"),
    ("average", "100"),
    ("burst", "50"),
    ("cidrs", "[\"10.1.2.0/24\"]"),
    ("class", "\"nginx\""),
    ("container", "3000"),
    ("cpu", "\"100m..250m\""),
    ("database", "\"postgres\""),
    ("engine", "\"postgres\""),
    ("expression", "\"NetworkErrorRatio() > 0.3\""),
    ("host", "\"app.example.com\""),
    ("image", "\"registry.example/app:1.4.2\""),
    ("key", "\"password\""),
    ("keys", "{ PASSWORD = \"What it is for\" }"),
    ("kubernetes", "\"1.35\""),
    ("max", "5"),
    ("memory", "\"128Mi..256Mi\""),
    ("module", "\"github.com/example/plugin\""),
    ("mount", "\"/data\""),
    ("name", "\"app\""),
    ("namespace", "\"core\""),
    ("origins", "[\"https://app.example.com\"]"),
    ("owner", "\"alice@acme.example\""),
    ("path", "\"charts/app\""),
    ("paths", "{ \"/\" = \"app:http\" }"),
    ("port", "5432"),
    ("provisioner", "\"pd.csi.storage.gke.io\""),
    ("ranges", "[\"192.0.2.0/24\"]"),
    ("refresh", "\"1h\""),
    ("replacement", "\"https://${1}\""),
    ("repository", "\"https://git.example.com/acme/platform.git\""),
    ("resources", "[\"pods\"]"),
    ("role", "\"developer\""),
    ("rules", "[{ resources = [\"pods\"], verbs = [\"get\"] }]"),
    ("schedule", "\"0 3 * * *\""),
    ("secret", "\"app-credentials\""),
    ("size", "\"10Gi\""),
    ("to", "\"app:http\""),
    ("verbs", "[\"get\", \"list\"]"),
    ("version", "\"v0.15.2\""),
];

/// An example of what `key` is given.
pub(super) fn example(key: &str) -> Option<&'static str> {
    let at = EXAMPLES.binary_search_by_key(&key, |(known, _)| known).ok()?;
    EXAMPLES.get(at).map(|(_, example)| *example)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found() {
        assert!(EXAMPLES.is_sorted_by_key(|(key, _)| key));
        assert!(EXAMPLES.iter().all(|(key, text)| example(key) == Some(text)));
        assert_eq!(example("imge"), None);
    }
}
