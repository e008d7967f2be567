//! The codes of this stage: what can be wrong with a file or with the output folder.

use crate::diag::{Code, Severity};

/// Every code of this stage, by name.
pub static CODES: &[&Code] = &[
    &DISK_FULL,
    &FILE_NOT_UTF8,
    &FILE_TOO_LARGE,
    &FILE_UNREADABLE,
    &OUTPUT_BUSY,
    &OUTPUT_EDITED,
    &OUTPUT_FAILED,
    &OUTPUT_FOREIGN_FILE,
    &OUTPUT_HOLDS_PLATFORM,
    &OUTPUT_LINK,
    &OUTPUT_NOT_WRITABLE,
    &PATH_LEAVES_FOLDER,
];

/// A file of the platform is missing, or cannot be read.
pub(super) static FILE_UNREADABLE: Code = Code {
    name: "file-unreadable",
    severity: Severity::Error,
    docs: "## What it means
A file that the platform consists of or refers to does not exist, is a folder, or may not be read by the user who runs
bayplan.

## Why it matters
Nothing is compiled from half a platform.

## Example
```toml
include = [\"products/shop.toml\"]      # there is no such file
```

## Instead
Create the file, correct the path (it is relative to the folder of `platform.toml`), or make the file readable.
",
};

/// A file of the platform is not UTF-8.
pub(super) static FILE_NOT_UTF8: Code = Code {
    name: "file-not-utf8",
    severity: Severity::Error,
    docs: "## What it means
The file holds a byte that is not part of a UTF-8 character. The message counts bytes from 0.

## Why it matters
TOML and YAML are UTF-8. A file in another encoding would reach the cluster as other characters than were meant.

## Example
A file saved as Latin-1, in which `é` is the single byte `0xE9`.

## Instead
Save the file as UTF-8: `iconv -f latin1 -t utf-8 old.toml > new.toml`.
",
};

/// A file that is larger than any manifest.
pub(super) static FILE_TOO_LARGE: Code = Code {
    name: "file-too-large",
    severity: Severity::Error,
    docs: "## What it means
The file is larger than 64 MiB, and was not read.

## Why it matters
The API server takes no request above 3 MiB, so a file of that size is either no manifest or thousands of them in one.

## Example
A database dump that is called `backup.yaml`.

## Instead
Keep such files out of the folder that is checked, or split the file by object.
",
};

/// A path leads out of the folder that it must stay in.
pub(super) static PATH_LEAVES_FOLDER: Code = Code {
    name: "path-leaves-folder",
    severity: Severity::Error,
    docs: "## What it means
A path is absolute, climbs out with `..`, or goes through a symbolic link that leads outside.

## Why it matters
A platform is compiled from its own folder and from nothing else: the same commit gives the same output on every
machine, and a platform from somebody else cannot read your files into a ConfigMap.

## Example
```toml
include = [\"../shared/redis.toml\"]
```

## Instead
Copy the file into the platform's folder, or move `platform.toml` up to a folder that holds both.
",
};

/// The output folder cannot be written.
pub(super) static OUTPUT_NOT_WRITABLE: Code = Code {
    name: "output-not-writable",
    severity: Severity::Error,
    docs: "## What it means
The output folder, a folder in it, or the folder that it lies in may not be written by the user who runs bayplan; or
the output folder is not a folder at all.

## Why it matters
The tree is built beside the output folder and swapped in as a whole, so the folder above it has to be writable too.
Nothing has been changed.

## Example
```console
$ chmod a-w out/base && bayplan render
```

## Instead
Give the user the right to write (`chmod u+w`), or name another folder with `--output-dir`.
",
};

/// The output folder holds the platform.
pub(super) static OUTPUT_HOLDS_PLATFORM: Code = Code {
    name: "output-holds-platform",
    severity: Severity::Error,
    docs: "## What it means
The output folder is the folder of `platform.toml`, or one above it.

## Why it matters
The output folder is swapped as a whole. With the platform inside, its sources and its `.git` would be part of the swap.

## Example
```console
$ bayplan render --output-dir .
```

## Instead
Name a folder of its own: `--output-dir out`.
",
};

