//! What we write ourselves is held to the strict profile: every reference platform, and what `bayplan init` starts from.

use bayplan::check::Profile;
use bayplan::diag::{Diagnostic, Severity};
use bayplan::host::MemoryHost;
use bayplan::{Output, Request, compile};

use crate::golden::platforms;

fn strict() -> Request {
    Request { advice: Some(Profile::Strict), ..Request::default() }
}

/// Warnings and errors; notes are of rules that are off unless somebody asks for them.
fn findings(output: &Output) -> Vec<String> {
    let heavy = output.diagnostics.iter().filter(|found| found.severity != Severity::Note);
    let said = |found: &Diagnostic| {
        format!("{} {}: {}", found.code.name, found.object.as_deref().unwrap_or("-"), found.message)
    };
    heavy.map(said).collect()
}

#[test]
fn the_reference_platforms_are_clean() {
    for platform in platforms::all() {
        let output = compile(&platform.host(), &strict());
        assert!(output.compilation.is_some(), "{}", platform.name);
        assert_eq!(findings(&output), Vec::<String>::new(), "{}", platform.name);
    }
}

#[test]
fn the_starter_is_clean() {
    let starter = include_str!("../../src/cli/starter.toml").replace("NAME", "shop");
    let output = compile(&MemoryHost::default().with_file("platform.toml", starter), &strict());
    assert!(output.compilation.is_some());
    assert_eq!(findings(&output), Vec::<String>::new());
}

/// The strict profile is no way round: what it would say of a platform that is careless is said.
#[test]
fn a_careless_platform_is_not() {
    let starter = include_str!("../../src/cli/starter.toml").replace("NAME", "shop");
    let careless = starter.replace("read-only-root = true", "read-only-root = false");
    let output = compile(&MemoryHost::default().with_file("platform.toml", careless), &strict());
    let found = findings(&output);
    assert!(found.iter().any(|it| it.starts_with("sec-read-only-rootfs Deployment")), "{found:#?}");
}
