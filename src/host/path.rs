//! Relative paths that stay where they belong.

use std::path::{Component, Path};

use super::{Cause, HostError};

/// `path` without `.`, `..` and doubled slashes.
///
/// Refuses what is absolute, what climbs out, and what names nothing.
pub(super) fn normal(path: &str) -> Result<String, HostError> {
    let refused = || HostError::new(path, Cause::LeavesFolder);
    let mut parts: Vec<&str> = Vec::new();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str().ok_or_else(refused)?),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop().ok_or_else(refused)?;
            }
            Component::RootDir | Component::Prefix(_) => return Err(refused()),
        }
    }
    if parts.is_empty() || path.contains('\0') {
        return Err(refused());
    }
    Ok(parts.join("/"))
}

/// The folders that `path` lies in, the outermost first: `a` and `a/b` for `a/b/c`.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_inside_is_made_normal() {
        assert_eq!(normal("a/b.toml").as_deref(), Ok("a/b.toml"));
        assert_eq!(normal("./a//b/../c").as_deref(), Ok("a/c"));
        assert_eq!(normal("..a/b..").as_deref(), Ok("..a/b.."));
    }

    #[test]
    fn a_path_that_leaves_is_refused_and_named() {
        for path in ["", ".", "..", "../a", "a/../../b", "/etc/passwd", "a\0b", "a/.."] {
            assert_eq!(normal(path), Err(HostError::new(path, Cause::LeavesFolder)), "{path:?}");
        }
    }

    #[test]
    fn ancestors_come_from_the_outside() {
        assert_eq!(ancestors("a/b/c").collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(ancestors("a").count(), 0);
    }
}
