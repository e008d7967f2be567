//! The codes of this stage: what an import has to say.

use crate::diag::{Code, Severity};

/// Every code of this stage, by name.
pub static CODES: &[&Code] = &[&ASSUMED, &INVALID, &NOT_CARRIED, &SECRET, &UNSET];

/// The platform needs something that the file does not say.
pub(super) static ASSUMED: Code = Code {
    name: "compose-assumed",
    severity: Severity::Note,
    docs: "## What it means
A platform needs something that the Compose file does not say: how large a volume is, what a container may use, where
images are pushed to. Bayplan wrote down an assumption, and names it.

## Why it matters
An assumption that nobody reads becomes a fact: a database whose volume is too small, a program that is killed for memory.

## Example
```yaml
volumes: { data: }        # how large?
```

## Instead
Look at the machine that runs it now (`docker stats`, `docker system df -v`), and correct the value in the TOML.
",
};

/// This is no Compose file.
pub(super) static INVALID: Code = Code {
    name: "compose-invalid",
    severity: Severity::Error,
    docs: "## What it means
The file is no YAML, has no services, or a part of it has a form that the Compose Specification does not know.

## Why it matters
Nothing is imported from half a file.

## Example
```yaml
services:
  api:
    ports: [\"http\"]      # no port
```

## Instead
Let Compose itself look at it: `docker compose config -q`. The forms are at
<https://docs.docker.com/reference/compose-file/>.
",
};

/// A part of the file has no counterpart.
pub(super) static NOT_CARRIED: Code = Code {
    name: "compose-not-carried",
    severity: Severity::Warning,
    docs: "## What it means
A part of the Compose file has no counterpart in the platform, or one that a person has to choose. It was left out.

## Why it matters
What the file does on one machine, the platform will not do until somebody has decided how.

## Example
```yaml
volumes: [\"/var/run/docker.sock:/var/run/docker.sock\"]
```

## Instead
The message says what takes its place. What is not needed any more needs nothing.
",
};

/// The value of a secret was left out.
pub(super) static SECRET: Code = Code {
    name: "compose-secret",
    severity: Severity::Note,
    docs: "## What it means
A value is the value of a secret, by its name or by its form. The platform refers to a key of a secret instead, and the
value stands nowhere in it.

## Why it matters
Whoever reads a repository would have it. A value that stood in a Compose file has been read by others already.

## Example
```yaml
environment: { JWT_SECRET: a8f5f167f44f4964 }
```

## Instead
Put a new value into the secret store under the key that the message names.
",
};

/// A variable has no value.
pub(super) static UNSET: Code = Code {
    name: "compose-unset",
    severity: Severity::Warning,
    docs: "## What it means
The Compose file takes a variable from whoever starts it, and neither a default nor a `.env` file gives it a value. It
became a variable of the platform, with a value that is none.

## Why it matters
Docker Compose puts an empty text in its place. In a platform that would be a broken image or a wrong host.

## Example
```yaml
image: registry.example/api:${TAG}
```

## Instead
Give it a value in `[vars]` of the TOML, or in each environment.
",
};
