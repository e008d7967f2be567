//! What verbs share: where the platform is, and how things are said.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::End;
use super::arguments::{Check, Color, Format, Profile, Shared};
use crate::check;
use crate::compile::{Output, Request, compile, compile_text};
use crate::diag::render::{self, Color as Ink, Style};
use crate::diag::{Diagnostic, Severity};
use crate::host::{Host, OsHost};
use crate::names::KubernetesVersion;
use crate::source::Sources;

/// One run of the program.
pub(super) struct Session {
    /// The world.
    pub host: OsHost,
    /// The folder that output goes to.
    pub output: PathBuf,
    /// Whether to say nothing but errors.
    pub quiet: bool,
    folder: PathBuf,
    file: String,
    /// The options that say where the platform and its output are, where they are not the usual ones.
    options: Vec<String>,
    format: Format,
    color: Color,
}

/// Which findings a verb shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    /// Errors and warnings.
    Warnings,
    /// Everything.
    Notes,
}

impl Session {
    /// A session as the arguments describe it.
    pub(super) fn new(shared: &Shared) -> Self {
        let folder = match shared.file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let file =
            shared.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let output = shared.output_dir.clone().unwrap_or_else(|| folder.join("out"));
        Self {
            host: OsHost::new(&folder),
            output: absolute(output),
            quiet: shared.quiet,
            folder,
            file,
            options: options(shared),
            format: shared.format,
            color: shared.color,
        }
    }

    /// Compiles the platform.
    pub(super) fn compile(&self, kubernetes: Option<KubernetesVersion>) -> Output {
        compile(&self.host, &Request { file: self.file.clone(), kubernetes, advice: None })
    }

    /// Compiles the platform, and looks also at how things are done in it.
    pub(super) fn compile_with_advice(
        &self,
        kubernetes: Option<KubernetesVersion>,
        profile: check::Profile,
    ) -> Output {
        compile(&self.host, &Request { file: self.file.clone(), kubernetes, advice: Some(profile) })
    }

    /// Compiles the platform as it would be with another text in its file.
    pub(super) fn compile_text(&self, text: &str) -> Output {
        compile_text(&self.host, &Request { file: self.file.clone(), ..Request::default() }, text)
    }

    /// Puts a text into the platform's file: beside it first and then into its place, so that a kill leaves the old text or the
    /// new one.
    pub(super) fn replace(&self, text: &str) -> std::io::Result<PathBuf> {
        self.replace_file(&self.file, text)
    }

    /// Puts a text into a file of the platform, whose path is relative to the platform's folder, in the same way.
    pub(super) fn replace_file(&self, file: &str, text: &str) -> std::io::Result<PathBuf> {
        let path = self.folder.join(file);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let beside = path.with_file_name(format!(".{name}.new"));
        std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &path)).map(|()| path)
    }

    /// The folder that the platform's file lies in.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name of the platform's file in that folder.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The command line of `verb` for this platform, as somebody would type it.
    pub(super) fn command(&self, verb: &str, arguments: &[String]) -> String {
        let mut words = vec!["bayplan".to_owned(), verb.to_owned()];
        words.extend_from_slice(arguments);
        words.extend_from_slice(&self.options);
        words.join(" ")
    }

    /// How findings are written.
    pub(super) const fn format(&self) -> Format {
        self.format
    }

    /// Shows findings: for people on stderr, for programs on stdout.
    pub(super) fn show(&self, diagnostics: &[Diagnostic], sources: &Sources, show: Show) {
        let shown: Vec<Diagnostic> = diagnostics
            .iter()
            .filter(|diagnostic| match diagnostic.severity {
                Severity::Error => true,
                Severity::Warning => !self.quiet,
                Severity::Note => show == Show::Notes && !self.quiet,
            })
            .cloned()
            .collect();
        match self.format {
            Format::Json => print(&render::json(&shown, sources)),
            Format::Sarif => print(&render::sarif(&shown, sources)),
            Format::Junit => print(&render::junit(&shown, sources)),
            Format::Github => print(&render::github(&shown, sources)),
            Format::Tap => print(&render::tap(&shown, sources)),
            Format::Text if shown.is_empty() => {}
            Format::Text => say(&render::text(&shown, sources, self.style())),
        }
    }

    /// Shows findings as `check` was told to: notes too, or only how many there are of each rule.
    pub(super) fn show_or_count(&self, diagnostics: &[Diagnostic], sources: &Sources, verb: &Check) {
        let strict = verb.tree.profile == Some(Profile::Strict);
        let show = if verb.notes || strict { Show::Notes } else { Show::Warnings };
        if verb.summary && self.format == Format::Text {
            say(&render::counts(diagnostics));
        } else {
            self.show(diagnostics, sources, show);
        }
    }

    /// Whether there is a platform.
    pub(super) fn has_platform(&self) -> bool {
        self.host.read(&self.file).is_ok()
    }

    /// Reports what the host could not do.
    pub(super) fn fail(&self, diagnostics: &[Diagnostic]) -> End {
        self.show(diagnostics, &Sources::default(), Show::Warnings);
        End::Failure
    }

    /// Says one line of progress or result, unless nobody wants to hear it.
    pub(super) fn tell(&self, line: &str) {
        if !self.quiet && self.format == Format::Text {
            say(&format!("{line}\n"));
        }
    }

    fn style(&self) -> Style {
        let coloured = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => std::io::stderr().is_terminal() && self.host.variable("NO_COLOR").is_none(),
        };
        let color = if coloured { Ink::Always } else { Ink::Never };
        let width = self.host.variable("COLUMNS").and_then(|columns| columns.parse().ok());
        Style { color, width: width.unwrap_or(Style::default().width) }
    }
}

fn options(shared: &Shared) -> Vec<String> {
    let file = Some(&shared.file).filter(|file| file.as_path() != Path::new("platform.toml"));
    let given = [("--file", file), ("--output-dir", shared.output_dir.as_ref())];
    let given = given.into_iter().filter_map(|(option, path)| Some((option, path?)));
    given.flat_map(|(option, path)| [option.to_owned(), path.display().to_string()]).collect()
}

/// The output folder as an absolute path, since relative ones are those of the platform's folder.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// Writes to stdout. A reader that has gone away wants no more, and that is no failure.
pub(super) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// Writes to stderr.
pub(super) fn say(text: &str) {
    drop(std::io::stderr().lock().write_all(text.as_bytes()));
}
