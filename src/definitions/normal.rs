//! A definition as bayplan keeps it: what judging needs, in one form, and nothing else.
//!
//! Takes a sound definition. Leaves out texts for people (descriptions, titles, examples), versions that are neither served nor
//! stored, printer columns, conversion, and the schema of a `status` that the API server takes from its own subresource only,
//! unless a rule of the whole object speaks of it.

use crate::value::{Map, Value, json};

/// Without this annotation the API server takes no definition of a group that is Kubernetes' own.
const APPROVED: &str = "api-approved.kubernetes.io";
/// What of the names of a kind is kept.
const NAMES: [&str; 2] = ["kind", "plural"];
/// What of a version is kept, beside its schema.
const OF_VERSION: [&str; 5] = ["name", "served", "storage", "deprecated", "deprecationWarning"];
/// What of a schema only people read.
const FOR_PEOPLE: [&str; 4] = ["description", "title", "example", "externalDocs"];

/// The definition in the form in which it is kept. The same definition always gives the same value.
pub(super) fn normal(definition: &Value) -> Value {
    let spec = &definition["spec"];
    let versions = spec["versions"].as_array().into_iter().flatten();
    let is = |version: &&Value, key: &str| version[key] == Value::Bool(true);
    let needed = versions.filter(|version| is(version, "served") || is(version, "storage"));
    json!({
        "apiVersion": definition["apiVersion"],
        "kind": definition["kind"],
        "metadata": metadata(&definition["metadata"]),
        "spec": {
            "group": spec["group"],
            "names": kept(&spec["names"], &NAMES),
            "scope": spec["scope"],
            "versions": needed.map(version).collect::<Vec<Value>>(),
        },
    })
}

fn metadata(metadata: &Value) -> Value {
    match metadata.get("annotations").and_then(|annotations| annotations.get(APPROVED)) {
        Some(approved) => json!({"name": metadata["name"], "annotations": {APPROVED: approved}}),
        None => json!({"name": metadata["name"]}),
    }
}

fn kept(value: &Value, keys: &[&str]) -> Map {
    let fields = keys.iter().filter_map(|key| Some(((*key).to_owned(), value.get(key)?.clone())));
    fields.collect()
}

fn version(version: &Value) -> Value {
    let mut fields = kept(version, &OF_VERSION);
    if version["served"] != Value::Bool(true) {
        // A definition needs its stored version, and nobody writes objects of one that is not served.
        fields.insert("schema".to_owned(), json!({"openAPIV3Schema": open()}));
        return Value::Object(fields);
    }
    let mut schema = plain(&version["schema"]["openAPIV3Schema"]);
    let by_itself = version.pointer("/subresources/status").is_some();
    let is_left_open = by_itself && !asks_for_status(&schema);
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        // The API server says what these two are.
        properties.remove("apiVersion");
        properties.remove("kind");
        if let Some(status) = properties.get_mut("status").filter(|_| is_left_open) {
            *status = open();
        }
    }
    fields.insert("schema".to_owned(), json!({"openAPIV3Schema": schema}));
    if by_itself {
        fields.insert("subresources".to_owned(), json!({"status": {}}));
    }
    Value::Object(fields)
}

/// Whether a rule of the whole object may speak of its status, whose fields have to be there then.
fn asks_for_status(schema: &Value) -> bool {
    let rules = schema["x-kubernetes-validations"].as_array();
    let texts = |rule: &Value| ["rule", "messageExpression"].map(|key| rule[key].as_str().map(str::to_owned));
    let mut texts = rules.into_iter().flatten().flat_map(texts).flatten();
    texts.any(|text| text.contains("status"))
}

/// A map of anything.
fn open() -> Value {
    json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true})
}

