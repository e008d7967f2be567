//! Rules of a house's own: an expression of CEL that holds for objects of some kinds.
//!
//! Refuses an expression that cannot be read, and one that uses what is not known here: such a rule would never find
//! anything, and nobody would know.

use super::cel::{Expression, Failure, Value as Cel};
use crate::diag::Severity;
use crate::object::Object;

/// The steps that one rule may take over one object.
const FUEL: u64 = 1_000_000;

/// A rule of one's own.
///
/// ```
/// use bayplan::check::CustomRule;
///
/// let kinds = vec!["Deployment".to_owned()];
/// assert!(CustomRule::new("replicas", kinds.clone(), "object.spec.replicas >= 2", "run two").is_ok());
/// let problem = CustomRule::new("replicas", kinds, "object.spec.", "run two").unwrap_err();
/// assert!(problem.contains("`replicas`"));
/// ```
#[derive(Debug)]
pub struct CustomRule {
    id: String,
    kinds: Vec<String>,
    text: String,
    expression: Expression,
    message: String,
    severity: Severity,
}

impl CustomRule {
    /// A rule that warns of objects of those kinds (`Deployment`, `apps/v1/Deployment`, `*`) for which the expression is
    /// not true. The object is called `object`, and `self` as in the rules of definitions.
    ///
    /// # Errors
    /// Says what keeps the expression from being one that can be asked, or what is missing.
    pub fn new(id: &str, kinds: Vec<String>, expression: &str, message: &str) -> Result<Self, String> {
        if super::format::dns_label(id).is_some() {
            return Err(format!("`{id}` cannot be the id of a rule: use a-z, 0-9 and `-`"));
        }
        if kinds.is_empty() || message.trim().is_empty() {
            return Err(format!("the rule `{id}` lacks its kinds or its message"));
        }
        let parsed = Expression::parse(expression).map_err(|flaw| {
            let (before, after) = expression.split_at(flaw.at.min(expression.len()));
            format!("the expression of the rule `{id}` cannot be read: {} (`{before}» {after}`)", flaw.why)
        })?;
        if let Some(beyond) = parsed.beyond() {
            return Err(format!("the expression of the rule `{id}` uses {beyond}, which there is not"));
        }
        Ok(Self {
            id: id.to_owned(),
            kinds,
            text: expression.trim().to_owned(),
            expression: parsed,
            message: message.trim().to_owned(),
            severity: Severity::Warning,
        })
    }

    /// The same rule with another weight.
    #[must_use]
    pub fn weighing(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// What findings and exceptions call it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What must be true, as it was written.
    #[must_use]
    pub fn expression(&self) -> &str {
        &self.text
    }

    /// How much its findings weigh.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// Whether it concerns objects of that kind.
    pub(crate) fn concerns(&self, object: &Object) -> bool {
        let gvk = &object.id.gvk;
        self.kinds.iter().any(|kind| {
            kind == "*"
                || *kind == gvk.kind
                || kind
                    .rsplit_once('/')
                    .is_some_and(|(version, kind)| version == gvk.api_version && kind == gvk.kind)
        })
    }

    /// What it has to say of an object.
    pub(crate) fn judge(&self, object: &Object) -> Option<String> {
        let own = || Cel::of(&object.value, None);
        let mut fuel = FUEL;
        let said = match self.expression.evaluate([("object", own()), ("self", own())], &mut fuel) {
            Ok(Cel::Bool(true)) => return None,
            Ok(Cel::Bool(false)) => self.message.clone(),
            Ok(_) => format!("{} (`{}` gives no truth)", self.message, self.text),
            Err(Failure::Wrong(why)) => format!("{} (`{}` fails: {why})", self.message, self.text),
            Err(Failure::Beyond(what)) => {
                format!("{} (`{}` cannot be asked: {what})", self.message, self.text)
            }
            Err(Failure::TooCostly) => format!("{} (`{}` takes too many steps)", self.message, self.text),
        };
        Some(said)
    }
}
