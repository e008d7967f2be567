//! Charts against the real Helm: with the values of an environment, a chart gives the objects of that environment.
//!
//! The pairs of objects are those of the overlays: `tests/overlays/<case>/`, and random environments against a random
//! base. Here they become one chart, whose `values.yaml` is the base and which has one more file of values.

pub(crate) mod contract;
pub(crate) mod oracle;
mod sevensa;
mod traps;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;

use bayplan::layout::helm::{Chart, Variant, chart};
use bayplan::object::{Object, ObjectSet};

use crate::kustomize;
use oracle::{Helm, Written, differences};

#[test]
fn a_chart_of_every_overlay_case_gives_both_of_its_sides() {
    let Some(helm) = Helm::find() else { return };
    let cases = kustomize::cases();
    in_parallel(cases, |case| {
        let (base, environment) = kustomize::sets(case);
        holds(&helm, &base, &environment).map_err(|failure| format!("{}: {failure}", case.display()))
    });
}

#[test]
fn a_chart_of_random_objects_gives_both_of_its_sides() {
    let Some(helm) = Helm::find() else { return };
    in_parallel((1..=8).collect(), |seed| {
        let namespaces = if seed % 2 == 0 {
            kustomize::generated::Namespaces::Renamed
        } else {
            kustomize::generated::Namespaces::Same
        };
        let (base, environment) = kustomize::generated::platform(*seed, namespaces);
        holds(&helm, &base, &environment).map_err(|failure| format!("seed {seed}: {failure}"))
    });
}

fn holds(helm: &Helm, base: &ObjectSet, environment: &ObjectSet) -> Result<(), String> {
    all_hold(helm, &[("", base), ("production", environment)])
}

/// Holds that one chart gives each of several sets of objects with the values of the same name.
fn all_hold(helm: &Helm, sets: &[(&str, &ObjectSet)]) -> Result<(), String> {
    let names: Vec<BTreeMap<String, String>> = sets.iter().map(|(_, objects)| namespaces(objects)).collect();
    let variants: Vec<Variant<'_>> =
        sets.iter().zip(&names).map(|((name, objects), names)| variant(name, objects, names)).collect();
    let written = Written::tree(&chart(&everything(), &variants));
    let folder = written.chart("everything");
    for variant in &variants {
        let built = helm.template(&folder, &written.values("everything", variant.name))?;
        differences(&built, &variant.objects).map_err(|failure| format!("`{}`: {failure}", variant.name))?;
    }
    Ok(())
}

fn everything() -> Chart {
    Chart {
        name: "everything".to_owned(),
        description: String::new(),
        version: "0.1.0".to_owned(),
        app_version: String::new(),
        main: None,
        subcharts: Vec::new(),
        values: Vec::new(),
    }
}

fn variant<'a>(
    name: &'a str,
    objects: &'a ObjectSet,
    namespaces: &'a BTreeMap<String, String>,
) -> Variant<'a> {
    Variant { name, objects: objects.iter().collect(), namespaces }
}

/// The namespaces by the keys of the entities that they come from.
fn namespaces(objects: &ObjectSet) -> BTreeMap<String, String> {
    let of_kind = objects.iter().filter(|object: &&Object| object.id.gvk.kind == "Namespace");
    of_kind
        .filter_map(|object| Some((object.source.last_key()?.to_owned(), object.id.name.clone())))
        .collect()
}

/// Holds `property` for all of `jobs`, several at a time, since a process for each is what it costs.
pub(crate) fn in_parallel<T: Send + Sync>(jobs: Vec<T>, property: impl Fn(&T) -> Result<(), String> + Sync) {
    let (jobs, failures) = (Mutex::new(jobs), Mutex::new(Vec::new()));
    let work = || {
        while let Some(job) = jobs.lock().ok().and_then(|mut jobs| jobs.pop()) {
            if let Err(failure) = property(&job) {
                failures.lock().expect("no thread panics").push(failure);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let failures = failures.into_inner().expect("no thread panics");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
