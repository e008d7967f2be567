//! Objects to Helm charts: `helm/<chart>/`, one for each chart that the platform declares.
//!
//! The templates are computed. What differs between environments is a value, everything else is plain YAML; and what
//! the users of a chart expect to be a value (`replicaCount`, `image.tag`, `resources`, `ingress.hosts`) is one whether
//! it differs or not. `helm template` with the values of an environment gives the objects of `rendered/<env>`.
//!
//! ```text
//! objects.rs                    which object of one environment is which of another, and whose it is
//! merge.rs  merge_lists.rs      one object in every environment, made one template
//!   names.rs                    what values are called
//!   forms.rs                    how a value is carried so that Helm loses nothing of it
//!   named.rs                    values that the platform names
//!   namespaces.rs               namespaces with other names elsewhere
//!   values.rs                   the values of a chart
//! unit.rs                       the objects of one chart or sub-chart
//! schema.rs  page.rs            values.schema.json; the chart's README.md
//! template.rs                   what a template is made of, as data
//! ```

mod forms;
mod merge;
mod merge_lists;
mod named;
mod names;
mod namespaces;
mod objects;
mod page;
mod schema;
mod template;
mod unit;
mod values;

use std::collections::BTreeMap;

use crate::object::Object;
use crate::value::{Value, json};

use super::tree::{Comment, Content, Tree};
use namespaces::Namespaces;
use unit::{Head, Unit, unit};
use values::Meaning;

pub use named::{FieldRef, Misnamed, NamedValue, misnamed};
pub use template::{Document, Field, Form, Guard, Item, Piece, Template, ValuePath};

/// A chart: what it is called, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Its name, and that of its folder.
    pub name: String,
    /// What it is, in one sentence; may be empty.
    pub description: String,
    /// Its version, in the form of SemVer 2.
    pub version: String,
    /// The version of what it installs; may be empty.
    pub app_version: String,
    /// The workload whose values stand at the top of `values.yaml`.
    pub main: Option<String>,
    /// Parts that can be switched off as a whole.
    pub subcharts: Vec<Subchart>,
    /// Values with names of the platform's own.
    pub values: Vec<NamedValue>,
}

/// A chart within a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subchart {
    /// Its name, and that of its folder below `charts/`.
    pub name: String,
    /// The key of its values, and with `enabled` behind it its switch.
    pub alias: String,
    /// The components in it.
    pub components: Vec<String>,
}

/// The objects of a chart in the base or in one environment.
#[derive(Debug, Clone)]
pub struct Variant<'a> {
    /// What the environment is called; empty for the base.
    pub name: &'a str,
    /// The objects, in a stable order.
    pub objects: Vec<&'a Object>,
    /// The names of the platform's namespaces by their keys.
    pub namespaces: &'a BTreeMap<String, String>,
}

