#!/usr/bin/env bash
# bayplan 6f7401489d36b4b3: generated from platform.toml, do not edit
# For whoever owns the Vault: writes the policies beside this script and the roles that use them.
# Needs VAULT_ADDR and a token that may write policies and roles. Run again, it changes nothing.
set -euo pipefail
cd "$(dirname "$0")"

vault policy write psra psra.hcl
vault write auth/kubernetes/role/psra - <<'JSON'
{
  "bound_service_account_names": [
    "psra-api"
  ],
  "bound_service_account_namespaces": [
    "psra"
  ],
  "token_policies": [
    "psra"
  ],
  "token_ttl": "1h"
}
JSON

vault policy write psra psra.hcl
vault write auth/kubernetes/role/psra - <<'JSON'
{
  "bound_service_account_names": [
    "psra-origin-engine"
  ],
  "bound_service_account_namespaces": [
    "psra"
  ],
  "token_policies": [
    "psra"
  ],
  "token_ttl": "1h"
}
JSON

vault policy write rentguy rentguy.hcl
vault write auth/kubernetes/role/rentguy - <<'JSON'
{
  "bound_service_account_names": [
    "rentguy-api"
  ],
  "bound_service_account_namespaces": [
    "rentguy"
  ],
  "token_policies": [
    "rentguy"
  ],
  "token_ttl": "1h"
}
JSON

vault policy write wpcs wpcs.hcl
vault write auth/kubernetes/role/wpcs - <<'JSON'
{
  "bound_service_account_names": [
    "wpcs-api"
  ],
  "bound_service_account_namespaces": [
    "wpcs"
  ],
  "token_policies": [
    "wpcs"
  ],
  "token_ttl": "1h"
}
JSON

# The values that must be there:
#   vault kv put -mount=sevensa sevensa/staging/psra-keycloak-credentials client-secret=…
#     client-secret: The secret of the client `psra-api` in the realm `sevensa`
#   vault kv put -mount=sevensa sevensa/staging/psra-model-provider api-key=…
#     api-key: The key that the model's provider gives out
#   vault kv put -mount=sevensa sevensa/staging/rentguy-jwt secret=…
#     secret: What tokens are signed with
#   vault kv put -mount=sevensa sevensa/staging/rentguy-keycloak-credentials client-secret=…
#     client-secret: The secret of the client `rentguy-api` in the realm `sevensa`
#   vault kv put -mount=sevensa sevensa/staging/rentguy-openbao-credentials secret-id=…
#     secret-id: For jobs that run outside the cluster; pods sign in with their service account and the role `rentguy`
#   vault kv put -mount=sevensa sevensa/staging/wpcs-keycloak-credentials client-secret=…
#     client-secret: The secret of the client `wpcs-api` in the realm `sevensa`
