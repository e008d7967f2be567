//! Which objects of a tree are applied together, as far as the files tell.
//!
//! Takes the file of each object, and the files that kustomizations hold together. A repository often holds variants of one
//! thing side by side: a file for each cloud, an overlay for each environment, a base and what was rendered from it. Objects of
//! two variants never meet in a cluster, so the rules must not call them a conflict.

use std::collections::{BTreeMap, BTreeSet};

use crate::object::Object;

/// Where the objects of a tree come from. The empty one knows no files: all objects are applied together.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// By the index of an object: its file.
    file: Vec<usize>,
    /// By file: the first file of those that belong together.
    family: Vec<usize>,
    /// Families in which an object stands in two files: its files are variants of each other.
    mixed: BTreeSet<usize>,
    /// By file: the kustomizations that are applied and bring it.
    builds: Vec<BTreeSet<usize>>,
}

impl Origins {
    /// The origins of objects, given how many of them each file holds, and which kustomizations bring each file; a file that
    /// none of them brings has an empty set.
    #[must_use]
    pub fn new(objects: &[Object], counts: &[usize], builds: Vec<BTreeSet<usize>>) -> Self {
        let file: Vec<usize> =
            counts.iter().enumerate().flat_map(|(file, count)| std::iter::repeat_n(file, *count)).collect();
        let mut families = Families((0..counts.len()).collect());
        let mut first_of_build = BTreeMap::new();
        for (file, builds) in builds.iter().enumerate() {
            for build in builds {
                families.join(*first_of_build.entry(build).or_insert(file), file);
            }
        }
        let mut twice = Vec::new();
        let mut seen = BTreeMap::new();
        for (object, own) in objects.iter().zip(&file) {
            let Some(identity) = identity(object) else { continue };
            let other = *seen.entry(identity).or_insert(*own);
            if other != *own {
                families.join(other, *own);
                twice.push(*own);
            }
        }
        let family: Vec<usize> = (0..counts.len()).map(|file| families.first(file)).collect();
        let mixed = twice.into_iter().map(|file| family[file]).collect();
        Self { file, family, mixed, builds }
    }

    /// Whether nothing is known of files.
    pub(crate) fn is_empty(&self) -> bool {
        self.file.is_empty()
    }

    /// Whether two objects stand in one file.
    pub(crate) fn same_file(&self, one: usize, two: usize) -> bool {
        self.file.get(one).is_some_and(|file| self.file.get(two) == Some(file))
    }

    /// Whether two objects may meet in a cluster: they stand in one file, or no variants are among the files around theirs.
    pub(crate) fn together(&self, one: usize, two: usize) -> bool {
        let (Some(one), Some(two)) = (self.file.get(one), self.file.get(two)) else { return true };
        one == two || self.family[*one] != self.family[*two] || !self.mixed.contains(&self.family[*one])
    }

    /// Whether two objects are never applied at once: no kustomization brings both, and one brings at least one of them.
    pub(crate) fn apart(&self, one: usize, two: usize) -> bool {
        let (Some(one), Some(two)) = (self.file.get(one), self.file.get(two)) else { return false };
        let (Some(one), Some(two)) = (self.builds.get(*one), self.builds.get(*two)) else { return false };
        one.len() + two.len() > 0 && one.is_disjoint(two)
    }
}

/// What makes two objects one. Many files bring the namespace that they need, so that it says nothing about them.
fn identity(object: &Object) -> Option<(&str, &str, Option<&str>, &str)> {
    let id = &object.id;
    let says_nothing = id.gvk.kind == "Namespace" || id.name.is_empty();
    (!says_nothing).then(|| (id.gvk.group(), id.gvk.kind.as_str(), id.namespace.as_deref(), id.name.as_str()))
}

/// Sets of files, as a forest: each file names one that was before it in its set, the first one itself.
struct Families(Vec<usize>);

impl Families {
    fn first(&mut self, file: usize) -> usize {
        let mut at = file;
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, two: usize) {
        let (one, two) = (self.first(one), self.first(two));
        self.0[one.max(two)] = one.min(two);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::KeyPath;
    use crate::value::json;

    fn service(name: &str) -> Object {
        let value = json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": name } });
        Object::from_value(value, "", KeyPath::root())
    }

    #[test]
    fn variants_do_not_meet() {
        // Files: aws (web, aws), gcp (web, gcp), other (x), more (y).
        let objects = ["web", "aws", "web", "gcp", "x", "y"].map(service);
        let origins = Origins::new(&objects, &[2, 2, 1, 1], Vec::new());
        assert!(origins.together(0, 1));
        assert!(!origins.together(1, 3));
        assert!(origins.together(1, 4) && origins.together(4, 5));
        assert!(!origins.apart(0, 2));
        assert!(Origins::default().together(1, 3));
    }

    #[test]
    fn overlays_do_not_meet() {
        // Files: base, dev, prod, loose.
        let objects = ["base", "web", "web", "web"].map(service);
        let builds = vec![[0, 1].into(), [0].into(), [1].into(), BTreeSet::new()];
        let origins = Origins::new(&objects, &[1; 4], builds);
        assert!(origins.apart(1, 2) && origins.apart(1, 3));
        assert!(!origins.apart(0, 1) && !origins.apart(3, 3));
        assert!(!origins.together(1, 2));
    }
}
