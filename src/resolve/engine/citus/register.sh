#!/bin/bash
# Joins the nodes of a Citus cluster and spreads its tables, as the files beside this script say.
# Run again, it changes only what is not so yet.
set -euo pipefail
plan=${PLAN:-/plan}
tries=${TRIES:-120}

sql() { # host port, statements on standard input
  psql -X -q -t -A -v ON_ERROR_STOP=1 -h "$1" -p "$2" "${@:3}"
}

await() { # host port
  local try
  for ((try = 1; try <= tries; try++)); do
    if pg_isready -q -h "$1" -p "$2"; then return; fi
    echo "$1: waiting"
    sleep 5
  done
  echo "$1: gave up after $tries tries" >&2
  return 1
}

# A node opens connections to the others with what stands here, for each role that it does so for.
trust() { # host port role variable
  sql "$1" "$2" -v role="$3" -v variable="$4" <<'SQL'
\getenv password :variable
SELECT 'password=' || quote_literal(:'password') AS info \gset
INSERT INTO pg_dist_authinfo (nodeid, rolename, authinfo) VALUES (0, :'role', :'info')
  ON CONFLICT (nodeid, rolename) DO UPDATE SET authinfo = EXCLUDED.authinfo;
SQL
}

role() { # role right variable: on the coordinator, which passes it on to the workers
  sql "$coordinator" "$port" -v role="$1" -v right="$2" -v variable="$3" <<'SQL'
\getenv password :variable
SELECT format('CREATE ROLE %I LOGIN', :'role')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
SELECT format('ALTER ROLE %I LOGIN %s PASSWORD %L', :'role',
  CASE :'right' WHEN 'replicate' THEN 'REPLICATION' ELSE 'NOREPLICATION' END, :'password') \gexec
SELECT format('GRANT USAGE ON SCHEMA public TO %I', :'role') \gexec
SELECT format('GRANT %s ON ALL TABLES IN SCHEMA public TO %I',
  CASE :'right' WHEN 'write' THEN 'SELECT, INSERT, UPDATE, DELETE' ELSE 'SELECT' END, :'role') \gexec
SELECT format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %I', :'role')
  WHERE :'right' = 'write' \gexec
SQL
}

read -r coordinator port < "$plan/coordinator"
mapfile -t workers < "$plan/workers"
mapfile -t roles < "$plan/roles"

for node in "$coordinator $port" "${workers[@]}"; do
  read -r host number <<< "$node"
  await "$host" "$number"
  sql "$host" "$number" <<< 'CREATE EXTENSION IF NOT EXISTS citus;'
  trust "$host" "$number" "$PGUSER" PGPASSWORD
done

sql "$coordinator" "$port" -v host="$coordinator" -v port="$port" <<< "SELECT citus_set_coordinator_host(:'host', :port);"
for node in "${workers[@]}"; do
  read -r host number <<< "$node"
  # A node that is known already keeps its id.
  sql "$coordinator" "$port" -v host="$host" -v port="$number" <<< "SELECT citus_add_node(:'host', :port);"
  echo "$host: registered"
done
if ((${#workers[@]} == 0)); then
  sql "$coordinator" "$port" -v host="$coordinator" -v port="$port" \
    <<< "SELECT citus_set_node_property(:'host', :port, 'shouldhaveshards', true);"
fi

sql "$coordinator" "$port" -f "$plan/10-schema.sql"
sql "$coordinator" "$port" -f "$plan/20-tables.sql"
for line in "${roles[@]}"; do
  read -r name right variable <<< "$line"
  role "$name" "$right" "$variable"
  for node in "$coordinator $port" "${workers[@]}"; do
    read -r host number <<< "$node"
    trust "$host" "$number" "$name" "$variable"
  done
  echo "role $name: may $right"
done
sql "$coordinator" "$port" -f "$plan/30-tenants.sql"
sql "$coordinator" "$port" -f "$plan/40-publication.sql"
echo "the cluster is as planned"
