//! Keycloak: its realm as data.

use bayplan::value::{Value, json};

use super::{ENVIRONMENTS, at, config, object, objects};

fn realm(environment: &str) -> Value {
    serde_json::from_str(config(environment, "keycloak-realms", "shop.json")).expect("a realm is JSON")
}

fn mapper<'a>(realm: &'a Value, name: &str) -> &'a Value {
    let mappers = realm["clients"][0]["protocolMappers"].as_array().expect("a list");
    mappers.iter().find(|mapper| mapper["name"] == name).unwrap_or_else(|| panic!("no mapper {name}"))
}

#[test]
fn a_realm_has_clients_roles_and_claims() {
    for environment in ENVIRONMENTS {
        let realm = realm(environment);
        assert_eq!(realm["registrationAllowed"], json!(true), "S4-97");
        let client = &realm["clients"][0];
        assert_eq!(
            (&client["clientId"], &client["publicClient"]),
            (&json!("storefront"), &json!(true)),
            "S4-93"
        );
        assert_eq!(client["attributes"]["pkce.code.challenge.method"], "S256", "S4-93");
        assert_eq!(mapper(&realm, "tenant_id")["config"]["claim.name"], "tenant_id", "S4-94");
        let roles = mapper(&realm, "roles");
        assert_eq!(
            (&roles["config"]["claim.name"], &roles["config"]["multivalued"]),
            (&json!("roles"), &json!("true")),
            "S4-95"
        );
        let names: Vec<&Value> =
            realm["roles"]["realm"].as_array().into_iter().flatten().map(|role| &role["name"]).collect();
        assert!(names.contains(&&json!("customer")) && names.contains(&&json!("inventory-manager")), "S4-96");
    }
}

#[test]
fn nobody_gives_himself_a_tenant() {
    let realm = realm("production");
    let text = realm["components"]["org.keycloak.userprofile.UserProfileProvider"][0]["config"]["kc.user.profile.config"][0].as_str();
    let profile: Value = serde_json::from_str(text.unwrap_or_default()).expect("a profile is JSON");
    let attributes = profile["attributes"].as_array().expect("a list");
    let tenant =
        attributes.iter().find(|attribute| attribute["name"] == "tenant_id").expect("it is declared");
    assert_eq!(tenant["permissions"]["edit"], json!(["admin"]), "contradiction 20");
    assert!(
        profile.get("unmanagedAttributePolicy").is_none(),
        "an attribute that is not listed cannot be set"
    );
}

#[test]
fn services_know_the_issuer_and_the_claims() {
    for environment in ENVIRONMENTS {
        let value = |key| config(environment, "identity", key);
        assert!(value("OIDC_JWKS_URL").ends_with("/realms/shop/protocol/openid-connect/certs"), "S4-98");
        assert_eq!(
            (value("OIDC_TENANT_CLAIM"), value("OIDC_ROLES_CLAIM")),
            ("tenant_id", "roles"),
            "S4-98, S4-99"
        );
        let keycloak = object(objects(environment), "Deployment", "keycloak");
        let env = at(keycloak, "/spec/template/spec/containers/0/env").to_string();
        assert!(env.contains("keycloak-db") && !env.contains("ledger"), "S4-91, S4-92, contradiction 25");
    }
}
