//! What a rule may cost at most, as the API server estimates it before it takes a definition.
//!
//! After `checker/cost.go` of cel-go and `pkg/cel/library/cost.go` of k8s.io/apiserver. This is never more than what the server
//! says: what is not modelled counts as nothing, so a rule that is too costly here is too costly there.

use super::syntax::{Expr, Fold, FoldKind, Literal, Operator};

/// How large values of a schema can be.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extent {
    pub kind: Kind,
    /// Characters, items or entries at most; nothing for what has none.
    pub most: u64,
    /// The bytes of the shortest JSON.
    pub least_bytes: u64,
    /// The fields of an object, by the names of expressions.
    pub fields: std::collections::BTreeMap<String, Self>,
    /// The items of a list, or the values of a map.
    pub item: Option<Box<Self>>,
}

/// What sort of value it is, as far as costs differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    Other,
    Text,
    List,
    Map,
    Object,
}

const LIST: u64 = 10;
const MAP: u64 = 30;

/// What is known of one node: what it costs, how large its value is and where in the schema it is from.
#[derive(Debug, Clone, Copy, Default)]
struct Known<'s> {
    cost: u64,
    size: u64,
    kind: Kind,
    extent: Option<&'s Extent>,
}

/// What an expression costs at most, its variables being as large as given.
pub(super) fn most(expr: &Expr, variables: &[(&str, &Extent)]) -> u64 {
    let scope = variables.iter().map(|(name, extent)| (*name, Known::of(Some(extent)))).collect();
    Walk { scope }.of(expr).cost
}

/// A part of a size, rounded up: texts are read ten characters for one.
const fn share(size: u64, parts: u64) -> u64 {
    size.div_ceil(parts)
}

impl<'s> Known<'s> {
    fn of(extent: Option<&'s Extent>) -> Self {
        let (size, kind) = extent.map_or((0, Kind::Other), |it| (it.most, it.kind));
        Self { cost: 0, size, kind, extent }
    }

    const fn costing(self, cost: u64) -> Self {
        Self { cost, ..self }
    }

    fn item(&self) -> Option<&'s Extent> {
        self.extent.and_then(|it| it.item.as_deref())
    }
}

struct Walk<'e, 's> {
    scope: Vec<(&'e str, Known<'s>)>,
}

