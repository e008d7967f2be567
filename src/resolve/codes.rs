//! The diagnostics of this stage: what a well-formed file can mean that makes no sense.

use crate::diag::{Code, Severity};

/// An environment that the platform does not have.
pub static UNKNOWN_ENVIRONMENT: Code = Code {
    name: "unknown-environment",
    severity: Severity::Error,
    docs: "## What it means\n\
           A command names an environment that is not in `[environments]`.\n\
           \n\
           ## Why it matters\n\
           Rendering the base instead would write the wrong cluster's YAML under the right name.\n\
           \n\
           ## Example\n\
           ```console\n\
           bayplan render prodution\n\
           ```\n\
           \n\
           ## Instead\n\
           Name one of the environments that are listed, or add `[environments.<name>]`.",
};

/// A name that refers to nothing.
pub static UNKNOWN_REFERENCE: Code = Code {
    name: "unknown-reference",
    severity: Severity::Error,
    docs: "## What it means\n\
           A key such as `namespace`, `uses`, `secret`, `role` or a mount names an entity that does not exist.\n\
           \n\
           ## Why it matters\n\
           Kubernetes takes most dangling references and fails at run time: the pod never starts, the policy selects nothing.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [workloads.api]\n\
           namespace = \"cor\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Use the name that is suggested, or declare the entity.",
};

/// A port that the target does not have.
pub static UNKNOWN_PORT: Code = Code {
    name: "unknown-port",
    severity: Severity::Error,
    docs: "## What it means\n\
           A route, probe or edge names a port that its target does not declare in `ports`.\n\
           \n\
           ## Why it matters\n\
           The Ingress would answer 503, the probe would never succeed.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [routes.web]\n\
           paths = { \"/\" = \"api:htpp\" }\n\
           ```\n\
           \n\
           ## Instead\n\
           Use one of the target's ports, or declare the port there.",
};

/// An expression that uses something undefined.
pub static UNDEFINED_VARIABLE: Code = Code {
    name: "undefined-variable",
    severity: Severity::Error,
    docs: "## What it means\n\
           An expression names a variable, or a field of an entity, that does not exist.\n\
           \n\
           ## Why it matters\n\
           An empty text in its place would render a host such as `https:///`, which nobody asked for.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [routes.web]\n\
           host = \"{{ vars.hots }}\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Use the name that is suggested, or define it in `[vars]`. Keys with a hyphen are written with `_` in expressions.",
};

/// An expression or template that cannot be evaluated.
pub static TEMPLATE_ERROR: Code = Code {
    name: "template-error",
    severity: Severity::Error,
    docs: "## What it means\n\
           The text between `{{` and `}}`, or a template file, is not valid Jinja, or fails while it runs.\n\
           \n\
           ## Why it matters\n\
           A half-evaluated text would be written as if it were meant.\n\
           \n\
           ## Example\n\
           ```toml\n\
           host = \"{{ vars.host \"\n\
           ```\n\
           \n\
           ## Instead\n\
           Mend the expression. The syntax is that of <https://docs.rs/minijinja/latest/minijinja/syntax/>.",
};

/// A template that does not end.
pub static TEMPLATE_ENDLESS: Code = Code {
    name: "template-endless",
    severity: Severity::Error,
    docs: "## What it means\n\
           An expression or template used up its fuel: it loops far longer than any real platform needs.\n\
           \n\
           ## Why it matters\n\
           A build that hangs says nothing; bayplan stops it and names it.\n\
           \n\
           ## Example\n\
           ```toml\n\
           data.x = \"{% for i in range(100000) %}{% for j in range(100000) %}.{% endfor %}{% endfor %}\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Loop over less.",
};

/// Entities that use one another in a circle.
pub static USES_CYCLE: Code = Code {
    name: "uses-cycle",
    severity: Severity::Error,
    docs: "## What it means\n\
           Following `uses` from an entity leads back to it.\n\
           \n\
           ## Why it matters\n\
           There is no order in which the circle could start, and nothing could be rolled out after what it depends on.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [workloads.a]\n\
           uses = [\"b\"]\n\
           [workloads.b]\n\
           uses = [\"a\"]\n\
           ```\n\
           \n\
           ## Instead\n\
           Break the circle: let one of them call back through a queue or an event, or split what they share into a third.",
};

