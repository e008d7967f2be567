//! The help of every verb, which is the manual that people read.

use super::Shell;

#[test]
fn every_verb_helps() {
    let shell = Shell::empty();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/cli");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for verb in verbs(&shell) {
        let help = shell.must(&format!("{verb} --help")).out;
        let name = format!("help-{}", if verb.is_empty() { "bayplan" } else { &verb });
        settings.bind(|| insta::assert_snapshot!(name, help));
    }
}

/// The program itself, and every verb that it lists.
fn verbs(shell: &Shell) -> Vec<String> {
    let help = shell.must("--help").out;
    let (_, commands) = help.split_once("Commands:\n").expect("verbs are listed");
    let lines = commands.lines().take_while(|line| !line.is_empty());
    let listed = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let verbs = listed.filter_map(|line| line.split_whitespace().next()).filter(|verb| *verb != "help");
    std::iter::once("").chain(verbs).map(str::to_owned).collect()
}
