//! Pages in Markdown, as GitHub renders it.

use super::template::one_line;

/// A page that grows block by block, one blank line between blocks.
#[derive(Default)]
pub(super) struct Page(Vec<String>);

impl Page {
    /// A heading of that level; 1 is the title.
    pub(super) fn heading(&mut self, level: usize, text: &str) {
        self.0.push(format!("{} {}", "#".repeat(level), one_line(text)));
    }

    /// A paragraph of finished Markdown; an empty one adds nothing.
    pub(super) fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.0.push(text.to_owned());
        }
    }

    /// Steps in their order.
    pub(super) fn steps(&mut self, steps: &[String]) {
        let numbered = steps.iter().zip(1..).map(|(step, number)| format!("{number}. {step}"));
        self.paragraph(&numbered.collect::<Vec<_>>().join("\n"));
    }

    /// Points in no order.
    pub(super) fn points(&mut self, points: &[String]) {
        let points = points.iter().map(|point| format!("- {point}"));
        self.paragraph(&points.collect::<Vec<_>>().join("\n"));
    }

    /// A block of code.
    pub(super) fn code(&mut self, language: &str, code: &str) {
        self.0.push(format!("```{language}\n{}\n```", code.trim_end()));
    }

    /// A table; without rows it adds nothing.
    pub(super) fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let mut lines = vec![
            line(header.iter().map(|cell| (*cell).to_owned()).collect()),
            format!("|{}", "---|".repeat(header.len())),
        ];
        lines.extend(rows.iter().map(|row| line(row.iter().map(|text| cell(text)).collect())));
        self.0.push(lines.join("\n"));
    }

    /// The page as text.
    pub(super) fn finish(self) -> String {
        self.0.join("\n\n") + "\n"
    }
}

/// A bar or a new line would end the cell.
fn cell(text: &str) -> String {
    one_line(text).replace('|', "\\|")
}

/// Each text as code, joined by commas.
pub(super) fn codes<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    texts.into_iter().map(|text| code(text.as_ref())).collect::<Vec<_>>().join(", ")
}

/// The text as code within a line.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{}`", one_line(text).replace('`', "'")) }
}
