# bayplan e5095ee99d5ac082: generated from platform.toml, do not edit
# What the pods of psra/psra-origin-engine may read.

path "sevensa/data/sevensa/staging/psra-model-provider" {
  capabilities = ["read"]
}
