//! The Common Expression Language, as far as Kubernetes uses it: rules of custom resources, and rules of one's own.
//!
//! Takes the text of an expression and values for its names; gives a value. An [`Expression`] refuses what is none, says
//! what in it is not known here, and never runs longer than the steps that it is given.
//!
//! It is written here and not taken from the crate `cel`, whose evaluation has no bound and whose values are copies: the
//! expressions come from definitions that are being checked, and most objects have nothing to find.

mod cost;
mod evaluate;
mod functions;
mod listed;
mod syntax;
mod token;
mod types;
mod value;

use evaluate::Evaluator;
use syntax::Expr;

pub(crate) use cost::{Extent, Kind};
pub(crate) use syntax::RESERVED;
pub(crate) use token::Flaw;
pub(crate) use types::{Checked, Type};
pub(crate) use value::{Failure, Listed, Scalar, Shape, Value};

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

    /// The first thing that it uses and that is not known here: a function.
    pub fn beyond(&self) -> Option<String> {
        beyond(&self.tree)
    }

    /// Finds the types in it, as a server of a minor version of Kubernetes does when it is given a definition.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check<'e>(&'e self, variables: &[(&'e str, Type)], minor: u32) -> Result<Checked<'e>, String> {
        types::check(&self.tree, variables, minor)
    }

    /// What it costs a server at most, as the server estimates it; never more than that.
    pub fn most_cost(&self, variables: &[(&str, &Extent)]) -> u64 {
        cost::most(&self.tree, variables)
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
