//! What the policies among the objects say of the other objects: Kyverno's patterns, and the baseline of Gatekeeper.
//!
//! Takes the policies as objects; gives what each rule asks for, or why it cannot be judged here. Patterns are judged as Kyverno
//! judges them. CEL, `JMESPath`, variables and what only a cluster or a registry knows are not: such a rule is named and left.

mod gatekeeper;
mod kyverno;
mod pattern;
mod scalar;

use super::scene::Scene;
use super::subject::Subject;
use super::values::Fields;
use crate::object::Object;
use crate::source::KeyPath;
use crate::source::wildcard::stars_and_marks;
use crate::value::{Value, json};

pub(crate) use pattern::Failure;

/// One rule of a policy.
pub(crate) struct Rule<'a> {
    /// The object that it stands in.
    pub policy: &'a Subject<'a>,
    /// Its name there; empty where a policy is one rule.
    pub name: &'a str,
    /// Whether what breaks it is refused; else it is reported.
    pub enforced: bool,
    /// What people read where it is broken.
    pub message: &'a str,
    filters: Vec<Filter<'a>>,
    asks: Asks<'a>,
}

/// What a rule asks for.
enum Asks<'a> {
    /// One of these patterns.
    Patterns(Vec<&'a Value>),
    /// The parts of the baseline.
    Baseline(&'a Value),
}

/// Which objects a rule is about.
struct Filter<'a> {
    kinds: Vec<KindPattern<'a>>,
    /// Patterns of namespaces; none stand for all.
    namespaces: Vec<&'a str>,
}

/// A kind as policies write it: `Pod`, `apps/v1/Deployment`, `*`.
struct KindPattern<'a> {
    group: &'a str,
    version: &'a str,
    kind: &'a str,
}

/// A rule, or why it cannot be judged.
pub(crate) enum Reading<'a> {
    Rule(Rule<'a>),
    Beyond { name: &'a str, why: String },
}

/// A workload or another object that breaks a rule.
pub(crate) struct Breach {
    /// Where it stands among the subjects.
    pub subject: usize,
    /// The field of it.
    pub failure: Failure,
    /// Whether it is about the pods that it makes.
    pub of_pods: bool,
}

/// Whether an object is a policy that says what others must look like: it may ask for any field of them.
pub(crate) fn is_policy(object: &Object) -> bool {
    let gvk = &object.id.gvk;
    match gvk.group() {
        "kyverno.io" => ["ClusterPolicy", "Policy"].contains(&gvk.kind.as_str()),
        "constraints.gatekeeper.sh" => true,
        _ => false,
    }
}

/// Every rule of the policies of a scene, with the policy that it stands in.
pub(crate) fn rules<'a>(scene: &Scene<'a>) -> Vec<(&'a Subject<'a>, Reading<'a>)> {
    let mut all = Vec::new();
    for subject in scene.subjects.iter().filter(|subject| is_policy(subject.object)) {
        let readings = match subject.object.id.gvk.group() {
            "kyverno.io" => kyverno::rules(subject),
            _ => vec![gatekeeper::rule(subject)],
        };
        all.extend(readings.into_iter().map(|reading| (subject, reading)));
    }
    all
}

/// The pods that workloads make, as the objects that a cluster would judge.
pub(crate) struct MadePod<'a> {
    subject: &'a Subject<'a>,
    owner: &'a str,
    pod: Value,
}

/// The pods of every workload of a scene. They are made once, for all rules.
pub(crate) fn made_pods<'a>(scene: &Scene<'a>) -> Vec<MadePod<'a>> {
    let made = scene.pods().iter().filter(|pods| pods.template.owner != "Pod").map(|pods| {
        let template = pods.template.template;
        let pod = json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": template.child("metadata").cloned().unwrap_or_else(|| json!({})),
            "spec": pods.template.spec,
        });
        MadePod { subject: pods.subject, owner: pods.template.owner, pod }
    });
    made.collect()
}

/// Everything in the scene, and among the pods that it makes, that breaks a rule.
pub(crate) fn breaches(scene: &Scene<'_>, pods: &[MadePod<'_>], rule: &Rule<'_>) -> Vec<Breach> {
    let whole = scene.subjects.iter().filter(|subject| rule.concerns(Shape::of(subject)));
    let whole = whole.filter_map(|subject| {
        let failure = rule.asks.failure(subject.value)?;
        Some(Breach { subject: subject.index, failure, of_pods: false })
    });
    let pods = pods.iter().filter(|made| {
        rule.concerns(Shape { group: "", version: "v1", kind: "Pod", namespace: made.subject.namespace() })
    });
    let pods = pods.filter_map(|made| {
        let Failure { field, what } = rule.asks.failure(&made.pod)?;
        let field = template_path(made.owner).join(&field);
        Some(Breach { subject: made.subject.index, failure: Failure { field, what }, of_pods: true })
    });
    whole.chain(pods).collect()
}

/// Where a kind keeps the template of its pods.
fn template_path(owner: &str) -> KeyPath {
    match owner {
        "CronJob" => KeyPath::of(["spec", "jobTemplate", "spec", "template"]),
        _ => KeyPath::of(["spec", "template"]),
    }
}

/// What filters look at.
#[derive(Clone, Copy)]
struct Shape<'a> {
    group: &'a str,
    version: &'a str,
    kind: &'a str,
    namespace: &'a str,
}

impl<'a> Shape<'a> {
    fn of(subject: &'a Subject<'a>) -> Self {
        let gvk = &subject.object.id.gvk;
        let version = gvk.api_version.rsplit('/').next().unwrap_or_default();
        Self { group: gvk.group(), version, kind: &gvk.kind, namespace: subject.namespace() }
    }
}

impl Rule<'_> {
    fn concerns(&self, shape: Shape<'_>) -> bool {
        self.filters.iter().any(|filter| filter.fits(shape))
    }
}

impl Filter<'_> {
    fn fits(&self, shape: Shape<'_>) -> bool {
        let of_kind = self.kinds.iter().any(|kind| {
            stars_and_marks(kind.group, shape.group)
                && stars_and_marks(kind.version, shape.version)
                && stars_and_marks(kind.kind, shape.kind)
        });
        let namespaces = &self.namespaces;
        of_kind
            && (namespaces.is_empty() || namespaces.iter().any(|name| stars_and_marks(name, shape.namespace)))
    }
}

impl<'a> KindPattern<'a> {
    /// `None` where the text has another form than those that are read here.
    fn read(text: &'a str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let (group, version, kind) = match parts.as_slice() {
            [kind] => ("*", "*", *kind),
            // What follows a kind is a subresource, and no object of a tree.
            [version, kind] if !version.starts_with(|first: char| first.is_ascii_uppercase()) => {
                ("*", *version, *kind)
            }
            [group, version, kind] => (*group, *version, *kind),
            _ => return None,
        };
        Some(Self { group, version, kind })
    }
}

impl Asks<'_> {
    /// What of an object is not as it is asked for. Of several patterns the first one's failure is told.
    fn failure(&self, object: &Value) -> Option<Failure> {
        match self {
            Self::Patterns(patterns) => {
                let mut failures = Vec::new();
                for pattern in patterns {
                    failures.push(pattern::failure(object, pattern)?);
                }
                failures.into_iter().next()
            }
            Self::Baseline(parameters) => gatekeeper::failure(object, parameters),
        }
    }
}
