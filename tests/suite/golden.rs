//! What is generated is committed, and is what the code generates now. A failure names the files, and the one command
//! that mends them; the difference is then there to be read in `git diff`.

pub mod platforms;

use std::path::Path;

use bayplan::Selection;
use bayplan::diag::Severity;
use bayplan::host::survey;
use bayplan::spec;

/// The same comparison as that of `bayplan render --check`.
#[test]
fn the_committed_output_is_what_the_platforms_say() {
    for platform in platforms::all() {
        let output = platform.folder.join("out");
        // The root's is always there; a platform that is there for another purpose need not have one.
        if platform.name != "wrightnow" && !output.is_dir() {
            continue;
        }
        let plan = platform.compile().plan(&Selection::Everything);
        let survey = survey(&platform.host(), &output, &plan).unwrap_or_else(|error| panic!("{error}"));
        let unsettled = survey.iter().filter(|(_, state)| !state.is_settled());
        let lines: Vec<String> =
            unsettled.map(|(path, state)| format!("{}: out/{path}", state.as_str())).collect();
        assert!(
            lines.is_empty(),
            "{}: {} files are not up to date; mend them with: cargo run -- {}render\n{}",
            platform.name,
            lines.len(),
            platform.arguments,
            lines.join("\n")
        );
    }
}

/// A reviewer sees what a change of the compiler does to a whole environment, in one file.
#[test]
fn every_environment_reads_as_its_snapshot_does() {
    for platform in platforms::all() {
        let compilation = platform.compile();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(format!("../../snapshots/{}", platform.name));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        for (name, environment) in compilation.selected(&Selection::Everything) {
            settings.bind(|| insta::assert_snapshot!(name, environment.yaml()));
        }
        let left_over =
            snapshots(&platform.name).into_iter().find(|name| !compilation.environments.contains_key(name));
        assert_eq!(left_over, None, "a snapshot of {} is of no environment: remove it", platform.name);
    }
}

/// The names of the snapshots that are committed for a platform.
fn snapshots(platform: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(platform);
    let entries = std::fs::read_dir(folder).expect("the platform has snapshots");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter_map(|name| name.strip_suffix(".snap").map(str::to_owned)).collect()
}

/// What the repository shows as an example has nothing to warn of.
#[test]
fn the_reference_platforms_have_no_findings() {
    for platform in platforms::all() {
        let output = platform.output();
        let found = output.diagnostics.iter().filter(|found| found.severity != Severity::Note);
        let messages: Vec<&str> = found.map(|found| found.message.as_str()).collect();
        assert_eq!(messages, Vec::<&str>::new(), "{}", platform.name);
    }
}

#[test]
fn the_schema_is_what_the_types_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/platform.schema.json");
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let generated = format!("{:#}\n", spec::published());
    assert!(
        committed == generated,
        "schemas/platform.schema.json is stale; mend it with: cargo run -- schema --write"
    );
}

/// An editor judges the reference platforms by the published schema, short forms included.
#[test]
fn the_schema_accepts_the_reference_platforms() {
    let validator = jsonschema::validator_for(&spec::published()).expect("the schema is one");
    for platform in platforms::all() {
        let text = std::fs::read_to_string(platform.folder.join("platform.toml")).expect("it is there");
        let value: serde_json::Value = toml::from_str(&text).expect("it is TOML");
        let problems: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path().as_str()))
            .collect();
        assert!(problems.is_empty(), "{}: {}", platform.name, problems.join("\n"));
    }
}