/// The files of a chart, below `helm/<chart>/`. The first variant is what `values.yaml` says, each other one has a file
/// `values-<env>.yaml`.
#[must_use]
pub fn chart(chart: &Chart, variants: &[Variant<'_>]) -> Tree {
    let names: Vec<&BTreeMap<String, String>> = variants.iter().map(|variant| variant.namespaces).collect();
    let mut namespaces = Namespaces::of(&names);
    let folder = format!("helm/{}", chart.name);
    let mut tree = Tree::default();
    let named = named::settle(&chart.values, variants);
    let mut units = Vec::new();
    for subchart in &chart.subcharts {
        let of = |object: &Object| subchart.components.contains(&object.component);
        let groups = objects::groups(variants, &namespaces, of);
        let head = Head {
            name: &subchart.name,
            main: None,
            reserved: vec!["global".to_owned()],
            named: named::within(&named, &subchart.alias),
        };
        let unit = unit(&head, &groups, &mut namespaces);
        insert_subchart(&mut tree, &format!("{folder}/charts/{}", subchart.name), chart, (subchart, &unit));
        units.push((subchart, unit));
    }
    let elsewhere = |object: &Object| {
        chart.subcharts.iter().any(|subchart| subchart.components.contains(&object.component))
    };
    let groups = objects::groups(variants, &namespaces, |object| !elsewhere(object));
    let reserved = chart.subcharts.iter().map(|subchart| subchart.alias.clone());
    let reserved = reserved.chain(["global".to_owned()]).collect();
    let head = Head { name: &chart.name, main: chart.main.as_deref(), reserved, named };
    let mut own = unit(&head, &groups, &mut namespaces);
    let schemas = adopt(&mut own, &units);
    insert_templates(&mut tree, &folder, &own);
    let schemas: Vec<(&str, Value)> = schemas;
    tree.insert(format!("{folder}/Chart.yaml"), Content::Yaml(about(chart).into()));
    tree.insert(format!("{folder}/README.md"), markdown(page::page(chart, &own.values, variants)));
    tree.insert(format!("{folder}/values.schema.json"), json_file(&schema::schema(&own.values, &schemas)));
    tree.insert(format!("{folder}/values.yaml"), Content::Yaml(own.values.tree(0).into()));
    for (at, variant) in variants.iter().enumerate().skip(1) {
        let file = format!("{folder}/values-{}.yaml", variant.name);
        tree.insert(file, Content::Yaml(own.values.difference(at).into()));
    }
    tree
}

/// Gives a chart the values of its sub-charts, each below its key, so that one file says everything. What it gives back
/// are their schemas.
fn adopt<'a>(own: &mut Unit, units: &[(&'a Subchart, Unit)]) -> Vec<(&'a str, Value)> {
    let mut schemas = Vec::new();
    for (subchart, unit) in units {
        for (path, held) in unit.values.iter() {
            let shared = path.first().is_some_and(|first| first == "global");
            let mut place = if shared { Vec::new() } else { vec![subchart.alias.clone()] };
            place.extend(path.iter().cloned());
            let each = held.each.iter().cloned().map(Some).collect();
            let sets = schema::described(&held.sets);
            own.values.put(place, each, Meaning { schema: held.meaning.schema.clone(), sets });
        }
        let place = vec![subchart.alias.clone(), "enabled".to_owned()];
        let each = unit.presence.iter().map(|there| Some(json!(there))).collect();
        own.values.put(place, each, switch(subchart));
        schemas.push((subchart.alias.as_str(), subchart_schema(unit)));
    }
    schemas
}

fn switch(subchart: &Subchart) -> Meaning {
    let sets = format!("everything of the sub-chart {}", subchart.name);
    Meaning { schema: json!({"type": "boolean"}), sets }
}

/// The schema of a sub-chart's values, with the switch that Helm hands on to it.
fn subchart_schema(unit: &Unit) -> Value {
    let mut schema = schema::schema(&unit.values, &[]);
    schema["properties"]["enabled"] = json!({"type": "boolean"});
    schema
}

fn insert_subchart(tree: &mut Tree, folder: &str, chart: &Chart, (subchart, unit): (&Subchart, &Unit)) {
    insert_templates(tree, folder, unit);
    let about = json!({
        "apiVersion": "v2",
        "name": subchart.name,
        "description": format!("{} of the chart {}", subchart.components.join(", "), chart.name),
        "type": "application",
        "version": chart.version,
    });
    tree.insert(format!("{folder}/Chart.yaml"), Content::Yaml(about.into()));
    tree.insert(format!("{folder}/values.schema.json"), json_file(&subchart_schema(unit)));
    tree.insert(format!("{folder}/values.yaml"), Content::Yaml(unit.values.tree(0).into()));
}

fn insert_templates(tree: &mut Tree, folder: &str, unit: &Unit) {
    for (file, documents) in &unit.templates {
        tree.insert(format!("{folder}/templates/{file}"), Content::Templates(documents.clone()));
    }
}

/// `Chart.yaml`.
fn about(chart: &Chart) -> Value {
    let mut about = json!({
        "apiVersion": "v2",
        "name": chart.name,
        "type": "application",
        "version": chart.version,
    });
    for (key, text) in [("appVersion", &chart.app_version), ("description", &chart.description)] {
        if !text.is_empty() {
            about[key] = text.as_str().into();
        }
    }
    let dependency = |subchart: &Subchart| {
        json!({"name": subchart.name, "version": chart.version, "alias": subchart.alias,
            "condition": format!("{}.enabled", subchart.alias)})
    };
    if !chart.subcharts.is_empty() {
        about["dependencies"] = chart.subcharts.iter().map(dependency).collect();
    }
    about
}

fn json_file(value: &Value) -> Content {
    Content::Text { text: format!("{value:#}\n"), comment: Comment::Json, executable: false }
}

fn markdown(text: String) -> Content {
    Content::Text { text, comment: Comment::Html, executable: false }
}
