//! The driver of imports: from Compose files in a folder to the text of a `platform.toml`.

use std::collections::BTreeMap;

use crate::check::is_token;
use crate::diag::{self, Diagnostic};
use crate::host::Host;
use crate::import::{self, compose};
use crate::source::Sources;
use crate::spec;

/// The file beside a Compose file that gives variables values.
const VALUES: &str = ".env";
/// No text that is mounted is larger: an object of Kubernetes holds a mebibyte.
const LARGEST: usize = 900 * 1024;

/// What to import.
#[derive(Debug, Clone, Default)]
pub struct ImportRequest {
    /// Compose files, relative to the host's folder, the later over the earlier.
    pub files: Vec<String>,
    /// The group that everything belongs to: the result is a file for `include`.
    pub group: Option<String>,
    /// The name of the platform, where no group is given and the file gives none.
    pub name: String,
    /// Whether `name` is stronger than what the file says.
    pub renamed: bool,
}

/// What came of an import.
#[derive(Debug)]
pub struct Imported {
    /// The texts that were read: diagnostics point into them.
    pub sources: Sources,
    /// What could not be carried over, was assumed or left out, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The platform, or `None` where the files are no Compose files.
    pub file: Option<spec::File>,
}

impl Imported {
    /// The text of the platform.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        self.file.as_ref().map(import::write)
    }
}

/// Imports Compose files, and reads what they name through `host`.
#[must_use]
pub fn import_compose(host: &dyn Host, request: &ImportRequest) -> Imported {
    let mut sources = Sources::default();
    match read(host, &mut sources, &request.files) {
        Ok((project, warnings, values)) => {
            let files = named(host, &project, &values);
            let own = project.name.clone().filter(|_| !request.renamed);
            let name = compose::platform_name(&own.unwrap_or_else(|| request.name.clone()));
            let given = compose::Given { name, group: request.group.clone(), values, files, is_token };
            let compose::Imported { file, notes } = compose::convert(&project, &given);
            let diagnostics = diag::fold(warnings.into_iter().chain(notes).collect());
            Imported { sources, diagnostics, file: Some(file) }
        }
        Err(diagnostics) => Imported { sources, diagnostics: diag::fold(diagnostics), file: None },
    }
}

type Read = (compose::Project, Vec<Diagnostic>, BTreeMap<String, String>);

/// The project of Compose files, with the variables of the `.env` beside the first.
pub(super) fn read(
    host: &dyn Host,
    sources: &mut Sources,
    files: &[String],
) -> Result<Read, Vec<Diagnostic>> {
    let mut texts = Vec::new();
    for file in files {
        let text = host.read_text(file).map_err(|error| vec![error.diagnostic()])?;
        texts.push((file.clone(), text));
    }
    let folder = files.first().and_then(|file| file.rsplit_once('/')).map(|(folder, _)| format!("{folder}/"));
    let values = host.read_text(&format!("{}{VALUES}", folder.unwrap_or_default())).unwrap_or_default();
    let values = compose::env_file(&values);
    let (project, warnings) = compose::read(sources, &texts, &values, is_token)?;
    Ok((project, warnings, values))
}

/// The texts that a project names; what is not there, no text or too large is left out.
fn named(
    host: &dyn Host,
    project: &compose::Project,
    values: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let paths = compose::named_files(project, values).into_iter();
    let texts = paths.filter_map(|path| host.read_text(&path).ok().map(|text| (path, text)));
    texts.filter(|(_, text)| text.len() <= LARGEST).collect()
}
