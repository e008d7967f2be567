//! Charts: which objects are in which, and what is wrong with what the platform says of them.
//!
//! A chart needs the objects of all environments at once, so nothing before the driver can judge it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Compilation, Compiled};
use crate::diag::{Code, Diagnostic, Severity, did_you_mean};
use crate::layout::Tree;
use crate::layout::helm::{self, FieldRef, Misnamed, Variant};
use crate::model::{Contents, HelmChart};
use crate::names::SemanticVersion;
use crate::object::{Object, ObjectRef};
use crate::resolve::{self, codes::UNKNOWN_REFERENCE};
use crate::source::{KeyPath, Node};

/// One object in two charts.
pub(super) static CHART_OVERLAP: Code = Code {
    name: "chart-overlap",
    severity: Severity::Error,
    docs: "## What it means\nTwo charts hold the same object.\n\n\
           ## Why it matters\nHelm installs what no other release owns: whichever chart comes second fails with \"invalid ownership \
           metadata\", on the cluster and not before.\n\n\
           ## Example\n```toml\n[helm.charts.shop]\nnamespaces = [\"shop\"]\n[helm.charts.cart]\ncomponents = [\"cart\"]   # in the namespace shop\n```\n\n\
           ## Instead\nLet each object be in one chart. A part that is to be switched off alone can be a sub-chart.",
};

/// A chart without objects.
pub(super) static EMPTY_CHART: Code = Code {
    name: "empty-chart",
    severity: Severity::Error,
    docs: "## What it means\nNo object of the platform is in the chart, or in the sub-chart, in any environment.\n\n\
           ## Why it matters\nHelm would install it without a word, and nothing would run.\n\n\
           ## Example\n```toml\n[namespaces.monitoring]\nexternal = true\n[helm.charts.monitoring]\nnamespaces = [\"monitoring\"]\n```\n\n\
           ## Instead\nName components, groups or namespaces that this platform renders, or remove the chart. The components of a \
           sub-chart must be in its chart as well.",
};

/// A value of a chart that cannot set what it is meant to set.
pub(super) static CHART_VALUE: Code = Code {
    name: "chart-value",
    severity: Severity::Error,
    docs: "## What it means\nA value that `[helm.charts]` names lists a field that no object of the chart has, fields that do not \
           hold the same, or a field that it cannot reach.\n\n\
           ## Why it matters\nOne value sets all of its fields: a chart would either change an object or ignore the value.\n\n\
           ## Example\n```toml\n[helm.charts.shop.values]\n\"keycloak.realm\" = [\"ConfigMap/shop-config data.REALMM\"]\n```\n\n\
           ## Instead\nWrite fields as `Kind/name path.to.field`, with `[name]` for an element of a list, of objects in this chart.",
};

impl Compilation {
    /// The charts that the platform declares, as files below `helm/`.
    #[must_use]
    pub(super) fn charts(&self) -> Tree {
        let mut tree = Tree::default();
        let names: Vec<BTreeMap<String, String>> =
            self.variants().map(|(_, compiled)| namespaces(compiled)).collect();
        for chart in &self.base.model.helm_charts {
            let variants: Vec<Variant<'_>> = self.chart_variants(chart, &names).collect();
            tree.extend(helm::chart(&described(chart), &variants));
        }
        tree
    }

    /// Declares a chart of everything, called like the platform, where the platform declares none.
    pub fn chart_everything(&mut self) {
        let Ok(version) = SemanticVersion::parse("0.1.0") else { return };
        let model = &mut self.base.model;
        if model.helm_charts.is_empty() {
            model.helm_charts.push(HelmChart {
                source: KeyPath::of(["platform"]),
                name: model.name.clone(),
                description: model.description.clone(),
                version,
                app_version: String::new(),
                contents: Contents::Everything,
                main: None,
                subcharts: Vec::new(),
                values: BTreeMap::new(),
            });
        }
    }

    fn chart_variants<'a>(
        &'a self,
        chart: &'a HelmChart,
        names: &'a [BTreeMap<String, String>],
    ) -> impl Iterator<Item = Variant<'a>> {
        self.variants().zip(names).map(|((name, compiled), namespaces)| Variant {
            name,
            objects: objects(chart, compiled),
            namespaces,
        })
    }

    /// The base, whose values are the defaults, and the environments.
    fn variants(&self) -> impl Iterator<Item = (&str, &Compiled)> {
        let environments = self.environments.iter().map(|(name, compiled)| (name.as_str(), compiled));
        std::iter::once(("", &self.base)).chain(environments)
    }

    /// The objects of a chart in one environment, or in the base where that is empty.
    #[must_use]
    pub fn chart_objects(&self, chart: &str, environment: &str) -> Vec<&Object> {
        let chart = self.base.model.helm_charts.iter().find(|declared| declared.name.as_str() == chart);
        let compiled = self.variants().find(|(name, _)| *name == environment);
        chart.zip(compiled).map(|(chart, (_, compiled))| objects(chart, compiled)).unwrap_or_default()
    }
}

