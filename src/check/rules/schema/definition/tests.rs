//! A good definition, and single edits that a cluster refuses.

use super::CODE;
use crate::check::testing::{accepts, refuses};

const SCHEMA: &str = "spec.versions[0].schema.openAPIV3Schema";

#[track_caller]
fn refused(edit: &str, field: &str) {
    refuses(&CODE, "CustomResourceDefinition", edit, field);
}

#[track_caller]
fn refused_in_schema(edit: &str, field: &str) {
    refused(&format!("{SCHEMA}.{edit}"), &format!("{SCHEMA}.{field}"));
}

#[test]
fn names_belong_together() {
    refused("metadata.name: gates", "metadata.name");
    refused("spec.names.kind: Bad_Kind", "spec.names.kind");
    refused("spec.names.listKind: Gate", "spec.names.listKind");
    refused(&format!("spec.names.kind: {}", "A".repeat(60)), "spec.names.kind");
    refused("spec.names.shortNames: [OK]", "spec.names.shortNames[0]");
    refused("spec.scope: Global", "spec.scope");
    refused("spec.preserveUnknownFields: true", "spec.preserveUnknownFields");
}

#[test]
fn versions_are_told_apart_and_one_is_stored() {
    refused("spec.versions[0].storage: false", "spec.versions");
    refused("spec.versions[0].name: V1", "spec.versions[0].name");
    refused("spec.versions[0].deprecationWarning: soon", "spec.versions[0].deprecationWarning");
    refused("spec.versions[0].schema: ~absent", SCHEMA);
}

#[test]
fn a_schema_is_structural() {
    refused_in_schema("properties.spec.type: ~absent", "properties.spec.type");
    refused_in_schema("properties.spec.properties.size.type: size", "properties.spec.properties.size.type");
    refused_in_schema(
        "properties.spec.properties.tags.items: ~absent",
        "properties.spec.properties.tags.items",
    );
    refused_in_schema(
        "properties.spec.additionalProperties: {type: string}",
        "properties.spec.additionalProperties",
    );
    refused_in_schema(
        "properties.spec.properties.tags.uniqueItems: true",
        "properties.spec.properties.tags.uniqueItems",
    );
    refused_in_schema(
        "properties.spec.properties.size.default: big",
        "properties.spec.properties.size.default",
    );
    refused_in_schema(
        "properties.spec.properties.size.pattern: '('",
        "properties.spec.properties.size.pattern",
    );
    refused_in_schema("properties.metadata: {type: object, required: [name]}", "properties.metadata");
    accepts("CustomResourceDefinition", &format!("{SCHEMA}.properties.metadata: {{type: object}}"));
    accepts("CustomResourceDefinition", &format!("{SCHEMA}.properties.spec.properties.size.default: 5"));
}

#[test]
fn lists_can_be_merged() {
    let list = "properties.spec.properties.gates";
    refused_in_schema(
        &format!("{list}.x-kubernetes-list-map-keys: [nome]"),
        &format!("{list}.x-kubernetes-list-map-keys[0]"),
    );
    refused_in_schema(
        &format!("{list}.items.required: []"),
        &format!("{list}.items.properties.name.default"),
    );
    refused_in_schema(
        &format!("{list}.x-kubernetes-list-type: bag"),
        &format!("{list}.x-kubernetes-list-type"),
    );
}

#[test]
fn alternatives_only_restrict() {
    let spec = "properties.spec";
    refused_in_schema(&format!("{spec}.anyOf: [{{type: object}}]"), &format!("{spec}.anyOf[0].type"));
    refused_in_schema(
        &format!("{spec}.oneOf: [{{properties: {{size: {{type: integer}}}}}}]"),
        &format!("{spec}.oneOf[0].properties.size.type"),
    );
    accepts(
        "CustomResourceDefinition",
        &format!("{SCHEMA}.{spec}.oneOf: [{{required: [size]}}, {{required: [tags]}}]"),
    );
    let port = "properties.spec.properties.port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}";
    accepts("CustomResourceDefinition", &format!("{SCHEMA}.{port}"));
}

#[test]
fn rules_can_be_read() {
    let rules = "properties.spec.x-kubernetes-validations";
    refused_in_schema(&format!("{rules}: [{{rule: 'self.size >'}}]"), &format!("{rules}[0].rule"));
    refused_in_schema(&format!("{rules}: [{{rule: 'true', reason: Odd}}]"), &format!("{rules}[0].reason"));
    refused_in_schema(&format!("{rules}: [{{rule: 'self.sise > 1'}}]"), &format!("{rules}[0].rule"));
    refused_in_schema(
        &format!("{rules}: [{{rule: 'true', fieldPath: .sise}}]"),
        &format!("{rules}[0].fieldPath"),
    );
    accepts(
        "CustomResourceDefinition",
        &format!("{SCHEMA}.{rules}: [{{rule: 'self.size > 1', message: at least two}}]"),
    );
}

#[test]
fn columns_subresources_and_conversion_lead_somewhere() {
    refused(
        "spec.versions[0].additionalPrinterColumns[0].type: text",
        "spec.versions[0].additionalPrinterColumns[0].type",
    );
    refused(
        "spec.versions[0].additionalPrinterColumns[0].jsonPath: 'a b'",
        "spec.versions[0].additionalPrinterColumns[0].jsonPath",
    );
    refused(
        "spec.versions[0].selectableFields: [{jsonPath: .spec.none}]",
        "spec.versions[0].selectableFields[0].jsonPath",
    );
    refused(
        "spec.versions[0].subresources.scale.specReplicasPath: .size",
        "spec.versions[0].subresources.scale.specReplicasPath",
    );
    refused("spec.conversion: {strategy: Webhook}", "spec.conversion.webhook");
    refused(
        "spec.conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url: 'http://a'}}}",
        "spec.conversion.webhook.clientConfig.url",
    );
}
