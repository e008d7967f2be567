//! The codes of findings about definitions of custom resources.

use crate::diag::{Code, Severity};

/// Every code of this stage, by name.
pub static CODES: &[&Code] = &[&BAD_DEFINITION, &NO_DEFINITION, &UNKNOWN_DEFINITION];

/// A definition that the API server would not take.
pub static BAD_DEFINITION: Code = Code {
    name: "bad-definition",
    severity: Severity::Error,
    docs: "## What it means
A CustomResourceDefinition lacks something, its schema is not structural, or two files define the same kind differently.

## Why it matters
The API server refuses it, and custom resources cannot be judged by it.

## Example
```yaml
openAPIV3Schema:
  type: object
  properties:
    spec: { properties: { replicas: { type: integer } } }
```

## Instead
Take the definition as its makers release it: `bayplan schema add crd.yaml`. Of one's own, give each field a type.
```yaml
openAPIV3Schema:
  type: object
  properties:
    spec: { type: object, properties: { replicas: { type: integer } } }
```

Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
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