fn described(chart: &HelmChart) -> helm::Chart {
    let subchart = |subchart: &crate::model::Subchart| helm::Subchart {
        name: subchart.name.to_string(),
        alias: subchart.alias.to_string(),
        components: subchart.components.clone(),
    };
    helm::Chart {
        name: chart.name.to_string(),
        description: chart.description.clone(),
        version: chart.version.to_string(),
        app_version: chart.app_version.clone(),
        main: chart.main.clone(),
        subcharts: chart.subcharts.iter().map(subchart).collect(),
        values: chart.values.iter().filter_map(named).collect(),
    }
}

/// A value as the platform names it; one with a field that cannot be read was reported.
fn named((name, fields): (&String, &Vec<String>)) -> Option<helm::NamedValue> {
    let fields: Result<Vec<FieldRef>, _> = fields.iter().map(|field| FieldRef::parse(field)).collect();
    Some(helm::NamedValue { path: name.split('.').map(str::to_owned).collect(), fields: fields.ok()? })
}

/// The names of the namespaces by key, those of others included.
fn namespaces(compiled: &Compiled) -> BTreeMap<String, String> {
    let all = compiled.model.namespaces.iter();
    all.map(|namespace| (namespace.key.clone(), namespace.name.to_string())).collect()
}

/// The objects of a chart.
fn objects<'a>(chart: &HelmChart, compiled: &'a Compiled) -> Vec<&'a Object> {
    let Contents::Any { components, namespaces, sources } = &chart.contents else {
        return compiled.objects.iter().collect();
    };
    let declared = compiled.model.namespaces.iter().filter(|namespace| namespaces.contains(&namespace.key));
    let called: BTreeSet<&str> = declared.map(|namespace| namespace.name.as_str()).collect();
    let is_in = |object: &&Object| {
        let place = if object.id.gvk.kind == "Namespace" {
            Some(&object.id.name)
        } else {
            object.id.namespace.as_ref()
        };
        components.contains(&object.component)
            || place.is_some_and(|namespace| called.contains(namespace.as_str()))
            || sources.iter().any(|source| object.source.segments().starts_with(source.segments()))
    };
    compiled.objects.iter().filter(is_in).collect()
}

/// What is wrong with the charts, where every environment compiles.
pub(super) fn check(document: &Node, compilation: &Compilation) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    // What an environment that does not compile would have is not known.
    if resolve::environments(document).len() != compilation.environments.len() {
        return problems;
    }
    let mut owners: BTreeMap<ObjectRef, &HelmChart> = BTreeMap::new();
    for chart in &compilation.base.model.helm_charts {
        let judge = Judge { document, chart, all: all(compilation), own: own(compilation, chart) };
        let unknown = judge.names();
        // A chart of nothing but what does not exist is empty for that reason.
        if unknown.is_empty() {
            problems.extend(judge.emptiness());
        }
        problems.extend(unknown);
        problems.extend(judge.values(compilation));
        problems.extend(judge.overlap(&mut owners));
    }
    problems
}

/// Every object of every environment.
fn all(compilation: &Compilation) -> Vec<&Object> {
    compilation.variants().flat_map(|(_, compiled)| compiled.objects.iter()).collect()
}

fn own<'a>(compilation: &'a Compilation, chart: &HelmChart) -> Vec<&'a Object> {
    compilation.variants().flat_map(|(_, compiled)| objects(chart, compiled)).collect()
}

struct Judge<'a> {
    document: &'a Node,
    chart: &'a HelmChart,
    all: Vec<&'a Object>,
    own: Vec<&'a Object>,
}

impl<'a> Judge<'a> {
    /// Components and a workload that do not exist.
    fn names(&self) -> Vec<Diagnostic> {
        let known: BTreeSet<&str> = self.all.iter().map(|object| object.component.as_str()).collect();
        let mut problems = Vec::new();
        if let Contents::Any { components, .. } = &self.chart.contents {
            problems.extend(self.unknown(&self.chart.source.key("components"), components, &known));
        }
        for subchart in &self.chart.subcharts {
            let path = self.chart.source.key("subcharts").key(subchart.name.as_str()).key("components");
            problems.extend(self.unknown(&path, &subchart.components, &known));
        }
        let workloads: BTreeSet<&str> =
            self.own.iter().filter(|object| runs(object)).map(|object| object.id.name.as_str()).collect();
        if let Some(main) = self.chart.main.as_deref().filter(|main| !workloads.contains(main)) {
            problems.push(self.missing(
                &self.chart.source.key("main"),
                "workload of this chart",
                main,
                &workloads,
            ));
        }
        problems
    }

    fn unknown(&self, path: &KeyPath, names: &[String], known: &BTreeSet<&str>) -> Vec<Diagnostic> {
        let strangers = names.iter().enumerate().filter(|(_, name)| !known.contains(name.as_str()));
        strangers.map(|(at, name)| self.missing(&path.index(at), "component", name, known)).collect()
    }

