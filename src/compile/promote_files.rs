//! Promotion over all files of a platform: the image is changed in the file where it stands.
//!
//! Takes the platform's file and those that it includes; gives the texts that change. An image that no file sets yet for the
//! environment is set where the entity stands, if that file speaks of the environment, and in the platform's own file else.

use std::collections::BTreeMap;

use toml_edit::{DocumentMut, Item, Table};

use super::promote::{Change, NOUNS, apply, entity, keys, known, parsed};
use crate::diag::Diagnostic;
use crate::host::Host;

/// What a promotion changes in the files of a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promotions {
    /// The texts afterwards of the files that change, by path.
    pub texts: BTreeMap<String, String>,
    /// Each image that changed.
    pub changes: Vec<Change>,
}

/// Gives `to` the images of `from`, in whichever files of the platform they stand.
///
/// # Errors
/// A file that cannot be read or is no TOML, or an environment that none of them has.
pub fn promote_files(
    host: &dyn Host,
    file: &str,
    from: &str,
    to: &str,
) -> Result<Promotions, Box<Diagnostic>> {
    let mut texts = Vec::new();
    read(host, file, &mut texts)?;
    let mut whole = DocumentMut::new();
    for (_, text) in &texts {
        join(whole.as_table_mut(), parsed(text)?.as_table());
    }
    for name in [from, to] {
        known(&whole, name)?;
    }
    let mut promotions = Promotions { texts: BTreeMap::new(), changes: Vec::new() };
    for noun in NOUNS {
        for key in keys(&whole, noun, [from, to]) {
            let Some((change, image)) = entity(&whole, (noun, &key), from, to) else { continue };
            let path = ["environments", to, noun, &key];
            let at = holder(&texts, &path)?;
            let Some((name, text)) = texts.get_mut(at) else { continue };
            *text = apply(text, path, image.as_deref())?;
            promotions.texts.insert(name.clone(), text.clone());
            promotions.changes.push(change);
        }
    }
    Ok(promotions)
}

/// The file, and those that it includes, each once.
fn read(host: &dyn Host, path: &str, texts: &mut Vec<(String, String)>) -> Result<(), Box<Diagnostic>> {
    if texts.iter().any(|(known, _)| known == path) {
        return Ok(());
    }
    let text = host.read_text(path).map_err(|error| Box::new(error.diagnostic()))?;
    let document = parsed(&text)?;
    texts.push((path.to_owned(), text));
    let patterns = document.get("include").and_then(Item::as_array);
    for pattern in patterns.into_iter().flatten().filter_map(toml_edit::Value::as_str) {
        let mut found = host.find(pattern).map_err(|error| Box::new(error.diagnostic()))?;
        found.sort();
        for file in found {
            read(host, &file, texts)?;
        }
    }
    Ok(())
}

/// Joins the tables of two files. What both define is the compiler's to refuse.
fn join(whole: &mut Table, part: &Table) {
    for (key, item) in part {
        match (whole.get_mut(key), item) {
            (Some(Item::Table(own)), Item::Table(more)) => join(own, more),
            (Some(own), more) if more.is_table_like() && own.is_inline_table() => {
                let inline = own.as_inline_table().cloned().unwrap_or_default();
                let mut table = inline.into_table();
                if let Some(more) = table_of(more) {
                    join(&mut table, &more);
                }
                *own = Item::Table(table);
            }
            (Some(Item::Table(own)), more) => {
                if let Some(more) = table_of(more) {
                    join(own, &more);
                }
            }
            (Some(_), _) => {}
            (None, item) => drop(whole.insert(key, item.clone())),
        }
    }
}

fn table_of(item: &Item) -> Option<Table> {
    match item {
        Item::Table(table) => Some(table.clone()),
        item => item.as_inline_table().map(|inline| inline.clone().into_table()),
    }
}

/// The file that an image belongs into: where the environment speaks of the entity already, else where the entity stands if the
/// environment is spoken of there, else the platform's own.
fn holder(texts: &[(String, String)], path: &[&str; 4]) -> Result<usize, Box<Diagnostic>> {
    let [_, _, noun, key] = path;
    let mut best = (0, 0);
    for (at, (_, text)) in texts.iter().enumerate() {
        let document = parsed(text)?;
        let has = |keys: &[&str]| {
            keys.iter().try_fold(document.as_item(), |item, key| item.as_table_like()?.get(key)).is_some()
        };
        let score = match (has(path), has(&[noun, key]) && has(&path[..2])) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        };
        if score > best.1 {
            best = (at, score);
        }
    }
    Ok(best.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::MemoryHost;

    #[test]
    fn an_image_is_changed_in_the_file_where_it_stands() {
        let root = "include = [\"products/*.toml\"]\n[environments.staging]\n[environments.prod]\n# Kept.\ncluster = \"gke\"\n";
        let api = "[workloads.api]\nimage = \"api:1\"\n[environments.staging]\nworkloads.api.image = \"api:2\"\n\
            [environments.prod]\nworkloads.api = { replicas = 3, image = \"api:1\" } # and this\n";
        let web =
            "[workloads.web]\nimage = \"web:1\"\n[environments.staging]\nworkloads.web.image = \"web:2\"\n";
        let host = MemoryHost::default()
            .with_file("platform.toml", root)
            .with_file("products/api.toml", api)
            .with_file("products/web.toml", web);
        let promoted = promote_files(&host, "platform.toml", "staging", "prod").expect("both exist");
        let changed: Vec<&str> = promoted.changes.iter().map(|change| change.entity.as_str()).collect();
        assert_eq!(changed, ["workloads.api", "workloads.web"]);
        let expected = BTreeMap::from([
            ("platform.toml".to_owned(), root.replace("# Kept.", "workloads.web.image = \"web:2\"\n# Kept.")),
            ("products/api.toml".to_owned(), api.replace("\"api:1\" }", "\"api:2\" }")),
        ]);
        assert_eq!(promoted.texts, expected);
        assert!(promote_files(&host, "platform.toml", "stagin", "prod").is_err());
    }
}
