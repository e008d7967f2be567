//! The security settings that are in force for a container: its own, and else those of its pod.

use crate::check::finding::Place;
use crate::check::subject::{PodTemplate, Subject};
use crate::check::values::Fields;
use crate::value::Value;

/// A container and the pod that it runs in.
#[derive(Clone, Copy)]
pub(super) struct Secured<'a> {
    pub pod: PodTemplate<'a>,
    pub container: &'a Value,
}

/// Every container of an object, of every sort.
pub(super) fn secured<'a>(subject: &Subject<'a>) -> impl Iterator<Item = Secured<'a>> + use<'a> {
    subject.pod.into_iter().flat_map(|pod| pod.containers().map(move |container| Secured { pod, container }))
}

/// The settings of the pod itself and of each of its containers.
pub(super) fn every_context<'a>(subject: &Subject<'a>) -> impl Iterator<Item = &'a Value> + use<'a> {
    let of_pod = subject.pod.and_then(|pod| pod.security());
    of_pod.into_iter().chain(secured(subject).filter_map(|it| it.own()))
}

impl<'a> Secured<'a> {
    /// The settings of the container itself.
    pub fn own(&self) -> Option<&'a Value> {
        self.container.child("securityContext")
    }

    /// A setting, and the value that holds it.
    pub fn setting(&self, key: &str) -> Option<(&'a Value, &'a Value)> {
        let holders = [self.own(), self.pod.security()];
        holders.into_iter().flatten().find_map(|holder| Some((holder, holder.child(key)?)))
    }

    /// Where a setting stands, or should.
    pub fn place(&self, key: &'static str) -> Place<'a> {
        match (self.setting(key), self.own()) {
            (Some((holder, _)), _) | (None, Some(holder)) => Place::Key(holder, key),
            (None, None) => Place::Key(self.container, "securityContext"),
        }
    }

    pub fn name(&self) -> &'a str {
        self.container.text_or_empty("name")
    }
}
