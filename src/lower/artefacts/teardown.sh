#!/bin/sh
# Deletes the cluster of this environment from this machine. No other cluster is touched.
set -eu

cluster={{cluster}}

if {{exists}}; then
  {{delete}}
else
  echo "there is no cluster $cluster"
fi
{{data}}
