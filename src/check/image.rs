//! Image references taken apart: `registry/path:tag@digest`.

/// The parts of a reference, as they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Image<'a> {
    /// The registry and the path.
    pub name: &'a str,
    pub tag: Option<&'a str>,
    pub digest: Option<&'a str>,
}

impl<'a> Image<'a> {
    /// Whether ko builds an image from that Go package and writes the reference to it when it applies the manifest.
    pub fn is_built_later(text: &str) -> bool {
        text.starts_with("ko://")
    }

    /// Takes a reference apart. A colon before a slash is that of a port.
    pub fn of(text: &'a str) -> Self {
        let (rest, digest) = text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
        match rest.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')) {
            Some((name, tag)) => Self { name, tag: Some(tag), digest },
            None => Self { name: rest, tag: None, digest },
        }
    }

    /// The name with the registry that the runtime fills in: `api` is `docker.io/library/api`.
    pub fn repository(&self) -> String {
        match self.name.split_once('/') {
            Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => self.name.to_owned(),
            Some(_) => format!("docker.io/{}", self.name),
            None => format!("docker.io/library/{}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_taken_apart() {
        let image = Image::of("registry.example:5000/a/b:1@sha256:00");
        assert_eq!(
            (image.name, image.tag, image.digest),
            ("registry.example:5000/a/b", Some("1"), Some("sha256:00"))
        );
        assert_eq!(Image::of("registry.example:5000/a").tag, None);
        assert_eq!(Image::of("a").repository(), "docker.io/library/a");
        assert_eq!(Image::of("a/b").repository(), "docker.io/a/b");
        assert_eq!(Image::of("localhost/b").repository(), "localhost/b");
    }
}
