//! The formats for programs: each is what its specification says, whatever the findings hold.

use bayplan::diag::{Diagnostic, render};
use bayplan::source::Sources;
use serde_json::Value;

use super::{judge, repository, request};

fn findings() -> (Vec<Diagnostic>, Sources) {
    let host = repository()
        .with_file("k8s/odd <&>\"%,.yaml", "apiVersion: v1\nkind: Pod\nmetadata: { name: \"A\\u001b#\" }\n")
        .with_file("k8s/broken.yaml", "kind: [\n");
    let mut request = request("k8s");
    request.profile = Some(bayplan::check::Profile::Strict);
    let verdict = judge(&host, &request);
    assert!(verdict.diagnostics.len() > 5);
    (verdict.diagnostics, verdict.sources)
}

#[test]
fn json_is_what_its_schema_says() {
    let (diagnostics, sources) = findings();
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/findings.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let data: Value = serde_json::from_str(&render::json(&diagnostics, &sources)).unwrap();
    let errors: Vec<String> = validator.iter_errors(&data).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(data.as_array().unwrap().len(), diagnostics.len());
    // The schema refuses what it does not name, so that no field goes undocumented.
    let mut longer = data.clone();
    longer[0]["colour"] = Value::from("red");
    assert!(!validator.is_valid(&longer));
}

#[test]
fn sarif_fits_the_schema_of_its_standard() {
    // The pattern of a language is no regular expression to everybody: a bracket too many stands in it.
    let schema = include_str!("../../../schemas/third-party/sarif-2.1.0.json").replace("{2}]?$", "{2}$");
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let (diagnostics, sources) = findings();
    let unplaced = [bayplan::diag::Diagnostic::new(diagnostics[0].code, "without a place")];
    for diagnostics in [&diagnostics[..], &unplaced, &[]] {
        let log: Value = serde_json::from_str(&render::sarif(diagnostics, &sources)).unwrap();
        let errors: Vec<_> =
            validator.iter_errors(&log).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let strange = serde_json::json!({ "version": "2.1.0", "runs": [{ "tool": {} }] });
    assert!(!validator.is_valid(&strange), "the schema refuses something");
}

/// What SARIF 2.1.0 requires of each object that is written, by section of the specification.
#[test]
fn sarif_has_every_property_that_is_required_and_is_consistent() {
    let (diagnostics, sources) = findings();
    let log: Value = serde_json::from_str(&render::sarif(&diagnostics, &sources)).unwrap();
    // 3.13: the log.
    assert_eq!(log["version"], "2.1.0");
    let [run] = log["runs"].as_array().unwrap().as_slice() else { panic!("one run") };
    // 3.14, 3.18, 3.19: the run, the tool and its driver.
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "bayplan");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = driver["rules"].as_array().unwrap();
    for rule in rules {
        // 3.49: a descriptor has an id; 3.12: a message string has a text.
        assert!(
            rule["id"].is_string()
                && rule["shortDescription"]["text"].is_string()
                && rule["help"]["text"].is_string()
        );
        assert!(
            ["error", "warning", "note"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap())
        );
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), diagnostics.len());
    for result in results {
        // 3.27: a result has a message; its index leads to its rule.
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        for location in result["locations"].as_array().unwrap() {
            let Some(place) = location.get("physicalLocation") else { continue };
            // 3.4: a URI reference; 3.30: lines and columns from 1, the end not before the start.
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|c| c.is_ascii_graphic() && !b" <>\"{}|\\^`".contains(&c)), "{uri}");
            let at = |key: &str| place["region"][key].as_u64().unwrap();
            assert!(at("startLine") >= 1 && at("startColumn") >= 1);
            assert!((at("startLine"), at("startColumn")) <= (at("endLine"), at("endColumn")));
        }
        assert_eq!(result["partialFingerprints"]["bayplan/v1"].as_str().unwrap().len(), 32);
    }
}

