//! Choices that a random platform is built from.
//!
//! A platform is a function of a list of numbers. Where the list ends every choice is the first and simplest one, so
//! that proptest, which knows how to shorten a list of numbers and to make each smaller, shrinks platforms.

use std::sync::LazyLock;

use bayplan::emit;

/// A list of choices, read from the front.
pub struct Dice {
    choices: std::vec::IntoIter<u16>,
}

impl Dice {
    /// The dice that will fall as `choices` say.
    pub fn new(choices: Vec<u16>) -> Self {
        Self { choices: choices.into_iter() }
    }

    /// A number below `sides`; 0 where the choices have run out.
    pub fn below(&mut self, sides: usize) -> usize {
        usize::from(self.choices.next().unwrap_or(0)) % sides
    }

    /// True once in `times`; never where the choices have run out.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// One of `options`; the first where the choices have run out.
    pub fn pick<T: Clone>(&mut self, options: &[T]) -> T {
        options[self.below(options.len())].clone()
    }

    /// What `make` makes, once in `times`.
    pub fn maybe<T>(&mut self, times: usize, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.once_in(times) { Some(make(self)) } else { None }
    }

    /// A text that some reader of YAML might take for something else, and that kustomize is known to carry.
    pub fn text(&mut self) -> String {
        self.pick(&TEXTS)
    }

    /// Such a text for an annotation, where kustomize carries a little less.
    pub fn annotation(&mut self) -> String {
        Some(self.text()).filter(|text| !text.starts_with('\t')).unwrap_or_default()
    }
}

static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let all: Vec<String> =
        serde_json::from_str(include_str!("../awkward_strings.json")).expect("the list is JSON");
    // Kustomize breaks a line at these, as YAML 1.1 has it, and a reader of YAML 1.2 does not put the line together again.
    let breaks = ['\u{2028}', '\u{2029}'];
    let is_expression = |text: &str| ["{{", "{%", "{#"].iter().any(|start| text.contains(start));
    all.into_iter()
        .filter(|text| emit::survives_kustomize(text) && !text.contains(breaks))
        // Nor does it take the bare `1e400` that kustomize writes for a string.
        .filter(|text| !is_expression(text) && text.len() < 1000 && text != "1e400")
        .collect()
});
