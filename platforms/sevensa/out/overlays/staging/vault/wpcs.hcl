# bayplan 16d04016b5a0ac3d: generated from platform.toml, do not edit
# What the pods of wpcs/wpcs-api may read.

path "sevensa/data/sevensa/staging/wpcs-keycloak-credentials" {
  capabilities = ["read"]
}
