//! The diagnostics of this stage: what a file can get wrong before anything in it is understood.

use crate::diag::{Code, Severity};

/// The text is not TOML.
pub static TOML_SYNTAX: Code = Code {
    name: "toml-syntax",
    severity: Severity::Error,
    docs: "## What it means\nThe file is not valid TOML, so nothing in it can be trusted.\n\n\
           ## Why it matters\nA missing quote swallows everything up to the next one; guessing would compile a different platform.\n\n\
           ## Example\n```toml\n[workloads.api\nimage = \"registry.example/api:1\"\n```\n\n\
           ## Instead\nMend the place that is shown. The grammar is at <https://toml.io/en/v1.0.0>.",
};

/// A key that the language does not know.
pub static UNKNOWN_KEY: Code = Code {
    name: "unknown-key",
    severity: Severity::Error,
    docs: "## What it means\nThe table has no such key.\n\n\
           ## Why it matters\nA misspelt key that is ignored is a setting that silently does not apply: `replica = 3` would run one pod.\n\n\
           ## Example\n```toml\n[workloads.api]\nreplica = 3\n```\n\n\
           ## Instead\nUse the key that is suggested. An editor that reads `#:schema ./schemas/platform.schema.json` completes them all.",
};

/// A value of a type that its key does not take.
pub static WRONG_TYPE: Code = Code {
    name: "wrong-type",
    severity: Severity::Error,
    docs: "## What it means\nThe key exists, and takes a value of another type.\n\n\
           ## Why it matters\n`replicas = \"3\"` is a text; Kubernetes wants a number and would refuse it.\n\n\
           ## Example\n```toml\n[workloads.api]\nreplicas = \"3\"\n```\n\n\
           ## Instead\nWrite a value of the type that the message names.",
};

/// A key without which a table means nothing.
pub static MISSING_KEY: Code = Code {
    name: "missing-key",
    severity: Severity::Error,
    docs: "## What it means\nA table lacks a key without which it means nothing.\n\n\
           ## Why it matters\nBayplan invents no host, image or size: a guess would be wrong somewhere, and nobody would have written it down.\n\n\
           ## Example\n```toml\n[databases.postgres]\nengine = \"postgres\"\n```\n\n\
           ## Instead\nAdd the key that the message names, in the entity, in `[defaults]` or in the environment.",
};

/// A value of the right type that is none of those which the key takes.
pub static BAD_VALUE: Code = Code {
    name: "bad-value",
    severity: Severity::Error,
    docs: "## What it means\nThe value has the right type, and is none that the key takes.\n\n\
           ## Why it matters\nA choice such as `kind = \"deploy\"` has no meaning, and a name, quantity, image or port that breaks Kubernetes' rule would be refused by the API server.\n\n\
           ## Example\n```toml\n[workloads.api]\nkind = \"deploy\"\nresources.memory = \"128mb\"\n```\n\n\
           ## Instead\nUse one of the values, or the form, that the message names.",
};

/// Something that two files of a platform define.
pub static DEFINED_TWICE: Code = Code {
    name: "defined-twice",
    severity: Severity::Error,
    docs: "## What it means\nTwo files of the platform define the same entity, variable or setting, or two instances of a shape give it different values.\n\n\
           ## Why it matters\nWhichever won would depend on the order of file names, and whoever edits the other file would change nothing.\n\n\
           ## Example\n```toml\n# products/shop.toml and products/blog.toml\n[workloads.web]\nimage = \"registry.example/web:1.0.0\"\n```\n\n\
           ## Instead\nKeep it in one file, or give the two different names. What is different in an environment belongs below `[environments]`.",
};

/// Every diagnostic of this stage, by name.
pub static CODES: &[&Code] =
    &[&BAD_VALUE, &DEFINED_TWICE, &MISSING_KEY, &TOML_SYNTAX, &UNKNOWN_KEY, &WRONG_TYPE];
