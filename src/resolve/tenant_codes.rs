//! The diagnostics of tenants, roles and settings: what would let one tenant reach another, and what would change a setting
//! behind the back of the database that holds it.

use crate::diag::{Code, Severity};

/// SQL that does harm when it runs again.
pub static BOOTSTRAP_NOT_IDEMPOTENT: Code = Code {
    name: "bootstrap-not-idempotent",
    severity: Severity::Error,
    docs: "## What it means\n\
           A statement of a database's `bootstrap` fails or adds rows a second time when it runs again.\n\
           \n\
           ## Why it matters\n\
           The Job runs again whenever its files change, and a GitOps tool may run it when it likes. A statement that fails then stops\n\
           the ones after it; one that succeeds twice leaves two of everything.\n\
           \n\
           ## Example\n\
           ```sql\n\
           INSERT INTO organizations (name) VALUES ('acme');\n\
           ```\n\
           \n\
           ## Instead\n\
           Write `CREATE … IF NOT EXISTS`, `INSERT … ON CONFLICT … DO NOTHING`, `ALTER TABLE … ADD COLUMN IF NOT EXISTS`, and drop with\n\
           `IF EXISTS`.",
};

/// A workload that may read ConfigMaps through the API server, beside settings that change while it runs.
pub static CONFIG_BY_WATCH: Code = Code {
    name: "config-by-watch",
    severity: Severity::Warning,
    docs: "## What it means\n\
           A role that a workload holds reads ConfigMaps, and the platform has `[hot-settings]`.\n\
           \n\
           ## Why it matters\n\
           Settings live in the database and changes come through the broker. Reading them from the API server too makes two truths, and\n\
           gives a pod a token for a thing that needs none.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [hot-settings]\n\
           database = \"postgres\"\n\
           [roles.reader]\n\
           rules = [{ resources = [\"configmaps\"], verbs = [\"watch\"] }]\n\
           ```\n\
           \n\
           ## Instead\n\
           Take `configmaps` out of the role, or say in `[[allow]]` what else it is for.",
};

/// A setting that changes while everything runs, given in a way that only a restart changes.
pub static HOT_SETTING_IN_CONFIG: Code = Code {
    name: "hot-setting-in-config",
    severity: Severity::Error,
    docs: "## What it means\n\
           A ConfigMap or an environment variable of a workload is called as a key of `[hot-settings]` is, or a workload asks to be\n\
           restarted when a ConfigMap changes.\n\
           \n\
           ## Why it matters\n\
           A variable is read once, when the process starts: the change that the broker announces would be undone by the next restart.\n\
           The settings are seeded into the database and nowhere else.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [hot-settings]\n\
           database = \"postgres\"\n\
           defaults.ai.threshold = 0.75\n\
           [workloads.ai.env]\n\
           AI_THRESHOLD = \"0.75\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Remove it: the service reads the database when it starts, and the broker afterwards.",
};

/// Two that are given one namespace.
pub static NAMESPACE_TAKEN: Code = Code {
    name: "namespace-taken",
    severity: Severity::Error,
    docs: "## What it means\n\
           A tenant is given the name of a namespace that another tenant or the platform has.\n\
           \n\
           ## Why it matters\n\
           The two would share quota, isolation and owners, which is what a tenant's namespace is there to prevent.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [tenant]\n\
           namespace = \"org\"\n\
           [tenants.acme]\n\
           [tenants.globex]\n\
           ```\n\
           \n\
           ## Instead\n\
           Let `tenant.namespace` hold `{{ tenant.name }}`, or rename one of them.",
};

/// Rights that come without a token.
pub static ROLE_WITHOUT_TOKEN: Code = Code {
    name: "role-without-token",
    severity: Severity::Warning,
    docs: "## What it means\n\
           A binding gives a workload a role, and the workload gets no token for the API server.\n\
           \n\
           ## Why it matters\n\
           Its calls fail with 401, whatever the role allows. And a role that nobody can use is one that nobody looks after.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [bindings.provisioner]\n\
           role = \"tenant-provisioner\"\n\
           workloads = [\"provisioner\"]\n\
           [workloads.provisioner]\n\
           namespace = \"app\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Set `api-access = true` for exactly the workloads that `[bindings]` names.",
};

/// A tenant's people with rights outside their namespace.
pub static TENANT_BEYOND_NAMESPACE: Code = Code {
    name: "tenant-beyond-namespace",
    severity: Severity::Error,
    docs: "## What it means\n\
           A binding without `namespace` gives a role in the whole cluster to the owner of a tenant, or to a group that has access to\n\
           one.\n\
           \n\
           ## Why it matters\n\
           What holds in the whole cluster holds in every other tenant's namespace.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [tenants.acme]\n\
           owner = \"alice@acme.example\"\n\
           [bindings.viewers]\n\
           role = \"view\"\n\
           users = [\"alice@acme.example\"]\n\
           ```\n\
           \n\
           ## Instead\n\
           Give the role in one namespace, or to somebody who belongs to no tenant.",
};

/// A tenant's role by which its limits or its isolation can be undone.
pub static TENANT_UNDOES_ISOLATION: Code = Code {
    name: "tenant-undoes-isolation",
    severity: Severity::Error,
    docs: "## What it means\n\
           The role of a tenant's owner, or one that `access` gives away, may change NetworkPolicies, ResourceQuotas, LimitRanges, roles or\n\
           the Namespace itself.\n\
           \n\
           ## Why it matters\n\
           Policies add up: one more NetworkPolicy opens what `default-deny` closed. The built-in roles `edit` and `admin` may write them.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [tenant]\n\
           role = \"admin\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Leave `role` out. `tenant-owner`, which bayplan brings, does the day's work and reads the limits.",
};

/// A tenant that may take everything.
pub static TENANT_WITHOUT_QUOTA: Code = Code {
    name: "tenant-without-quota",
    severity: Severity::Warning,
    docs: "## What it means\n\
           Neither `[tenant]` nor the tenant has a `quota`.\n\
           \n\
           ## Why it matters\n\
           One tenant's load takes the nodes from all the others.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [tenants.acme]\n\
           owner = \"alice@acme.example\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Add `[tenant.quota]`; a tenant that needs more says so in its own table.",
};

/// Every diagnostic of tenants, roles and settings, by name.
pub static CODES: &[&Code] = &[
    &BOOTSTRAP_NOT_IDEMPOTENT,
    &CONFIG_BY_WATCH,
    &HOT_SETTING_IN_CONFIG,
    &NAMESPACE_TAKEN,
    &ROLE_WITHOUT_TOKEN,
    &TENANT_BEYOND_NAMESPACE,
    &TENANT_UNDOES_ISOLATION,
    &TENANT_WITHOUT_QUOTA,
];
