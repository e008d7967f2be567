//! The gates that a change passes: a workflow of GitHub Actions, hooks of pre-commit, and the images that tests share.
//!
//! Stages follow one another as the cost of a mistake grows: what a person can mend in a second is said first. Programs run
//! from images with a version, so that a build of today is the build of tomorrow. Sources:
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax>, <https://pre-commit.com>.

use std::collections::BTreeSet;

use super::Artefact;
use super::template::word;
use crate::model::{Platform, Quality};
use crate::value::{Map, Value, json};

/// actions/checkout v4.2.2: an action is pinned by its commit, since a tag can be moved.
const CHECKOUT: &str = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683";
const GITLEAKS: &str = "ghcr.io/gitleaks/gitleaks:v8.28.0";
const GOLANGCI: &str = "docker.io/golangci/golangci-lint:v2.4.0";
const GO: &str = "docker.io/library/golang:1.25";
const KUBE_LINTER: &str = "docker.io/stackrox/kube-linter:v0.7.4";
const NODE: &str = "docker.io/library/node:22-slim";
const PYTHON: &str = "docker.io/library/python:3.13-slim";
const RUFF: &str = "ghcr.io/astral-sh/ruff:0.12.9";
const SEMGREP: &str = "docker.io/semgrep/semgrep:1.134.0";
const SNYK: &str = "snyk@1.1298.2";
const SONAR: &str = "docker.io/sonarsource/sonar-scanner-cli:11.4";
const TRIVY: &str = "docker.io/aquasec/trivy:0.65.0";
const TRUFFLEHOG: &str = "docker.io/trufflesecurity/trufflehog:3.90.5";

/// The files below `ci/`; none where the platform speaks of no gates.
pub(super) fn files(base: &Platform, environments: &[&Platform]) -> Vec<Artefact> {
    let Some(quality) = &base.development.quality else { return Vec::new() };
    let mut files = vec![
        Artefact::yaml("ci/quality-gates.yaml", workflow(quality, environments)),
        Artefact::yaml("ci/pre-commit-config.yaml", pre_commit(quality)),
        Artefact::text("ci/images.env", images(base)),
    ];
    if quality.dependencies == "dependabot" {
        files.push(Artefact::yaml("ci/dependabot.yaml", dependabot(quality)));
    }
    files
}

/// A stage of the workflow: its job, what it is called, and its steps.
struct Stage {
    job: &'static str,
    name: &'static str,
    steps: Vec<Value>,
}

fn workflow(quality: &Quality, environments: &[&Platform]) -> Value {
    let stages = [
        Stage { job: "lint", name: "Lint", steps: lint(quality) },
        Stage { job: "secrets", name: "Secrets", steps: vec![secrets(quality)] },
        Stage { job: "code", name: "Static analysis", steps: vec![code(quality)] },
        Stage { job: "dependencies", name: "Dependencies", steps: dependencies(quality) },
        Stage { job: "unit-tests", name: "Unit tests", steps: tests(quality, "unit") },
        Stage { job: "integration-tests", name: "Integration tests", steps: tests(quality, "integration") },
        Stage { job: "images", name: "Images", steps: vec![image_scan(quality, environments)] },
        Stage { job: "manifests", name: "Manifests", steps: manifests(quality) },
    ];
    let mut jobs = Map::new();
    let mut before: Option<&str> = None;
    for stage in stages.into_iter().filter(|stage| !stage.steps.is_empty()) {
        let checkout = json!({"uses": CHECKOUT, "with": {"fetch-depth": 0, "persist-credentials": false}});
        let steps: Vec<Value> = std::iter::once(checkout).chain(stage.steps).collect();
        let mut job =
            json!({"name": stage.name, "runs-on": "ubuntu-24.04", "timeout-minutes": 30, "steps": steps});
        if let Some(before) = before {
            job["needs"] = json!([before]);
        }
        jobs.insert(stage.job.to_owned(), job);
        before = Some(stage.job);
    }
    json!({
        "name": "Quality gates",
        "on": {"pull_request": {}, "push": {"branches": ["main"]}},
        "permissions": {"contents": "read"},
        "concurrency": {"group": "quality-${{ github.ref }}", "cancel-in-progress": true},
        "jobs": jobs,
    })
}

