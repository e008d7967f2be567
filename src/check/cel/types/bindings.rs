//! What the variables of types stand for, and whether one type may stand where another is asked for.
//!
//! After `checker/types.go` of cel-go, whose order of questions decides what unclear types become. Types that are built
//! to be looked at without end are given up as [`Type::Dyn`].

use std::cell::Cell;
use std::collections::BTreeMap;

use super::Type;

/// How many types one expression may make us look at.
const STEPS: u32 = 100_000;

/// The types that variables have come to stand for.
#[derive(Debug, Clone)]
pub(super) struct Bindings {
    bound: BTreeMap<u32, Type>,
    left: Cell<u32>,
}

impl Bindings {
    /// Nothing is known of any variable.
    pub const fn new() -> Self {
        Self { bound: BTreeMap::new(), left: Cell::new(STEPS) }
    }

    /// Whether values of the types of one list may stand where those of the other are asked for; binds what follows from
    /// that, and nothing where they may not.
    pub fn unify(&mut self, given: &[Type], asked: &[Type]) -> bool {
        let mut trial = self.clone();
        let fits = given.len() == asked.len() && given.iter().zip(asked).all(|(a, b)| trial.assignable(a, b));
        if fits {
            *self = trial;
        } else {
            self.left = trial.left;
        }
        fits
    }

    /// The type with every bound variable replaced.
    pub fn resolve(&self, of: &Type) -> Type {
        if !of.is_made_of_types() {
            return of.clone();
        }
        if self.is_spent() {
            return Type::Dyn;
        }
        match of {
            Type::Variable(variable) => match self.bound.get(variable) {
                Some(bound) => self.resolve(bound),
                None => of.clone(),
            },
            other => other.with_parts(&mut |part| self.resolve(part)),
        }
    }

    /// The type with no variable left: what nothing was found out about may be anything.
    pub fn settle(&self, of: &Type) -> Type {
        if !of.is_made_of_types() {
            return of.clone();
        }
        if self.is_spent() {
            return Type::Dyn;
        }
        match of {
            Type::Variable(variable) => {
                self.bound.get(variable).map_or(Type::Dyn, |bound| self.settle(bound))
            }
            other => other.with_parts(&mut |part| self.settle(part)),
        }
    }

    /// The more general of two types that fit each other.
    pub fn most_general(&self, a: &Type, b: &Type) -> Type {
        if self.is_less_specific(a, b) { a.clone() } else { b.clone() }
    }

    /// Takes a step, and says whether none was left.
    fn is_spent(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left == 0
    }

    fn assignable(&mut self, a: &Type, b: &Type) -> bool {
        if self.is_spent() {
            return true;
        }
        if let Type::Variable(variable) = b {
            let had = self.bound.contains_key(variable);
            if self.substitutes(a, *variable) {
                return true;
            }
            if had {
                return false;
            }
        }
        if let Type::Variable(variable) = a {
            return self.substitutes(b, *variable);
        }
        match (a, b) {
            (Type::Dyn, _) | (_, Type::Dyn) | (Type::Of(_), Type::Of(_)) => true,
            (Type::Null, other) | (other, Type::Null) => is_nullable(other),
            (Type::List(a), Type::List(b)) | (Type::Optional(a), Type::Optional(b)) => self.assignable(a, b),
            (Type::Map(a), Type::Map(b)) => self.assignable(&a.0, &b.0) && self.assignable(&a.1, &b.1),
            _ => a == b,
        }
    }

    /// Whether a variable may stand for a type. Where it is bound, the more general of both is kept.
    fn substitutes(&mut self, by: &Type, variable: u32) -> bool {
        if matches!(by, Type::Variable(own) if *own == variable) {
            return true;
        }
        let Some(bound) = self.bound.get(&variable).cloned() else {
            let free = !self.mentions(by, variable);
            if free {
                self.bound.insert(variable, by.clone());
            }
            return free;
        };
        let fits = self.assignable(by, &bound);
        if fits {
            let general = self.most_general(by, &bound);
            if !self.mentions(&general, variable) {
                self.bound.insert(variable, general);
            }
        }
        fits
    }

    fn mentions(&self, within: &Type, variable: u32) -> bool {
        if self.is_spent() {
            return true;
        }
        match within {
            Type::Variable(own) if *own == variable => true,
            Type::Variable(own) => self.bound.get(own).is_some_and(|bound| self.mentions(bound, variable)),
            other => other.parts().into_iter().any(|part| self.mentions(part, variable)),
        }
    }

    /// Whether one type says no more than another.
    fn is_less_specific(&self, a: &Type, b: &Type) -> bool {
        if self.is_spent() {
            return true;
        }
        match (a, b) {
            (Type::Dyn | Type::Variable(_), _) | (Type::Of(_), Type::Of(_)) => true,
            (_, Type::Dyn | Type::Variable(_)) => false,
            (Type::List(a), Type::List(b)) | (Type::Optional(a), Type::Optional(b)) => {
                self.is_less_specific(a, b)
            }
            (Type::Map(a), Type::Map(b)) => {
                self.is_less_specific(&a.0, &b.0) && self.is_less_specific(&a.1, &b.1)
            }
            _ => a == b,
        }
    }
}

/// Where a null may stand.
const fn is_nullable(of: &Type) -> bool {
    matches!(
        of,
        Type::Null | Type::Object(_) | Type::Optional(_) | Type::Opaque(_) | Type::Duration | Type::Time
    )
}
