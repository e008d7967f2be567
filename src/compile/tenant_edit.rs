//! Tenants added, changed and removed in the text of `platform.toml` itself.
//!
//! Takes the text and what is to be done; gives the text afterwards. Comments, order and layout of everything else stay as they
//! are: an edit touches the lines of one tenant. Whether the result is a platform is for a compilation to say, before anybody
//! writes it. Refuses a tenant that is there already, or is not there, and a key or a name that cannot be.

use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

use crate::diag::{Diagnostic, did_you_mean};
use crate::names::DnsLabel;
use crate::resolve::codes::UNKNOWN_REFERENCE;
use crate::resolve::tenant_codes::NAMESPACE_TAKEN;
use crate::spec;
use crate::spec::codes::{BAD_VALUE, TOML_SYNTAX};

/// The table that holds tenants.
const NOUN: &str = "tenants";

/// What is to be done. Values are `key = value`, the key dotted as below `[tenants.<name>]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantEdit {
    /// A tenant that is not there yet. A name that is no DNS label becomes its title, and its key the nearest label.
    Add {
        /// What people call it.
        name: String,
        /// What is said of it.
        values: Vec<(String, String)>,
    },
    /// Other values for a tenant that is there.
    Set {
        /// Its key.
        name: String,
        /// What changes.
        values: Vec<(String, String)>,
    },
    /// A tenant that goes.
    Remove {
        /// Its key.
        name: String,
    },
}

/// A text with an edit done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The text afterwards.
    pub text: String,
    /// The key of the tenant.
    pub tenant: String,
}

/// Does an edit in the text of a `platform.toml`.
///
/// # Errors
/// Why it cannot be done.
pub fn edit_tenant(text: &str, edit: &TenantEdit) -> Result<Edited, Box<Diagnostic>> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| Box::new(Diagnostic::new(&TOML_SYNTAX, error.message())))?;
    match edit {
        TenantEdit::Add { name, values } => {
            let (key, title) = key(name)?;
            if find(&document, &key).is_some() {
                let problem = Diagnostic::new(&NAMESPACE_TAKEN, format!("there is a tenant `{key}` already"));
                return Err(problem.hint(format!("change it: bayplan tenant set {key} key=value")).into());
            }
            let title = title.map(|title| ("title".to_owned(), title));
            let values: Vec<(String, String)> = title.into_iter().chain(values.iter().cloned()).collect();
            let mut table = InlineTable::new();
            for (path, value) in &values {
                set(&mut table, &words(path)?, written(path, value));
            }
            insert(&mut document, &key, table);
            Ok(Edited { text: document.to_string(), tenant: key })
        }
        TenantEdit::Set { name, values } => {
            let table = find_mut(&mut document, name)?;
            for (path, value) in values {
                set(table, &words(path)?, written(path, value));
            }
            Ok(Edited { text: document.to_string(), tenant: name.clone() })
        }
        TenantEdit::Remove { name } => {
            find_mut(&mut document, name)?;
            let all = document.get_mut(NOUN).and_then(Item::as_table_like_mut);
            all.into_iter().for_each(|all| drop(all.remove(name)));
            let text = without_lines(text, name).filter(|text| means(text, &document));
            Ok(Edited { text: text.unwrap_or_else(|| document.to_string()), tenant: name.clone() })
        }
    }
}

/// The key of a tenant, and its title where that is something else.
fn key(name: &str) -> Result<(String, Option<String>), Box<Diagnostic>> {
    match DnsLabel::parse(name) {
        Ok(label) => Ok((label.to_string(), None)),
        Err(error) => match error.suggestion() {
            Some(better) => Ok((better.to_owned(), Some(name.to_owned()))),
            None => Err(Diagnostic::new(&BAD_VALUE, error.message()).hint("choose another name").into()),
        },
    }
}

fn words(path: &str) -> Result<Vec<&str>, Box<Diagnostic>> {
    let words: Vec<&str> = path.split('.').collect();
    if words.iter().any(|word| word.is_empty()) {
        let problem = Diagnostic::new(&BAD_VALUE, format!("`{path}` is no key of a tenant"));
        return Err(problem.hint("write it as in `quota.storage=50Gi`").into());
    }
    Ok(words)
}

/// A value as TOML has it: the text itself where a text is wanted, or where it is nothing else.
fn written(path: &str, value: &str) -> Value {
    let path: Vec<&str> = [NOUN, "*"].into_iter().chain(path.split('.')).collect();
    if spec::takes_text(&path) {
        return Value::from(value);
    }
    value.trim().parse::<Value>().map_or_else(
        |_| Value::from(value),
        |mut parsed| {
            parsed.decor_mut().clear();
            parsed
        },
    )
}