/// A schema without what only people read. A field may have any name, `description` among them.
fn plain(schema: &Value) -> Value {
    let Some(fields) = schema.as_object() else { return schema.clone() };
    let fields = fields.iter().filter(|(key, _)| !FOR_PEOPLE.contains(&key.as_str()));
    let fields = fields.map(|(key, value)| {
        let value = match key.as_str() {
            "properties" => Value::Object(each(value)),
            "items" | "additionalProperties" | "not" => plain(value),
            "allOf" | "anyOf" | "oneOf" => value.as_array().into_iter().flatten().map(plain).collect(),
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(fields.collect())
}

fn each(properties: &Value) -> Map {
    let properties = properties.as_object().into_iter().flatten();
    properties.map(|(name, schema)| (name.clone(), plain(schema))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boat() -> Value {
        json!({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": "boats.sea.example", "annotations": {"made-by": "controller-gen"}},
            "spec": {
                "group": "sea.example",
                "scope": "Namespaced",
                "conversion": {"strategy": "None"},
                "names": {"kind": "Boat", "plural": "boats", "shortNames": ["bt"], "categories": ["all"]},
                "versions": [
                    {"name": "v0", "served": false, "storage": false, "schema": {"openAPIV3Schema": {"type": "object"}}},
                    {
                        "name": "v1", "served": true, "storage": true,
                        "additionalPrinterColumns": [],
                        "subresources": {"status": {}, "scale": {}},
                        "schema": {"openAPIV3Schema": {
                            "type": "object",
                            "description": "A boat",
                            "properties": {
                                "apiVersion": {"type": "string", "description": "Which"},
                                "kind": {"type": "string"},
                                "metadata": {"type": "object"},
                                "spec": {
                                    "type": "object",
                                    "required": ["description"],
                                    "properties": {
                                        "description": {"type": "string", "description": "What it is"},
                                        "crew": {"type": "array", "items": {"type": "string", "title": "A name"}},
                                    },
                                    "anyOf": [{"required": ["crew"]}],
                                    "x-kubernetes-validations": [{"rule": "self.crew.size() > 0"}],
                                },
                                "status": {"type": "object", "properties": {"afloat": {"type": "boolean"}}},
                            },
                        }},
                    },
                ],
            },
        })
    }

    #[test]
    fn a_status_that_a_rule_asks_for_is_kept() {
        let mut definition = boat();
        let schema = &mut definition["spec"]["versions"][1]["schema"]["openAPIV3Schema"];
        schema["x-kubernetes-validations"] = json!([{"rule": "!has(self.status) || self.status.afloat"}]);
        let status = "/spec/versions/0/schema/openAPIV3Schema/properties/status/properties/afloat";
        assert!(normal(&definition).pointer(status).is_some());
        assert!(normal(&boat()).pointer(status).is_none());
    }

    #[test]
    fn what_judging_needs_is_kept_and_nothing_else() {
        let wanted = json!({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": "boats.sea.example"},
            "spec": {
                "group": "sea.example",
                "names": {"kind": "Boat", "plural": "boats"},
                "scope": "Namespaced",
                "versions": [{
                    "name": "v1", "served": true, "storage": true,
                    "schema": {"openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "metadata": {"type": "object"},
                            "spec": {
                                "type": "object",
                                "required": ["description"],
                                "properties": {
                                    "description": {"type": "string"},
                                    "crew": {"type": "array", "items": {"type": "string"}},
                                },
                                "anyOf": [{"required": ["crew"]}],
                                "x-kubernetes-validations": [{"rule": "self.crew.size() > 0"}],
                            },
                            "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                        },
                    }},
                    "subresources": {"status": {}},
                }],
            },
        });
        assert_eq!(normal(&boat()), wanted);
    }

    #[test]
    fn the_stored_version_stays_where_it_is_not_served() {
        let mut boat = boat();
        boat["spec"]["versions"][0]["storage"] = json!(true);
        boat["spec"]["versions"][1]["storage"] = json!(false);
        let kept = normal(&boat);
        assert_eq!(kept["spec"]["versions"][0]["schema"]["openAPIV3Schema"], open());
        assert_eq!(normal(&kept), kept);
    }

    #[test]
    fn what_is_normal_stays_as_it_is() {
        let once = normal(&boat());
        assert_eq!(normal(&once), once);
    }

    #[test]
    fn a_status_without_a_subresource_is_judged_as_any_field() {
        let mut boat = boat();
        boat["spec"]["versions"][1]["subresources"] = json!({});
        let kept = normal(&boat);
        let status = "/spec/versions/0/schema/openAPIV3Schema/properties/status/properties/afloat";
        assert!(kept.pointer(status).is_some(), "{kept}");
    }
}
