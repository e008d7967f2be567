//! One pass over the files: each is read, its objects are checked by themselves, and little is kept of them.

use std::ops::Range;

use super::files::{Files, Source};
use crate::check::{self, Finding, Policy};
use crate::definitions::is_definition;
use crate::diag::Diagnostic;
use crate::host::parallel;
use crate::host::{Cause, Host, HostError};
use crate::manifest::{Problem, Reading, Reason};
use crate::object::Object;
use crate::value::{Pool, SharedValue};

/// What all passes share.
pub(super) struct Job<'a> {
    pub host: &'a dyn Host,
    pub files: &'a Files,
    pub threads: usize,
    pub policy: Policy<'a>,
    /// Whether any rule looks from one object to another.
    pub across: bool,
    /// Whether keys are to be written in the order of the alphabet.
    pub sorted_keys: bool,
    /// The objects that those in the files are to replace.
    pub old: Vec<Object>,
    /// What is kept of objects.
    pub pool: Pool,
}

/// What a file came to. All files are kept, so that what few of them have lies elsewhere.
#[derive(Debug, Default)]
pub(super) struct FileFindings {
    /// How many objects were in it.
    pub count: usize,
    /// The length of its text, by which it is known again.
    pub length: usize,
    /// What the rules that look across read of all objects; nothing where no such rule runs and nothing is compared.
    pub digests: Vec<Object>,
    pub notes: Option<Box<Notes>>,
}

/// What there is to say of a file.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Where no rule looks across: the objects that bear exceptions, by their index in the file.
    pub excusing: Vec<(usize, Object)>,
    pub found: Vec<Found>,
    pub passed: Vec<(String, Reason)>,
    /// The text, where something was found in it.
    pub text: Option<String>,
    definitions: Vec<SharedValue>,
    /// Whether a policy is among the objects that may ask for any field of the others.
    asks_for_all: bool,
    /// The objects whose kind was not known when they were read, and what is to be said of them if it stays so.
    deferred: Vec<usize>,
    of_unknown: Vec<Found>,
}

impl Notes {
    /// Itself, unless it says nothing.
    fn kept(self) -> Option<Box<Self>> {
        let says_nothing = !self.asks_for_all
            && self.text.is_none()
            && self.excusing.is_empty()
            && self.passed.is_empty()
            && self.definitions.is_empty()
            && self.deferred.is_empty();
        (!says_nothing).then(|| Box::new(self))
    }
}

/// Something that was found in a file.
#[derive(Debug)]
pub(super) struct Found {
    /// The object that it concerns, by its index in the file.
    pub object: Option<usize>,
    pub diagnostic: Diagnostic,
    /// The bytes to show.
    pub at: Option<Range<usize>>,
}

impl FileFindings {
    /// What there is to say of the file, to be added to.
    pub fn notes(&mut self) -> &mut Notes {
        self.notes.get_or_insert_default()
    }
}

