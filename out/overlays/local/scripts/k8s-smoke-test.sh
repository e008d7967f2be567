#!/bin/sh
# bayplan a4195a8679cbd04b: generated from platform.toml, do not edit
# Asks every part of the running platform whether it does its work. Exits 1 when one does not.
set -eu

context=kind-wrightnow-local

# Every command names the context, so a shell that points at another cluster does no harm there.
kube() { kubectl --context "$context" "$@"; }

failed=0
# A check by its name and its command, whose output matters only when it fails.
check() {
  name=$1
  shift
  if output=$("$@" 2>&1); then
    echo "ok      $name"
  else
    echo "FAILED  $name"
    printf '%s\n' "$output" | sed 's/^/        /'
    failed=1
  fi
}
pods_ready() { check "$1/$2 is ready" kube -n "$1" wait --for=condition=Ready pod -l "app.kubernetes.io/name=$2" --timeout=2m; }

kube get pods -n ingress-nginx
kube get pods -n staging-infra

pods_ready staging-infra authentik-postgres
pods_ready staging-infra authentik-redis
pods_ready staging-infra postgres
pods_ready staging-infra redis
pods_ready staging-infra authentik-server
pods_ready staging-infra authentik-worker
pods_ready ingress-nginx ingress-nginx-controller

check 'authentik-postgres: psql -U authentik -c '\''\l'\''' kube exec authentik-postgres-0 -n staging-infra -- psql -U authentik -c '\l'
check 'authentik-redis: redis-cli ping' kube exec deploy/authentik-redis -n staging-infra -- redis-cli ping
check 'postgres: psql -U postgres -c '\''\l'\''' kube exec postgres-0 -n staging-infra -- psql -U postgres -c '\l'
check 'redis: redis-cli ping' kube exec deploy/redis -n staging-infra -- redis-cli ping

# Where requests come in.
address=127.0.0.1
# A route by its URL and by the host and port that lead to the address above.
answers() {
  check "$1 answers" curl --fail --silent --show-error --location --insecure --output /dev/null \
    --max-time 10 --retry 5 --retry-delay 2 --retry-connrefused --resolve "$2:$address" "$1"
}
answers http://localhost/auth/api/v3/ localhost:80

exit "$failed"
