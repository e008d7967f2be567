//! The rules at the border: each is broken by one edit of a platform that keeps to all of them.

use super::{compile_text, edit, output, text};
use bayplan::diag::Severity;

/// The codes of what is wrong after an edit; notes do not count.
fn codes(text: &str) -> Vec<&'static str> {
    let mut codes: Vec<&str> = output(text)
        .diagnostics
        .iter()
        .filter(|found| found.severity != Severity::Note)
        .map(|found| found.code.name)
        .collect();
    codes.dedup();
    codes
}

#[test]
fn the_platform_itself_keeps_to_all_rules() {
    assert_eq!(codes(&text()), Vec::<&str>::new());
}

#[test]
fn one_edit_breaks_one_rule() {
    let cases = [
        // S0-8: a namespace outside the pattern that PSX reserved.
        ("name = \"pssaas-{{ env.name }}\"", "name = \"product-{{ env.name }}\"", "namespace-pattern"),
        // S0-10: an annotation of one cloud in the base.
        (
            "[workloads.pssaas-web]\n",
            "[workloads.pssaas-web]\nservice.annotations = { \"service.beta.kubernetes.io/azure-load-balancer-internal\" = \"true\" }\n",
            "cloud-in-base",
        ),
        // S0-27: the cache of another product, by name.
        (
            "Redis__Host = \"{{ databases.redis.name }}\"",
            "Redis__Host = \"redis.psx-{{ env.name }}.svc.cluster.local\"",
            "shared-cache",
        ),
        // S0-33 and S0-34: less memory than the server starts with.
        ("[databases.sql]\n", "[databases.sql]\nresources.memory = \"1Gi..1Gi\"\n", "too-little-memory"),
        // S0-50: an external database without addresses, in a namespace that denies what is not declared.
        (", cidrs = [\"10.20.0.0/24\"] }", " }", "external-needs-addresses"),
        // S0-62 and contradiction 1: Vault of another cluster, by the DNS of this one.
        ("externals.vault.enabled = false\n", "", "other-cluster"),
        // S0-71: the host of PSX.
        (
            "routes.app.host = \"pssaas.staging.powerseller.com\"",
            "routes.app.host = \"psx.staging.powerseller.com\"",
            "host-claimed",
        ),
        // S0-74: no host is invented.
        ("routes.app.host = \"pssaas.powerseller.com\"", "", "missing-key"),
        // S0-89: PSX by its public host.
        (
            "Psx__BaseUrl = \"{{ externals.psx_api.url }}\"",
            "Psx__BaseUrl = \"https://psx.staging.powerseller.com\"",
            "public-host",
        ),
        // S0-92 and contradiction 12: production's telemetry to the stack of staging.
        (
            "promotes-from = \"staging\"\n",
            "promotes-from = \"staging\"\nexternals.tempo.enabled = true\n",
            "other-environment",
        ),
        // S0-99: production runs what staging does not.
        (
            "promotes-from = \"staging\"\n",
            "promotes-from = \"staging\"\ndatabases.redis.image = \"docker.io/library/redis:7.4-alpine\"\n",
            "digest-not-promoted",
        ),
        // S0-100: 17 pods of PSX leave too little.
        ("memory = \"20Gi\", pods = 17", "memory = \"30Gi\", pods = 17", "capacity-exceeded"),
        // Contradiction 11: the port of the peer's pods is required.
        ("pod-port = 8000", "", "missing-key"),
    ];
    for (old, new, code) in cases {
        let found = codes(&edit(&text(), old, new));
        assert!(found.contains(&code), "after {old:?} became {new:?}: {found:?}, and not {code}");
    }
}

#[test]
fn what_is_listed_for_production_may_serve_it() {
    let text = edit(&text(), "environments = [\"staging\"]", "environments = [\"staging\", \"production\"]");
    let text = edit(
        &text,
        "promotes-from = \"staging\"\n",
        "promotes-from = \"staging\"\nexternals.tempo.enabled = true\n",
    );
    assert_eq!(codes(&text), Vec::<&str>::new());
}

#[test]
fn an_environment_of_compose_yields_nothing_and_is_recorded() {
    let compilation = compile_text(&text());
    assert!(!compilation.environments.contains_key("compose"), "S0-102");
    let [compose] = compilation.elsewhere.as_slice() else { panic!("one environment is elsewhere") };
    assert_eq!((compose.name.as_str(), compose.rollout.phase), ("compose", Some(0)));
    assert!(compilation.select(&["compose".to_owned()]).is_err());
}

#[test]
fn a_phase_gives_exactly_its_environments() {
    let phases: [&[&str]; 4] = [&[], &["staging"], &["dev", "staging"], &["dev", "production", "staging"]];
    for (phase, wanted) in (0..).zip(phases) {
        let mut compilation = compile_text(&text());
        compilation.keep_phases(phase);
        let names: Vec<&str> = compilation.environments.keys().map(String::as_str).collect();
        assert_eq!(names, wanted, "S0-93, phase {phase}");
        let files = compilation.files(&bayplan::Selection::Everything);
        #[allow(clippy::case_sensitive_file_extension_comparisons)]
        let yaml = files.keys().filter(|path| path.ends_with(".yaml")).count();
        assert_eq!(yaml == 0, wanted.is_empty(), "S0-93, phase {phase} writes Kubernetes files or none");
        assert!(String::from_utf8_lossy(&files["README.md"].bytes).contains("WTPO needs to test"), "S0-94");
    }
}