fn find<'a>(document: &'a DocumentMut, name: &str) -> Option<&'a Item> {
    document.get(NOUN)?.as_table_like()?.get(name)
}

fn find_mut<'a>(document: &'a mut DocumentMut, name: &str) -> Result<&'a mut dyn TableLike, Box<Diagnostic>> {
    let all = document.get(NOUN).and_then(Item::as_table_like);
    let names: Vec<String> =
        all.into_iter().flat_map(TableLike::iter).map(|(key, _)| key.to_owned()).collect();
    let near = did_you_mean(name, names.iter().map(String::as_str)).map(str::to_owned);
    let found = document.get_mut(NOUN).and_then(Item::as_table_like_mut);
    let found = found.and_then(|all| all.get_mut(name)).and_then(Item::as_table_like_mut);
    found.ok_or_else(|| {
        let problem = Diagnostic::new(&UNKNOWN_REFERENCE, format!("there is no tenant `{name}`"));
        let add = || format!("add it: bayplan tenant add {name} --owner …");
        problem.hint(near.map_or_else(add, |near| format!("did you mean `{near}`?"))).into()
    })
}

/// Puts a value at a path, with what stands round it kept. Tables on the way are made where they are missing.
fn set(table: &mut dyn TableLike, path: &[&str], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        match table.get_mut(first).and_then(Item::as_value_mut) {
            Some(old) => {
                let decor = old.decor().clone();
                *old = value;
                *old.decor_mut() = decor;
            }
            None => drop(table.insert(first, Item::Value(value))),
        }
        return;
    }
    // A short form on the way (`owner = "alice"`) gives way to the table that is meant now.
    if table.get(first).is_none_or(|item| item.as_table_like().is_none()) {
        let mut dotted = InlineTable::new();
        dotted.set_dotted(true);
        drop(table.insert(first, Item::Value(Value::InlineTable(dotted))));
    }
    if let Some(inner) = table.get_mut(first).and_then(Item::as_table_like_mut) {
        set(inner, rest, value);
    }
}

/// Adds a tenant in the form that the others have: a line of `[tenants]`, or a table of its own after the last one.
fn insert(document: &mut DocumentMut, key: &str, values: InlineTable) {
    let lines = document.get(NOUN).and_then(Item::as_table).is_some_and(|all| !all.is_implicit());
    let all = document.entry(NOUN).or_insert_with(|| {
        let mut all = Table::new();
        all.set_implicit(true);
        Item::Table(all)
    });
    let Some(all) = all.as_table_like_mut() else { return };
    if lines {
        let mut values = values;
        values.fmt();
        drop(all.insert(key, Item::Value(Value::InlineTable(values))));
        return;
    }
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    for (key, value) in values {
        let mut value = value;
        value.decor_mut().clear();
        table.insert(&key, Item::Value(value));
    }
    drop(all.insert(key, Item::Table(table)));
}

/// The text without the tables of a tenant. The comment right above its header goes with it; what stands further up, and above the
/// next header, stays.
fn without_lines(text: &str, name: &str) -> Option<String> {
    let mut kept: Vec<&str> = Vec::new();
    // Blank lines and comments at the end of what goes: they may belong to the next header.
    let mut pending: Vec<&str> = Vec::new();
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if is_header_of(bare, name) {
            inside = true;
            pending.clear();
            let above = kept.iter().rposition(|line| !line.trim().starts_with('#'));
            kept.truncate(above.map_or(0, |at| at + 1));
        } else if bare.starts_with('[') {
            inside = false;
            settle(&mut kept, &mut pending);
            kept.push(line);
        } else if !inside {
            kept.push(line);
        } else if bare.is_empty() || bare.starts_with('#') {
            pending.push(line);
        } else {
            pending.clear();
        }
    }
    settle(&mut kept, &mut pending);
    (!kept.is_empty()).then(|| kept.concat())
}

fn is_header_of(line: &str, name: &str) -> bool {
    let own = format!("{NOUN}.{name}");
    let header = line.strip_prefix('[').and_then(|rest| rest.split(']').next());
    header
        .and_then(|header| header.strip_prefix(&own))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Keeps what was pending, with one blank line where both sides bring one.
fn settle<'a>(kept: &mut Vec<&'a str>, pending: &mut Vec<&'a str>) {
    let blank = |line: Option<&&str>| line.is_none_or(|line| line.trim().is_empty());
    if blank(kept.last()) && !pending.is_empty() && blank(pending.first()) {
        pending.remove(0);
    }
    kept.append(pending);
}

