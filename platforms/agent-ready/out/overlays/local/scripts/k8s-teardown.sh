#!/bin/sh
# bayplan 4f71c3df871623a8: generated from platform.toml, do not edit
# Deletes the cluster of this environment from this machine. No other cluster is touched.
set -eu

cluster=agent-ready

if kind get clusters 2>/dev/null | grep -qxF -e agent-ready; then
  kind delete cluster --name agent-ready
else
  echo "there is no cluster $cluster"
fi
