//! What the kustomizations of a tree make of its files: which are applied together, and what is added to their objects.
//!
//! Takes the kustomizations by their folders and the names of the files; gives for each file what completes it. Nothing is built:
//! where two kustomizations make different things of one file, it is left as it is written, and so is everything that they
//! bring beside it.

mod complete;

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Schemas;
use crate::manifest::Kustomization;
use crate::object::Object;

/// What the kustomizations of a tree make of its files.
#[derive(Debug, Default)]
pub(super) struct Builds {
    /// By file: the kustomizations that no other one builds from, and that bring the file. Empty where there are none, as the
    /// other lists are.
    pub roots: Vec<BTreeSet<usize>>,
    completions: Vec<Completion>,
    /// Whether a file is brought together with what cannot be read here.
    open: Vec<bool>,
    /// The kind and name of what is generated.
    pub generated: BTreeSet<(String, String)>,
}

/// What is added to the objects of a file.
#[derive(Debug, Clone, Default)]
struct Completion {
    namespace: Option<String>,
    labels: BTreeMap<String, String>,
}

impl Builds {
    /// What the kustomizations, by folder (with `/` at its end, empty for the root), make of the named files.
    pub fn new(
        kustomizations: &BTreeMap<String, Kustomization>,
        files: impl Iterator<Item = String>,
    ) -> Self {
        if kustomizations.is_empty() {
            return Self::default();
        }
        let files: BTreeMap<String, usize> = files.enumerate().map(|(index, name)| (name, index)).collect();
        let folders: BTreeMap<&str, usize> =
            kustomizations.keys().enumerate().map(|(index, folder)| (folder.as_str(), index)).collect();
        let all: Vec<Kustomize<'_>> =
            kustomizations.values().map(|it| Kustomize::new(it, &folders, &files)).collect();
        let reached: Vec<Reached> = (0..all.len()).map(|index| reached(index, &all)).collect();
        let inner: BTreeSet<usize> = all.iter().flat_map(|it| it.bases.iter().copied()).collect();
        let count = files.len();
        let mut builds = Self {
            roots: vec![BTreeSet::new(); count],
            completions: vec![Completion::default(); count],
            open: vec![false; count],
            generated: BTreeSet::new(),
        };
        let outer = |index: &usize| !inner.contains(index);
        let mut roots_of: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); all.len()];
        for root in (0..all.len()).filter(outer) {
            let is_open = reached[root].kustomizations.iter().any(|it| all[*it].is_open);
            for file in &reached[root].files {
                builds.roots[*file].insert(root);
                builds.open[*file] |= is_open;
            }
            for kustomization in &reached[root].kustomizations {
                roots_of[*kustomization].insert(root);
            }
        }
        for (index, own) in all.iter().enumerate() {
            let generated = own.says.generated.iter().map(|(kind, name)| ((*kind).to_owned(), name.clone()));
            builds.generated.extend(generated);
            // Whoever brings one of its files brings all that it says.
            let is_certain =
                reached[index].files.iter().all(|file| builds.roots[*file].is_subset(&roots_of[index]));
            if is_certain {
                reached[index].files.iter().for_each(|file| builds.completions[*file].add(own.says));
            }
        }
        builds.agree(&all, &reached);
        builds
    }

    /// Where all kustomizations around a file that name a namespace name the same one, it is that.
    fn agree(&mut self, all: &[Kustomize<'_>], reached: &[Reached]) {
        let mut named: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); self.roots.len()];
        let mut by_root: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
        for (own, reached) in all.iter().zip(reached) {
            let Some(namespace) = own.says.namespace.as_deref() else { continue };
            for file in &reached.files {
                named[*file].insert(namespace);
                for root in &self.roots[*file] {
                    by_root.entry(*root).or_default().insert(namespace);
                }
            }
        }
        for (file, names) in named.iter().enumerate() {
            let around = self.roots[file].iter().filter_map(|root| by_root.get(root)).flatten();
            let around: BTreeSet<&str> = around.copied().collect();
            if let (1, Some(name)) = (around.len(), names.first()) {
                self.completions[file].namespace = Some((*name).to_owned());
            }
        }
    }

    /// Whether a file is brought together with what cannot be read here, so that nothing is known to be missing.
    pub fn is_open(&self, file: usize) -> bool {
        self.open.get(file).copied().unwrap_or(false)
    }

    /// Adds to the objects of a file what its kustomizations add.
    pub fn complete(&self, file: usize, objects: &mut [Object], schemas: &Schemas) {
        let Some(completion) = self.completions.get(file) else { return };
        for object in objects {
            let gvk = &object.id.gvk;
            let is_namespaced = schemas.kind(&gvk.api_version, &gvk.kind).is_some_and(|kind| kind.namespaced);
            if let Some(namespace) = completion.namespace.as_deref() {
                complete::with_namespace_of_accounts(object, namespace);
                if is_namespaced {
                    complete::with_namespace(object, namespace);
                }
            }
            complete::with_labels(object, &completion.labels);
        }
    }
}

impl Completion {
    fn add(&mut self, says: &Kustomization) {
        self.labels.extend(says.selected.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
}

/// A kustomization with what it builds from.
struct Kustomize<'k> {
    says: &'k Kustomization,
    files: Vec<usize>,
    bases: Vec<usize>,
    is_open: bool,
}

/// All that a kustomization brings, its own and that of others, itself included.
struct Reached {
    kustomizations: BTreeSet<usize>,
    files: BTreeSet<usize>,
}

impl<'k> Kustomize<'k> {
    fn new(
        says: &'k Kustomization,
        folders: &BTreeMap<&str, usize>,
        files: &BTreeMap<String, usize>,
    ) -> Self {
        let mut own = Self { says, files: Vec::new(), bases: Vec::new(), is_open: says.is_open };
        for path in &says.resources {
            let folder = if path.is_empty() { String::new() } else { format!("{path}/") };
            if let Some(file) = files.get(path.as_str()) {
                own.files.push(*file);
            } else if let Some(base) = folders.get(folder.as_str()) {
                own.bases.push(*base);
            } else {
                own.is_open = true;
            }
        }
        own
    }
}

fn reached(first: usize, all: &[Kustomize<'_>]) -> Reached {
    let mut reached = Reached { kustomizations: BTreeSet::new(), files: BTreeSet::new() };
    let mut next = vec![first];
    while let Some(index) = next.pop() {
        if reached.kustomizations.insert(index) {
            reached.files.extend(&all[index].files);
            next.extend(&all[index].bases);
        }
    }
    reached
}
