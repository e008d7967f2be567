//! The phases of adoption: which environment each brings, when it begins and what is done then.

use crate::lower::artefacts::markdown::{Page, code};
use crate::lower::artefacts::template::one_line;
use crate::model::{Elsewhere, Platform, Rollout};

/// A table of the phases; nothing where no environment has one.
pub(super) fn section(page: &mut Page, environments: &[&Platform], elsewhere: &[Elsewhere]) {
    let here = environments.iter().filter_map(|platform| {
        let place = format!("{} {}", platform.cluster.kind.as_str(), code(&platform.cluster.name));
        Some((platform.environment.as_ref()?.as_str(), place, &platform.rollout))
    });
    let there = elsewhere.iter().map(|other| (other.name.as_str(), other.place.clone(), &other.rollout));
    let mut rows: Vec<(u32, Vec<String>)> = here.chain(there).filter_map(row).collect();
    rows.sort();
    if rows.is_empty() {
        return;
    }
    page.heading(2, "Phases");
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(_, row)| row).collect();
    page.table(&["phase", "environment", "on", "begins when", "what is done", "images come from"], &rows);
    page.paragraph(
        "`bayplan render --phase <n>` gives exactly the environments of the phases up to that one. What runs with \
         Docker Compose has a file of its own, which bayplan neither reads nor writes.",
    );
}

fn row((name, place, rollout): (&str, String, &Rollout)) -> Option<(u32, Vec<String>)> {
    let phase = rollout.phase?;
    let cells = vec![
        phase.to_string(),
        code(name),
        place,
        one_line(&rollout.trigger),
        one_line(&rollout.action),
        code(&rollout.promotes_from),
    ];
    Some((phase, cells))
}
