# bayplan 5491703640d08778: generated from platform.toml, do not edit
# What the pods of pssaas-staging/pssaas-api may read.

path "secret/data/pssaas/staging/pssaas-api-keys" {
  capabilities = ["read"]
}

path "secret/data/pssaas/staging/pssaas-sql-credentials" {
  capabilities = ["read"]
}