impl Job<'_> {
    /// Reads all files and checks every object of a known kind. Gives the definitions that were among them.
    pub fn first_pass(&self) -> (Vec<SharedValue>, Vec<FileFindings>) {
        let files: Vec<usize> = (0..self.files.list.len()).collect();
        let mut passes = parallel::map(&files, self.threads, |file| self.file(*file));
        let notes = passes.iter_mut().filter_map(|pass| pass.notes.as_deref_mut());
        let definitions = notes.flat_map(|notes| std::mem::take(&mut notes.definitions)).collect();
        (definitions, passes)
    }

    /// Where no definition came to light, what was found in objects of unknown kinds holds.
    pub fn without_second_pass(mut passes: Vec<FileFindings>) -> Vec<FileFindings> {
        for notes in passes.iter_mut().filter_map(|pass| pass.notes.as_deref_mut()) {
            notes.found.append(&mut notes.of_unknown);
        }
        passes
    }

    /// Checks the objects whose kind may be known by now.
    pub fn second_pass(&self, mut passes: Vec<FileFindings>) -> Vec<FileFindings> {
        let again: Vec<(usize, usize, Vec<usize>)> = passes
            .iter_mut()
            .enumerate()
            .filter_map(|(index, pass)| Some((index, pass.length, pass.notes.as_deref_mut()?)))
            .filter(|(.., notes)| !notes.deferred.is_empty())
            .map(|(index, length, notes)| (index, length, std::mem::take(&mut notes.deferred)))
            .collect();
        let found = parallel::map(&again, self.threads, |(file, length, objects)| {
            self.again(*file, *length, objects)
        });
        for ((file, ..), (mut found, text)) in again.into_iter().zip(found) {
            if !found.is_empty() {
                let notes = passes[file].notes();
                notes.text.get_or_insert(text);
                notes.found.append(&mut found);
            }
        }
        passes
    }

    /// Where a policy among the objects may ask for any field, digests are not enough: takes the objects themselves.
    pub fn with_whole_objects(&self, mut passes: Vec<FileFindings>) -> Vec<FileFindings> {
        let asks_for_all = |pass: &FileFindings| pass.notes.as_ref().is_some_and(|notes| notes.asks_for_all);
        if !self.across || !passes.iter().any(asks_for_all) {
            return passes;
        }
        let files: Vec<(usize, usize)> = passes.iter().map(|pass| pass.length).enumerate().collect();
        let objects = parallel::map(&files, self.threads, |(file, length)| self.reread(*file, *length));
        for ((file, pass), reading) in passes.iter_mut().enumerate().zip(objects) {
            // A file that has changed meanwhile is judged as it was.
            match reading.filter(|reading| reading.objects.len() == pass.count) {
                Some(reading) => pass.digests = reading.objects,
                None if pass.count > 0 => pass.notes().found.push(self.changed(file)),
                None => {}
            }
        }
        passes
    }

    /// Reads a file once more, for what is to be shown of it, unless it has changed: its text had that length.
    pub fn reread(&self, file: usize, length: usize) -> Option<Reading> {
        self.read(file)?.ok().filter(|reading| reading.text.len() == length)
    }

    /// What is said of a file that is not what it was.
    pub fn changed(&self, file: usize) -> Found {
        let name = self.files.list.get(file).map(Source::name).unwrap_or_default();
        Found { object: None, diagnostic: HostError::new(name, Cause::Changed).diagnostic(), at: None }
    }

    /// Reads a file, with what kustomizations add to its objects.
    fn read(&self, file: usize) -> Option<Result<Reading, HostError>> {
        let read = self.files.read(self.host, self.files.list.get(file)?);
        Some(read.map(|mut reading| {
            self.files.builds.complete(file, &mut reading.objects, self.policy.schemas);
            reading
        }))
    }

    fn file(&self, file: usize) -> FileFindings {
        let Some(read) = self.read(file) else { return FileFindings::default() };
        let source = &self.files.list[file];
        let mut reading = match read {
            Ok(reading) => reading,
            Err(error) => {
                let found = Found { object: None, diagnostic: error.diagnostic(), at: None };
                let mut unread = FileFindings::default();
                unread.notes().found.push(found);
                return unread;
            }
        };
        let is_known = |object: &Object| {
            let gvk = &object.id.gvk;
            gvk.kind.is_empty() || self.policy.schemas.kind(&gvk.api_version, &gvk.kind).is_some()
        };
        let objects = std::mem::take(&mut reading.objects);
        let deferred: Vec<usize> = (0..objects.len()).filter(|index| !is_known(&objects[*index])).collect();
        let mut found: Vec<Found> = Vec::new();
        if self.sorted_keys {
            let unsorted = reading.unsorted();
            reading.problems.extend(unsorted);
        }
        for problem in std::mem::take(&mut reading.problems) {
            found.push(of_problem(problem, &objects));
        }
        let findings = check::findings_alone(&objects, &self.policy);
        let findings = findings.into_iter().map(|finding| placed(&reading, finding));
        let (of_unknown, of_known): (Vec<Found>, Vec<Found>) = findings
            .partition(|found| found.object.is_some_and(|object| deferred.binary_search(&object).is_ok()));
        found.extend(of_known);
        let definitions = objects.iter().filter(|object| is_definition(object));
        let definitions = definitions.map(|object| object.value.clone()).collect();
        let (count, length) = (objects.len(), reading.text.len());
        let asks_for_all = objects.iter().any(check::is_policy);
        let (digests, excusing) = self.kept(objects);
        let notes = Notes {
            definitions,
            asks_for_all,
            excusing,
            passed: passed(source, &reading),
            text: (!found.is_empty() || !of_unknown.is_empty()).then_some(reading.text),
            found,
            deferred,
            of_unknown,
        };
        FileFindings { count, length, digests, notes: notes.kept() }
    }

    /// What is kept of objects: all of them where they are compared with others, what other objects refer to where rules look
    /// across, and else those that bear exceptions.
    fn kept(&self, objects: Vec<Object>) -> (Vec<Object>, Vec<(usize, Object)>) {
        if !self.old.is_empty() {
            return (objects, Vec::new());
        }
        if self.across {
            let digest = |object| {
                let mut digest = check::digest(object);
                digest.value = self.pool.share(digest.value);
                digest
            };
            return (objects.into_iter().map(digest).collect(), Vec::new());
        }
        let all = objects.into_iter().enumerate();
        (Vec::new(), all.filter(|(_, object)| check::exceptions::speaks_of_exceptions(object)).collect())
    }

    fn again(&self, file: usize, length: usize, objects: &[usize]) -> (Vec<Found>, String) {
        let Some(mut reading) = self.reread(file, length) else {
            return (vec![self.changed(file)], String::new());
        };
        let all = std::mem::take(&mut reading.objects);
        let some: Vec<Object> = objects.iter().filter_map(|index| all.get(*index)).cloned().collect();
        let findings = check::findings_alone(&some, &self.policy).into_iter().map(|mut finding| {
            finding.object = finding.object.and_then(|index| objects.get(index).copied());
            placed(&reading, finding)
        });
        (findings.collect(), reading.text)
    }
}

/// A finding with the bytes that it is about.
pub(super) fn placed(reading: &Reading, finding: Finding) -> Found {
    let at = finding.object.map(|object| reading.locate(object, &finding.field).shown(&reading.text));
    Found { object: finding.object, diagnostic: finding.diagnostic, at }
}

fn of_problem(problem: Problem, objects: &[Object]) -> Found {
    let Problem { code, message, at, hint, within } = problem;
    let mut diagnostic = Diagnostic::new(code, message).maybe_hint(hint);
    let object = within.as_ref().map(|(object, _)| *object);
    if let Some((object, field)) =
        within.as_ref().and_then(|(index, field)| Some((objects.get(*index)?, field)))
    {
        let shown = (!field.segments().is_empty()).then(|| check::notation(field));
        diagnostic = diagnostic.object(object.id.to_string(), shown);
    }
    Found { object, diagnostic, at: Some(at) }
}

/// What was passed over, with its line where it is one document of several.
fn passed(source: &Source, reading: &Reading) -> Vec<(String, Reason)> {
    let line = |at: usize| reading.text[..at].bytes().filter(|byte| *byte == b'\n').count() + 1;
    let alone = reading.objects.is_empty() && reading.passed.len() == 1;
    let name = |at: usize| if alone { source.name() } else { format!("{}:{}", source.name(), line(at)) };
    reading.passed.iter().map(|(at, reason)| (name(*at), reason.clone())).collect()
}