impl<'e, 's> Walk<'e, 's> {
    fn of(&mut self, expr: &'e Expr) -> Known<'s> {
        match expr {
            Expr::Literal(literal) => literal.known(),
            Expr::Name(name) => {
                let found = self.scope.iter().rev().find(|(own, _)| own == name);
                found.map_or_else(Known::default, |(_, known)| *known).costing(1)
            }
            Expr::Field { of, name, optional } => {
                let of = self.of(of);
                let field = of.extent.and_then(|it| it.fields.get(name)).filter(|_| !optional);
                let step = u64::from(matches!(of.kind, Kind::Object | Kind::Map));
                Known::of(field).costing(of.cost.saturating_add(step))
            }
            Expr::Has { of, .. } => Known::default().costing(self.of(of).cost),
            Expr::Index { of, at, optional } => {
                let (of, at) = (self.of(of), self.of(at));
                let item = of.item().filter(|_| !optional);
                Known::of(item).costing(of.cost.saturating_add(at.cost).saturating_add(1))
            }
            // A number with a sign is a number to the server.
            Expr::Negative(of) if matches!(of.as_ref(), Expr::Literal(_)) => self.of(of),
            Expr::Not(of) | Expr::Negative(of) => {
                Known::default().costing(self.of(of).cost.saturating_add(1))
            }
            Expr::And(parts) | Expr::Or(parts) => Known::default().costing(self.sum(parts)),
            Expr::Choice(parts) => {
                let [condition, yes, no] = parts.as_ref();
                let (condition, yes, no) = (self.of(condition), self.of(yes), self.of(no));
                let cost = condition.cost.saturating_add(yes.cost.max(no.cost));
                let kind = if yes.kind == no.kind { yes.kind } else { Kind::Other };
                Known { cost, size: yes.size.max(no.size), kind, extent: None }
            }
            Expr::Binary(operator, sides) => {
                let (left, right) = (self.of(&sides[0]), self.of(&sides[1]));
                binary(*operator, left, right)
            }
            Expr::List(items) => {
                let cost = items.iter().fold(LIST, |sum, (item, _)| sum.saturating_add(self.of(item).cost));
                Known { cost, size: items.len() as u64, kind: Kind::List, extent: None }
            }
            Expr::Map(entries) => {
                let cost = entries.iter().fold(MAP, |sum, (key, value, _)| {
                    sum.saturating_add(self.of(key).cost).saturating_add(self.of(value).cost)
                });
                Known { cost, size: entries.len() as u64, kind: Kind::Map, extent: None }
            }
            Expr::Matches { of, pattern } => {
                let of = self.of(of);
                let steps = searched(of.size, pattern.text.chars().count() as u64);
                Known::default().costing(of.cost.saturating_add(steps))
            }
            Expr::Call { name, target, arguments } => self.call(name, target.as_deref(), arguments),
            Expr::Fold(fold) => self.fold(fold),
            Expr::Bind { name, value, body } | Expr::OptionalMap { of: value, name, body, .. } => {
                let value = self.of(value);
                self.scope.push((name, Known::default()));
                let body = self.of(body);
                self.scope.pop();
                Known::default().costing(value.cost.saturating_add(body.cost))
            }
        }
    }

    fn sum(&mut self, parts: &'e [Expr]) -> u64 {
        parts.iter().fold(0_u64, |sum, part| sum.saturating_add(self.of(part).cost))
    }

    fn call(&mut self, name: &str, target: Option<&'e Expr>, arguments: &'e [Expr]) -> Known<'s> {
        let target = target.map(|it| self.of(it));
        let arguments: Vec<Known<'s>> = arguments.iter().map(|it| self.of(it)).collect();
        let first = arguments.first().copied().unwrap_or_default();
        let before = target.iter().chain(&arguments).fold(0_u64, |sum, it| sum.saturating_add(it.cost));
        let called = match target {
            Some(target) => method(name, target, first, arguments.len()),
            None if name == "dyn" => Known { cost: 1, size: first.size, ..Known::default() },
            None => function(name, first),
        };
        called.costing(before.saturating_add(called.cost))
    }

    /// A macro goes through all items, and keeps a value beside them that it looks at each time.
    fn fold(&mut self, fold: &'e Fold) -> Known<'s> {
        let over = self.of(&fold.over);
        let before = self.scope.len();
        let item = match over.kind {
            // What is known of the keys of a map is that they are texts.
            Kind::Map => Known { kind: Kind::Text, ..Known::default() },
            _ if fold.second.is_some() => Known::default(),
            _ => Known::of(over.item()),
        };
        self.scope.push((&fold.first, item));
        if let Some(second) = &fold.second {
            self.scope.push((second, Known::of(over.item())));
        }
        let filter = fold.filter.as_ref().map_or(0, |it| self.of(it).cost);
        let step = self.of(&fold.step).cost;
        self.scope.truncate(before);
        // What the macro itself does, for each item and around them.
        let (each, around) = match fold.kind {
            FoldKind::All => (3, 1),
            FoldKind::Exists => (4, 1),
            FoldKind::ExistsOne => (2, 1),
            FoldKind::Filter => (LIST + 3, LIST + 1),
            FoldKind::List => (LIST + 2, LIST + 1),
            FoldKind::Map | FoldKind::Entries | FoldKind::Sorted => (0, 0),
        };
        let loops = over.size.saturating_mul(filter.saturating_add(step).saturating_add(each));
        let cost = over.cost.saturating_add(loops).saturating_add(around);
        match fold.kind {
            FoldKind::Filter | FoldKind::List => {
                Known { cost, size: over.size, kind: Kind::List, extent: None }
            }
            _ => Known::default().costing(cost),
        }
    }
}

fn binary<'s>(operator: Operator, left: Known<'s>, right: Known<'s>) -> Known<'s> {
    let before = left.cost.saturating_add(right.cost);
    let texts = left.kind == Kind::Text && right.kind == Kind::Text;
    let (own, size, kind) = match operator {
        Operator::Equal | Operator::Unequal => (share(left.size.min(right.size), 10), 0, Kind::Other),
        Operator::Less | Operator::AtMost | Operator::More | Operator::AtLeast if texts => {
            (share(left.size.min(right.size), 10), 0, Kind::Other)
        }
        Operator::In if right.kind == Kind::List => (right.size, 0, Kind::Other),
        Operator::Add if texts => {
            let size = left.size.saturating_add(right.size);
            (share(size, 10), size, Kind::Text)
        }
        Operator::Add if left.kind == Kind::List => (1, left.size.saturating_add(right.size), Kind::List),
        Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
            (1, 0, Kind::Other)
        }
        _ => (0, 0, Kind::Other),
    };
    Known { cost: before.saturating_add(own), size, kind, extent: None }
}