/// Whether a text means what the document does. An edit of lines that did something else is never taken.
fn means(text: &str, document: &DocumentMut) -> bool {
    let read = |text: &str| toml::from_str::<toml::Table>(text).ok();
    let without_empty = |table: Option<toml::Table>| {
        table.map(|mut table| {
            table.retain(|key, value| key != NOUN || value.as_table().is_none_or(|all| !all.is_empty()));
            table
        })
    };
    let wanted = without_empty(read(&document.to_string()));
    wanted.is_some() && without_empty(read(text)) == wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# The platform.\n[platform]\nname = \"a\"\n\n# ---- tenants\n\n# Our first.\n[tenants.acme]  # here\nowner = \"alice\" # kept\nquota.storage = \"10Gi\"\n\n# ---- data\n\n[databases.x]\nengine = \"redis\"\n";

    fn edited(text: &str, edit: &TenantEdit) -> String {
        match edit_tenant(text, edit) {
            Ok(edited) => edited.text,
            Err(problem) => panic!("{}", problem.message),
        }
    }

    fn pairs(values: &[(&str, &str)]) -> Vec<(String, String)> {
        values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_tenant_is_added_after_the_last_one_and_nothing_else_moves() {
        let add = TenantEdit::Add {
            name: "Globex Inc.".to_owned(),
            values: pairs(&[("owner", "bob"), ("quota.cpu", "20")]),
        };
        let table = "\n[tenants.globex-inc]\ntitle = \"Globex Inc.\"\nowner = \"bob\"\nquota.cpu = \"20\"\n";
        let expected = TEXT.replace("\n# ---- data", &format!("{table}\n# ---- data"));
        assert_eq!(edited(TEXT, &add), expected);
        let lines = "[tenants]\nacme = { owner = \"alice\" }\n";
        let line = "globex-inc = { title = \"Globex Inc.\", owner = \"bob\", quota.cpu = \"20\" }\n";
        assert_eq!(edited(lines, &add), format!("{lines}{line}"));
    }

    #[test]
    fn a_value_is_changed_where_it_stands() {
        let set =
            |values: &[(&str, &str)]| TenantEdit::Set { name: "acme".to_owned(), values: pairs(values) };
        assert_eq!(edited(TEXT, &set(&[("quota.storage", "50Gi")])), TEXT.replace("10Gi", "50Gi"));
        assert_eq!(edited(TEXT, &set(&[("owner", "bob")])), TEXT.replace("alice", "bob"));
        let more = edited(TEXT, &set(&[("internal-traffic", "false"), ("quota.cpu", "20")]));
        assert!(more.contains("quota.storage = \"10Gi\"\nquota.cpu = \"20\"\n"), "{more}");
        assert!(more.contains("internal-traffic = false\n"), "{more}");
    }

    #[test]
    fn a_tenant_goes_with_its_comment_and_nothing_else() {
        let remove = TenantEdit::Remove { name: "acme".to_owned() };
        let expected = "# The platform.\n[platform]\nname = \"a\"\n\n# ---- tenants\n\n# ---- data\n\n[databases.x]\nengine = \"redis\"\n";
        assert_eq!(edited(TEXT, &remove), expected);
        let lines = "[tenants]\nacme = { owner = \"alice\" }\nglobex = { owner = \"bob\" }\n";
        assert_eq!(edited(lines, &remove), "[tenants]\nglobex = { owner = \"bob\" }\n");
    }

    #[test]
    fn what_cannot_be_done_is_said() {
        let error = |edit: TenantEdit| {
            edit_tenant(TEXT, &edit).err().map(|problem| (problem.code.name, problem.hints.clone()))
        };
        let add = TenantEdit::Add { name: "acme".to_owned(), values: Vec::new() };
        assert_eq!(error(add).map(|(code, _)| code), Some("namespace-taken"));
        let remove = TenantEdit::Remove { name: "acne".to_owned() };
        assert_eq!(error(remove), Some(("unknown-reference", vec!["did you mean `acme`?".to_owned()])));
        let set = TenantEdit::Set { name: "acme".to_owned(), values: pairs(&[("quota..cpu", "1")]) };
        assert_eq!(error(set).map(|(code, _)| code), Some("bad-value"));
    }
}
