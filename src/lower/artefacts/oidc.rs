//! What is handed to the owner of the identity provider: a script that makes the client, or makes it right, in Keycloak.
//!
//! The client is JSON. It stands in the script because JSON has no comments, and a file without a header could not be
//! told from somebody else's.

use super::Artefact;
use super::template::word;
use crate::model::{OidcClient, Platform};
use crate::value::{Value, json};

/// A script for each client.
pub(super) fn files(platform: &Platform) -> Vec<Artefact> {
    let clients = platform.surroundings.clients.iter();
    clients.map(|client| Artefact::script(format!("identity/{}.sh", name(client)), script(client))).collect()
}

fn name(client: &OidcClient) -> &str {
    client.source.last_key().unwrap_or("client")
}

fn script(client: &OidcClient) -> String {
    let realm = word(&client.realm);
    let own = if client.own_realm {
        format!(
            "kcadm.sh get realms/{realm} > /dev/null 2>&1 || kcadm.sh create realms -s realm={realm} -s enabled=true\n\n"
        )
    } else {
        String::new()
    };
    format!(
        "#!/usr/bin/env bash\n\
         # For whoever owns the Keycloak: makes the client, or changes it into what stands here. Run again, it changes\n\
         # nothing. Needs kcadm.sh, signed in (`kcadm.sh config credentials`).\n\
         set -euo pipefail\n\n\
         {own}client=$(cat <<'JSON'\n{json:#}\nJSON\n)\n\
         id=$(kcadm.sh get clients -r {realm} -q clientId={id} --fields id --format csv --noquotes)\n\
         if [ -n \"$id\" ]; then\n  \
           kcadm.sh update \"clients/$id\" -r {realm} -f - <<< \"$client\"\n\
         else\n  \
           kcadm.sh create clients -r {realm} -f - <<< \"$client\"\n\
         fi\n",
        json = representation(client),
        id = word(&client.id),
    )
}

/// The client as Keycloak's API knows it: code flow with PKCE, and a token that names the API as its audience.
fn representation(client: &OidcClient) -> Value {
    json!({
        "clientId": client.id,
        "protocol": "openid-connect",
        "publicClient": client.public,
        "standardFlowEnabled": true,
        "implicitFlowEnabled": false,
        "directAccessGrantsEnabled": false,
        "redirectUris": client.redirect_uris,
        "webOrigins": ["+"],
        "attributes": {
            "pkce.code.challenge.method": "S256",
            "post.logout.redirect.uris": "+",
        },
        "protocolMappers": [{
            "name": "audience",
            "protocol": "openid-connect",
            "protocolMapper": "oidc-audience-mapper",
            "config": {
                "included.custom.audience": client.audience,
                "access.token.claim": "true",
                "id.token.claim": "false",
            },
        }],
    })
}
