#!/usr/bin/env bash
# bayplan 0c77519b58d687c8: generated from platform.toml, do not edit
# Installs the charts that the platform stands on, each at its pinned version; run again, it changes nothing.
set -euo pipefail
cd "$(dirname "$0")"
helm upgrade --install strimzi strimzi-kafka-operator --repo https://strimzi.io/charts --version 0.48.0 --namespace strimzi-system --create-namespace --values strimzi.yaml --wait
helm upgrade --install traefik traefik --repo https://traefik.github.io/charts --version 37.1.1 --namespace traefik --create-namespace --values traefik.yaml --wait
