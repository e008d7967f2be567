#!/usr/bin/env bash
# bayplan ccedbcf27da6153c: generated from platform.toml, do not edit
# For whoever owns the Vault: writes the policies beside this script and the roles that use them.
# Needs VAULT_ADDR and a token that may write policies and roles. Run again, it changes nothing.
set -euo pipefail
cd "$(dirname "$0")"

vault policy write pssaas-staging-pssaas-api pssaas-staging-pssaas-api.hcl
vault write auth/kubernetes/role/pssaas-staging-pssaas-api - <<'JSON'
{
  "bound_service_account_names": [
    "pssaas-api"
  ],
  "bound_service_account_namespaces": [
    "pssaas-staging"
  ],
  "token_policies": [
    "pssaas-staging-pssaas-api"
  ],
  "token_ttl": "1h"
}
JSON

# The values that must be there:
#   vault kv put -mount=secret pssaas/staging/pssaas-api-keys psx-api-key=…
#     psx-api-key: The key by which PSX knows PSSaaS; its owner gives it out
#   vault kv put -mount=secret pssaas/staging/pssaas-sql-credentials password=…
#     password: The password of the user `pssaas_app` of the database `sql`
