//! The codes of parity: what the system had that is taken over from, and the platform has not, or the other way round.

use crate::diag::{Code, Severity};

/// A service is nowhere in the platform.
pub(in crate::compile) static MISSING: Code = Code {
    name: "parity-missing",
    severity: Severity::Error,
    docs: "## What it means
`[parity]` names a Compose file, a service of it is no entity of the platform, and nothing says why.

## Why it matters
On the day of the move somebody misses it. Until then nothing shows that it was forgotten.

## Example
```toml
[parity]
compose = [\"compose.yaml\"]      # with a service `mailer`, which is no workload
```

## Instead
Add the workload, name what took its place (`parity.services.mailer = \"externals.mail\"`), or say why it stays behind
(`parity.excused.mailer = \"Mail goes through the provider now\"`).
",
};

/// Something of a service is not there any more.
pub(in crate::compile) static LOST: Code = Code {
    name: "parity-lost",
    severity: Severity::Warning,
    docs: "## What it means
A service of the Compose file has a port, a variable or a volume that the entity in its place has not.

## Why it matters
A program that lacks a variable often runs, and does something else. One that lacks a volume loses what it stores.

## Example
```yaml
services: { api: { environment: { SENTRY_DSN: … } } }      # and no SENTRY_DSN in the workload
```

## Instead
Add it, or say why it is gone: `parity.excused.\"api:SENTRY_DSN\" = \"Errors go to OpenTelemetry\"`.
",
};

/// The networks allowed what edges do not.
pub(in crate::compile) static NARROWED: Code = Code {
    name: "parity-narrowed",
    severity: Severity::Note,
    docs: "## What it means
Two services share a network of Compose, or a port is published on the machine, and no edge or route of the platform
allows the same.

## Why it matters
Usually it is what one wants: a network of Compose lets everything in it talk to everything. But a connection that was used
and that nobody declared shows only here, before it fails.

## Example
```yaml
services: { web: { networks: [back] }, db: { networks: [back] } }      # and `web` does not use `db`
```

## Instead
Nothing, or add the target to `uses`. `parity.excused.\"web:db\"` says that it is meant.
",
};

/// Edges allow what the networks did not.
pub(in crate::compile) static WIDENED: Code = Code {
    name: "parity-widened",
    severity: Severity::Warning,
    docs: "## What it means
An edge of the platform connects two services that share no network of Compose.

## Why it matters
What was kept apart on purpose can talk now.

## Example
```toml
[workloads.web]
uses = [\"db\"]      # and the networks of Compose keep `web` and `db` apart
```

## Instead
Take the edge out, or say why it is new: `parity.excused.\"web:db\" = \"Reports are read from the replica\"`.
",
};

/// What `[parity]` says has no effect.
pub(in crate::compile) static IDLE: Code = Code {
    name: "parity-idle",
    severity: Severity::Warning,
    docs: "## What it means
`[parity]` names a service or an environment that is not there, excuses what needs no excuse, or gives no reason.

## Why it matters
An excuse that excuses nothing hides the next thing of that name.

## Example
```toml
[parity.excused]
mialer = \"Mail goes through the provider now\"      # the service is called `mailer`
```

## Instead
Correct the name, or take the line out.
",
};
