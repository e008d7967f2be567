#!/bin/sh
# Takes a snapshot of OpenBao and keeps those of two weeks.
set -eu

token=/var/run/secrets/kubernetes.io/serviceaccount/token
BAO_TOKEN=$(bao write -field=token auth/kubernetes/login role=snapshot jwt="@$token")
export BAO_TOKEN
file="/snapshots/openbao-$(date -u +%Y%m%dT%H%M%SZ).snap"
bao operator raft snapshot save "$file.part"
mv "$file.part" "$file"
find /snapshots -name 'openbao-*.snap' -mtime +14 -delete
