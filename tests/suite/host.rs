//! Reading the platform from a real disk: only from its own folder, and only files.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use bayplan::host::{Cause, Entry, Host, Kind};

use super::writer::Platform;

#[test]
fn the_platform_is_read_from_its_own_folder_only() {
    let (platform, elsewhere) = (Platform::new(), Platform::new());
    let (inside, outside) = (platform.root(), elsewhere.root());
    fs::write(inside.join("a.toml"), b"ab\xFF").expect("a file can be written");
    fs::write(outside.join("secret"), "secret").expect("a file can be written");
    fs::create_dir(inside.join("products")).expect("a folder can be made");
    fs::write(inside.join("products/b.toml"), "b").expect("a file can be written");
    symlink(inside.join("products/b.toml"), inside.join("products/c.toml")).expect("a link can be made");
    symlink(outside.join("secret"), inside.join("products/out.toml")).expect("a link can be made");
    symlink("nowhere", inside.join("products/dangling.toml")).expect("a link can be made");
    let host = platform.host();
    let cause = |path: &str| host.read(path).expect_err("it is refused").cause;
    assert_eq!(host.read_text("products/./c.toml").as_deref(), Ok("b"));
    assert_eq!(host.read_text("a.toml").expect_err("it is no text").cause, Cause::NotUtf8 { offset: 2 });
    assert_eq!(cause("products/out.toml"), Cause::LeavesFolder);
    assert_eq!(cause(&outside.join("secret").display().to_string()), Cause::LeavesFolder);
    assert_eq!(cause("../secret"), Cause::LeavesFolder);
    assert_eq!(cause("nothing"), Cause::Missing);
    assert!(matches!(cause("products"), Cause::Unreadable(_)));
    assert_eq!(
        host.find("products/*.toml").expect("it can be read"),
        ["products/b.toml", "products/c.toml", "products/out.toml"]
    );
    assert!(host.find("nothing/*").expect("there is nothing").is_empty());
    let entry = |path: &str, kind| Entry { path: path.into(), kind };
    let listed = host.list(Path::new("products")).expect("it can be read");
    let links = ["c.toml", "dangling.toml", "out.toml"].map(|path| entry(path, Kind::Link));
    assert_eq!(listed, [vec![entry("b.toml", Kind::File)], links.to_vec()].concat());
}

#[test]
fn a_pipe_is_not_waited_for() {
    let platform = Platform::new();
    let made = Command::new("mkfifo").arg(platform.root().join("pipe.toml")).status();
    assert!(made.expect("mkfifo is on every system with pipes").success());
    assert!(matches!(
        platform.host().read("pipe.toml").expect_err("it is no file").cause,
        Cause::Unreadable(_)
    ));
}

#[test]
fn a_file_is_read_whole_whatever_its_size() {
    const MOST: u64 = 8193;
    let platform = Platform::new();
    for size in [0, 1, 8191, 8192, 8193, 8194, 100_000] {
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(size).collect();
        fs::write(platform.root().join("a.yaml"), &bytes).expect("a file can be written");
        let (host, folder) = (platform.host(), Path::new(""));
        let expected = if size as u64 > MOST { Err(Cause::TooLarge { most: MOST }) } else { Ok(bytes) };
        for read in [host.read_at_most(folder, "a.yaml", MOST), host.read_listed(folder, "a.yaml", MOST)] {
            assert_eq!(read.map_err(|error| error.cause), expected, "{size} bytes");
        }
        if size > 0 {
            let refused = host.read_listed(folder, "a.yaml", 0).expect_err("there is more than nothing");
            assert_eq!(refused.cause, Cause::TooLarge { most: 0 });
        }
    }
}