/// Something that bayplan did not write is where a generated file belongs.
pub(super) static OUTPUT_FOREIGN_FILE: Code = Code {
    name: "output-foreign-file",
    severity: Severity::Error,
    docs: "## What it means
A file or folder stands where a generated file belongs, and the first line of the file does not say that bayplan wrote
it.

## Why it matters
Bayplan never overwrites what it did not write. Nothing has been changed.

## Example
`out/base/postgres/service-postgres.yaml` was written by hand before the platform had a database.

## Instead
Move the file away, or delete it if the generated one replaces it. Foreign files elsewhere in the output folder are
kept and do no harm.
",
};

/// A generated file was edited by hand.
pub(super) static OUTPUT_EDITED: Code = Code {
    name: "output-edited",
    severity: Severity::Error,
    docs: "## What it means
The file was generated, and its content no longer fits the digest in its first line: somebody has edited it, or a merge
has left its marks in it.

## Why it matters
The next render would silently undo the edit, so it does not render. Nothing has been changed.

## Example
`replicas: 2` was made `replicas: 5` in `out/rendered/production/core/api/deployment-api.yaml` during an incident.

## Instead
Say it in `platform.toml`, where `patch` on an entity reaches any field of its object. Then `bayplan render --force`
discards the edit; so does deleting the file. After a merge conflict `--force` is all that is needed.
",
};

/// A symbolic link is where a generated file or folder belongs.
pub(super) static OUTPUT_LINK: Code = Code {
    name: "output-link",
    severity: Severity::Error,
    docs: "## What it means
The output folder, a folder on the way to a generated file, or the place of a generated file is a symbolic link.

## Why it matters
Writing through a link changes files outside the output folder. Bayplan does not follow links when it writes. Nothing
has been changed.

## Example
```console
$ ln -s /srv/manifests out/base && bayplan render
```

## Instead
Remove the link, or give the folder that it leads to with `--output-dir`. Links elsewhere in the output folder are kept.
",
};

/// There is no space left.
pub(super) static DISK_FULL: Code = Code {
    name: "disk-full",
    severity: Severity::Error,
    docs: "## What it means
The file system has no space left, or the user's quota or limit on the size of files is reached.

## Why it matters
The new tree could not be completed, so it was thrown away. The old one is untouched.

## Example
A build machine whose disk is full of old images.

## Instead
Free some space and render again. While it renders, bayplan needs the space of the files that change.
",
};

/// Another run is writing the same folder.
pub(super) static OUTPUT_BUSY: Code = Code {
    name: "output-busy",
    severity: Severity::Error,
    docs: "## What it means
Another bayplan has been writing to the same place for several seconds.

## Why it matters
Two runs at once would each undo what the other did. Nothing has been changed by this one.

## Example
`bayplan render --watch` in one terminal and `bayplan render` in another, on a very slow disk.

## Instead
Wait for the other run to end. The lock goes with its process: a killed run leaves none behind.
",
};

/// The file system failed in a way that has no code of its own.
pub(super) static OUTPUT_FAILED: Code = Code {
    name: "output-failed",
    severity: Severity::Error,
    docs: "## What it means
The operating system refused an operation on the output folder. The message holds its reason.

## Why it matters
The new tree could not be put in place, so the old one stays.

## Example
A network file system that went away during the render.

## Instead
Mend what the message names and render again.
",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_code_is_explained() {
        assert!(CODES.windows(2).all(|pair| pair[0].name < pair[1].name));
        for code in CODES {
            for heading in ["What it means", "Why it matters", "Example", "Instead"] {
                assert!(code.docs.contains(&format!("## {heading}\n")), "{code} lacks {heading}");
            }
        }
    }
}
