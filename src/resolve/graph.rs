//! Who refers to whom: an order in which everything follows what it refers to, and the circles for which there is none.
//!
//! Takes a graph as the names that each name refers to; a name that is no key refers to nothing. Nothing here recurses,
//! so that no chain is too long for the stack.

use std::collections::{BTreeMap, BTreeSet};

/// Names, and the names that each refers to.
pub(super) type Graph = BTreeMap<String, Vec<String>>;

/// The names in an order in which each follows those that it refers to, by name where there is a choice; and the rest,
/// which is in a circle or refers to one.
pub(super) fn ordered(graph: &Graph) -> (Vec<String>, Vec<String>) {
    let mut waits_for: BTreeMap<&str, usize> = BTreeMap::new();
    let mut awaited_by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, targets) in graph {
        let targets: BTreeSet<&String> =
            targets.iter().filter(|target| graph.contains_key(*target)).collect();
        waits_for.insert(name, targets.len());
        for target in targets {
            awaited_by.entry(target).or_default().push(name);
        }
    }
    let free = waits_for.iter().filter(|(_, count)| **count == 0);
    let mut ready: BTreeSet<&str> = free.map(|(name, _)| *name).collect();
    let mut order = Vec::with_capacity(graph.len());
    while let Some(name) = ready.pop_first() {
        order.push(name.to_owned());
        waits_for.remove(name);
        for waiting in awaited_by.get(name).into_iter().flatten() {
            let Some(count) = waits_for.get_mut(waiting) else { continue };
            *count -= 1;
            if *count == 0 {
                ready.insert(waiting);
            }
        }
    }
    (order, waits_for.into_keys().map(str::to_owned).collect())
}

/// The circles of a graph that have no name in common, each from its first name on.
pub(super) fn circles(mut graph: Graph) -> Vec<Vec<String>> {
    let (sound, _) = ordered(&graph);
    for name in sound {
        graph.remove(&name);
    }
    let mut found = Vec::new();
    while let Some(circle) = find_circle(&graph) {
        for name in &circle {
            graph.remove(name);
        }
        found.push(circle);
    }
    found
}

/// How many names of a circle are shown: nobody reads more.
pub(super) const SHOWN: usize = 12;

/// A circle as people write it: `a -> b -> a`.
pub(super) fn shown(circle: &[String]) -> String {
    let gap = (circle.len() > SHOWN).then_some("…");
    let names = circle.iter().take(SHOWN).map(String::as_str).chain(gap);
    names.chain(circle.first().map(String::as_str)).collect::<Vec<_>>().join(" -> ")
}

/// The first circle that a walk meets, begun at each name in turn.
fn find_circle(graph: &Graph) -> Option<Vec<String>> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in graph.keys() {
        let mut walk = Walk { path: vec![(start, 0)], places: BTreeMap::from([(start.as_str(), 0)]) };
        while let Some((name, at)) = walk.next_edge() {
            match graph.get(name).and_then(|targets| targets.get(at)).map(String::as_str) {
                None => {
                    done.insert(name);
                    walk.back();
                }
                Some(target) if done.contains(target) || !graph.contains_key(target) => {}
                Some(target) => {
                    if let Some(circle) = walk.enter(target) {
                        return Some(circle);
                    }
                }
            }
        }
    }
    None
}

/// The way from where a walk began: each name with the next of its edges, and where on the way it stands.
struct Walk<'a> {
    path: Vec<(&'a str, usize)>,
    places: BTreeMap<&'a str, usize>,
}

impl<'a> Walk<'a> {
    fn next_edge(&mut self) -> Option<(&'a str, usize)> {
        let (name, next) = self.path.last_mut()?;
        let edge = (*name, *next);
        *next += 1;
        Some(edge)
    }

    fn back(&mut self) {
        if let Some((name, _)) = self.path.pop() {
            self.places.remove(name);
        }
    }

    /// Goes on to `target`; gives the circle that this closes, if it was there already.
    fn enter(&mut self, target: &'a str) -> Option<Vec<String>> {
        if let Some(from) = self.places.get(target) {
            return Some(self.path[*from..].iter().map(|(name, _)| (*name).to_owned()).collect());
        }
        self.places.insert(target, self.path.len());
        self.path.push((target, 0));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> Graph {
        let owned = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        edges.iter().map(|(name, targets)| ((*name).to_owned(), owned(targets))).collect()
    }

    #[test]
    fn a_circle_is_found_and_a_diamond_is_none() {
        let diamond = graph(&[("a", &["b", "c"]), ("b", &["d"]), ("c", &["d", "elsewhere"]), ("d", &[])]);
        assert!(circles(diamond).is_empty());
        let two = graph(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"]), ("d", &["d"])]);
        assert_eq!(circles(two), [vec!["b", "c"], vec!["d"]]);
    }

    #[test]
    fn everything_follows_what_it_refers_to() {
        let chain = graph(&[("a", &["b"]), ("b", &["c"]), ("c", &[]), ("x", &["y"]), ("y", &["x"])]);
        let (order, rest) = ordered(&chain);
        assert_eq!(order, ["c", "b", "a"]);
        assert_eq!(rest, ["x", "y"]);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let name = |at: usize| format!("n{at:06}");
        let chain: Graph = (0..20_000).map(|at| (name(at), vec![name((at + 1) % 20_000)])).collect();
        assert_eq!(circles(chain)[0].len(), 20_000);
    }
}