/// A request that is above its limit.
pub static REQUEST_ABOVE_LIMIT: Code = Code {
    name: "request-above-limit",
    severity: Severity::Error,
    docs: "## What it means\n\
           The left side of a `request..limit` is larger than the right side.\n\
           \n\
           ## Why it matters\n\
           The API server refuses such a pod (ValidateResourceRequirements in Kubernetes' core validation).\n\
           \n\
           ## Example\n\
           ```toml\n\
           resources.memory = \"512Mi..256Mi\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Swap the sides, or raise the limit.",
};

/// An override that changes nothing.
pub static OVERRIDE_WITHOUT_EFFECT: Code = Code {
    name: "override-without-effect",
    severity: Severity::Warning,
    docs: "## What it means\n\
           An environment sets a value that the weaker layers have already.\n\
           \n\
           ## Why it matters\n\
           A reader believes that the environment differs where it does not, and a change of the weaker layer will not reach it.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [workloads.api]\n\
           replicas = 2\n\
           [environments.staging]\n\
           workloads.api.replicas = 2\n\
           ```\n\
           \n\
           ## Instead\n\
           Remove the override.",
};

/// A blanket override that raises a limit.
pub static EVERY_RAISES_LIMIT: Code = Code {
    name: "every-raises-limit",
    severity: Severity::Warning,
    docs: "## What it means\n\
           `[every]` gives an entity a higher limit than its own table says.\n\
           \n\
           ## Why it matters\n\
           A limit that was chosen for one workload is lost without a word there, and the sum may no longer fit the nodes.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [workloads.small]\n\
           resources.memory = \"64Mi..128Mi\"\n\
           [environments.local.every.deployment.resources]\n\
           memory = \"..512Mi\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Override the workloads that need it by name, or say in `[[allow]]` why it is meant.",
};

/// Keys that exclude each other.
pub static CONFLICTING_KEYS: Code = Code {
    name: "conflicting-keys",
    severity: Severity::Error,
    docs: "## What it means\n\
           Two keys of a table are set of which only one can hold, or none of which one must.\n\
           \n\
           ## Why it matters\n\
           Kubernetes refuses a probe with two handlers or a budget with both bounds; where it does not, one of the keys is ignored.\n\
           \n\
           ## Example\n\
           ```toml\n\
           probes.liveness = { http = \"/health\", tcp = \"http\" }\n\
           ```\n\
           \n\
           ## Instead\n\
           Keep the one that is meant.",
};

/// Something of another namespace that cannot be reached from here.
pub static OTHER_NAMESPACE: Code = Code {
    name: "other-namespace",
    severity: Severity::Error,
    docs: "## What it means\n\
           A workload mounts or reads a volume or config that lives in another namespace.\n\
           \n\
           ## Why it matters\n\
           Pods can only use the claims and ConfigMaps of their own namespace.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [configs.shared]\n\
           namespace = \"infra\"\n\
           [workloads.api]\n\
           namespace = \"core\"\n\
           mounts = { \"/etc/app\" = \"shared\" }\n\
           ```\n\
           \n\
           ## Instead\n\
           Move it, or declare one in each namespace.",
};

/// A volume that two nodes would fight for.
pub static SHARED_VOLUME: Code = Code {
    name: "shared-volume",
    severity: Severity::Error,
    docs: "## What it means\n\
           A volume with access `ReadWriteOnce` is used by several pods on a cluster with several nodes.\n\
           \n\
           ## Why it matters\n\
           Pods that land on different nodes wait for the volume forever (Multi-Attach error).\n\
           \n\
           ## Example\n\
           ```toml\n\
           [volumes.media]\n\
           access = \"ReadWriteOnce\"\n\
           [workloads.web]\n\
           replicas = 2\n\
           mounts = { \"/media\" = \"media\" }\n\
           ```\n\
           \n\
           ## Instead\n\
           Set `access = \"ReadWriteMany\"`, run one pod, or keep the files in object storage.",
};

