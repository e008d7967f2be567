#!/bin/sh
# Phase 1: the platform on this machine, in kind. Run again, it changes nothing that is there.
set -eu
scripts="$(dirname "$0")/../out/overlays/local/scripts"

"$scripts/k8s-setup.sh"
# Pods wait until their Secrets are there: copy each out/overlays/local/secrets/<name>.yaml.example and fill it in.
"$scripts/k8s-deploy.sh"

kubectl get pods -A
kind get clusters
