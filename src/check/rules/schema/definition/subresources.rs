//! The subresource `scale`: its paths.

use crate::check::rules::schema::crd_structural::Flaws;
use crate::check::values::Fields;
use crate::source::KeyPath;
use crate::value::Value;

pub(in crate::check::rules::schema) fn check(version: &Value, at: &KeyPath, flaws: &mut Flaws) {
    let Some(scale) = version.below(&["subresources", "scale"]) else { return };
    let at = at.key("subresources").key("scale");
    let parts: [(&str, &[&str]); 3] = [
        ("specReplicasPath", &[".spec"]),
        ("statusReplicasPath", &[".status"]),
        ("labelSelectorPath", &[".spec", ".status"]),
    ];
    for (key, roots) in parts {
        let path = scale.text_or_empty(key);
        if path.is_empty() {
            if key != "labelSelectorPath" && scale.get(key).is_some() {
                flaws.push((at.key(key), format!("`{key}` is empty")));
            }
            continue;
        }
        let below = |root: &&str| path.strip_prefix(*root).is_some_and(|rest| rest.starts_with('.'));
        if !path.starts_with('.') {
            flaws.push((
                at.key(key),
                format!("`{path}` is no plain path: write it as `{}.replicas`", roots[0]),
            ));
        } else if !roots.iter().any(below) {
            flaws.push((at.key(key), format!("`{path}` has to lie below `{}`", roots.join("` or `"))));
        }
    }
}
