//! What was meant by a name or a label that nothing has: one of the tree that is written nearly so.
//!
//! Takes what a reference asks for; gives the text of a hint, and whether it is a slip rather than something that others make.
//! A namespace in which a program may make Secrets has Secrets that no file tells, but hardly one whose name differs from that
//! of a Secret in the file by one letter.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::scene::Scene;
use super::slips::Slips;
use super::subject::Subject;
use crate::value::Value;

/// What there is to be mistyped, gathered where something is missing for the first time.
#[derive(Debug, Default)]
pub(super) struct Nearly {
    /// The names of objects, by kind and namespace.
    names: RefCell<BTreeMap<(String, String), Slips>>,
    /// The labels of pods, as `key: value`, by namespace.
    labels: RefCell<BTreeMap<String, Slips>>,
}

/// In the place of a namespace: that of objects that name none. No namespace is called so.
const LANDING: &str = "*";

impl Scene<'_> {
    /// A hint at the object of that kind that was meant, where there is one of nearly that name.
    pub fn hint(&self, kind: &str, namespace: &str, name: &str) -> Option<String> {
        self.of_names(kind, namespace, |names| names.nearest(name).map(did_you_mean))
    }

    /// Whether a name that no object of that kind has is a slip.
    pub(super) fn is_slip(&self, kind: &str, namespace: &str, name: &str) -> bool {
        self.of_names(kind, namespace, |names| names.is_slip(name).then_some(())).is_some()
    }

    /// Asks the names of a namespace, and then those of the objects that name none: they land wherever they are applied.
    fn of_names<T>(&self, kind: &str, namespace: &str, ask: impl Fn(&Slips) -> Option<T>) -> Option<T> {
        let mut all = self.nearly.names.borrow_mut();
        let here = all.entry((kind.to_owned(), namespace.to_owned())).or_insert_with(|| {
            let named = self.of_kind_in(kind, namespace).map(Subject::name);
            Slips::of(named.chain(self.promised(kind, namespace)))
        });
        let found = ask(here);
        if found.is_some() || namespace.is_empty() {
            return found;
        }
        ask(all.entry((kind.to_owned(), LANDING.to_owned())).or_insert_with(|| {
            let landing = self.of_kind_in(kind, "default").filter(|it| it.object.id.namespace.is_none());
            Slips::of(landing.map(Subject::name))
        }))
    }

    /// A hint at the label that was meant by one of a map of them: pods of the namespace have all, were it written a little
    /// otherwise.
    pub fn hint_at_labels(&self, namespace: &str, map: Option<&Value>) -> Option<String> {
        let entries = map.and_then(Value::as_object).into_iter().flatten();
        let labels: Vec<_> =
            entries.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect();
        let nearest = |slips: &Slips, text: &str| slips.nearest(text).map(str::to_owned);
        self.with_label_meant(namespace, &labels, nearest).map(|meant| did_you_mean(&meant))
    }

    /// Whether labels that no pods have are those of some but for a slip.
    pub(super) fn is_slip_of_labels(&self, namespace: &str, labels: &[(&str, &str)]) -> bool {
        let meant = |slips: &Slips, text: &str| {
            slips.nearest(text).filter(|_| slips.is_slip(text)).map(str::to_owned)
        };
        self.with_label_meant(namespace, labels, meant).is_some()
    }

    /// The label that was meant by the only one of some that no pods of the namespace carry.
    fn with_label_meant(
        &self,
        namespace: &str,
        labels: &[(&str, &str)],
        ask: impl FnOnce(&Slips, &str) -> Option<String>,
    ) -> Option<String> {
        let mut unknown = labels.iter().filter(|label| !self.carried(namespace, &[**label]));
        let (Some(wrong), None) = (unknown.next(), unknown.next()) else { return None };
        let mut all = self.nearly.labels.borrow_mut();
        let slips = all.entry(namespace.to_owned()).or_insert_with(|| {
            let texts = self.pods_in(namespace).flat_map(|pods| &pods.labels);
            let mut texts: Vec<String> = texts.map(|(key, value)| written((key, value))).collect();
            texts.sort();
            texts.dedup();
            Slips::of(texts.iter().map(String::as_str))
        });
        let meant = ask(slips, &written(*wrong))?;
        let right = meant.split_once(": ")?;
        let others = labels.iter().filter(|label| *label != wrong).copied();
        let wanted: Vec<(&str, &str)> = others.chain([right]).collect();
        self.carried(namespace, &wanted).then_some(meant)
    }
}

fn written((key, value): (&str, &str)) -> String {
    format!("{key}: {value}")
}

fn did_you_mean(near: &str) -> String {
    format!("did you mean `{near}`?")
}
