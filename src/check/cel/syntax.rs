//! The tree of an expression, and how it is read.
//!
//! Takes the words; gives the tree. Refuses what the grammar of CEL refuses, and trees that are nested too deep to be
//! walked safely. Macros are taken apart here, as CEL asks: `has`, `all`, `exists`, `map`, `cel.bind` and their like.

use std::sync::OnceLock;

use regex::Regex;

use super::functions;
use super::token::{Flaw, Token, tokens};

/// How deep a tree may be.
const DEEPEST: usize = 120;

/// How many words an expression may have: an unbounded chain of fields would be an unbounded tree.
const LONGEST: usize = 5000;

/// One node of an expression.
#[derive(Debug)]
pub(super) enum Expr {
    Literal(Literal),
    Name(String),
    /// `of.name`, or `of.?name`.
    Field {
        of: Box<Self>,
        name: String,
        optional: bool,
    },
    Has {
        of: Box<Self>,
        name: String,
    },
    /// `of[at]`, or `of[?at]`.
    Index {
        of: Box<Self>,
        at: Box<Self>,
        optional: bool,
    },
    Not(Box<Self>),
    Negative(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
    Choice(Box<[Self; 3]>),
    Binary(Operator, Box<[Self; 2]>),
    /// Each item, and whether it is left out where it is an empty optional.
    List(Vec<(Self, bool)>),
    Map(Vec<(Self, Self, bool)>),
    Call {
        name: String,
        target: Option<Box<Self>>,
        arguments: Vec<Self>,
    },
    /// `matches` with a pattern that is written out, which is compiled once.
    Matches {
        of: Box<Self>,
        pattern: Pattern,
    },
    Fold(Box<Fold>),
    Bind {
        name: String,
        value: Box<Self>,
        body: Box<Self>,
    },
    /// `optMap` and `optFlatMap`.
    OptionalMap {
        of: Box<Self>,
        name: String,
        body: Box<Self>,
        flat: bool,
    },
}

/// A value that is written out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
}

/// An operator with two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A macro that goes through a list or a map.
#[derive(Debug)]
pub(super) struct Fold {
    pub kind: FoldKind,
    pub over: Expr,
    /// The item of a list or the key of a map; where there are two names, the index or the key.
    pub first: String,
    pub second: Option<String>,
    pub filter: Option<Expr>,
    pub step: Expr,
}

/// What comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FoldKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    List,
    Map,
    /// A map of the entries of maps.
    Entries,
    /// The list itself, in the order of what each item comes to.
    Sorted,
}

/// A regular expression, compiled when it is first needed.
#[derive(Debug)]
pub(super) struct Pattern {
    pub text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The compiled expression; `None` where it is none that can be read here.
    pub fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| compile(&self.text)).as_ref()
    }
}

/// A regular expression in the syntax of RE2, which is nearly that of `regex`.
pub(super) fn compile(text: &str) -> Option<Regex> {
    regex::RegexBuilder::new(text).size_limit(1 << 20).build().ok()
}

/// Why a text is surely no regular expression to Go either; `None` where it is one, or only this reader cannot tell.
pub(super) fn compile_flaw(text: &str) -> Option<&'static str> {
    const SURE: [(&str, &str); 5] = [
        ("look-around", "it looks around"),
        ("backreferences", "it refers back"),
        ("unclosed group", "a group is not closed"),
        ("unopened group", "a group is closed that was not opened"),
        ("unclosed character class", "a class of characters is not closed"),
    ];
    let Err(regex::Error::Syntax(why)) = Regex::new(text) else { return None };
    SURE.into_iter().find(|(said, _)| why.contains(said)).map(|(_, why)| why)
}

/// Names in front of a function that belong to its name, where there is such a function.
const NAMESPACES: [&str; 7] = ["optional", "cel", "sets", "ip", "format", "lists", "strings"];

