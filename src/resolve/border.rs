//! The diagnostics at the border of the platform: neighbours, other clusters, shared names, and what a cluster can carry.

use crate::diag::{Code, Severity};

/// What an environment asks for does not fit on its cluster.
pub static CAPACITY_EXCEEDED: Code = Code {
    name: "capacity-exceeded",
    severity: Severity::Error,
    docs: "## What it means\n\
           The pods of an environment ask for more CPU, memory or places than the nodes of its cluster offer once what others run there (`cluster.existing`) is taken off.\n\
           \n\
           ## Why it matters\n\
           The scheduler leaves what does not fit pending, and on a shared node the neighbour's pods may be the ones that suffer.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [environments.dev.cluster]\n\
           kind = \"k3s\"\n\
           node-cpu = \"4\"\n\
           node-memory = \"8Gi\"\n\
           existing = { cpu = \"3\", memory = \"7Gi\", pods = 17 }\n\
           ```\n\
           \n\
           ## Instead\n\
           Ask for less, add nodes, or let the environment stay where it is with `target = \"compose\"`. `bayplan capacity` shows the sums.",
};

/// Something of one cloud in what holds everywhere.
pub static CLOUD_IN_BASE: Code = Code {
    name: "cloud-in-base",
    severity: Severity::Warning,
    docs: "## What it means\n\
           An object of the base carries an annotation, a storage class or a kind that only one cloud provider understands.\n\
           \n\
           ## Why it matters\n\
           The base holds what is true in every environment. On another cluster the annotation does nothing, and the claim waits for a class that does not exist.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [workloads.api.service.annotations]\n\
           \"service.beta.kubernetes.io/azure-load-balancer-internal\" = \"true\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Move it to the environments that run there: `environments.staging.workloads.api.service.annotations`, or `cluster.load-balancer-annotations`.",
};

/// An image that was not tried where it is promoted from.
pub static DIGEST_NOT_PROMOTED: Code = Code {
    name: "digest-not-promoted",
    severity: Severity::Error,
    docs: "## What it means\n\
           An environment with `promotes-from` runs an image that the environment it names does not run.\n\
           \n\
           ## Why it matters\n\
           What reaches production must be, byte for byte, what was tested before it.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [environments.production]\n\
           promotes-from = \"staging\"\n\
           workloads.api.image = \"registry.example/api@sha256:1111…\"   # staging runs 2222…\n\
           ```\n\
           \n\
           ## Instead\n\
           Run `bayplan promote staging production`, which copies the images that were tested.",
};

/// A host that belongs to somebody else.
pub static HOST_CLAIMED: Code = Code {
    name: "host-claimed",
    severity: Severity::Error,
    docs: "## What it means\n\
           A route has a host that an entry of `[externals]` lists under `hosts`: its owner serves it.\n\
           \n\
           ## Why it matters\n\
           Two Ingress objects with one host share it path by path, and the older wins: the neighbour loses requests, or we never get any.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [externals.shop]\n\
           hosts = [\"shop.example.com\"]\n\
           [routes.app]\n\
           host = \"shop.example.com\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Give the route a host of its own.",
};

/// A namespace outside the names that were agreed.
pub static NAMESPACE_PATTERN: Code = Code {
    name: "namespace-pattern",
    severity: Severity::Error,
    docs: "## What it means\n\
           The platform says with `namespace-pattern` how its namespaces are called, and one is called otherwise.\n\
           \n\
           ## Why it matters\n\
           On a shared cluster the pattern is what quotas, policies and people go by; a name outside it may be another team's.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [platform]\n\
           namespace-pattern = \"shop-*\"\n\
           [namespaces.app]\n\
           name = \"app\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Rename the namespace, or mark it `external = true` where others own it.",
};

/// Something on another cluster, by the DNS of this one.
pub static OTHER_CLUSTER: Code = Code {
    name: "other-cluster",
    severity: Severity::Error,
    docs: "## What it means\n\
           An edge or a value names a namespace that `clusters` places on other clusters than the one of this environment.\n\
           \n\
           ## Why it matters\n\
           `*.svc.cluster.local` ends at the border of a cluster: the name does not resolve, and no network policy can open the way.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [namespaces.shared]\n\
           external = true\n\
           clusters = [\"cloud\"]\n\
           [environments.dev]\n\
           cluster = { kind = \"k3s\", name = \"laptop\" }\n\
           ```\n\
           \n\
           ## Instead\n\
           Give the external a `host` with `cidrs` in this environment, or turn it off there with `enabled = false`.",
};

/// Something that serves another environment.
pub static OTHER_ENVIRONMENT: Code = Code {
    name: "other-environment",
    severity: Severity::Error,
    docs: "## What it means\n\
           An edge or a value names an external namespace whose `environments` do not list this one.\n\
           \n\
           ## Why it matters\n\
           Production that reports to the monitoring of staging, or calls its API, looks sound until staging is torn down.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [namespaces.monitoring-staging]\n\
           external = true\n\
           environments = [\"staging\"]\n\
           ```\n\
           \n\
           ## Instead\n\
           Name what serves this environment, or add the environment to the list if it is meant.",
};

/// The long way round to a neighbour in the same cluster.
pub static PUBLIC_HOST: Code = Code {
    name: "public-host",
    severity: Severity::Error,
    docs: "## What it means\n\
           A value names a public host of a service that runs in this cluster.\n\
           \n\
           ## Why it matters\n\
           The request leaves the cluster, passes the load balancer and comes back: slower, dearer, and beyond what network policies control.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [externals.shop-api]\n\
           namespace = \"shop\"\n\
           hosts = [\"shop.example.com\"]\n\
           [workloads.api.env]\n\
           SHOP_URL = \"https://shop.example.com\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Write `{{ externals.shop_api.url }}`. Where the public address is meant, as for the issuer of tokens, declare `public-url` and write `{{ externals.shop_api.public_url }}`.",
};

/// A cache that belongs to another product.
pub static SHARED_CACHE: Code = Code {
    name: "shared-cache",
    severity: Severity::Error,
    docs: "## What it means\n\
           An edge or a value leads to a Redis, Valkey or Memcached in a namespace that others own.\n\
           \n\
           ## Why it matters\n\
           Two products in one cache share its memory and its keys: one evicts or flushes what the other relies on, and reads what it should not.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [workloads.api.env]\n\
           REDIS_HOST = \"redis.shop-staging.svc.cluster.local\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Declare a cache of your own in `[databases]` and use its name.",
};

/// A server that refuses to start with so little memory.
pub static TOO_LITTLE_MEMORY: Code = Code {
    name: "too-little-memory",
    severity: Severity::Error,
    docs: "## What it means\n\
           The memory limit of a database is below what its engine needs to start.\n\
           \n\
           ## Why it matters\n\
           The server exits with an error, and its pod restarts for ever.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [databases.sql]\n\
           engine = \"sqlserver\"\n\
           resources.memory = \"1Gi..1Gi\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Give it at least what the message says.",
};

/// Every diagnostic at the border, by name.
pub static CODES: &[&Code] = &[
    &CAPACITY_EXCEEDED,
    &CLOUD_IN_BASE,
    &DIGEST_NOT_PROMOTED,
    &HOST_CLAIMED,
    &NAMESPACE_PATTERN,
    &OTHER_CLUSTER,
    &OTHER_ENVIRONMENT,
    &PUBLIC_HOST,
    &SHARED_CACHE,
    &TOO_LITTLE_MEMORY,
];
