#!/bin/sh
# bayplan 5cc48bfeb62f51f6: generated from platform.toml, do not edit
# Creates the cluster of this environment on this machine, unless it is there, and installs what its objects need.
# NODE_IMAGE=<image> chooses the node image, and with it the version of Kubernetes.
set -eu
cd "$(dirname "$0")/.."

context=k3d-commerce
kubernetes=1.35

# Every command names the context, so a shell that points at another cluster does no harm there.
kube() { kubectl --context "$context" "$@"; }

for program in docker k3d kubectl; do
  if ! command -v "$program" >/dev/null 2>&1; then
    echo "k8s-setup: $program is not installed" >&2
    exit 1
  fi
done

if k3d cluster get commerce >/dev/null 2>&1; then
  echo "the cluster is there already"
else
  # Volumes live and die with the cluster.
  k3d cluster create --config k3d.yaml --wait ${NODE_IMAGE:+--image "$NODE_IMAGE"}
fi

server=$(kube version -o json | sed -n 's/.*"gitVersion": "v\([0-9]*\.[0-9]*\)\..*/\1/p' | tail -n 1)
if [ "$server" != "$kubernetes" ]; then
  echo "k8s-setup: the cluster runs Kubernetes $server and the platform is checked against $kubernetes;" >&2
  echo "k8s-setup: choose a node image of $kubernetes with NODE_IMAGE" >&2
fi

# Nothing else has to be installed.

kube wait --for=condition=Ready node --all --timeout=3m
echo "ready: next, fill in secrets/ where there is one, and run scripts/k8s-deploy.sh"
