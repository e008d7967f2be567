//! Rules over Kubernetes objects: what a cluster would refuse, and what would not work once it is there.
//!
//! Takes finished objects and a [`Context`]; gives [`Finding`]s. It reports and never changes anything, never sees
//! `platform.toml`, and reads no file. The rules come in families:
//!
//! - *schema*: the object is of the shape that the API server of the target version decodes, with no field unknown;
//! - *api*: what the API server's own validation refuses and a schema cannot say, after its defaulting;
//! - *references*: everything that an object names is there;
//! - *reachability*: network policies let through what was declared;
//! - *security*, *reliability*, *resources*, *networking*, *deprecations*, *hygiene*: how things should be done.
//!
//! [`RULES`] is the table of them. A [`Profile`] says which run: only what the API server refuses, everything but what is
//! off, or everything.
//!
//! ```
//! use bayplan::check::{self, Context, KubernetesVersion, Schemas};
//! use bayplan::object::Object;
//! use bayplan::source::KeyPath;
//!
//! let value = bayplan::value::json!({
//!     "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "Core" }
//! });
//! let objects = [Object::from_value(value, "namespaces", KeyPath::of(["namespaces", "core"]))];
//! let schemas = Schemas::new(KubernetesVersion::V1_35);
//! let findings = check::run(&objects, &Context::new(&schemas));
//! assert_eq!(findings[0].diagnostic.code.name, "meta-name");
//! assert_eq!(findings[0].diagnostic.field.as_deref(), Some("metadata.name"));
//! ```

mod admission;
mod cel;
mod changes;
mod context;
mod cron;
mod custom;
mod digest;
mod dropped;
mod duration;
pub mod exceptions;
mod feature;
mod finding;
mod format;
pub(crate) mod image;
#[cfg(test)]
mod linear;
mod made;
mod nearly;
mod network;
mod origins;
mod pods;
mod quantity;
pub mod reach;
mod rule;
mod rules;
mod scene;
pub mod schema;
mod selector;
mod settings;
mod slips;
mod subject;
#[cfg(test)]
mod testing;
mod unvalidated;
mod values;
mod webhook;
mod workloads;

use crate::diag::Code;
use crate::object::Object;

pub use crate::names::KubernetesVersion;
pub use changes::changes;
pub use context::{Context, Context as Policy, External, Keys, Labels};
pub use custom::CustomRule;
pub use digest::digest;
pub use exceptions::{Exception, Exceptions};
pub use finding::{Finding, notation};
pub use origins::Origins;
pub use rule::{Family, Level, Profile, Rule};
pub use rules::{CODES, RULES, rule};
pub use schema::Schemas;
pub use settings::{NodeShape, Settings};

/// Whether a text has the form of a token or a private key, or holds a password in a URL.
#[must_use]
pub fn is_token(text: &str) -> bool {
    rules::security::tokens::kind(text).is_some()
}

use finding::Findings;
use scene::Scene;
use subject::Subject;

/// Whether findings of a code say that something is missing which another object asks for.
#[must_use]
pub fn is_dangling(code: &Code) -> bool {
    const CONFLICTS: [&str; 4] =
        ["dup-ingress-route", "duplicate-object", "ref-selector-overlap", "ref-service-overlap"];
    rule(code.name).is_some_and(|rule| rule.family == Family::References) && !CONFLICTS.contains(&code.name)
}

/// The checks of other tools: a line for each row of the catalogue, with the names that kube-linter, kube-score,
/// Polaris, Checkov, datree and kubesec have for it, separated by tabs and, within a column, by spaces.
/// [`Rule::rows`] leads from a rule to its rows.
pub const CATALOGUE: &str = include_str!("catalogue.tsv");

/// Judges objects by a policy: runs its rules, and leaves out what its exceptions or annotations on the objects excuse.
///
/// The findings come in the order of the objects, and for one object in the order of [`CODES`]; last come those about the
/// exceptions themselves.
#[must_use]
pub fn run(objects: &[Object], policy: &Policy<'_>) -> Vec<Finding> {
    let mut exceptions = Exceptions::new(&policy.exceptions, &policy.today);
    objects.iter().enumerate().for_each(|(index, object)| exceptions.gather(index, object));
    let mut findings = findings(objects, policy);
    findings.retain(|finding| exceptions.keeps(finding.object, &finding.diagnostic));
    findings.extend(exceptions.verdict(CODES));
    findings
}

/// What the rules of a policy find, excused or not.
#[must_use]
pub fn findings(objects: &[Object], policy: &Policy<'_>) -> Vec<Finding> {
    run_with(objects, policy, rules::apply)
}

/// What the rules find that look at each object by itself.
#[must_use]
pub fn findings_alone(objects: &[Object], policy: &Policy<'_>) -> Vec<Finding> {
    let subjects = subjects(objects, policy);
    let mut findings = Findings::default();
    rules::apply_alone(&Scene::bare(&subjects, policy), &mut findings);
    finish(findings, objects, policy)
}

/// What the rules find that look from one object to another.
#[must_use]
pub fn findings_across(objects: &[Object], policy: &Policy<'_>) -> Vec<Finding> {
    run_with(objects, policy, rules::apply_across)
}

/// Whether any rule of the policy looks from one object to another.
#[must_use]
pub fn looks_across(policy: &Policy<'_>) -> bool {
    rules::looks_across(policy.profile)
}

/// Whether an object is a policy of Kyverno or Gatekeeper: where one is in a tree, a [`digest`] of the others is not enough,
/// since it may ask for any of their fields.
#[must_use]
pub fn is_policy(object: &Object) -> bool {
    admission::is_policy(object)
}

fn run_with(
    objects: &[Object],
    context: &Context<'_>,
    apply: for<'a> fn(&Scene<'a>, &mut Findings<'a>),
) -> Vec<Finding> {
    let subjects = subjects(objects, context);
    let mut findings = Findings::default();
    apply(&Scene::new(&subjects, context), &mut findings);
    finish(findings, objects, context)
}

fn finish(findings: Findings<'_>, objects: &[Object], context: &Context<'_>) -> Vec<Finding> {
    let mut findings = findings.finish(objects);
    dropped::forget(&mut findings, objects, context);
    unvalidated::weigh(&mut findings, objects, context);
    findings
}

fn subjects<'a>(objects: &'a [Object], context: &'a Context<'a>) -> Vec<Subject<'a>> {
    objects.iter().enumerate().map(|(index, object)| Subject::new(index, object, context)).collect()
}
