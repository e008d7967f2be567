//! `README.md` of a chart: how to install it, what may be changed, and every value.

use std::fmt::Write as _;

use super::schema::described;
use super::values::{Held, Values};
use super::{Chart, Variant};

/// The page, as Markdown.
pub(super) fn page(chart: &Chart, values: &Values, variants: &[Variant<'_>]) -> String {
    let mut page = format!("# {}\n\n", chart.name);
    if !chart.description.is_empty() {
        page.extend([&chart.description, "\n\n"]);
    }
    let example = variants.last().map_or("", |variant| variant.name);
    let files = if example.is_empty() { String::new() } else { format!(" -f values-{example}.yaml") };
    // Writing to a string cannot fail.
    let _ = writeln!(
        page,
        "```sh\nhelm upgrade --install {} .{files}\n```\n\n\
         With the values of an environment, this chart gives the objects of `out/rendered/<environment>`, each of them exact.\n\n\
         - **Change values.** Every key below may be set in a file of your own or with `--set`; `values.schema.json` refuses what the \
         templates do not look at, and values of another type. A text or list that is empty by default is left out of the object.\n\
         - **Do not change the files.** All of them are computed from `platform.toml`, and the next render puts back what it says. What \
         is no value here is the same in every environment, on purpose: give it a value of its own in an environment of \
         `platform.toml`, and it becomes one.\n\
         - **Namespaces** are named by `global.namespaces` where environments call them by different names, and not by the \
         namespace of the release.\n\
         - **Secrets** are not in this chart; it names them, and whoever installs it sees to it that they exist.\n\n\
         ## Values\n\n| value | default | sets |\n|---|---|---|",
        chart.name
    );
    for (path, held) in values.iter() {
        page.push_str(&row(&path.join("."), held));
    }
    page
}

fn row(path: &str, held: &Held) -> String {
    let default = held.each.first().map(ToString::to_string).unwrap_or_default();
    format!("| `{}` | {} | {} |\n", cell(path), code(&default), cell(&described(&held.sets)))
}

/// A default as code, where it is short enough for a table.
fn code(text: &str) -> String {
    if text.len() > 60 || text.contains('`') {
        "see `values.yaml`".to_owned()
    } else {
        format!("`{}`", cell(text))
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
