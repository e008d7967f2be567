//! The codes of findings about definitions of custom resources.

use crate::diag::{Code, Severity};

/// Every code of this stage, by name.
pub static CODES: &[&Code] = &[&DEFINED_TWICE, &NO_DEFINITION, &UNKNOWN_DEFINITION];

/// Two definitions of one name.
pub static DEFINED_TWICE: Code = Code {
    name: "definition-twice",
    severity: Severity::Error,
    docs: "## What it means
Two files define the same custom resource, and differently.

## Why it matters
A cluster has one definition of a name, and nobody knows which of the two custom resources are to be judged by.

## Example
```console
$ ls schemas/crds
certificates.cert-manager.io.yaml  cert-manager-old.yaml
```

## Instead
Keep the one of the release that is installed.
```console
$ rm schemas/crds/cert-manager-old.yaml
$ bayplan schema add cert-manager.crds.yaml
```
",
};

/// A file in which no definition is.
pub static NO_DEFINITION: Code = Code {
    name: "no-definition",
    severity: Severity::Error,
    docs: "## What it means
`bayplan schema add` was given a file without a CustomResourceDefinition, or `schemas/crds/` holds none.

## Why it matters
Whoever gave it believes that custom resources are judged by it from now on.

## Example
```console
$ bayplan schema add deployment.yaml
```

## Instead
Give it the definitions, which operators release beside their manifests. In a file that holds other objects too, those are passed over.
```console
$ bayplan schema add cert-manager.crds.yaml
$ kubectl get crd certificates.cert-manager.io -o yaml | bayplan schema add -
```
",
};

/// A definition that is not kept.
pub static UNKNOWN_DEFINITION: Code = Code {
    name: "unknown-definition",
    severity: Severity::Error,
    docs: "## What it means
`bayplan schema remove` was given the name of a definition that is not kept in `schemas/crds/`.

## Why it matters
Nothing was removed.

## Example
```console
$ bayplan schema remove certificates
```

## Instead
Name the plural and the group, as `bayplan schema list` prints them.
```console
$ bayplan schema remove certificates.cert-manager.io
```
",
};