fn step(name: &str, run: impl Into<Value>) -> Value {
    json!({"name": name, "run": run.into()})
}

/// A command in an image, with the repository as its folder.
fn within(image: &str, folder: &str, command: &str) -> String {
    format!(
        "docker run --rm -v \"$PWD:/src\" -w {} {image} {command}",
        word(&format!("/src/{folder}")).trim_end_matches('/')
    )
}

fn lint(quality: &Quality) -> Vec<Value> {
    let one = |(folder, language): &(String, &'static str)| match *language {
        "go" => step(&format!("golangci-lint in {folder}"), within(GOLANGCI, folder, "golangci-lint run")),
        "python" => step(&format!("Ruff in {folder}"), within(RUFF, folder, "check .")),
        _ => step(
            &format!("ESLint in {folder}"),
            within(NODE, folder, "sh -c 'npm ci --ignore-scripts && npx --no-install eslint .'"),
        ),
    };
    quality.sources.iter().map(one).collect()
}

fn secrets(quality: &Quality) -> Value {
    if quality.secrets == "trufflehog" {
        step("TruffleHog", within(TRUFFLEHOG, "", "git file:///src --only-verified --fail"))
    } else {
        let output = word(&quality.output);
        let history = within(GITLEAKS, "", "git --redact --verbose .");
        step(
            "Gitleaks",
            format!("{history}\n{}", within(GITLEAKS, "", &format!("dir --redact --verbose {output}"))),
        )
    }
}

fn code(quality: &Quality) -> Value {
    match quality.code {
        "sonarqube" => json!({
            "name": "SonarQube",
            "env": {"SONAR_TOKEN": "${{ secrets.SONAR_TOKEN }}", "SONAR_HOST_URL": "${{ vars.SONAR_HOST_URL }}"},
            "run": format!("docker run --rm -e SONAR_TOKEN -e SONAR_HOST_URL -v \"$PWD:/usr/src\" {SONAR} -Dsonar.qualitygate.wait=true"),
        }),
        _ => step(
            "Semgrep",
            within(SEMGREP, "", "semgrep scan --error --config p/owasp-top-ten --config p/default"),
        ),
    }
}

/// Dependabot works on its own, from the file beside this one; Trivy then says here what it would say there.
fn dependencies(quality: &Quality) -> Vec<Value> {
    match quality.dependencies {
        "snyk" => vec![json!({
            "name": "Snyk",
            "env": {"SNYK_TOKEN": "${{ secrets.SNYK_TOKEN }}"},
            "run": format!("npx --yes {SNYK} test --all-projects --severity-threshold=high"),
        })],
        _ => vec![step(
            "Dependencies (as Dependabot)",
            within(TRIVY, "", "fs --scanners vuln --severity HIGH,CRITICAL --exit-code 1 ."),
        )],
    }
}

fn tests(quality: &Quality, tier: &str) -> Vec<Value> {
    let one = |(folder, language): &(String, &'static str)| {
        let (image, command) = match *language {
            "go" => (GO, format!("go test -tags {tier} ./...")),
            "python" => {
                (PYTHON, format!("sh -c 'pip install --quiet -r requirements.txt && pytest -m {tier}'"))
            }
            _ => (
                NODE,
                format!("sh -c 'npm ci --ignore-scripts && npx --no-install vitest run --project {tier}'"),
            ),
        };
        // Testcontainers talks to the Docker of the runner, with the images that the platform runs.
        let docker = "-v /var/run/docker.sock:/var/run/docker.sock --env-file";
        let shared = format!("{docker} {}", word(&format!("{}/ci/images.env", quality.output)));
        let run = within(image, folder, &command);
        let run = if tier == "integration" { run.replace("--rm", &format!("--rm {shared}")) } else { run };
        step(&format!("{tier} tests in {folder}"), run)
    };
    quality.sources.iter().map(one).collect()
}

