//! `helm template` of a chart, against the objects that it stands for.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bayplan::emit;
use bayplan::host::File;
use bayplan::layout::Tree;
use bayplan::object::{Object, ObjectRef, ObjectSet};
use bayplan::source::KeyPath;
use bayplan::value::Value;

use crate::kustomize::oracle::{same, skip};

/// A Helm on this machine.
pub(crate) struct Helm(());

impl Helm {
    /// `helm`. Without it the test is skipped, and says so, unless `BAYPLAN_REQUIRE_TOOLS=1` makes it fail.
    pub(crate) fn find() -> Option<Self> {
        let found = Command::new("helm").arg("version").output().is_ok_and(|output| output.status.success());
        if !found {
            skip("helm");
        }
        found.then_some(Self(()))
    }

    /// The objects that come of a chart with the values of a file, or with its own.
    pub(crate) fn template(&self, chart: &Path, arguments: &[String]) -> Result<Vec<Value>, String> {
        let output = self.run(&["template", "release"], chart, arguments);
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let text = String::from_utf8(output.stdout).map_err(|error| error.to_string())?;
        let read: Vec<Value> =
            serde_saphyr::from_multiple(&text).map_err(|error| format!("{error}\n{text}"))?;
        Ok(read)
    }

    /// What `helm lint` complains of.
    pub(crate) fn lint(&self, chart: &Path, arguments: &[String]) -> Result<(), String> {
        let output = self.run(&["lint", "--strict"], chart, arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let clean = output.status.success() && !said.contains("[WARNING]") && !said.contains("[ERROR]");
        if clean { Ok(()) } else { Err(format!("{said}{}", String::from_utf8_lossy(&output.stderr))) }
    }

    fn run(&self, verb: &[&str], chart: &Path, arguments: &[String]) -> Output {
        let Self(()) = self;
        Command::new("helm").args(verb).arg(chart).args(arguments).output().expect("it was found")
    }
}

/// A chart on disk, for as long as it lives.
pub(crate) struct Written {
    folder: tempfile::TempDir,
}

impl Written {
    /// The files of `tree`, byte for byte as a user gets them.
    pub(crate) fn tree(tree: &Tree) -> Self {
        let files = emit::files(tree).into_iter();
        Self::files(files.map(|(path, file)| (path, file.bytes)))
    }

    /// The files of a compilation that belong to charts.
    pub(crate) fn output(files: &BTreeMap<String, File>) -> Self {
        let charts = files.iter().filter(|(path, _)| path.starts_with("helm/"));
        Self::files(charts.map(|(path, file)| (path.clone(), file.bytes.clone())))
    }

    fn files(files: impl Iterator<Item = (String, Vec<u8>)>) -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        for (path, bytes) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a file has a folder")).expect("there is room");
            fs::write(path, bytes).expect("there is room");
        }
        Self { folder }
    }

    /// The arguments that give a chart the values of an environment; none for its own.
    pub(crate) fn values(&self, chart: &str, environment: &str) -> Vec<String> {
        if environment.is_empty() {
            return Vec::new();
        }
        let file = self.chart(chart).join(format!("values-{environment}.yaml"));
        vec!["-f".to_owned(), file.to_string_lossy().into_owned()]
    }

    /// The folder of a chart.
    pub(crate) fn chart(&self, name: &str) -> PathBuf {
        self.folder.path().join("helm").join(name)
    }
}

/// Names every object that Helm gives and that is not as expected.
pub(crate) fn differences(built: &[Value], expected: &[&Object]) -> Result<(), String> {
    let values = built.iter().filter(|value| !value.is_null());
    let objects = values.map(|value| Object::from_value(value.clone(), "", KeyPath::root()));
    let (built, twice) = ObjectSet::collect(objects);
    let mut differences: Vec<String> =
        twice.iter().map(|object| format!("{} is there twice", object.id)).collect();
    let mut ids: Vec<&ObjectRef> = Vec::new();
    for object in expected {
        ids.push(&object.id);
        match built.get(&object.id) {
            None => differences.push(format!("{} is missing", object.id)),
            Some(found) if !same(&found.value, &object.value) => {
                differences
                    .push(format!("{} is\n{:#}\ninstead of\n{:#}", object.id, found.value, object.value));
            }
            Some(_) => {}
        }
    }
    let foreign = built.iter().filter(|object| !ids.contains(&&object.id));
    differences.extend(foreign.map(|object| format!("{} should not be there", object.id)));
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}
