#!/usr/bin/env bash
# bayplan d687a1a4dbff00cf: generated from platform.toml, do not edit
# For whoever owns the Keycloak: makes the client, or changes it into what stands here. Run again, it changes
# nothing. Needs kcadm.sh, signed in (`kcadm.sh config credentials`).
set -euo pipefail

client=$(cat <<'JSON'
{
  "attributes": {
    "pkce.code.challenge.method": "S256",
    "post.logout.redirect.uris": "+"
  },
  "clientId": "pssaas-production",
  "directAccessGrantsEnabled": false,
  "implicitFlowEnabled": false,
  "protocol": "openid-connect",
  "protocolMappers": [
    {
      "config": {
        "access.token.claim": "true",
        "id.token.claim": "false",
        "included.custom.audience": "pssaas-api"
      },
      "name": "audience",
      "protocol": "openid-connect",
      "protocolMapper": "oidc-audience-mapper"
    }
  ],
  "publicClient": true,
  "redirectUris": [
    "https://pssaas.powerseller.com/*"
  ],
  "standardFlowEnabled": true,
  "webOrigins": [
    "+"
  ]
}
JSON
)
id=$(kcadm.sh get clients -r psx -q clientId=pssaas-production --fields id --format csv --noquotes)
if [ -n "$id" ]; then
  kcadm.sh update "clients/$id" -r psx -f - <<< "$client"
else
  kcadm.sh create clients -r psx -f - <<< "$client"
fi
