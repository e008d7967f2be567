#!/bin/sh
# bayplan 3c4e90cb67cb9209: generated from platform.toml, do not edit
# Deletes the cluster of this environment from this machine. No other cluster is touched.
set -eu

cluster=wrightnow-local

if kind get clusters 2>/dev/null | grep -qxF -e wrightnow-local; then
  kind delete cluster --name wrightnow-local
else
  echo "there is no cluster $cluster"
fi
echo 'the volumes stay in ./.kind/wrightnow'
