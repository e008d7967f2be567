//! The codes of all stages together: what `bayplan explain` promises.

use bayplan::cli::all_codes;

#[test]
fn every_code_has_one_owner() {
    let codes = all_codes();
    let twice: Vec<&str> =
        codes.windows(2).filter(|pair| pair[0].name == pair[1].name).map(|pair| pair[0].name).collect();
    assert!(twice.is_empty(), "declared by two stages: {twice:?}");
}

#[test]
fn the_table_of_each_stage_is_in_order() {
    let stages = [
        ("spec", bayplan::spec::CODES),
        ("resolve", bayplan::resolve::CODES),
        ("manifest", bayplan::manifest::CODES),
        ("check", bayplan::check::CODES),
        ("exceptions", bayplan::check::exceptions::CODES),
        ("compile", bayplan::compile::CODES),
        ("definitions", bayplan::definitions::CODES),
        ("judge", bayplan::judge::CODES),
        ("import", bayplan::import::CODES),
        ("host", bayplan::host::CODES),
    ];
    for (stage, codes) in stages {
        assert!(codes.is_sorted_by_key(|code| code.name), "the table of `{stage}` is not sorted by name");
    }
}

#[test]
fn every_code_is_named_and_explained_alike() {
    for code in all_codes() {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(code.name.chars().all(plain), "`{}` is not lower-case words joined by hyphens", code.name);
        for heading in ["## What it means\n", "## Why it matters\n", "## Instead\n"] {
            assert!(code.docs.contains(heading), "`{}` lacks `{}`", code.name, heading.trim());
        }
    }
}
