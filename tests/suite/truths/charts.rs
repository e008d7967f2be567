//! Truth 9: `helm template` of a chart with the values of an environment gives the objects of `out/rendered/<env>`
//! that are in the chart; with its own values alone, those of the base.
//!
//! A platform that declares charts is judged by them, any other by one chart of everything, as `render --helm` writes
//! it. The files are those that a user gets, byte for byte.

use bayplan::{Compilation, Selection};

use crate::generated;
use crate::golden::platforms;
use crate::helm::oracle::{Helm, Written, differences};
use crate::helm::{contract, in_parallel};

const RANDOM_PLATFORMS: usize = 14;

#[test]
fn helm_gives_what_is_rendered() {
    let Some(helm) = Helm::find() else { return };
    in_parallel(subjects(), |(name, compilation)| {
        let written = Written::output(&compilation.files(&Selection::Everything));
        let charts = compilation.base.model.helm_charts.iter().map(|chart| chart.name.as_str());
        let failures: Vec<String> =
            charts.flat_map(|chart| unlike(&helm, &written, compilation, chart)).collect();
        if failures.is_empty() { Ok(()) } else { Err(format!("{name}: {}", failures.join("\n"))) }
    });
}

#[test]
fn helm_has_nothing_to_say_of_a_chart() {
    let Some(helm) = Helm::find() else { return };
    in_parallel(subjects(), |(name, compilation)| {
        let written = Written::output(&compilation.files(&Selection::Everything));
        for chart in &compilation.base.model.helm_charts {
            for environment in environments(compilation) {
                let folder = written.chart(chart.name.as_str());
                helm.lint(&folder, &written.values(chart.name.as_str(), environment))
                    .map_err(|said| format!("{name}, {environment}: {said}"))?;
            }
        }
        Ok(())
    });
}

/// The reference platforms, and some random ones, each with a chart.
fn subjects() -> Vec<(String, Compilation)> {
    let references = platforms::all().into_iter().map(|platform| (platform.name.clone(), platform.compile()));
    let random = generated::sample(RANDOM_PLATFORMS).into_iter().enumerate().map(|(at, platform)| {
        let compilation = platform.compile().unwrap_or_else(|report| panic!("{report}\n{platform:?}"));
        (format!("random platform {at}: {platform:?}"), compilation)
    });
    let charted = |(name, mut compilation): (String, Compilation)| {
        compilation.chart_everything();
        (name, compilation)
    };
    let with_subcharts = std::iter::once(("a shop with sub-charts".to_owned(), contract::shop()));
    references.chain(with_subcharts).chain(random).map(charted).collect()
}

fn environments(compilation: &Compilation) -> impl Iterator<Item = &str> {
    std::iter::once("").chain(compilation.environments.keys().map(String::as_str))
}

/// Every environment in which a chart does not give what is rendered.
fn unlike(helm: &Helm, written: &Written, compilation: &Compilation, chart: &str) -> Vec<String> {
    let environments = environments(compilation);
    environments
        .filter_map(|environment| {
            let built = helm.template(&written.chart(chart), &written.values(chart, environment));
            let expected = compilation.chart_objects(chart, environment);
            let failure = built.and_then(|built| differences(&built, &expected)).err()?;
            Some(format!("{chart} in `{environment}`: {failure}"))
        })
        .collect()
}
