//! Goes through a tree and finds the type of each node, after `checker/checker.go` of cel-go.
//!
//! It ends at the first thing that does not fit. Macros are judged by what cel-go writes for them.

use std::collections::BTreeSet;

use super::bindings::Bindings;
use super::declarations::{Signature, signatures, type_named};
use super::{Type, literals};
use crate::check::cel::syntax::{Expr, Fold, FoldKind, Literal, Operator, RESERVED};

/// What is known of an expression whose types fit.
#[derive(Debug)]
pub(crate) struct Checked<'e> {
    pub gives: Type,
    /// The variables that it speaks of.
    pub asks: BTreeSet<&'e str>,
}

/// What does not fit, in words.
type Typed = Result<Type, String>;

/// Finds the type of a tree whose variables have such types, on a server of a minor version.
pub(in crate::check::cel) fn check<'e>(
    expr: &'e Expr,
    variables: &[(&'e str, Type)],
    minor: u32,
) -> Result<Checked<'e>, String> {
    let mut checker = Checker {
        scope: variables.to_vec(),
        outer: variables.len(),
        asks: BTreeSet::new(),
        bindings: Bindings::new(),
        next: 0,
        minor,
        alike: Vec::new(),
        formats: Vec::new(),
        in_format: 0,
    };
    let gives = checker.of(expr)?;
    checker.literals_are_alike()?;
    checker.formats_fit()?;
    Ok(Checked { gives: checker.bindings.settle(&gives), asks: checker.asks })
}