    fn missing(&self, path: &KeyPath, what: &str, name: &str, known: &BTreeSet<&str>) -> Diagnostic {
        let hint = did_you_mean(name, known.iter().copied()).map_or_else(
            || format!("there is {}", known.iter().copied().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("`{path}`: there is no {what} `{name}`");
        Diagnostic::new(&UNKNOWN_REFERENCE, message).at(self.document.place_of(path), "").hint(hint)
    }

    /// A chart or sub-chart without objects.
    fn emptiness(&self) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        if self.own.is_empty() {
            problems.push(
                self.empty(&self.chart.source, "name components, groups or namespaces that have objects"),
            );
        }
        for subchart in &self.chart.subcharts {
            let within = |object: &&&Object| subchart.components.contains(&object.component);
            let exists = self.all.iter().any(|object| within(&object));
            if exists && !self.own.iter().any(|object| within(&object)) {
                let path = self.chart.source.key("subcharts").key(subchart.name.as_str());
                problems.push(self.empty(&path, "take the components of the sub-chart into the chart, too"));
            }
        }
        problems
    }

    fn empty(&self, path: &KeyPath, hint: &str) -> Diagnostic {
        let message = format!("`{path}` holds no object in any environment");
        Diagnostic::new(&EMPTY_CHART, message).at(self.document.place_of(path), "").about(path).hint(hint)
    }

    /// Values that the platform names, and fields that they cannot set.
    fn values(&self, compilation: &Compilation) -> Vec<Diagnostic> {
        let chart = described(self.chart);
        let names: Vec<_> = compilation.variants().map(|(_, compiled)| namespaces(compiled)).collect();
        let variants: Vec<Variant<'_>> = compilation.chart_variants(self.chart, &names).collect();
        let name = |at: usize| chart.values.get(at).map(|value| value.path.join(".")).unwrap_or_default();
        let wrong = helm::misnamed(&chart, &variants);
        let mut problems = self.unreadable();
        problems.extend(wrong.into_iter().map(|(at, wrong)| self.misnamed(&name(at), &wrong)));
        problems
    }

    /// Fields that are not written as one writes a field.
    fn unreadable(&self) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for (name, fields) in &self.chart.values {
            for (at, field) in fields.iter().enumerate() {
                let Err(fault) = FieldRef::parse(field) else { continue };
                let path = self.chart.source.key("values").key(name).index(at);
                let message = format!("`{path}`: `{field}` is no field: {fault}");
                let hint = "write it as in `Deployment/api spec.template.spec.containers[api].image`";
                let problem = Diagnostic::new(&CHART_VALUE, message);
                problems.push(problem.at(self.document.place_of(&path), "").hint(hint));
            }
        }
        problems
    }

    fn misnamed(&self, name: &str, wrong: &Misnamed) -> Diagnostic {
        let path = self.chart.source.key("values").key(name);
        let (position, what, hint) = match wrong {
            Misnamed::NoSuchField(position) => (
                *position,
                "is a field of no object of this chart".to_owned(),
                "`bayplan render --stdout` shows the objects and their fields".to_owned(),
            ),
            Misnamed::Differs(position, environment) => {
                let place =
                    if environment.is_empty() { "the base".to_owned() } else { format!("`{environment}`") };
                (
                    *position,
                    format!("has another value than the fields before it in {place}"),
                    "give it a value of its own".to_owned(),
                )
            }
            Misnamed::OutOfReach(position, alias) => (
                *position,
                format!("is in a sub-chart, which sees no value called `{name}`"),
                format!("call the value `{alias}.…`, or `global.…`"),
            ),
        };
        let field =
            self.chart.values.get(name).and_then(|fields| fields.get(position)).map_or("", String::as_str);
        let message = format!("`{path}`: `{field}` {what}");
        let place = self.document.place_of(&path.index(position));
        Diagnostic::new(&CHART_VALUE, message).at(place, "").hint(hint)
    }

    /// An object that another chart has already. One is enough to see what is wrong.
    fn overlap(&self, owners: &mut BTreeMap<ObjectRef, &'a HelmChart>) -> Option<Diagnostic> {
        let mut shared = None;
        for object in &self.own {
            let owner = owners.entry(object.id.clone()).or_insert(self.chart);
            if owner.name != self.chart.name {
                shared = shared.or(Some((object.id.clone(), *owner)));
            }
        }
        let (id, other) = shared?;
        let message = format!("the charts `{}` and `{}` both hold {id}", other.name, self.chart.name);
        let place = |chart: &HelmChart| self.document.place_of(&chart.source);
        let problem = Diagnostic::new(&CHART_OVERLAP, message)
            .at(place(self.chart), "")
            .at(place(other), "in this one, too");
        Some(problem.about(&self.chart.source).hint("let each object be in one chart"))
    }
}

fn runs(object: &Object) -> bool {
    matches!(object.id.gvk.kind.as_str(), "Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "CronJob")
}