#[test]
fn a_fingerprint_stays_when_lines_move() {
    let fingerprints = |text: &str| {
        let host = bayplan::host::MemoryHost::default().with_file("k8s/a.yaml", text);
        let verdict = judge(&host, &request("k8s"));
        let log: Value =
            serde_json::from_str(&render::sarif(&verdict.diagnostics, &verdict.sources)).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|it| it["partialFingerprints"].to_string()).collect::<Vec<_>>()
    };
    let text = super::DEPLOYMENT;
    assert_eq!(fingerprints(text), fingerprints(&format!("# moved\n\n{text}")));
    assert!(!fingerprints(text).is_empty());
}

/// The start and end tags of a text of XML in order, `None` where it is not well formed.
fn tags(xml: &str) -> Option<Vec<String>> {
    let mut open: Vec<String> = Vec::new();
    let mut seen = Vec::new();
    for part in xml.split('<').skip(1) {
        let (tag, text) = part.split_once('>')?;
        if text.contains(['"']) || text.matches('&').count() != text.matches(';').count() {
            return None;
        }
        let name = tag.trim_start_matches('/').split([' ', '/']).next()?.to_owned();
        match (tag.starts_with('?'), tag.starts_with('/'), tag.ends_with('/')) {
            (true, ..) => {}
            (_, true, _) => {
                if open.pop()? != name {
                    return None;
                }
            }
            (_, _, true) => seen.push(name),
            _ => {
                open.push(name.clone());
                seen.push(name);
            }
        }
        if tag.matches('"').count() % 2 != 0 {
            return None;
        }
    }
    open.is_empty().then_some(seen)
}

#[test]
fn junit_is_well_formed_and_counts_right() {
    let (diagnostics, sources) = findings();
    let report = render::junit(&diagnostics, &sources);
    let tags = tags(&report).unwrap_or_else(|| panic!("not well formed:\n{report}"));
    let count = |name: &str| tags.iter().filter(|tag| *tag == name).count();
    assert_eq!(count("testcase"), diagnostics.len());
    let failures = diagnostics.iter().filter(|it| it.severity != bayplan::diag::Severity::Note).count();
    assert_eq!(count("failure"), failures);
    assert!(report.contains(&format!(
        "<testsuites name=\"bayplan\" tests=\"{}\" failures=\"{failures}\">",
        diagnostics.len()
    )));
    assert!(!report.chars().any(|c| c.is_control() && c != '\n'));
    assert_eq!(self::tags(&render::junit(&[], &sources)).unwrap(), ["testsuites", "testsuite", "testcase"]);
}

#[test]
fn tap_has_its_plan_and_as_many_points() {
    let (diagnostics, sources) = findings();
    let stream = render::tap(&diagnostics, &sources);
    let lines: Vec<&str> = stream.lines().collect();
    assert_eq!(lines[..2], ["TAP version 13".to_owned(), format!("1..{}", diagnostics.len())]);
    let points: Vec<&&str> =
        lines.iter().filter(|it| it.starts_with("ok ") || it.starts_with("not ok ")).collect();
    assert_eq!(points.len(), diagnostics.len());
    assert_eq!(lines.iter().filter(|it| **it == "  ---").count(), points.len());
    // What stands between is YAML.
    for block in stream.split("  ---\n").skip(1) {
        let yaml = block.split("  ...\n").next().unwrap();
        assert!(serde_saphyr::from_str::<Value>(yaml).is_ok(), "{yaml}");
    }
}

#[test]
fn github_has_one_line_a_finding_and_escapes_what_it_must() {
    let (diagnostics, sources) = findings();
    let commands = render::github(&diagnostics, &sources);
    assert_eq!(commands.lines().count(), diagnostics.len());
    for line in commands.lines() {
        let properties = line.strip_prefix("::").unwrap().split_once("::").unwrap().0;
        let (command, properties) = properties.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&command));
        for property in properties.split(',') {
            let (key, _) = property.split_once('=').unwrap();
            assert!(["file", "line", "endLine", "col", "endColumn", "title"].contains(&key), "{property}");
        }
    }
    assert!(commands.contains("file=k8s/odd <&>\"%25%2C.yaml"));
}

#[test]
fn counts_add_up() {
    let (diagnostics, _) = findings();
    let counts = render::counts(&diagnostics);
    let sum: usize =
        counts.lines().map(|line| line.split_whitespace().next().unwrap().parse::<usize>().unwrap()).sum();
    assert_eq!(sum, diagnostics.len());
}
