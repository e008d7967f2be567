#!/bin/sh
# bayplan 302c512589749d7a: generated from platform.toml, do not edit
# Creates the Secrets from their filled-in files, applies the overlay, and waits until everything runs.
set -eu
cd "$(dirname "$0")/.."

context=k3d-commerce

# Every command names the context, so a shell that points at another cluster does no harm there.
kube() { kubectl --context "$context" "$@"; }

if ! kubectl config get-contexts "$context" >/dev/null 2>&1; then
  echo "k8s-deploy: there is no kubectl context $context: run scripts/k8s-setup.sh first" >&2
  exit 1
fi

# A Secret by its file, which a person makes from the example. All of them are looked at before anything is done.
unfilled=0
wanted() {
  if [ ! -f "secrets/$1.yaml" ]; then
    echo "k8s-deploy: secrets/$1.yaml is missing: copy secrets/$1.yaml.example and fill it in" >&2
    unfilled=1
  elif grep -q '^[^#]*CHANGE-ME' "secrets/$1.yaml"; then
    echo "k8s-deploy: secrets/$1.yaml still holds CHANGE-ME: put a real value there" >&2
    unfilled=1
  fi
}
wanted catalog-credentials
wanted catalog-keyfile
wanted catalog-users
wanted geoip
wanted keycloak-admin
wanted keycloak-db-credentials
wanted ledger-eu-credentials
wanted ledger-eu-users
wanted ledger-in-credentials
wanted ledger-in-users
wanted ledger-us-credentials
wanted ledger-us-users
wanted redis-credentials
[ "$unfilled" -eq 0 ] || exit 1

# A Secret needs its namespace; what else the namespace has comes with the overlay.
namespace() { kube get namespace "$1" >/dev/null 2>&1 || kube create namespace "$1" --save-config; }
# Applied by the server, a Secret leaves no copy of itself in an annotation.
secret() { kube apply --server-side -f "secrets/$1.yaml"; }
namespace commerce-data-development
namespace commerce-development
namespace commerce-events-development
namespace commerce-identity-development
secret catalog-credentials
secret catalog-keyfile
secret catalog-users
secret geoip
secret keycloak-admin
secret keycloak-db-credentials
secret ledger-eu-credentials
secret ledger-eu-users
secret ledger-in-credentials
secret ledger-in-users
secret ledger-us-credentials
secret ledger-us-users
secret redis-credentials

# The pod template of a Job cannot be changed, so a Job that ran before makes room.
remove_job() { kube -n "$1" delete job "$2" --ignore-not-found; }
remove_job commerce-data-development catalog-init
remove_job commerce-data-development ledger-eu-register
remove_job commerce-data-development ledger-in-register
remove_job commerce-data-development ledger-us-register

kube apply -k .

# What others depend on comes first, so the first that fails is the one to look at.
rolled_out() { kube -n "$1" rollout status "$2" --timeout=10m; }
completed() { kube -n "$1" wait --for=condition=complete "$2" --timeout=10m; }
rolled_out commerce-data-development statefulset/catalog-config
rolled_out commerce-data-development statefulset/catalog-shard-eu
rolled_out commerce-data-development statefulset/catalog-shard-in
rolled_out commerce-data-development statefulset/catalog-shard-us
rolled_out commerce-data-development statefulset/ledger-eu
rolled_out commerce-data-development statefulset/ledger-eu-worker
rolled_out commerce-data-development statefulset/ledger-in
rolled_out commerce-data-development statefulset/ledger-in-worker
rolled_out commerce-data-development statefulset/ledger-us
rolled_out commerce-data-development statefulset/ledger-us-worker
rolled_out commerce-development deployment/frontend
rolled_out commerce-development statefulset/redis
rolled_out commerce-identity-development statefulset/keycloak-db
rolled_out commerce-data-development statefulset/catalog-shard-global
completed commerce-data-development job/ledger-eu-register
completed commerce-data-development job/ledger-in-register
completed commerce-data-development job/ledger-us-register
rolled_out commerce-identity-development deployment/keycloak
rolled_out commerce-data-development deployment/catalog
rolled_out commerce-development deployment/edge-auth
rolled_out commerce-development deployment/order-v1
rolled_out commerce-development deployment/order-v2
completed commerce-data-development job/catalog-init
rolled_out commerce-development deployment/product-v1
rolled_out commerce-development deployment/product-v2

echo "deployed: scripts/k8s-smoke-test.sh asks whether it works"
