#!/bin/sh
# bayplan 1b9cc2187cc9f1ff: generated from platform.toml, do not edit
# Asks every part of the running platform whether it does its work. Exits 1 when one does not.
set -eu

context=k3d-commerce

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

kube get pods -n commerce-data-development
kube get pods -n commerce-development
kube get pods -n commerce-identity-development

pods_ready commerce-data-development catalog-config
pods_ready commerce-data-development catalog-shard-eu
pods_ready commerce-data-development catalog-shard-in
pods_ready commerce-data-development catalog-shard-us
pods_ready commerce-data-development ledger-eu
pods_ready commerce-data-development ledger-eu-worker
pods_ready commerce-data-development ledger-in
pods_ready commerce-data-development ledger-in-worker
pods_ready commerce-data-development ledger-us
pods_ready commerce-data-development ledger-us-worker
pods_ready commerce-development frontend
pods_ready commerce-development redis
pods_ready commerce-identity-development keycloak-db
pods_ready commerce-data-development catalog-shard-global
pods_ready commerce-identity-development keycloak
pods_ready commerce-data-development catalog
pods_ready commerce-development edge-auth
pods_ready commerce-development order-v1
pods_ready commerce-development order-v2
pods_ready commerce-development product-v1
pods_ready commerce-development product-v2

check 'redis: redis-cli ping' kube exec redis-0 -n commerce-development -- redis-cli ping
check 'keycloak-db: psql -U keycloak -c '\''\l'\''' kube exec keycloak-db-0 -n commerce-identity-development -- psql -U keycloak -c '\l'

# Where requests come in.
address=127.0.0.1
# A route by its URL and by the host and port that lead to the address above.
answers() {
  check "$1 answers" curl --fail --silent --show-error --location --insecure --output /dev/null \
    --max-time 10 --retry 5 --retry-delay 2 --retry-connrefused --resolve "$2:$address" "$1"
}
answers http://shop.localhost/api/v1/products shop.localhost:80
answers http://shop.localhost/api/v2/products shop.localhost:80
answers http://shop.localhost/api/v1/orders shop.localhost:80
answers http://shop.localhost/api/v2/orders shop.localhost:80
answers http://id.shop.localhost/health/ready id.shop.localhost:80
answers http://shop.localhost/ shop.localhost:80

exit "$failed"