/// An access mode that the storage class does not offer.
pub static ACCESS_NOT_OFFERED: Code = Code {
    name: "access-not-offered",
    severity: Severity::Error,
    docs: "## What it means\n\
           A volume asks for an access mode that the drivers behind its class cannot give.\n\
           \n\
           ## Why it matters\n\
           The claim stays pending, and with it every pod that mounts it.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [environments.local]\n\
           cluster = \"kind\"\n\
           volumes.media.access = \"ReadWriteMany\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Choose a class that offers it, or another access mode.",
};

/// A volume that is deleted with its claim.
pub static RETENTION_LOST: Code = Code {
    name: "retention-lost",
    severity: Severity::Warning,
    docs: "## What it means\n\
           The storage class of a volume deletes the data when the claim goes (`reclaimPolicy: Delete`).\n\
           \n\
           ## Why it matters\n\
           A deleted namespace or a pruned claim takes the data along.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [environments.local]\n\
           cluster = \"kind\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Use a class that retains, or say in `[[allow]]` why losing it is acceptable.",
};

/// An external host behind isolated namespaces, without addresses.
pub static EXTERNAL_NEEDS_ADDRESSES: Code = Code {
    name: "external-needs-addresses",
    severity: Severity::Error,
    docs: "## What it means\n\
           A namespace is isolated, a workload in it uses something outside the cluster, and no `cidrs` say where that is.\n\
           \n\
           ## Why it matters\n\
           A NetworkPolicy cannot name a host: without addresses the connection would be cut.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [databases.db]\n\
           external = \"db.example.com\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Add `external.cidrs = [\"10.1.2.0/24\"]`.",
};

/// A database that is killed while it recovers.
pub static LIVENESS_WITHOUT_STARTUP: Code = Code {
    name: "liveness-without-startup",
    severity: Severity::Warning,
    docs: "## What it means\n\
           A database has a liveness probe and no startup probe, and its engine does not answer the probe while it recovers.\n\
           \n\
           ## Why it matters\n\
           After a crash PostgreSQL replays its log before it takes connections. When that takes longer than the liveness \
           probe waits, the kubelet kills it, and it begins again from the start.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [databases.postgres]\n\
           engine = \"postgres\"\n\
           probes.liveness = { initial-delay = 30 }\n\
           ```\n\
           \n\
           ## Instead\n\
           Add a startup probe: liveness begins when it has succeeded once, however long that takes. Its budget is \
           `period` times `failures` seconds.",
};

/// A route or edge to something that is not enabled.
pub static DISABLED_TARGET: Code = Code {
    name: "disabled-target",
    severity: Severity::Note,
    docs: "## What it means\n\
           A route or a `uses` leads to an entity with `enabled = false`.\n\
           \n\
           ## Why it matters\n\
           It is left out, which is what a feature flag wants; it is named so that nobody wonders.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [workloads.web]\n\
           enabled = false\n\
           [routes.web]\n\
           paths = { \"/\" = \"web:http\" }\n\
           ```\n\
           \n\
           ## Instead\n\
           Nothing, or enable the target.",
};

/// A placeholder namespace in which something runs.
pub static PLACEHOLDER_IN_USE: Code = Code {
    name: "placeholder-in-use",
    severity: Severity::Warning,
    docs: "## What it means\n\
           A namespace says `placeholder = true`, and a workload lives in it.\n\
           \n\
           ## Why it matters\n\
           The label is left out, so the key has no effect any more.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [namespaces.core]\n\
           placeholder = true\n\
           [workloads.api]\n\
           namespace = \"core\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Remove `placeholder`.",
};

/// Variables that refer to one another in a circle.
pub static VARIABLE_CYCLE: Code = Code {
    name: "variable-cycle",
    severity: Severity::Error,
    docs: "## What it means\n\
           Following the expressions of a variable in `[vars]` leads back to it.\n\
           \n\
           ## Why it matters\n\
           None of the variables in the circle has a value that the others could be made from.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [vars]\n\
           host = \"{{ vars.stage }}.example.com\"\n\
           stage = \"{{ vars.host }}\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Give one of them a value that refers to none of the others.",
};