struct Checker<'e> {
    scope: Vec<(&'e str, Type)>,
    /// How many names of the scope are no names of macros.
    outer: usize,
    asks: BTreeSet<&'e str>,
    bindings: Bindings,
    /// The number of the next variable of types.
    next: u32,
    minor: u32,
    /// Types that have to come out the same: those of the items of one list.
    alike: Vec<Vec<Type>>,
    /// Calls of `format` with a text and a list that are written out, with the types of the items.
    formats: Vec<(&'e str, Vec<Type>)>,
    in_format: usize,
}

impl<'e> Checker<'e> {
    fn of(&mut self, expr: &'e Expr) -> Typed {
        match expr {
            Expr::Literal(literal) => Ok(literal.typed()),
            Expr::Name(name) => self.name(name),
            Expr::Field { of, name, optional } => self.field(of, name, *optional),
            Expr::Has { of, name } => {
                self.field(of, name, false)?;
                Ok(Type::Bool)
            }
            Expr::Index { of, at, optional } => {
                self.operator(if *optional { "[?]" } else { "[]" }, &[of.as_ref(), at.as_ref()])
            }
            Expr::Not(of) => self.operator("!", &[of.as_ref()]),
            Expr::Negative(of) => self.operator("negative", &[of.as_ref()]),
            Expr::And(parts) | Expr::Or(parts) => {
                parts.iter().try_for_each(|part| self.truth(part))?;
                Ok(Type::Bool)
            }
            Expr::Choice(parts) => self.operator("?:", &[&parts[0], &parts[1], &parts[2]]),
            Expr::Binary(operator, sides) => self.operator(operator.declared(), &[&sides[0], &sides[1]]),
            Expr::List(items) => self.list(items).map(|(list, _)| list),
            Expr::Map(entries) => self.map(entries),
            Expr::Matches { of, pattern } => {
                let of = self.of(of)?;
                literals::regex(&pattern.text)?;
                self.call(".matches", &[of, Type::Text])
            }
            Expr::Call { name, target, arguments } => self.function(name, target.as_deref(), arguments),
            Expr::Fold(fold) => self.fold(fold),
            Expr::Bind { .. } => Err("`cel.bind` is not there in the rules of definitions".to_owned()),
            Expr::OptionalMap { of, name, body, flat } => self.optional_map(of, name, body, *flat),
        }
    }

    fn truth(&mut self, expr: &'e Expr) -> Result<(), String> {
        let found = self.of(expr)?;
        if self.bindings.unify(std::slice::from_ref(&found), &[Type::Bool]) {
            return Ok(());
        }
        Err(format!("a condition is a bool, and this is {}", self.bindings.settle(&found)))
    }

    fn name(&mut self, name: &'e str) -> Typed {
        if let Some(at) = self.scope.iter().rposition(|(own, _)| *own == name) {
            if at < self.outer {
                self.asks.insert(name);
            }
            return Ok(self.scope[at].1.clone());
        }
        let named = type_named(name).map(|it| Type::Of(std::sync::Arc::new(it)));
        named.ok_or_else(|| format!("there is no `{name}`"))
    }

    fn field(&mut self, of: &'e Expr, name: &str, optional: bool) -> Typed {
        if !optional && self.names_a_type(of) {
            return Ok(Type::Of(std::sync::Arc::new(Type::Dyn)));
        }
        if let Some(found) = self.dotted(of, name).filter(|_| !optional) {
            return Ok(found);
        }
        let found = self.of(of)?;
        let found = self.bindings.resolve(&found);
        let (target, is_optional) = match &found {
            Type::Optional(inner) => (inner.as_ref(), true),
            other => (other, false),
        };
        let field = match target {
            Type::Map(both) => both.1.clone(),
            Type::Object(object) => object
                .field(name)
                .cloned()
                .ok_or_else(|| format!("the schema has no field `{name}` there"))?,
            Type::Variable(_) | Type::Dyn => {
                self.bindings.unify(&[Type::Dyn], std::slice::from_ref(target));
                Type::Dyn
            }
            other => return Err(format!("{other} has no fields, and `.{name}` asks for one")),
        };
        let field = self.bindings.resolve(&field);
        Ok(if is_optional || optional { Type::optional(field) } else { field })
    }

    /// Whether a chain of names leads to a type of a library: `net` of `net.IP`.
    /// A variable whose own name has a dot in it, as `authorizer.requestResource`.
    fn dotted(&self, of: &Expr, name: &str) -> Option<Type> {
        let Expr::Name(first) = of else { return None };
        let is_it = |own: &str| own.split_once('.') == Some((first.as_str(), name));
        self.scope.iter().find(|(own, _)| is_it(own)).map(|(_, found)| found.clone())
    }

    fn names_a_type(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Name(name) => {
                ["google", "kubernetes", "net"].contains(&name.as_str())
                    && !self.scope.iter().any(|(own, _)| own == name)
            }
            Expr::Field { of, optional: false, .. } => self.names_a_type(of),
            _ => false,
        }
    }

    fn operator(&mut self, name: &str, operands: &[&'e Expr]) -> Typed {
        let mut types = Vec::with_capacity(operands.len());
        for operand in operands {
            types.push(self.of(operand)?);
        }
        self.call(name, &types)
    }

    fn function(&mut self, name: &'e str, target: Option<&'e Expr>, arguments: &'e [Expr]) -> Typed {
        if let (Some(target), "format", [Expr::List(items)]) = (target, name, arguments) {
            return self.format(target, items);
        }
        let mut types = Vec::with_capacity(arguments.len() + 1);
        for expr in target.into_iter().chain(arguments) {
            types.push(self.of(expr)?);
        }
        let name = if target.is_some() { format!(".{name}") } else { name.to_owned() };
        literals::argument(&name, arguments)?;
        self.call(&name, &types)
    }

    /// `'%s is %d'.format([self.name, 3])`: the items need not be alike, and are held against the verbs.
    fn format(&mut self, text: &'e Expr, items: &'e [(Expr, bool)]) -> Typed {
        let target = self.of(text)?;
        self.in_format += 1;
        let listed = self.list(items);
        self.in_format -= 1;
        let types = listed?.1;
        if let Expr::Literal(Literal::Text(text)) = text {
            self.formats.push((text, types));
        }
        self.call(".format", &[target, Type::list(Type::Dyn)])
    }

    /// The type that a function gives for arguments of such types. A method has a dot in front, and what it is called on
    /// comes first.
    fn call(&mut self, name: &str, given: &[Type]) -> Typed {
        let plain = name.trim_start_matches('.');
        let other = if plain == name { format!(".{name}") } else { plain.to_owned() };
        let mut found: Option<Type> = None;
        let usable = |it: &&Signature| it.since <= self.minor;
        let chosen: Vec<&Signature> = signatures(name).unwrap_or_default().iter().filter(usable).collect();
        if chosen.is_empty() && signatures(&other).is_none() {
            return Err(match signatures(name).and_then(<[_]>::first) {
                Some(later) => format!("`{plain}` is not there before Kubernetes 1.{}", later.since),
                None => format!("there is no function `{plain}`"),
            });
        }
        for signature in chosen {
            let first = self.next;
            self.next += 26;
            let takes: Vec<Type> = signature.takes.iter().map(|it| it.renumbered(first)).collect();
            if self.bindings.unify(given, &takes) {
                let gives = self.bindings.resolve(&signature.gives.renumbered(first));
                found = Some(match found {
                    None => gives,
                    Some(before) if before == Type::Dyn || before == gives => before,
                    Some(_) => Type::Dyn,
                });
            }
        }
        found.ok_or_else(|| {
            let given: Vec<_> = given.iter().map(|it| self.bindings.settle(it).to_string()).collect();
            format!("`{}` does not take {}", spoken(plain), listed(&given))
        })
    }

    /// The type of a list that is written out, and those of its items.
    fn list(&mut self, items: &'e [(Expr, bool)]) -> Result<(Type, Vec<Type>), String> {
        let (mut joined, mut types) = (None, Vec::with_capacity(items.len()));
        for (item, optional) in items {
            let found = self.of(item)?;
            let found = if *optional { self.unwrapped(&found)? } else { found };
            joined = Some(self.join(joined, &found));
            types.push(found);
        }
        self.note_alike(&types);
        let item = joined.unwrap_or_else(|| self.variable());
        Ok((Type::list(item), types))
    }

    fn map(&mut self, entries: &'e [(Expr, Expr, bool)]) -> Typed {
        let (mut key_joined, mut value_joined) = (None, None);
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (key, value, optional) in entries {
            let (key, value) = (self.of(key)?, self.of(value)?);
            let value = if *optional { self.unwrapped(&value)? } else { value };
            key_joined = Some(self.join(key_joined, &key));
            value_joined = Some(self.join(value_joined, &value));
            keys.push(key);
            values.push(value);
        }
        self.note_alike(&keys);
        self.note_alike(&values);
        let key = key_joined.unwrap_or_else(|| self.variable());
        let value = value_joined.unwrap_or_else(|| self.variable());
        Ok(Type::map(key, value))
    }

    fn unwrapped(&self, found: &Type) -> Typed {
        match self.bindings.resolve(found) {
            Type::Optional(inner) => Ok(inner.as_ref().clone()),
            Type::Dyn => Ok(Type::Dyn),
            other => Err(format!("`?` asks for an optional value, and this is {other}")),
        }
    }

    /// One type for what stands side by side in a list or map.
    fn join(&mut self, before: Option<Type>, found: &Type) -> Type {
        match before {
            None => found.clone(),
            Some(before)
                if self.bindings.unify(std::slice::from_ref(&before), std::slice::from_ref(found)) =>
            {
                self.bindings.most_general(&before, found)
            }
            Some(_) => Type::Dyn,
        }
    }

    fn note_alike(&mut self, types: &[Type]) {
        if self.in_format == 0 && types.len() > 1 {
            self.alike.push(types.to_vec());
        }
    }

    const fn variable(&mut self) -> Type {
        self.next += 1;
        Type::Variable(self.next - 1)
    }

    fn fold(&mut self, fold: &'e Fold) -> Typed {
        let over = self.of(&fold.over)?;
        let over = self.bindings.resolve(&over);
        let two = fold.second.is_some();
        let (first, second) = match &over {
            Type::List(item) if two => (Type::Int, item.as_ref().clone()),
            Type::List(item) => (item.as_ref().clone(), Type::Dyn),
            Type::Map(both) => (both.0.clone(), both.1.clone()),
            Type::Dyn | Type::Variable(_) => {
                self.bindings.unify(&[Type::Dyn], std::slice::from_ref(&over));
                (Type::Dyn, Type::Dyn)
            }
            other => return Err(format!("{other} has no items to go through")),
        };
        let before = self.scope.len();
        self.bind(&fold.first, first.clone())?;
        if let Some(name) = &fold.second {
            self.bind(name, second)?;
        }
        if let Some(filter) = &fold.filter {
            self.truth(filter)?;
        }
        let made = match fold.kind {
            FoldKind::All | FoldKind::Exists | FoldKind::ExistsOne | FoldKind::Filter => {
                self.truth(&fold.step).map(|()| Type::Bool)
            }
            _ => self.of(&fold.step),
        };
        self.scope.truncate(before);
        self.folded(fold.kind, &over, first, made?)
    }

    fn folded(&mut self, kind: FoldKind, over: &Type, first: Type, made: Type) -> Typed {
        match kind {
            FoldKind::All | FoldKind::Exists | FoldKind::ExistsOne => Ok(Type::Bool),
            FoldKind::Filter => Ok(Type::list(first)),
            FoldKind::List => Ok(Type::list(made)),
            FoldKind::Map => Ok(Type::map(first, made)),
            FoldKind::Entries => {
                let (key, value) = (self.variable(), self.variable());
                self.call("mapInsert", &[Type::map(key, value), made])
            }
            FoldKind::Sorted => self.call("sortBy", &[over.clone(), Type::list(made)]),
        }
    }

    fn bind(&mut self, name: &'e str, of: Type) -> Result<(), String> {
        if RESERVED.contains(&name) {
            return Err(format!("`{name}` is a word of the language and no name"));
        }
        self.scope.push((name, of));
        Ok(())
    }

    fn optional_map(&mut self, of: &'e Expr, name: &'e str, body: &'e Expr, flat: bool) -> Typed {
        let found = self.of(of)?;
        let inner = self.call(".value", &[found])?;
        self.bind(name, inner)?;
        let made = self.of(body);
        self.scope.pop();
        let none = Type::optional(self.variable());
        let made = if flat { made? } else { Type::optional(made?) };
        self.call("?:", &[Type::Bool, made, none])
    }

    /// The items of a list that is written out are of one type, and not only of types that fit each other.
    fn literals_are_alike(&self) -> Result<(), String> {
        for types in &self.alike {
            let mut settled = types.iter().map(|it| self.bindings.settle(it));
            let Some(first) = settled.next() else { continue };
            if let Some(other) = settled.find(|it| *it != first) {
                return Err(format!(
                    "the items of a list or map are of one type, and here are {first} and {other}"
                ));
            }
        }
        Ok(())
    }

    fn formats_fit(&self) -> Result<(), String> {
        self.formats.iter().try_for_each(|(text, types)| {
            let types: Vec<Type> = types.iter().map(|it| self.bindings.settle(it)).collect();
            literals::format(text, &types)
        })
    }
}

impl Literal {
    const fn typed(&self) -> Type {
        match self {
            Self::Null => Type::Null,
            Self::Bool(_) => Type::Bool,
            Self::Int(_) => Type::Int,
            Self::Uint(_) => Type::Uint,
            Self::Double(_) => Type::Double,
            Self::Text(_) => Type::Text,
            Self::Bytes(_) => Type::Bytes,
        }
    }
}

impl Operator {
    /// The name in the table of signatures.
    const fn declared(self) -> &'static str {
        match self {
            Self::Less | Self::AtMost | Self::More | Self::AtLeast => "compare",
            other => other.sign(),
        }
    }
}

/// The name of a function as people write it.
fn spoken(name: &str) -> &str {
    match name {
        "negative" => "-",
        "compare" => "<",
        "mapInsert" => "transformMapEntry",
        other => other,
    }
}

fn listed(types: &[String]) -> String {
    match types {
        [] => "nothing".to_owned(),
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        _ => types.concat(),
    }
}
