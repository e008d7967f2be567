//! The end of a judgement: what is found from one object to another, what is excused, and where everything stands.

use std::collections::BTreeMap;

use super::files::Source;
use super::pass::{FileFindings, Found, Job, Notes, placed};
use super::{Verdict, all_codes};
use crate::check::{self, Exceptions, Finding, Origins};
use crate::diag::{Diagnostic, fold};
use crate::manifest::codes::NOTHING_TO_CHECK;
use crate::object::Object;
use crate::source::{FileId, Sources, Span};

impl Job<'_> {
    /// Checks the objects of all files together and puts everything in order.
    pub fn finish(
        mut self,
        mut passes: Vec<FileFindings>,
        sources: Sources,
        problems: Vec<Diagnostic>,
    ) -> Verdict {
        let firsts = firsts(&passes);
        let objects: usize = passes.iter().map(|pass| pass.count).sum();
        let digests: Vec<Object> =
            passes.iter_mut().flat_map(|pass| std::mem::take(&mut pass.digests)).collect();
        if self.across {
            let counts: Vec<usize> = passes.iter().map(|pass| pass.count).collect();
            self.policy.origins = Origins::new(&digests, &counts, self.files.builds.roots.clone());
        }
        let mut exceptions = Exceptions::new(&self.policy.exceptions, &self.policy.today);
        digests.iter().enumerate().for_each(|(index, object)| exceptions.gather(index, object));
        for (pass, first) in passes.iter().zip(&firsts) {
            let excusing = pass.notes.iter().flat_map(|notes| &notes.excusing);
            excusing.for_each(|(index, object)| exceptions.gather(first + index, object));
        }
        for (pass, first) in passes.iter_mut().zip(&firsts) {
            let Some(notes) = &mut pass.notes else { continue };
            notes
                .found
                .retain(|found| exceptions.keeps(found.object.map(|at| first + at), &found.diagnostic));
        }
        let mut across =
            if self.across { check::findings_across(&digests, &self.policy) } else { Vec::new() };
        across.retain(|finding| !self.may_be_elsewhere(finding, &firsts));
        across.extend(check::changes(&self.old, &digests));
        across.retain(|finding| exceptions.keeps(finding.object, &finding.diagnostic));
        across.extend(exceptions.verdict(&all_codes()));
        let mut end = End { sources, diagnostics: problems };
        self.place(across, &firsts, &mut passes, &mut end);
        let found = passes.iter().flat_map(|pass| &pass.notes).flat_map(|notes| &notes.found);
        let complete = found.map(|found| &found.diagnostic).all(|diagnostic| !is_of_host(diagnostic));
        let files = self.files.list.len();
        let mut passed = self.files.passed.clone();
        for (source, pass) in self.files.list.iter().zip(passes) {
            let Some(mut notes) = pass.notes else { continue };
            passed.append(&mut notes.passed);
            end.add(source, *notes);
        }
        if objects == 0 && end.diagnostics.iter().all(|it| !it.is_error()) {
            end.diagnostics.push(nothing(passed.len()));
        }
        Verdict {
            sources: end.sources,
            diagnostics: fold(end.diagnostics),
            files,
            objects,
            passed,
            complete,
            kubernetes: self.policy.schemas.version(),
            profile: self.policy.profile,
            fail_on: crate::diag::Severity::Warning,
        }
    }

    /// Whether a finding is about something missing, and its file is built together with what is not in the tree.
    fn may_be_elsewhere(&self, finding: &Finding, firsts: &[usize]) -> bool {
        let Some(object) = finding.object else { return false };
        let file = firsts.partition_point(|first| *first <= object) - 1;
        self.files.builds.is_open(file) && check::is_dangling(finding.diagnostic.code)
    }

    /// Gives findings that look across to the files of their objects, each of which is read once more for its places.
    fn place(&self, across: Vec<Finding>, firsts: &[usize], passes: &mut [FileFindings], end: &mut End) {
        let mut by_file: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
        for mut finding in across {
            let Some(object) = finding.object else {
                end.diagnostics.push(finding.diagnostic);
                continue;
            };
            let file = firsts.partition_point(|first| *first <= object) - 1;
            finding.object = Some(object - firsts[file]);
            by_file.entry(file).or_default().push(finding);
        }
        for (file, findings) in by_file {
            let Some(reading) = self.reread(file, passes[file].length) else {
                // What was found holds of what the file was, and stands nowhere in what it is.
                let unplaced = |it: Finding| Found { object: it.object, diagnostic: it.diagnostic, at: None };
                let found = &mut passes[file].notes().found;
                found.extend(findings.into_iter().map(unplaced));
                found.push(self.changed(file));
                continue;
            };
            let found: Vec<Found> = findings.into_iter().map(|finding| placed(&reading, finding)).collect();
            let notes = passes[file].notes();
            notes.found.extend(found);
            notes.text.get_or_insert(reading.text);
        }
    }
}

/// What is to be shown, as it is put together.
struct End {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

impl End {
    fn add(&mut self, source: &Source, notes: Notes) {
        if notes.found.is_empty() {
            return;
        }
        let file = self.sources.add(source.name(), notes.text.unwrap_or_default());
        self.diagnostics.extend(notes.found.into_iter().map(|found| shown(file, found)));
    }
}

fn shown(file: FileId, found: Found) -> Diagnostic {
    let span = found.at.map(|at| Span { file, start: at.start, end: at.end });
    found.diagnostic.at(span, "")
}

/// The index of the first object of each file among all objects. A file without objects shares it with the next one.
fn firsts(passes: &[FileFindings]) -> Vec<usize> {
    let mut next = 0;
    let first = |pass: &FileFindings| {
        let first = next;
        next += pass.count;
        first
    };
    passes.iter().map(first).collect()
}

fn is_of_host(diagnostic: &Diagnostic) -> bool {
    crate::host::CODES.contains(&diagnostic.code)
}

fn nothing(passed: usize) -> Diagnostic {
    let message = match passed {
        0 => "there is nothing here to check".to_owned(),
        1 => "there is no Kubernetes object here: the one file was passed over".to_owned(),
        count => format!("there is no Kubernetes object here: {count} files or documents were passed over"),
    };
    Diagnostic::new(&NOTHING_TO_CHECK, message).hint("--verbose says what was passed over, and why")
}
