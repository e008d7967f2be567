#!/bin/sh
# Asks every part of the running platform whether it does its work. Exits 1 when one does not.
set -eu

context={{context}}

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
pods_ready() { check "$1/$2 is ready" kube -n "$1" wait --for=condition=Ready pod -l "{{label}}=$2" --timeout=2m; }

{{pods}}

{{ready}}

{{commands}}

# Where requests come in.
address={{address}}
# A route by its URL and by the host and port that lead to the address above.
answers() {
  check "$1 answers" curl --fail --silent --show-error --location --insecure --output /dev/null \
    --max-time 10 --retry 5 --retry-delay 2 --retry-connrefused --resolve "$2:$address" "$1"
}
{{routes}}

exit "$failed"
