//! The one step in which the new tree takes the place of the old one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::durable;
use super::failure::Failure;
use super::staging::Staging;
use super::target::Target;

/// Puts the staged tree in the place of the output folder. Gives the place of the old tree, if there was one.
///
/// Linux and macOS exchange the two folders in one step. Elsewhere, and on file systems that cannot, the old tree is
/// renamed and then the new one: a kill between the two leaves no output folder, and the next run puts the old tree
/// back before it does anything else.
pub(super) fn swap(staging: &Staging, target: &Target) -> Result<Option<PathBuf>, Failure> {
    let (new, place) = (staging.new_tree(), target.path());
    let existed = fs::symlink_metadata(&place).is_ok();
    let old = if !existed {
        fs::rename(&new, &place).map(|()| None)
    } else if exchange(&new, &place).map_err(Failure::at(&place))? {
        Ok(Some(new))
    } else {
        rename_twice(&new, &place, &staging.old_tree()).map(|()| Some(staging.old_tree()))
    };
    let old = old.map_err(Failure::at(&place))?;
    // The swap is done: if its record is lost with the power, the old tree is what comes back.
    let _ = durable::sync_one(&target.parent);
    Ok(old)
}

/// Exchanges two folders; `false` where the system or the file system cannot.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(new: &Path, place: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, new, CWD, place, RenameFlags::EXCHANGE).map_err(io::Error::from) {
        Ok(()) => Ok(true),
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Renames the old tree away and the new one in, or leaves the old one where it was.
fn rename_twice(new: &Path, place: &Path, aside: &Path) -> io::Result<()> {
    fs::rename(place, aside)?;
    fs::rename(new, place).inspect_err(|_| {
        let _ = fs::rename(aside, place);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_folders_cannot_be_exchanged_they_are_renamed() {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        let [new, place, aside] = ["new", "place", "aside"].map(|name| root.path().join(name));
        fs::create_dir(&place).expect("a folder can be made");
        fs::write(place.join("old"), "").expect("a file can be written");
        assert!(rename_twice(&new, &place, &aside).is_err(), "there is no new tree");
        assert!(place.join("old").exists(), "the old tree is back");
        fs::create_dir(&new).expect("a folder can be made");
        rename_twice(&new, &place, &aside).expect("there are both trees now");
        assert!(aside.join("old").exists() && place.exists() && !place.join("old").exists() && !new.exists());
    }
}
