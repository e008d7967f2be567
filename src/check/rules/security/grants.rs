//! What roles grant, and which of them somebody holds.

use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

/// The rules of a Role or `ClusterRole`.
pub(super) fn rules<'a>(subject: &Subject<'a>) -> impl Iterator<Item = &'a Value> + use<'a> {
    let is_role = matches!(subject.kind, "Role" | "ClusterRole");
    if is_role { subject.value.items("rules") } else { &[] }.iter()
}

/// The rules of the roles that a binding of the tree gives to somebody.
pub(super) fn bound_rules<'s, 'a>(
    scene: &'s Scene<'a>,
) -> impl Iterator<Item = (&'a Subject<'a>, &'a Value)> + use<'s, 'a> {
    let bindings = ["RoleBinding", "ClusterRoleBinding"].into_iter().flat_map(|kind| scene.of_kind(kind));
    let mut bound: Vec<&'a Subject<'a>> = bindings.filter_map(|binding| role_of(scene, binding)).collect();
    bound.sort_by_key(|role| role.index);
    bound.dedup_by_key(|role| role.index);
    bound.into_iter().flat_map(|role| rules(role).map(move |rule| (role, rule)))
}

fn role_of<'a>(scene: &Scene<'a>, binding: &Subject<'a>) -> Option<&'a Subject<'a>> {
    let role = binding.value.child("roleRef")?;
    let kind = role.text("kind")?;
    scene.find(kind, if kind == "Role" { binding.namespace() } else { "" }, role.text("name")?)
}
