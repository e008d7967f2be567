//! The expressions of webhooks and admission policies, and the variables that they may speak of.
//!
//! Reports under the code of the rule that asks. After `pkg/admission/plugin/cel/compile.go` of k8s.io/apiserver: what is
//! known of an object is only found at the request, and so is of any type; the request itself has a type.

use std::collections::BTreeMap;

use super::ask::Ask;
use crate::check::cel::{Expression, Type};
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

/// What an expression can speak of, on a server of a minor version of Kubernetes.
#[derive(Debug, Clone)]
pub(super) struct Scope<'a> {
    names: Vec<(&'a str, Type)>,
    minor: u32,
}

impl<'a> Scope<'a> {
    /// What a request brings.
    pub fn new(subject: &Subject<'_>) -> Self {
        let names = vec![
            ("object", Type::Dyn),
            ("oldObject", Type::Dyn),
            ("namespaceObject", namespace()),
            ("request", request()),
            ("authorizer", Type::Opaque("kubernetes.authorization.Authorizer")),
            ("authorizer.requestResource", Type::Opaque("kubernetes.authorization.ResourceCheck")),
        ];
        Self::of(subject, names)
    }

    /// These names alone.
    pub fn of(subject: &Subject<'_>, names: Vec<(&'a str, Type)>) -> Self {
        let version = subject.version().as_str();
        let minor = version.rsplit('.').next().and_then(|minor| minor.parse().ok()).unwrap_or(u32::MAX);
        Self { names, minor }
    }

    /// With one name more.
    pub fn with(&self, name: &'a str, of: Type) -> Self {
        let mut more = self.clone();
        more.names.push((name, of));
        more
    }

    /// Without those that ask what somebody may do, as messages are written.
    pub fn without_authorizer(&self) -> Self {
        let mut less = self.clone();
        less.names.retain(|(name, _)| !name.starts_with("authorizer"));
        less
    }
}

/// Asks that an expression is there, can be read, and gives one of some types; any where there is none of them. Gives what
/// it gives.
pub(super) fn check<'a>(
    of: &'a Value,
    key: &'a str,
    scope: &Scope<'a>,
    gives: &[Type],
    ask: &mut Ask<'_, 'a>,
) -> Type {
    // That it is missing is for the schema to say.
    let Some(text) = of.text(key) else { return Type::Dyn };
    if text.trim().is_empty() {
        ask.refuse((of, key), "the expression is empty");
        return Type::Dyn;
    }
    match typed(text, scope) {
        Ok(found) if gives.is_empty() || gives.contains(&found) => found,
        Ok(found) => {
            let wanted: Vec<String> = gives.iter().map(ToString::to_string).collect();
            let wanted = wanted.join(" or ");
            ask.refuse((of, key), format!("the expression has to give {wanted}, and gives {found}"));
            found
        }
        Err(why) => {
            ask.refuse((of, key), why);
            Type::Dyn
        }
    }
}

fn typed(text: &str, scope: &Scope<'_>) -> Result<Type, String> {
    let expression =
        Expression::parse(text).map_err(|flaw| format!("the expression cannot be read: {}", flaw.why))?;
    let checked = expression.check(&scope.names, scope.minor);
    checked.map(|it| it.gives).map_err(|why| format!("the expression does not fit: {why}"))
}

/// What later variables and validations see of a variable: types of libraries are lost.
pub(super) fn seen(found: &Type) -> Type {
    match found {
        Type::List(item) => Type::list(seen(item)),
        Type::Map(both) => Type::map(seen(&both.0), seen(&both.1)),
        Type::Object(_) | Type::Optional(_) | Type::Of(_) | Type::Opaque(_) | Type::Variable(_) => Type::Dyn,
        plain => plain.clone(),
    }
}

/// A type with such fields.
pub(super) fn object<const N: usize>(fields: [(&str, Type); N]) -> Type {
    Type::object(fields.into_iter().map(|(name, of)| (name.to_owned(), of)).collect::<BTreeMap<_, _>>())
}

fn texts<const N: usize>(names: [&str; N]) -> Type {
    object(names.map(|name| (name, Type::Text)))
}

/// `BuildRequestType`.
fn request() -> Type {
    let kind = texts(["group", "version", "kind"]);
    let resource = texts(["group", "version", "resource"]);
    let user = object([
        ("username", Type::Text),
        ("uid", Type::Text),
        ("groups", Type::list(Type::Text)),
        ("extra", Type::map(Type::Text, Type::list(Type::Text))),
    ]);
    object([
        ("kind", kind.clone()),
        ("resource", resource.clone()),
        ("subResource", Type::Text),
        ("requestKind", kind),
        ("requestResource", resource),
        ("requestSubResource", Type::Text),
        ("name", Type::Text),
        ("namespace", Type::Text),
        ("operation", Type::Text),
        ("userInfo", user),
        ("dryRun", Type::Bool),
        ("options", Type::Dyn),
    ])
}

/// `BuildNamespaceType`.
fn namespace() -> Type {
    let words = || Type::map(Type::Text, Type::Text);
    let condition = object([
        ("status", Type::Text),
        ("type", Type::Text),
        ("lastTransitionTime", Type::Time),
        ("message", Type::Text),
        ("reason", Type::Text),
    ]);
    let metadata = object([
        ("name", Type::Text),
        ("generateName", Type::Text),
        ("namespace", Type::Text),
        ("labels", words()),
        ("annotations", words()),
        ("UID", Type::Text),
        ("creationTimestamp", Type::Time),
        ("deletionGracePeriodSeconds", Type::Int),
        ("deletionTimestamp", Type::Time),
        ("generation", Type::Int),
        ("resourceVersion", Type::Text),
        ("finalizers", Type::list(Type::Text)),
    ]);
    object([
        ("metadata", metadata),
        ("spec", object([("finalizers", Type::list(Type::Text))])),
        ("status", object([("conditions", Type::list(condition)), ("phase", Type::Text)])),
    ])
}