/// A regular expression of a length over a text of a size.
const fn searched(size: u64, pattern: u64) -> u64 {
    share(size.saturating_add(1), 10).saturating_mul(share(pattern, 4))
}

/// A method; what it is not known to cost is nothing.
fn method<'s>(name: &str, target: Known<'s>, first: Known<'s>, count: usize) -> Known<'s> {
    let plain = |cost: u64| Known::default().costing(cost);
    let text = |cost: u64, size: u64| Known { cost, size, kind: Kind::Text, extent: None };
    match name {
        "startsWith" | "endsWith" => plain(share(first.size, 10)),
        "contains" => plain(share(target.size, 10).saturating_mul(share(first.size, 10))),
        "matches" => plain(searched(target.size, first.size)),
        "lowerAscii" | "upperAscii" | "substring" | "trim" => text(share(target.size, 10), target.size),
        "replace" => text(share(target.size, 5), 0),
        "split" => {
            let size = if count == 1 { target.size } else { 0 };
            Known { cost: share(target.size, 5), size, kind: Kind::List, extent: None }
        }
        "find" => text(searched(target.size, first.size), target.size),
        "findAll" => {
            let cost = searched(target.size, first.size);
            Known { cost, size: target.size, kind: Kind::List, extent: None }
        }
        "join" => {
            let size = target.size.saturating_mul(target.item().map_or(0, |it| it.most));
            text(share(size, 10), size)
        }
        "isSorted" | "sum" | "max" | "min" | "indexOf" | "lastIndexOf" if target.kind == Kind::List => {
            let texts = target.item().filter(|it| it.kind == Kind::Text);
            let each = 1 + texts.map_or(0, |it| share(it.most, 10));
            plain(target.size.saturating_mul(each))
        }
        "indexOf" | "lastIndexOf" if target.kind == Kind::Text => plain(share(target.size, 10)),
        "validate" => plain(share(first.size, 10).saturating_mul(32)),
        "size" => plain(1),
        _ => plain(0),
    }
}

/// A function; what it is not known to cost is nothing.
fn function<'s>(name: &str, first: Known<'s>) -> Known<'s> {
    let plain = |cost: u64| Known::default().costing(cost);
    match name {
        "url" | "quantity" | "isQuantity" | "semver" | "isSemver" | "cidr" | "isCIDR" | "ip" | "isIP" => {
            plain(share(first.size, 10))
        }
        "ip.isCanonical" => plain(share(first.size, 5)),
        "size" | "type" | "duration" | "timestamp" | "int" | "double" | "uint" | "bool" => plain(1),
        _ => plain(0),
    }
}

impl Literal {
    fn known<'s>(&self) -> Known<'s> {
        let (size, kind) = match self {
            Self::Text(text) => (text.chars().count() as u64, Kind::Text),
            Self::Bytes(bytes) => (bytes.len() as u64, Kind::Other),
            _ => (1, Kind::Other),
        };
        Known { cost: 0, size, kind, extent: None }
    }
}
