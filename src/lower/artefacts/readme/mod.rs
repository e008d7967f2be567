//! The page at the root of the output: what runs where, how a service is added, who reads which secret, and why the
//! platform is as it is.

mod namespaces;
mod phases;
mod secrets;

use super::local::Tool;
use super::markdown::{Page, code, codes};
use super::template::one_line;
use crate::model::{Decision, Elsewhere, Platform, SecretStore};

/// `README.md` of the whole output.
pub(super) fn page(base: &Platform, environments: &[&Platform], elsewhere: &[Elsewhere]) -> String {
    let mut page = Page::default();
    page.heading(1, base.name.as_str());
    page.paragraph(&one_line(&base.description));
    page.paragraph(
        "Bayplan compiles this tree from `platform.toml`. Change that file and run `bayplan render`; what is changed \
         here by hand is found by `bayplan render --check`.",
    );
    folders(&mut page);
    table_of_environments(&mut page, environments);
    phases::section(&mut page, environments, elsewhere);
    namespaces::section(&mut page, base, environments);
    secrets::section(&mut page, base, environments);
    checking(&mut page, environments);
    continuous_integration(&mut page, environments);
    decisions(&mut page, &base.decisions);
    page.finish()
}

fn folders(page: &mut Page) {
    page.table(
        &["folder", "holds"],
        &[
            ("`base/`", "what holds in every environment, a folder a component"),
            (
                "`overlays/<environment>/`",
                "what is different there, for kustomize, and the environment's own page",
            ),
            ("`rendered/<environment>/`", "the finished objects, which need no tool but `kubectl apply`"),
        ]
        .map(|(folder, holds)| vec![folder.to_owned(), holds.to_owned()]),
    );
}

fn table_of_environments(page: &mut Page, environments: &[&Platform]) {
    page.heading(2, "Environments");
    let rows: Vec<Vec<String>> = environments.iter().map(|platform| row(platform)).collect();
    page.table(&["environment", "cluster", "entry", "secrets", "how to get it running"], &rows);
}

fn row(platform: &Platform) -> Vec<String> {
    let name = environment(platform);
    let cluster = &platform.cluster;
    let nodes = if cluster.nodes == 1 { "node" } else { "nodes" };
    let hosts: std::collections::BTreeSet<&str> =
        platform.routes.iter().flat_map(|route| &route.hosts).map(|host| host.host.as_str()).collect();
    let secrets = match &platform.secret_store {
        SecretStore::Kubernetes if platform.surroundings.vault.is_some() => {
            "written by Vault's agent; what must be a Secret is filled in by hand".to_owned()
        }
        SecretStore::Kubernetes => "filled in by hand".to_owned(),
        SecretStore::ExternalSecrets { name, .. } => format!("store {}", code(name)),
    };
    vec![
        code(name),
        format!("{} {}, {} {nodes}", cluster.kind.as_str(), code(&cluster.name), cluster.nodes),
        codes(hosts),
        secrets,
        format!("[overlays/{name}](overlays/{name}/README.md)"),
    ]
}

/// The name of the environment; the base has none.
fn environment(platform: &Platform) -> &str {
    platform.environment.as_ref().map_or("base", |name| name.as_str())
}

fn checking(page: &mut Page, environments: &[&Platform]) {
    page.heading(2, "Checking");
    let example = environments.first().map_or("base", |platform| environment(platform));
    let folder = if environments.is_empty() { "base".to_owned() } else { format!("overlays/{example}") };
    page.code(
        "sh",
        &format!(
            "bayplan check              # the platform: schema, references, reachability, security, capacity\n\
             bayplan render --check     # this tree is what platform.toml gives; needs no cluster\n\
             kubectl kustomize {folder}\n\
             kubectl apply --dry-run=server -k {folder}    # asks the cluster that kubectl points at\n"
        ),
    );
}

fn continuous_integration(page: &mut Page, environments: &[&Platform]) {
    let local = environments.iter().find_map(|platform| Some((*platform, Tool::of(platform.cluster.kind)?)));
    let Some((platform, tool)) = local else { return };
    let name = environment(platform);
    page.heading(2, "A cluster in CI");
    page.paragraph(&format!(
        "{} needs Docker and nothing else, so a job can run the whole platform from [{config}](overlays/{name}/{config}). \
         On GitHub Actions, from the root of this tree:",
        tool.program(),
        config = tool.config_file(),
    ));
    page.code("yaml", &job(platform, tool));
    page.paragraph(
        "On GitLab CI the commands are the same `script`, on a runner with the shell executor whose machine has Docker, \
         kubectl and the tool: inside `docker:dind` the API server is not on the loopback address that it is published to.",
    );
}

fn job(platform: &Platform, tool: Tool) -> String {
    let folder = format!("overlays/{}", environment(platform));
    let install = match tool {
        Tool::Kind => "  - uses: helm/kind-action@v1\n    with: {install_only: true}\n",
        Tool::K3d => {
            "  - run: curl -sSf https://raw.githubusercontent.com/k3d-io/k3d/main/install.sh | bash\n"
        }
    };
    let fill = match platform.secret_store {
        SecretStore::Kubernetes if platform.secrets.iter().any(|secret| !secret.provided) => {
            "  # A cluster that lives for minutes takes any value.\n  - run: |\n      \
             for example in secrets/*.yaml.example; do\n        \
             sed \"s/CHANGE-ME/$(openssl rand -hex 24)/\" \"$example\" > \"${example%.example}\"\n      done\n    \
             working-directory: "
        }
        _ => "",
    };
    let fill = if fill.is_empty() { String::new() } else { format!("{fill}{folder}\n") };
    let scripts =
        ["setup", "deploy", "smoke-test"].map(|name| format!("  - run: {folder}/scripts/k8s-{name}.sh\n"));
    format!("steps:\n  - uses: actions/checkout@v4\n{install}{fill}{}", scripts.concat())
}

fn decisions(page: &mut Page, decisions: &[Decision]) {
    if decisions.is_empty() {
        return;
    }
    page.heading(2, "Decisions");
    let row = |decision: &Decision| {
        [&decision.date, &decision.title, &decision.rationale, &decision.status].map(Clone::clone).to_vec()
    };
    let rows: Vec<Vec<String>> = decisions.iter().map(row).collect();
    page.table(&["date", "decision", "rationale", "status"], &rows);
}
