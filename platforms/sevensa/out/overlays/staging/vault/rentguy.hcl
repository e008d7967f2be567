# bayplan b531c839673e6cb8: generated from platform.toml, do not edit
# What the pods of rentguy/rentguy-api may read.

path "sevensa/data/sevensa/staging/rentguy-jwt" {
  capabilities = ["read"]
}

path "sevensa/data/sevensa/staging/rentguy-keycloak-credentials" {
  capabilities = ["read"]
}

path "sevensa/data/sevensa/staging/rentguy-openbao-credentials" {
  capabilities = ["read"]
}
