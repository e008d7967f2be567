#!/bin/sh
# bayplan 290f5349b319ef2f: generated from platform.toml, do not edit
# Asks every part of the running platform whether it does its work. Exits 1 when one does not.
set -eu

context=kind-agent-ready

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

kube get pods -n platform-app
kube get pods -n platform-auth
kube get pods -n platform-data

pods_ready platform-auth sign-in
pods_ready platform-data postgres
pods_ready platform-data redis
pods_ready platform-app ai
pods_ready platform-app api
pods_ready platform-app email
pods_ready platform-app provisioner
pods_ready platform-app webhook
pods_ready platform-app backend

check 'postgres: psql -U app -c '\''\l'\''' kube exec postgres-0 -n platform-data -- psql -U app -c '\l'
check 'redis: redis-cli ping' kube exec redis-0 -n platform-data -- redis-cli ping

# Where requests come in.
address=127.0.0.1
# A route by its URL and by the host and port that lead to the address above.
answers() {
  check "$1 answers" curl --fail --silent --show-error --location --insecure --output /dev/null \
    --max-time 10 --retry 5 --retry-delay 2 --retry-connrefused --resolve "$2:$address" "$1"
}
answers http://localhost/api/ localhost:80
answers http://localhost/ready localhost:80
answers http://localhost/oauth2 localhost:80

exit "$failed"
