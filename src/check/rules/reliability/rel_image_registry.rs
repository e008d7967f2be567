//! `rel-image-registry`: images come from registries that are allowed.

use crate::check::finding::Findings;
use crate::check::image::Image;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-image-registry", Warning,
    means: "An image comes from none of the `allowed-registries` of the settings.",
    matters: "What runs in the cluster is decided by whoever holds the registry.",
    example: "image: docker.io/somebody/api:1",
    instead: "image: registry.example/team/api:1",
    source: "gatekeeper allowedrepos"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let allowed = &subject.context.settings.allowed_registries;
    let Some(pod) = subject.pod.filter(|_| !allowed.is_empty()) else { return };
    for container in pod.containers() {
        let text = container.text_or_empty("image");
        let full = Image::of(text).repository();
        let fits = |prefix: &String| {
            let rest = full.strip_prefix(prefix.as_str());
            rest.is_some_and(|rest| prefix.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
        };
        if !text.is_empty() && !allowed.iter().any(fits) {
            found.add(&CODE, (container, "image"), format!("`{full}` is in no registry that is allowed"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Settings;
    use crate::check::testing::advised_with;

    #[test]
    fn registries_are_chosen() {
        let at = "spec.template.spec.containers[0].image";
        let settings =
            Settings { allowed_registries: vec!["registry.example/team".to_owned()], ..Settings::default() };
        let found = |image: &str| advised_with(&settings, &CODE, "DaemonSet", &format!("{at}: '{image}'"));
        assert_eq!(found("api:1"), [at]);
        assert_eq!(found("registry.example/teams/api:1"), [at]);
        assert_eq!(found("registry.example/team/api:1"), Vec::<String>::new());
    }
}
