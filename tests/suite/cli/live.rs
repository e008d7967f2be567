//! Environments against each other and against a cluster, and what runs with Docker Compose.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use bayplan::value::Value;

use super::{Said, Shell};

impl Shell {
    /// Runs the program with something on its standard input.
    fn piped(&self, line: &str, input: &str) -> Said {
        let mut command = self.command();
        command
            .args(line.split_whitespace())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let text = input.to_owned();
        let writer = std::thread::spawn(move || drop(pipe.write_all(text.as_bytes())));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Said {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

#[test]
fn environments_differ_in_what_they_say() {
    let shell = Shell::new();
    let said = shell.run("diff staging production -q");
    assert_eq!((said.code, said.out.as_str()), (Some(1), said.out.as_str()));
    assert!(said.out.contains("~ Deployment core/api\n    spec.replicas: 1 -> 3\n"), "{said:?}");
    assert_eq!(shell.run("diff staging staging").code, Some(0));
    let said = shell.run("diff staging productoin");
    assert!(said.code == Some(2) && said.err.contains("did you mean `production`?"), "{said:?}");
}

#[test]
fn what_was_rendered_is_what_the_cluster_has() {
    let shell = Shell::new();
    let rendered = shell.must("render production --stdout").out;
    let said = shell.piped("diff production -", &rendered);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""), "{said:?}");

    let scaled = rendered.replace("replicas: 3", "replicas: 5\n  progressDeadlineSeconds: 600");
    let said = shell.piped("diff production - --format json", &scaled);
    let found: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(said.code, Some(1));
    assert_eq!(found.as_array().map(Vec::len), Some(1), "what is not stated is no difference: {found:#}");
    assert_eq!(found[0]["fields"][0], bayplan::value::json!({"path": "spec.replicas", "from": 5, "to": 3}));

    let deployment = rendered.split("---\n").find(|it| it.contains("kind: Deployment")).unwrap();
    fs::write(shell.path("part.yaml"), deployment).unwrap();
    let whole = shell.run("diff production ./part.yaml");
    assert!(
        whole.code == Some(1) && whole.out.contains("+ Service core/api: only in production"),
        "{whole:?}"
    );
    assert_eq!(shell.run("diff production ./part.yaml --partial").code, Some(0));
}

#[test]
fn what_is_no_state_of_a_cluster_is_a_failure() {
    let shell = Shell::new();
    for (line, input) in [
        ("diff production -", "kind: [\n"),
        ("diff production -", "hello\n"),
        ("diff production ./none.yaml", ""),
    ] {
        let said = shell.piped(line, input);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{line}: {said:?}");
        assert!(said.err.contains("error"), "{said:?}");
    }
}

const COMPOSE: &str = "services:\n  api:\n    image: registry.example/api:1.4.2\n    ports: [\"127.0.0.1:3000:3000\"]\n    environment: { TOKEN: swordfish-4711 }\n";

#[test]
fn a_compose_file_becomes_a_platform_that_compiles() {
    let shell = Shell::empty();
    fs::write(shell.path("compose.yaml"), COMPOSE).unwrap();
    let said = shell.must("import compose compose.yaml --name shop");
    assert!(said.out.starts_with("[platform]\nname = \"shop\"\n"), "{said:?}");
    assert!(said.err.contains("compose-secret") && !format!("{said:?}").contains("swordfish"), "{said:?}");
    fs::write(shell.path("platform.toml"), said.out).unwrap();
    shell.must("check");
    let said = shell.must("import compose compose.yaml --group web -q");
    assert!(said.out.starts_with("group = \"web\"\n") && !said.out.contains("[platform]"), "{said:?}");
    for line in ["import compose none.yaml", "import compose compose.yaml --name Web!", "import compose"] {
        let said = shell.run(line);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{line}: {said:?}");
    }
}

#[test]
fn parity_shows_what_took_the_place_of_what() {
    let shell = Shell::new();
    fs::create_dir(shell.path("old")).unwrap();
    fs::write(shell.path("old/compose.yaml"), format!("{COMPOSE}  mail: {{ image: \"mail:1\" }}\n")).unwrap();
    let said = shell.run("parity production --compose old/compose.yaml");
    assert_eq!(said.code, Some(1));
    assert!(
        said.out.starts_with(
            "production\tapi\tworkloads.api\n\t\twarning: `workloads.api` has no variable `TOKEN`\n"
        ),
        "{said:?}"
    );
    assert!(said.out.ends_with("production\tmail\tmissing\n"), "{said:?}");
    let said = shell.run("parity --compose old/compose.yaml --format json");
    let found: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(found.as_array().map(Vec::len), Some(4), "two services in two environments");
    let said = shell.run("parity");
    assert!(said.code == Some(2) && said.err.contains("[parity]"), "{said:?}");
}

#[test]
fn a_namespace_with_another_name_is_one_difference() {
    let shell = Shell::new();
    let platform = "[platform]\nname = \"shop\"\nkubernetes = \"1.35\"\n[namespaces.data]\nname = \"{{ env.name }}-data\"\n\
        [workloads.web]\nnamespace = \"data\"\nimage = \"ghcr.io/shop/web:1.0.0\"\nports.http = 8080\n\
        resources = { cpu = \"50m..1\", memory = \"64Mi..128Mi\" }\nprobes.liveness = \"/health\"\n\
        env.SELF = \"{{ workloads.web.url }}\"\n\
        [environments.staging]\ncluster = \"kind\"\n[environments.production]\ncluster = \"kind\"\nworkloads.web.replicas = 2\n";
    fs::write(shell.path("platform.toml"), platform).unwrap();
    let said = shell.run("diff staging production -q");
    let wanted = "~ Deployment production-data/web\n    spec.replicas: 1 -> 2\n\
        ~ Namespace production-data\n    metadata.name: \"staging-data\" -> \"production-data\"\n";
    assert_eq!((said.code, said.out.as_str()), (Some(1), wanted), "{}", said.err);
}
