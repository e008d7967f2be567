//! The Common Expression Language, as far as Kubernetes uses it: rules of custom resources, and rules of one's own.
//!
//! Takes the text of an expression and values for its names; gives a value. An [`Expression`] refuses what is none, says
//! what in it is not known here, and never runs longer than the steps that it is given.
//!
//! It is written here and not taken from the crate `cel`, whose evaluation has no bound and whose values are copies: the
//! expressions come from definitions that are being checked, and most objects have nothing to find.

mod evaluate;
mod functions;
mod syntax;
mod token;
mod value;

use evaluate::Evaluator;
use syntax::Expr;

pub(crate) use token::Flaw;
pub(crate) use value::{Failure, Scalar, Shape, Value};

/// An expression that can be evaluated.
#[derive(Debug)]
pub(crate) struct Expression {
    tree: Expr,
}

impl Expression {
    /// Reads an expression.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        syntax::parse(text).map(|tree| Self { tree })
    }

    /// Whether it speaks of a name.
    pub fn names(&self, name: &str) -> bool {
        self.tree.any(&|expr| matches!(expr, Expr::Name(own) if own == name))
    }

    /// The chains of fields that it reads of a name: `self.spec.size` as `spec`, `size`.
    pub fn fields_of(&self, name: &str) -> Vec<Vec<&str>> {
        let mut found = Vec::new();
        gather(&self.tree, name, &mut found);
        found
    }

    /// The first thing that it uses and that is not known here: a function.
    pub fn beyond(&self) -> Option<String> {
        beyond(&self.tree)
    }

    /// Its value. Takes what it costs off `fuel`.
    ///
    /// # Errors
    /// Says why there is none.
    pub fn evaluate<'a>(
        &'a self,
        variables: impl IntoIterator<Item = (&'a str, Value<'a>)>,
        fuel: &mut u64,
    ) -> Result<Value<'a>, Failure> {
        Evaluator { variables: variables.into_iter().collect(), fuel }.value(&self.tree)
    }
}

fn gather<'e>(expr: &'e Expr, name: &str, found: &mut Vec<Vec<&'e str>>) {
    found.extend(chain(expr, name).filter(|chain| !chain.is_empty()));
    expr.parts().into_iter().for_each(|part| gather(part, name, found));
}

/// The fields from a name to an expression, if it is such a chain.
fn chain<'e>(expr: &'e Expr, root: &str) -> Option<Vec<&'e str>> {
    match expr {
        Expr::Name(own) if own == root => Some(Vec::new()),
        Expr::Field { of, name, .. } | Expr::Has { of, name } => {
            let mut above = chain(of, root)?;
            above.push(name);
            Some(above)
        }
        _ => None,
    }
}

fn beyond(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Call { name, target, .. } if !functions::is_known(name, target.is_some()) => {
            Some(format!("the function `{name}`"))
        }
        Expr::Matches { pattern, .. } if pattern.regex().is_none() => {
            Some(format!("the regular expression `{}`", pattern.text))
        }
        _ => expr.parts().into_iter().find_map(beyond),
    }
}

#[cfg(test)]
mod tests;