/// Every image that runs outside the developer's machine.
fn image_scan(quality: &Quality, environments: &[&Platform]) -> Value {
    let shared = environments.iter().filter(|platform| !platform.cluster.kind.is_local());
    let workloads = shared.flat_map(|platform| &platform.workloads);
    let containers = workloads.flat_map(|workload| workload.init.iter().chain(&workload.containers));
    let images: BTreeSet<String> = containers.map(|container| word(container.image.as_str())).collect();
    let list: Vec<String> = images.into_iter().map(|image| format!("  {image}")).collect();
    let run = format!(
        "failed=0\nfor image in \\\n{}\ndo\n  docker run --rm {TRIVY} image --severity {} --ignore-unfixed --exit-code 1 \"$image\" || failed=1\ndone\nexit $failed",
        list.join(" \\\n"),
        quality.image_severities.join(",")
    );
    step("Trivy", run)
}

fn manifests(quality: &Quality) -> Vec<Value> {
    let file = word(&quality.platform_file);
    let output = word(&quality.output);
    vec![
        step("bayplan", "cargo install --locked bayplan".to_owned()),
        step("The platform is sound", format!("bayplan --file {file} check --format github")),
        step(
            "What is committed is what it says",
            format!("bayplan --file {file} --output-dir {output} render --check"),
        ),
        step("kube-linter", within(KUBE_LINTER, "", &format!("lint {output}/rendered"))),
    ]
}

/// What a person can run before a commit: the same programs, on what is staged.
fn pre_commit(quality: &Quality) -> Value {
    let file = word(&quality.platform_file);
    let hook = |id: &str, entry: String, files: &str| json!({"id": id, "name": id, "language": "system", "entry": entry, "files": files, "pass_filenames": false});
    let mut hooks = Vec::new();
    for (folder, language) in &quality.sources {
        let (id, entry) = match *language {
            "go" => ("golangci-lint", format!("sh -c 'cd {folder} && golangci-lint run'")),
            "python" => ("ruff", format!("ruff check {folder}")),
            _ => ("eslint", format!("npx --no-install eslint {folder}")),
        };
        hooks.push(hook(&format!("{id}-{}", folder.replace('/', "-")), entry, &format!("^{folder}/")));
    }
    let secrets = match quality.secrets {
        "trufflehog" => "trufflehog git file://. --since-commit HEAD --only-verified --fail",
        _ => "gitleaks git --pre-commit --redact --staged --verbose",
    };
    hooks.push(hook(quality.secrets, secrets.to_owned(), ""));
    hooks.push(hook("bayplan-check", format!("bayplan --file {file} check"), "\\.(toml|j2)$"));
    hooks.push(hook("bayplan-render", format!("bayplan --file {file} render --check"), "\\.(toml|j2|yaml)$"));
    json!({"repos": [{"repo": "local", "hooks": hooks}]})
}

fn dependabot(quality: &Quality) -> Value {
    let update = |ecosystem: &str, folder: &str| json!({"package-ecosystem": ecosystem, "directory": format!("/{folder}"), "schedule": {"interval": "weekly"}});
    let mut updates = vec![update("github-actions", "")];
    for (folder, language) in &quality.sources {
        let ecosystem = match *language {
            "go" => "gomod",
            "python" => "pip",
            _ => "npm",
        };
        updates.push(update(ecosystem, folder));
        updates.push(update("docker", folder));
    }
    json!({"version": 2, "updates": updates})
}

/// The images of the stores, so that integration tests run against what production runs.
fn images(base: &Platform) -> String {
    let mut lines = BTreeSet::new();
    for workload in &base.workloads {
        let Some(container) = workload.containers.first() else { continue };
        let name = container.image.name();
        let last = name.rsplit('/').next().unwrap_or_default();
        let stores = ["citus", "mariadb", "mongo", "mysql", "postgres", "redis"];
        if stores.contains(&last) {
            lines.insert(format!("{}_IMAGE={}\n", last.to_ascii_uppercase(), container.image));
        }
    }
    let head = "# The images of the stores, for Testcontainers: tests then meet the versions that production runs.\n";
    std::iter::once(head.to_owned()).chain(lines).collect()
}