/// A variable that no expression reads.
pub static UNUSED_VARIABLE: Code = Code {
    name: "unused-variable",
    severity: Severity::Warning,
    docs: "## What it means\n\
           A key of `[vars]`, of the platform or of an environment, is read by no expression and no template.\n\
           \n\
           ## Why it matters\n\
           It is left over, or its name is misspelt: then the environment that sets it changes nothing.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [vars]\n\
           host = \"localhost\"\n\
           [environments.staging]\n\
           vars.hots = \"staging.example.com\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Remove it, correct its name, or read it: `{{ vars.host }}`.",
};

/// A volume that nothing mounts.
pub static UNUSED_VOLUME: Code = Code {
    name: "unused-volume",
    severity: Severity::Warning,
    docs: "## What it means\n\
           A key of `[volumes]` stands in no `mounts`.\n\
           \n\
           ## Why it matters\n\
           The claim is made all the same: it costs money, and with a class that binds late it stays pending for ever.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [volumes.media]\n\
           namespace = \"core\"\n\
           size = \"2Gi\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Mount it, or remove it. Where something mounts it that bayplan does not see, say so in `[[allow]]`.",
};

/// A `$(NAME)` that refers to no environment variable.
pub static UNKNOWN_ENV_VARIABLE: Code = Code {
    name: "unknown-env-variable",
    severity: Severity::Warning,
    docs: "## What it means\n\
           A text holds `$(NAME)`, which Kubernetes replaces by the environment variable `NAME` of the same container, and the\n\
           container has none of that name.\n\
           \n\
           ## Why it matters\n\
           Kubernetes leaves the text as it is: the program gets `$(NAME)` for its password.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [workloads.api.env]\n\
           DATABASE_URL = \"postgres://app:$(DB_PASSWORD)@db/app\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Use the name that is suggested, or add the variable. A `$(` that is meant as it stands is written `$$(`.",
};

/// What a pod wants, and the level of its namespace refuses.
pub static POD_SECURITY_REFUSES: Code = Code {
    name: "pod-security-refuses",
    severity: Severity::Error,
    docs: "## What it means\n\
           A workload mounts a folder of the node, or runs as root, in a namespace whose Pod Security level refuses that.\n\
           \n\
           ## Why it matters\n\
           The API server refuses the pods, and the controller goes on trying without anybody noticing.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [namespaces.logging]            # restricted, unless it says otherwise\n\
           [workloads.collector]\n\
           namespace = \"logging\"\n\
           mounts = { \"/var/log\" = { host = \"/var/log\" } }\n\
           ```\n\
           \n\
           ## Instead\n\
           Give what needs the node a namespace of its own with `pod-security = \"privileged\"`, and leave everything else out of it.",
};

/// Every diagnostic of this stage, by name.
pub static CODES: &[&Code] = &[
    &ACCESS_NOT_OFFERED,
    &super::delivery_codes::CHART_CYCLE,
    &CONFLICTING_KEYS,
    &DISABLED_TARGET,
    &EVERY_RAISES_LIMIT,
    &EXTERNAL_NEEDS_ADDRESSES,
    &super::databases::elsewhere::EXTERNAL_NOT_MANAGED,
    &LIVENESS_WITHOUT_STARTUP,
    &OTHER_NAMESPACE,
    &OVERRIDE_WITHOUT_EFFECT,
    &PLACEHOLDER_IN_USE,
    &POD_SECURITY_REFUSES,
    &REQUEST_ABOVE_LIMIT,
    &RETENTION_LOST,
    &SHARED_VOLUME,
    &TEMPLATE_ENDLESS,
    &TEMPLATE_ERROR,
    &UNDEFINED_VARIABLE,
    &UNKNOWN_ENV_VARIABLE,
    &UNKNOWN_ENVIRONMENT,
    &UNKNOWN_PORT,
    &UNKNOWN_REFERENCE,
    &UNUSED_VARIABLE,
    &UNUSED_VOLUME,
    &USES_CYCLE,
    &VARIABLE_CYCLE,
];
