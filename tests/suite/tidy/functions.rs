//! How long functions may be and how many parameters they may take.

use super::Breach;
use super::scan::{SourceFile, closing_line, word_at};

const LINES_MOST: usize = 70;
const PARAMETERS_MOST: usize = 5;

struct Function {
    name: String,
    /// From 1.
    line: usize,
    lines: usize,
    parameters: usize,
}

/// Refuses functions that do not fit on a screen.
pub(super) fn lengths(file: &SourceFile) -> Vec<Breach> {
    let long = functions(file).into_iter().filter(|function| function.lines > LINES_MOST);
    long.map(|f| {
        Breach::new(file, f.line, format!("`{}` has {} lines, and {LINES_MOST} is the most", f.name, f.lines))
    })
    .collect()
}

/// Refuses functions that nobody can call without looking.
pub(super) fn parameters(file: &SourceFile) -> Vec<Breach> {
    let wide = functions(file).into_iter().filter(|function| function.parameters > PARAMETERS_MOST);
    wide.map(|f| {
        let why = format!("`{}` has {} parameters, and {PARAMETERS_MOST} is the most", f.name, f.parameters);
        Breach::new(file, f.line, why)
    })
    .collect()
}

/// The lines of each function.
pub(super) fn all_lengths(file: &SourceFile) -> Vec<usize> {
    functions(file).into_iter().map(|function| function.lines).collect()
}

/// The functions with a body outside test modules.
fn functions(file: &SourceFile) -> Vec<Function> {
    let starts = file.shipped().flat_map(|(line, code)| word_at(code, "fn").map(move |at| (line, at)));
    starts.filter_map(|(line, at)| function(file, line, at)).collect()
}

fn function(file: &SourceFile, line: usize, at: usize) -> Option<Function> {
    let mut text = file.code[line - 1][at + 2..].to_owned();
    for more in &file.code[line..] {
        text.push('\n');
        text.push_str(more);
    }
    let name: String = text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if name.is_empty() || !has_body(&text) {
        return None;
    }
    let lines = closing_line(&file.code, line - 1) + 2 - line;
    Some(Function { name, line, lines, parameters: count_parameters(&text) })
}

/// A function of a trait without a body ends in `;` before any brace opens.
fn has_body(text: &str) -> bool {
    let brackets = |text: &str, c: char| text.matches(c).count();
    let semicolon = text.match_indices(';').map(|(at, _)| at).find(|at| {
        // The `;` of an array type stands inside brackets.
        brackets(&text[..*at], '[') == brackets(&text[..*at], ']')
    });
    text.find('{').is_some_and(|brace| semicolon.is_none_or(|end| brace < end))
}

fn count_parameters(text: &str) -> usize {
    let Some(list) = parameter_list(text) else { return 0 };
    let (mut depth, mut count, mut pending) = (0_i32, 0, false);
    let mut before = ' ';
    for c in list.chars() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if before != '-' => depth -= 1,
            ',' if depth == 0 => {
                count += usize::from(pending);
                pending = false;
            }
            _ => {}
        }
        pending |= !c.is_whitespace() && c != ',';
        before = c;
    }
    count + usize::from(pending)
}

/// What stands in the parentheses after the name and its generics.
fn parameter_list(text: &str) -> Option<&str> {
    let open = first_at_depth_zero(text)?;
    let mut depth = 0_usize;
    for (at, c) in text[open..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return text.get(open + 1..open + at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The first `(` that no `<…>` of generics contains.
fn first_at_depth_zero(text: &str) -> Option<usize> {
    let mut depth = 0_i32;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            '(' if depth == 0 => return Some(at),
            _ => {}
        }
        before = c;
    }
    None
}

#[test]
fn a_function_of_71_lines_is_caught_and_one_of_70_is_not() {
    let of = |lines: usize| format!("fn f() {{\n{}}}\n", "    g();\n".repeat(lines - 2));
    assert_eq!(super::lines_of(lengths, "src/diag/a.rs", &of(70)), Vec::<usize>::new());
    assert_eq!(super::lines_of(lengths, "src/diag/a.rs", &of(71)), [1]);
    let test = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", of(90));
    assert_eq!(super::lines_of(lengths, "src/diag/a.rs", &test), Vec::<usize>::new());
}

#[test]
fn six_parameters_are_caught_and_five_are_not() {
    for (text, fits) in [
        ("fn f(a: A, b: B, c: C, d: D, e: E) {}", true),
        ("fn f(a: A, b: B, c: C, d: D, e: E, f: F) {}", false),
        ("fn f<A, B, F: Fn(A, B) -> C>(a: M<A, B>, b: (A, B, C), c: impl Fn(A, B) -> C) {}", true),
        ("fn f(\n    &self,\n    a: A,\n    b: B,\n    c: C,\n    d: D,\n    e: E,\n) {}", false),
        ("fn f(\n    a: A,\n    b: B,\n    c: C,\n    d: D,\n    e: [u8; 4],\n) -> R {}", true),
    ] {
        assert_eq!(super::lines_of(parameters, "src/diag/a.rs", text).is_empty(), fits, "{text}");
    }
}

#[test]
fn functions_are_found_wherever_they_stand() {
    let text = "trait T {\n    fn a(&self);\n    fn b(&self) {\n        1;\n    }\n}\nconst fn c() {}\nlet x: fn(char) = y;\n";
    let files = super::scan::read(vec![("src/diag/a.rs".to_owned(), text.to_owned())]);
    let found: Vec<(String, usize)> = functions(&files[0]).into_iter().map(|f| (f.name, f.lines)).collect();
    assert_eq!(found, [("b".to_owned(), 3), ("c".to_owned(), 1)]);
}
