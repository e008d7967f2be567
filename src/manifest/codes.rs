//! The codes of this stage: what can be wrong with a file before it is known what is in it.

use crate::diag::{Code, Severity};

/// Every code of this stage, by name.
pub static CODES: &[&Code] =
    &[&KEY_ORDER, &NOTHING_TO_CHECK, &YAML_DUPLICATE_KEY, &YAML_PARSE, &YAML11_AMBIGUOUS_SCALAR];

/// A key that stands behind one that it comes before in the alphabet.
pub static KEY_ORDER: Code = Code {
    name: "key-order",
    severity: Severity::Warning,
    docs: "## What it means
The keys of a mapping are not in the order of the alphabet. Nobody is told unless `bayplan-check.toml` says `sorted-keys = true`:
Kubernetes' own examples write `apiVersion`, `kind`, `metadata`, `spec` and then what matters first, and so does what bayplan writes.

## Why it matters
Where people and programs write the same files, one order of keys keeps what changed apart from what was moved.

## Example
```yaml
metadata: { name: web, labels: { app: web } }
```

## Instead
```yaml
metadata: { labels: { app: web }, name: web }
```

Source: `sorted-keys` of kube-linter, which leaves it off as well
",
};

/// A tree without a single object.
pub static NOTHING_TO_CHECK: Code = Code {
    name: "nothing-to-check",
    severity: Severity::Error,
    docs: "## What it means
There is not a single Kubernetes object in what was given: the folder is empty, or everything in it was passed over.

## Why it matters
A gate that judges nothing and passes is worse than none: a wrong path or an empty render looks like success.

## Example
```console
helm template chart --set enabled=false | bayplan check -
```

## Instead
Name the folder that holds the manifests. `--verbose` says what was passed over, and why.
",
};

/// A scalar that two readers of YAML read apart.
pub static YAML11_AMBIGUOUS_SCALAR: Code = Code {
    name: "yaml11-ambiguous-scalar",
    severity: Severity::Warning,
    docs: "## What it means
A scalar without quotes means one thing in YAML 1.1, which kubectl and the API server read, and another in YAML 1.2:
`yes`, `no`, `on`, `off`, `y` and `n` are booleans, `0777` is octal, `1_000` is a number. Octal numbers are left alone
where a file mode is expected.

## Why it matters
The key `n` becomes the key `false`, and the country `NO` becomes `false`. Tools that read YAML 1.2 do not see it.

## Example
```yaml
data: { country: NO }
```

## Instead
```yaml
data: { country: \"NO\" }
```

Source: resolve.go in sigs.k8s.io/yaml
",
};

/// A key that a mapping holds twice.
pub static YAML_DUPLICATE_KEY: Code = Code {
    name: "yaml-duplicate-key",
    severity: Severity::Error,
    docs: "## What it means
A mapping holds the same key twice, as YAML 1.1 reads keys: `yes` and `on` are both `true`.

## Why it matters
One of the two values is dropped without a word. Strict decoding in the API server refuses it.

## Example
```yaml
labels: { app: api, app: web }
```

## Instead
Keep the one that is meant.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
",
};

/// A text that is neither YAML nor JSON.
pub static YAML_PARSE: Code = Code {
    name: "yaml-parse",
    severity: Severity::Error,
    docs: "## What it means
The file is no YAML or JSON, holds bytes that are no text, is nested deeper than any object, or unfolds its aliases into
more than 400,000 values.

## Why it matters
kubectl refuses the file, and every object in it.

## Example
```yaml
spec:
\treplicas: 2
```

## Instead
Indent with spaces. The message names what the parser met, and the place is where it stopped.
",
};