/// Words that CEL keeps for itself and that name nothing.
pub(crate) const RESERVED: [&str; 21] = [
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Reads a text.
pub(super) fn parse(text: &str) -> Result<Expr, Flaw> {
    let tokens = tokens(text)?;
    if tokens.len() > LONGEST {
        return Err(Flaw { at: 0, why: format!("it has more than {LONGEST} words") });
    }
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let expr = parser.expr()?;
    match parser.peek() {
        Token::End => {}
        _ => return Err(parser.flaw("something follows the expression")),
    }
    if depth(&expr, 0) > DEEPEST {
        return Err(Flaw { at: 0, why: "it is nested too deep".to_owned() });
    }
    Ok(expr)
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn flaw(&self, why: impl Into<String>) -> Flaw {
        let at = self.tokens.get(self.at).or(self.tokens.last()).map_or(0, |(_, at)| *at);
        Flaw { at, why: why.into() }
    }

    fn takes(&mut self, sign: &str) -> bool {
        let taken = matches!(self.peek(), Token::Sign(own) if *own == sign);
        self.at += usize::from(taken);
        taken
    }

    fn expect(&mut self, sign: &str) -> Result<(), Flaw> {
        if self.takes(sign) { Ok(()) } else { Err(self.flaw(format!("`{sign}` is missing here"))) }
    }

    fn expr(&mut self) -> Result<Expr, Flaw> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.flaw("it is nested too deep"));
        }
        let condition = self.chain("||", Expr::Or, |it| it.chain("&&", Expr::And, Self::relation))?;
        let result = if self.takes("?") {
            let yes = self.expr()?;
            self.expect(":")?;
            let no = self.expr()?;
            Expr::Choice(Box::new([condition, yes, no]))
        } else {
            condition
        };
        self.depth -= 1;
        Ok(result)
    }

    /// Operands between signs that group alike in any order.
    fn chain(
        &mut self,
        sign: &str,
        group: fn(Vec<Expr>) -> Expr,
        operand: fn(&mut Self) -> Result<Expr, Flaw>,
    ) -> Result<Expr, Flaw> {
        let first = operand(self)?;
        if !matches!(self.peek(), Token::Sign(own) if *own == sign) {
            return Ok(first);
        }
        let mut operands = vec![first];
        while self.takes(sign) {
            operands.push(operand(self)?);
        }
        Ok(group(operands))
    }

    fn relation(&mut self) -> Result<Expr, Flaw> {
        let mut left = self.sum()?;
        loop {
            let operator = match self.peek() {
                Token::Sign("==") => Operator::Equal,
                Token::Sign("!=") => Operator::Unequal,
                Token::Sign("<") => Operator::Less,
                Token::Sign("<=") => Operator::AtMost,
                Token::Sign(">") => Operator::More,
                Token::Sign(">=") => Operator::AtLeast,
                Token::Name(name) if name == "in" => Operator::In,
                _ => return Ok(left),
            };
            self.at += 1;
            left = Expr::Binary(operator, Box::new([left, self.sum()?]));
        }
    }

    fn sum(&mut self) -> Result<Expr, Flaw> {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Token::Sign("+") => Operator::Add,
                Token::Sign("-") => Operator::Subtract,
                _ => return Ok(left),
            };
            self.at += 1;
            left = Expr::Binary(operator, Box::new([left, self.product()?]));
        }
    }

    fn product(&mut self) -> Result<Expr, Flaw> {
        let mut left = self.unary()?;
        loop {
            let operator = match self.peek() {
                Token::Sign("*") => Operator::Multiply,
                Token::Sign("/") => Operator::Divide,
                Token::Sign("%") => Operator::Remainder,
                _ => return Ok(left),
            };
            self.at += 1;
            left = Expr::Binary(operator, Box::new([left, self.unary()?]));
        }
    }

    fn unary(&mut self) -> Result<Expr, Flaw> {
        let (mut nots, mut minuses) = (0, 0);
        while self.takes("!") {
            nots += 1;
        }
        while nots == 0 && self.takes("-") {
            minuses += 1;
        }
        if minuses > 0
            && let Token::Int(number) = self.peek()
            && *number == 1 << 63
        {
            self.at += 1;
            return self.members(Expr::Literal(Literal::Int(i64::MIN)));
        }
        let operand = self.primary()?;
        let mut operand = self.members(operand)?;
        if nots % 2 == 1 {
            operand = Expr::Not(Box::new(operand));
        }
        if minuses % 2 == 1 {
            operand = Expr::Negative(Box::new(operand));
        }
        Ok(operand)
    }

    fn primary(&mut self) -> Result<Expr, Flaw> {
        let token = self.peek().clone();
        self.at += 1;
        Ok(match token {
            Token::Int(number) => match i64::try_from(number) {
                Ok(number) => Expr::Literal(Literal::Int(number)),
                Err(_) => return Err(self.flaw("this number does not fit into 64 bits")),
            },
            Token::Uint(number) => Expr::Literal(Literal::Uint(number)),
            Token::Double(number) => Expr::Literal(Literal::Double(number)),
            Token::Text(text) => Expr::Literal(Literal::Text(text)),
            Token::Bytes(bytes) => Expr::Literal(Literal::Bytes(bytes)),
            Token::Sign("(") => {
                let inner = self.expr()?;
                self.expect(")")?;
                inner
            }
            Token::Sign("[") => self.list(false)?,
            Token::Sign("[?") => self.list(true)?,
            Token::Sign("{") => self.map(false)?,
            Token::Sign("{?") => self.map(true)?,
            // A name that begins with a dot is one of the outermost scope; here there is no other.
            Token::Sign(".") => self.name()?,
            Token::Name(_) => {
                self.at -= 1;
                self.name()?
            }
            _ => {
                self.at -= 1;
                return Err(self.flaw("a value is missing here"));
            }
        })
    }

    fn name(&mut self) -> Result<Expr, Flaw> {
        let Token::Name(name) = self.peek().clone() else { return Err(self.flaw("a name is missing here")) };
        self.at += 1;
        Ok(match name.as_str() {
            "true" | "false" => Expr::Literal(Literal::Bool(name == "true")),
            "null" => Expr::Literal(Literal::Null),
            "in" => return Err(self.flaw("`in` has no left side")),
            _ if self.takes("(") => {
                let arguments = self.arguments()?;
                self.call(None, name, arguments)?
            }
            _ => Expr::Name(name),
        })
    }

    fn members(&mut self, mut of: Expr) -> Result<Expr, Flaw> {
        loop {
            if self.takes("[") || matches!(self.peek(), Token::Sign("[?")) {
                let optional = self.takes("[?");
                let at = Box::new(self.expr()?);
                self.expect("]")?;
                of = Expr::Index { of: Box::new(of), at, optional };
            } else if self.takes(".") {
                let optional = self.takes("?");
                of = self.member(of, optional)?;
            } else {
                return Ok(of);
            }
        }
    }

    fn member(&mut self, of: Expr, optional: bool) -> Result<Expr, Flaw> {
        let (Token::Name(name) | Token::Quoted(name)) = self.peek().clone() else {
            return Err(self.flaw("the name of a field is missing here"));
        };
        self.at += 1;
        if !optional && self.takes("(") {
            let arguments = self.arguments()?;
            return match of {
                Expr::Name(space) if in_namespace(&space, &name) => {
                    self.call(None, format!("{space}.{name}"), arguments)
                }
                target => self.call(Some(target), name, arguments),
            };
        }
        Ok(Expr::Field { of: Box::new(of), name, optional })
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, Flaw> {
        let mut arguments = Vec::new();
        while !self.takes(")") {
            arguments.push(self.expr()?);
            if !self.takes(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(arguments)
    }

    fn list(&mut self, mut optional: bool) -> Result<Expr, Flaw> {
        let mut items = Vec::new();
        while !self.takes("]") {
            optional |= self.takes("?");
            items.push((self.expr()?, optional));
            optional = false;
            if !self.takes(",") {
                self.expect("]")?;
                break;
            }
        }
        Ok(Expr::List(items))
    }

    fn map(&mut self, mut optional: bool) -> Result<Expr, Flaw> {
        let mut entries = Vec::new();
        while !self.takes("}") {
            optional |= self.takes("?");
            let key = self.expr()?;
            self.expect(":")?;
            entries.push((key, self.expr()?, optional));
            optional = false;
            if !self.takes(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(Expr::Map(entries))
    }

    /// A call, or the macro that it is.
    fn call(&self, target: Option<Expr>, name: String, mut arguments: Vec<Expr>) -> Result<Expr, Flaw> {
        let count = arguments.len();
        match (target, name.as_str(), count) {
            (None, "has", 1) => match arguments.pop() {
                Some(Expr::Field { of, name, optional: false }) => Ok(Expr::Has { of, name }),
                _ => Err(self.flaw("`has` asks for a field: `has(self.field)`")),
            },
            (None, "cel.bind", 3) => {
                let [name, value, body] = three(arguments).ok_or_else(|| self.flaw("three are asked for"))?;
                let name = self.variable(name)?;
                Ok(Expr::Bind { name, value: Box::new(value), body: Box::new(body) })
            }
            (Some(of), "optMap" | "optFlatMap", 2) => {
                let flat = name == "optFlatMap";
                let (body, variable) = (arguments.pop(), arguments.pop());
                let (Some(body), Some(variable)) = (body, variable) else {
                    return Err(self.flaw("two are asked for"));
                };
                let name = self.variable(variable)?;
                Ok(Expr::OptionalMap { of: Box::new(of), name, body: Box::new(body), flat })
            }
            (Some(over), _, 2..=4) if fold_kind(&name, count).is_some() => self.fold(over, &name, arguments),
            (Some(of), "matches", 1)
                if matches!(arguments.first(), Some(Expr::Literal(Literal::Text(_)))) =>
            {
                match arguments.pop() {
                    Some(Expr::Literal(Literal::Text(text))) => {
                        let pattern = Pattern { text, compiled: OnceLock::new() };
                        Ok(Expr::Matches { of: Box::new(of), pattern })
                    }
                    _ => Err(self.flaw("a pattern is missing here")),
                }
            }
            (target, _, _) => Ok(Expr::Call { name, target: target.map(Box::new), arguments }),
        }
    }

    fn fold(&self, over: Expr, name: &str, arguments: Vec<Expr>) -> Result<Expr, Flaw> {
        let kind = fold_kind(name, arguments.len()).ok_or_else(|| self.flaw("there is no such macro"))?;
        let has_filter = matches!(
            (name, arguments.len()),
            ("map", 3) | ("transformList" | "transformMap" | "transformMapEntry", 4)
        );
        let names = arguments.len() - 1 - usize::from(has_filter);
        let mut arguments = arguments.into_iter();
        let mut variables = arguments.by_ref().take(names).map(|it| self.variable(it));
        let missing = || self.flaw("a name is missing here");
        let first = variables.next().ok_or_else(missing)??;
        let second = variables.next().transpose()?;
        if second.as_ref() == Some(&first) {
            return Err(self.flaw(format!("`{first}` names two things")));
        }
        let filter = if has_filter { arguments.next() } else { None };
        let step = arguments.next().ok_or_else(missing)?;
        Ok(Expr::Fold(Box::new(Fold { kind, over, first, second, filter, step })))
    }

    fn variable(&self, expr: Expr) -> Result<String, Flaw> {
        match expr {
            Expr::Name(name) => Ok(name),
            _ => Err(self.flaw("a macro asks for a name first, as in `self.all(item, item > 0)`")),
        }
    }
}

/// Whether a name and a function after it are the name of one function. `ip` may be a variable as well: `ip.family()`.
fn in_namespace(space: &str, name: &str) -> bool {
    NAMESPACES.contains(&space)
        && ((space, name) == ("cel", "bind") || functions::is_known(&format!("{space}.{name}"), false))
}

fn three(arguments: Vec<Expr>) -> Option<[Expr; 3]> {
    arguments.try_into().ok()
}

/// The macro that a call of a method is, by its name and the count of its arguments.
fn fold_kind(name: &str, count: usize) -> Option<FoldKind> {
    Some(match (name, count) {
        ("all", 2 | 3) => FoldKind::All,
        ("exists", 2 | 3) => FoldKind::Exists,
        ("exists_one" | "existsOne", 2 | 3) => FoldKind::ExistsOne,
        ("filter", 2) => FoldKind::Filter,
        ("map", 2 | 3) | ("transformList", 3 | 4) => FoldKind::List,
        ("transformMap", 3 | 4) => FoldKind::Map,
        ("transformMapEntry", 3 | 4) => FoldKind::Entries,
        ("sortBy", 2) => FoldKind::Sorted,
        _ => return None,
    })
}

impl Expr {
    /// The expressions directly below this one.
    pub fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Literal(_) | Self::Name(_) => Vec::new(),
            Self::Field { of, .. }
            | Self::Has { of, .. }
            | Self::Matches { of, .. }
            | Self::Not(of)
            | Self::Negative(of) => vec![of],
            Self::Index { of, at, .. } => vec![of, at],
            Self::And(parts) | Self::Or(parts) => parts.iter().collect(),
            Self::Choice(parts) => parts.iter().collect(),
            Self::Binary(_, parts) => parts.iter().collect(),
            Self::List(items) => items.iter().map(|(item, _)| item).collect(),
            Self::Map(entries) => entries.iter().flat_map(|(key, value, _)| [key, value]).collect(),
            Self::Call { target, arguments, .. } => target.as_deref().into_iter().chain(arguments).collect(),
            Self::Fold(fold) => {
                [Some(&fold.over), fold.filter.as_ref(), Some(&fold.step)].into_iter().flatten().collect()
            }
            Self::Bind { value, body, .. } => vec![value, body],
            Self::OptionalMap { of, body, .. } => vec![of, body],
        }
    }

    /// Whether anything in the tree is so.
    pub fn any(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        is(self) || self.parts().into_iter().any(|part| part.any(is))
    }
}

/// How deep a tree is, as far as it matters. What was read is at most some thousand nodes deep: chains of fields and sums.
fn depth(expr: &Expr, above: usize) -> usize {
    if above > DEEPEST {
        return above;
    }
    expr.parts().into_iter().map(|part| depth(part, above + 1)).max().unwrap_or(above)
}
