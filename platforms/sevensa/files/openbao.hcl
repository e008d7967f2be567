# Pods have no capability to lock memory, and OpenBao asks for none.
ui = true
cluster_name = "sevensa"

listener "tcp" {
  address         = "[::]:8200"
  cluster_address = "[::]:8201"
  tls_disable     = true
  telemetry {
    unauthenticated_metrics_access = true
  }
}

storage "raft" {
  path = "/openbao/data"
  retry_join {
    leader_api_addr = "http://openbao-0.openbao-headless:8200"
  }
  retry_join {
    leader_api_addr = "http://openbao-1.openbao-headless:8200"
  }
  retry_join {
    leader_api_addr = "http://openbao-2.openbao-headless:8200"
  }
}

# Who asked for what. Devices are declared here, since OpenBao lets nobody add one through its API. A request is answered where
# one of them has taken note of it: standard output always can, and Promtail reads it; Vector gets the same without secrets.
audit "file" "to-stdout" {
  description = "Never fails"
  options {
    file_path = "/dev/stdout"
  }
}
audit "socket" "to-vector" {
  description = "To Vector, which sends it to Loki"
  options {
    address     = "vector.logging:9514"
    socket_type = "tcp"
  }
}

# The key is split among people (Shamir), which is what no `seal` block means.

telemetry {
  prometheus_retention_time = "24h"
  disable_hostname          = true
}

