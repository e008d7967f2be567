#!/bin/sh
# bayplan 863240186d32dcec: generated from platform.toml, do not edit
# Creates the Secrets from their filled-in files, applies the overlay, and waits until everything runs.
set -eu
cd "$(dirname "$0")/.."

context=kind-agent-ready

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
wanted mail-relay
wanted postgres-credentials
wanted redis-credentials
wanted redis-users
wanted sign-in
[ "$unfilled" -eq 0 ] || exit 1

# A Secret needs its namespace; what else the namespace has comes with the overlay.
namespace() { kube get namespace "$1" >/dev/null 2>&1 || kube create namespace "$1" --save-config; }
# Applied by the server, a Secret leaves no copy of itself in an annotation.
secret() { kube apply --server-side -f "secrets/$1.yaml"; }
namespace platform-app
namespace platform-auth
namespace platform-data
secret mail-relay
secret postgres-credentials
secret redis-credentials
secret redis-users
secret sign-in

# The pod template of a Job cannot be changed, so a Job that ran before makes room.
remove_job() { kube -n "$1" delete job "$2" --ignore-not-found; }
remove_job platform-data postgres-bootstrap

kube apply -k .
for tenant in tenants/*/; do
  kube apply -k "$tenant"
done

# What others depend on comes first, so the first that fails is the one to look at.
rolled_out() { kube -n "$1" rollout status "$2" --timeout=10m; }
completed() { kube -n "$1" wait --for=condition=complete "$2" --timeout=10m; }
rolled_out platform-auth deployment/sign-in
rolled_out platform-data statefulset/postgres
rolled_out platform-data statefulset/redis
completed platform-data job/postgres-bootstrap
rolled_out platform-app deployment/ai
rolled_out platform-app deployment/api
rolled_out platform-app deployment/email
rolled_out platform-app deployment/provisioner
rolled_out platform-app deployment/webhook
rolled_out platform-app deployment/backend

echo "deployed: scripts/k8s-smoke-test.sh asks whether it works"
