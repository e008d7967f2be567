//! The codes of findings about exceptions.

use crate::diag::{Code, Severity};

/// Every code of this stage that is no rule, by name.
pub static CODES: &[&Code] = &[&EXPIRED_ALLOW, &UNKNOWN_RULE, &UNREASONED_ALLOW, &UNUSED_ALLOW];

/// An exception whose time has run out.
pub static EXPIRED_ALLOW: Code = Code {
    name: "expired-allow",
    severity: Severity::Warning,
    docs: "## What it means
The day in the `until` of an exception has passed, or is no day. What it excused is reported again.

## Why it matters
Somebody meant to mend this by then.

## Example
```toml
[[allow]]
rule = \"sec-run-as-non-root\"
on = \"Deployment/legacy\"
because = \"the image is being replaced\"
until = \"2025-12-31\"
```

## Instead
Mend what it excuses and remove it, or give it a later day, as `until = \"2026-12-31\"`.
",
};

/// An exception from a rule that does not exist.
pub static UNKNOWN_RULE: Code = Code {
    name: "unknown-rule",
    severity: Severity::Warning,
    docs: "## What it means
An exception, in a file or in an annotation, names a rule that there is not.

## Why it matters
It excuses nothing, and whoever wrote it believes that it does.

## Example
```yaml
metadata:
  annotations:
    bayplan.dev/allow.run-as-root: the init container has to
```

## Instead
Take the code as it stands in brackets in the finding. `bayplan rules` lists them all.
",
};

/// An exception without a reason.
pub static UNREASONED_ALLOW: Code = Code {
    name: "unreasoned-allow",
    severity: Severity::Warning,
    docs: "## What it means
An exception does not say why it is right.

## Why it matters
Nobody who finds it later can tell whether it still is.

## Example
```yaml
metadata:
  annotations:
    bayplan.dev/allow.sec-run-as-non-root: \"\"
```

## Instead
Give the reason in one sentence: the value of the annotation, or `because` in a file.
",
};

/// An exception that excuses nothing.
pub static UNUSED_ALLOW: Code = Code {
    name: "unused-allow",
    severity: Severity::Warning,
    docs: "## What it means
An exception matches no finding: an `[[allow]]` of `platform.toml` or `bayplan-check.toml`, or an annotation of ours.

## Why it matters
A stale exception hides the next finding of its kind.

## Example
```toml
[[allow]]
rule = \"retention-lost\"
on = \"databases.gone\"
because = \"…\"
```

## Instead
Remove it, or correct `rule` and `on`.
",
};
