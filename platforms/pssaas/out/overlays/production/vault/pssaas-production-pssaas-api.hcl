# bayplan 70ea3db508e1f3ad: generated from platform.toml, do not edit
# What the pods of pssaas-production/pssaas-api may read.

path "secret/data/pssaas/production/pssaas-api-keys" {
  capabilities = ["read"]
}

path "secret/data/pssaas/production/pssaas-sql-credentials" {
  capabilities = ["read"]
}
