//! `image-reference`: an image reference can be pulled as it is written.

use crate::check::finding::Findings;
use crate::check::format::Problem;
use crate::check::image::Image;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "image-reference", Error,
    means: "The image is no reference to an image: it has blanks, upper-case letters in its path, a malformed tag or a malformed digest.",
    matters: "The API server may accept it; the kubelet then reports `InvalidImageName`, and the pod never starts.",
    example: "image: Registry.example/My API:latest",
    instead: "image: registry.example/my-api:1.2.3",
    source: "https://github.com/distribution/reference; `InvalidImageName` in pkg/kubelet/images"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        let image = container.text_or_empty("image");
        if !image.is_empty()
            && !Image::is_built_later(image)
            && let Some(problem) = problem(image)
        {
            found.add(&CODE, (container, "image"), format!("the image `{image}` {problem}"));
        }
    }
}

fn problem(image: &str) -> Problem {
    if image.trim() != image {
        return Some("has blanks around it");
    }
    let (rest, digest) = image.split_once('@').map_or((image, None), |(rest, digest)| (rest, Some(digest)));
    if digest.is_some_and(|digest| !is_digest(digest)) {
        return Some("has a malformed digest");
    }
    let (name, tag) = match rest.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (rest, None),
    };
    if tag.is_some_and(|tag| !is_tag(tag)) {
        return Some("has a malformed tag");
    }
    (!is_name(name)).then_some("has a malformed name")
}

/// `[registry[:port]/]path`, as in `distribution/reference`.
fn is_name(name: &str) -> bool {
    let (domain, path) = match name.split_once('/') {
        Some((first, rest))
            if first.contains(['.', ':']) || first == "localhost" || first != first.to_lowercase() =>
        {
            (Some(first), rest)
        }
        _ => (None, name),
    };
    name.len() <= 255 && domain.is_none_or(is_domain) && path.split('/').all(is_path_component)
}

fn is_domain(domain: &str) -> bool {
    let (host, port) = domain.rsplit_once(':').map_or((domain, None), |(host, port)| (host, Some(port)));
    let label = |label: &str| {
        let ends = label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && label.ends_with(|c: char| c.is_ascii_alphanumeric());
        ends && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
    };
    let bracketed = domain.starts_with('[');
    let port_fits = port.is_none_or(|port| !port.is_empty() && port.bytes().all(|c| c.is_ascii_digit()));
    bracketed || port_fits && host.split('.').all(label)
}

/// Lower-case letters and digits, separated by `.`, `_`, `__` or any number of `-`.
fn is_path_component(part: &str) -> bool {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bytes = part.as_bytes();
    let ends = bytes.first().is_some_and(|c| plain(*c)) && bytes.last().is_some_and(|c| plain(*c));
    let separators =
        part.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()).filter(|it| !it.is_empty());
    ends && separators.into_iter().all(|it| matches!(it, "." | "_" | "__") || it.bytes().all(|c| c == b'-'))
}

fn is_tag(tag: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    tag.len() <= 128 && tag.starts_with(word) && tag.chars().all(|c| word(c) || c == '.' || c == '-')
}

fn is_digest(digest: &str) -> bool {
    let Some((algorithm, hex)) = digest.split_once(':') else { return false };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return hex.len() >= 32 && hex.bytes().all(|c| c.is_ascii_hexdigit()),
    };
    hex.len() == length && hex.bytes().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::refuses;

    #[test]
    fn references_that_can_be_pulled_are_let_through() {
        let digest = format!("a@sha256:{}", "0a".repeat(32));
        for good in [
            "nginx",
            "library/nginx:1.27",
            "registry.example:5000/a/b_c:V1.2-x",
            "localhost/a",
            "quay.io/a/b__c--d",
            "REGISTRY.example/a",
            "a:1@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            &digest,
        ] {
            assert_eq!(problem(good), None, "{good}");
        }
    }

    #[test]
    fn others_are_refused() {
        for bad in [
            " nginx",
            "nginx ",
            "My/Image:1",
            "nginx:",
            "nginx:-a",
            "a//b",
            "/a",
            "a/",
            "a@sha256:12",
            "a b",
            "https://a/b",
            "a_-b",
            "a:1:2/x:y",
        ] {
            assert!(problem(bad).is_some(), "{bad}");
        }
        refuses(
            &CODE,
            "DaemonSet",
            "spec.template.spec.containers[0].image: ' a'",
            "spec.template.spec.containers[0].image",
        );
    }
}
