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

# The key is split among people (Shamir), which is what no `seal` block means.

telemetry {
  prometheus_retention_time = "24h"
  disable_hostname          = true
}

