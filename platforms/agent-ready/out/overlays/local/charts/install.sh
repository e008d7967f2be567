#!/usr/bin/env bash
# bayplan 1ee9d50ad0d6a888: generated from platform.toml, do not edit
# Installs the charts that the platform stands on, each at its pinned version; run again, it changes nothing.
set -euo pipefail
cd "$(dirname "$0")"
helm upgrade --install cert-manager cert-manager --repo https://charts.jetstack.io --version v1.18.2 --namespace cert-manager --create-namespace --values cert-manager.yaml --wait
helm upgrade --install external-secrets external-secrets --repo https://charts.external-secrets.io --version 0.18.2 --namespace external-secrets --create-namespace --values external-secrets.yaml --wait
helm upgrade --install kube-prometheus-stack kube-prometheus-stack --repo https://prometheus-community.github.io/helm-charts --version 75.15.1 --namespace monitoring --create-namespace --values kube-prometheus-stack.yaml --wait
helm upgrade --install kyverno kyverno --repo https://kyverno.github.io/kyverno --version 3.5.0 --namespace kyverno --create-namespace --values kyverno.yaml --wait
helm upgrade --install loki loki --repo https://grafana.github.io/helm-charts --version 6.30.0 --namespace monitoring --create-namespace --values loki.yaml --wait
helm upgrade --install tempo tempo --repo https://grafana.github.io/helm-charts --version 1.23.2 --namespace monitoring --create-namespace --values tempo.yaml --wait
helm upgrade --install alloy alloy --repo https://grafana.github.io/helm-charts --version 1.1.2 --namespace monitoring --create-namespace --values alloy.yaml --wait
helm upgrade --install ingress-nginx ingress-nginx --repo https://kubernetes.github.io/ingress-nginx --version 4.13.0 --namespace ingress-nginx --create-namespace --values ingress-nginx.yaml --wait
helm upgrade --install opentelemetry-collector opentelemetry-collector --repo https://open-telemetry.github.io/opentelemetry-helm-charts --version 0.127.2 --namespace monitoring --create-namespace --values opentelemetry-collector.yaml --wait
helm upgrade --install prometheus-blackbox-exporter prometheus-blackbox-exporter --repo https://prometheus-community.github.io/helm-charts --version 11.1.0 --namespace monitoring --create-namespace --values prometheus-blackbox-exporter.yaml --wait
