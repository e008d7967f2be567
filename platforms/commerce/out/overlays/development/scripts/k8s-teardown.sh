#!/bin/sh
# bayplan 4a6d893e2cd59782: generated from platform.toml, do not edit
# Deletes the cluster of this environment from this machine. No other cluster is touched.
set -eu

cluster=commerce

if k3d cluster get commerce >/dev/null 2>&1; then
  k3d cluster delete commerce
else
  echo "there is no cluster $cluster"
fi
