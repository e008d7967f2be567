//! The diagnostics of regions: what leaves one, what has none, and keys that no zone can be made of.

use crate::diag::{Code, Severity};

/// An eviction pattern that does not match the keys of its cache.
pub static CACHE_EVICTION_MISSES: Code = Code {
    name: "cache-eviction-misses",
    severity: Severity::Error,
    docs: "## What it means\n\
           The pattern by which a cache is emptied does not match the keys that are put into it: some part of it is neither `*` nor what the key has there.\n\
           \n\
           ## Why it matters\n\
           A change evicts nothing, or somebody else's entries, and people see stale prices until the entries expire.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [caches.catalog]\n\
           key = \"tenant:<tenant_id>:country:<country_code>:catalog\"\n\
           evict = \"tenant:<tenant_id>:region:*:catalog\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Write the key again, with `*` for what the change does not name.",
};

/// The same change, written to a database and to a topic.
pub static DOUBLE_WRITE: Code = Code {
    name: "double-write",
    severity: Severity::Error,
    docs: "## What it means\n\
           A workload uses a database, and is a user of Kafka that may write topics.\n\
           \n\
           ## Why it matters\n\
           Two writes are no transaction: when the second fails, the database and everything that reads the topic disagree for ever.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [workloads.order]\n\
           uses = [\"ledger\"]\n\
           [kafkas.events.users.order]\n\
           writes = [\"orders\"]\n\
           workloads = [\"order\"]\n\
           ```\n\
           \n\
           ## Instead\n\
           Write to the database alone, and let a connector make events of its log: `[kafkas.events.connect.connectors.orders] database = \"ledger\"`.",
};

/// Development settings that the tool cannot carry out.
pub static INNER_LOOP: Code = Code {
    name: "inner-loop",
    severity: Severity::Error,
    docs: "## What it means\n\
           An environment with `inner-loop` is not one that a developer's tool can work in: its cluster is not on the developer's machine, the image that is built has a digest, which the tool never replaces, or files are copied into a container whose root file system is read-only.\n\
           \n\
           ## Why it matters\n\
           The tool applies to the cluster directly. On a shared cluster it would fight with what delivers from Git, and in the other cases it does nothing and says nothing.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [environments.production]\n\
           cluster = \"gke\"\n\
           inner-loop = \"skaffold\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Set `inner-loop` for a cluster of kind `kind` or `k3d` alone, and give its workloads an image by tag and `security.read-only-root = false` there.",
};

/// Something that is bound to a region reaches out of it.
pub static REGION_CROSSED: Code = Code {
    name: "region-crossed",
    severity: Severity::Error,
    docs: "## What it means\n\
           Something with a `region` calls, mounts or replicates to something that lies in another region, or that keeps data and lies in none; or something without a region keeps what it reads from personal data of one.\n\
           \n\
           ## Why it matters\n\
           Data of people must stay where the law of their country wants them (GDPR, CCPA, DPDP). A backup, a replica or a stream of changes carries them off as surely as the application would.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [workloads.backup]\n\
           region = \"us\"\n\
           uses = [\"ledger-eu\"]\n\
           ```\n\
           \n\
           ## Instead\n\
           Give it a copy in each region with `regions = [\"eu\", \"us\"]`: each uses what lies in its own. What keeps nothing says `data = \"none\"`, and what anybody may see says `data = \"public\"`.",
};

/// Personal data that lie nowhere in particular.
pub static REGION_MISSING: Code = Code {
    name: "region-missing",
    severity: Severity::Error,
    docs: "## What it means\n\
           Something with `data = \"personal\"` has no region.\n\
           \n\
           ## Why it matters\n\
           Its pods and volumes land on any node, in any country.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [databases.ledger]\n\
           data = \"personal\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Add `region = \"eu\"`, or `regions = [\"eu\", \"us\"]` for one in each.",
};

/// A shard key of which no zone can be made.
pub static ZONE_KEY_ORDER: Code = Code {
    name: "zone-key-order",
    severity: Severity::Error,
    docs: "## What it means\n\
           A collection has zones by a field that is not the first of its shard key.\n\
           \n\
           ## Why it matters\n\
           A zone of MongoDB is a range of the shard key. With the tenant first, the documents of one country are no range: each tenant would need zones of its own, and a tenant that has none yet lands anywhere.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [databases.catalog.mongodb.collections.customers]\n\
           shard-key = [\"tenant_id\", \"country_code\"]\n\
           zone-by = \"country_code\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Put the country first: `shard-key = [\"country_code\", \"tenant_id\"]`.",
};

/// Every diagnostic of regions and of what comes with them, by name.
pub static CODES: &[&Code] =
    &[&CACHE_EVICTION_MISSES, &DOUBLE_WRITE, &INNER_LOOP, &REGION_CROSSED, &REGION_MISSING, &ZONE_KEY_ORDER];
