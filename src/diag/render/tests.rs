//! What the renderers make of a platform file with mistakes in it, and of text that means harm.

use proptest::prelude::*;

use super::*;
use crate::diag::{Code, Label};
use crate::source::{FileId, Sources, Span};

static UNKNOWN_KEY: Code = Code { name: "unknown-key", severity: Severity::Error, docs: "" };
static IDLE_OVERRIDE: Code = Code { name: "idle-override", severity: Severity::Warning, docs: "" };
static OUTDATED_API: Code = Code { name: "outdated-api", severity: Severity::Note, docs: "" };

const PLATFORM: &str = "\
[workloads.api]
image = \"registry.example/api\"
replica = 3
ports = { http = 3000 }

[environments.production]
workloads.api = { replicas = 3 }
";

const POLICY: &str = "# Größe: 世界\nreplicas: 3\n";

fn span(file: FileId, text: &str, part: &str) -> Option<Span> {
    let start = text.find(part)?;
    Some(Span { file, start, end: start + part.len() })
}

fn several() -> (Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let platform = sources.add("platform.toml", PLATFORM);
    let policy = sources.add("policies/größe.yaml", POLICY);
    let unknown = Diagnostic::new(&UNKNOWN_KEY, "unknown key `replica` in a workload")
        .at(span(platform, PLATFORM, "replica"), "no such key")
        .at(span(platform, PLATFORM, "[workloads.api]"), "in this workload")
        .hint("did you mean `replicas`?");
    let mut idle = Diagnostic::new(&IDLE_OVERRIDE, "the override of `replicas` changes nothing")
        .at(span(platform, PLATFORM, "replicas = 3"), "")
        .at(span(policy, POLICY, "3"), "the value is 3 already")
        .object("Deployment core/api", Some("spec.replicas".to_owned()))
        .hint("take the line out")
        .hint("or write another number:\nreplicas = 4");
    idle.environments = vec!["production".to_owned(), "staging".to_owned()];
    let mut outdated = Diagnostic::new(&OUTDATED_API, "the API version is served until 1.38")
        .object("CronJob core/backup", None);
    outdated.environments = vec!["staging".to_owned()];
    (vec![unknown, idle, outdated], sources)
}

fn hostile() -> (Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let content = "a = \"\u{1b}[2J\u{9b}31m\u{202e}\u{7f}\ttab\"\r\nb = 1\n";
    let file = sources.add("evil\u{1b}]0;name\u{7}.toml", content);
    let text = "\u{1b}[31mred\n\u{9b}2J\u{2066}";
    let diagnostic = Diagnostic::new(&UNKNOWN_KEY, text)
        .at(span(file, content, "31m"), text)
        .object(text, Some(text.to_owned()))
        .hint(text);
    let diagnostic = Diagnostic { environments: vec![text.to_owned()], ..diagnostic };
    (vec![diagnostic], sources)
}

fn snapshots() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/diag"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn text_for_people() {
    let (diagnostics, sources) = several();
    snapshots().bind(|| insta::assert_snapshot!("text", text(&diagnostics, &sources, Style::default())));
}

#[test]
fn text_in_colour() {
    let (diagnostics, sources) = several();
    let style = Style { color: Color::Always, width: 80 };
    let coloured = text(&diagnostics, &sources, style);
    snapshots().bind(|| insta::assert_snapshot!("text-colour", coloured.replace('\u{1b}', "␛")));
}

#[test]
fn data_for_programs() {
    let (diagnostics, sources) = several();
    snapshots().bind(|| insta::assert_snapshot!("json", json(&diagnostics, &sources)));
}

#[test]
fn escape_sequences_of_the_user_do_not_reach_the_terminal() {
    let (diagnostics, sources) = hostile();
    let plain = text(&diagnostics, &sources, Style::default());
    let data = json(&diagnostics, &sources);
    for rendered in [&plain, &data] {
        let raw = rendered.chars().find(|c| *c != '\n' && crate::diag::clean::is_hazard(*c));
        assert_eq!(raw, None, "{rendered:?}");
    }
    snapshots().bind(|| insta::assert_snapshot!("text-hostile", plain));
    let back: crate::value::Value = serde_json::from_str(&data).expect("the renderer writes JSON");
    assert_eq!(back[0]["message"], "\u{1b}[31mred\n\u{9b}2J\u{2066}");
}

#[test]
fn a_long_line_is_cut_round_the_place() {
    let mut sources = Sources::default();
    let content = format!("value = \"{}HERE{}\"\n", "x".repeat(400), "y".repeat(400));
    let file = sources.add("platform.toml", content.clone());
    let diagnostic = Diagnostic::new(&UNKNOWN_KEY, "long").at(span(file, &content, "HERE"), "here");
    let rendered = text(&[diagnostic], &sources, Style { color: Color::Never, width: 60 });
    assert!(rendered.contains("HERE"), "{rendered}");
    assert!(rendered.lines().all(|line| line.chars().count() <= 80), "{rendered}");
}

#[test]
fn nothing_to_say_is_nothing() {
    assert_eq!(text(&[], &Sources::default(), Style::default()), "");
    assert_eq!(json(&[], &Sources::default()), "[]\n");
    assert_eq!(summary(&[]), "");
}

#[test]
fn a_summary_counts_each_weight() {
    let (mut diagnostics, _) = several();
    diagnostics.push(diagnostics[0].clone());
    assert_eq!(summary(&diagnostics), "2 errors, 1 warning, 1 note");
}

proptest! {
    #[test]
    fn no_place_makes_a_renderer_panic(
        content in prop_oneof![any::<String>(), "([a-zé世\u{1b}\u{200b}\t\r]{0,6}\n?){0,8}"],
        places in proptest::collection::vec((0_usize..80, 0_usize..80, any::<String>()), 0..5),
        width in 0_usize..200,
    ) {
        let mut sources = Sources::default();
        let file = sources.add("platform.toml", content);
        let mut diagnostic = Diagnostic::new(&UNKNOWN_KEY, "a finding");
        diagnostic.labels = places
            .into_iter()
            .map(|(start, end, text)| Label { span: Span { file, start, end }, text })
            .collect();
        for color in [Color::Never, Color::Always] {
            let rendered = text(std::slice::from_ref(&diagnostic), &sources, Style { color, width });
            prop_assert!(rendered.contains("a finding"));
            let raw = rendered.chars().find(|c| *c != '\n' && crate::diag::clean::is_hazard(*c));
            prop_assert_eq!(raw, (color == Color::Always).then_some('\u{1b}'));
        }
        let data = json(&[diagnostic], &sources);
        prop_assert!(serde_json::from_str::<crate::value::Value>(&data).is_ok());
    }
}
