//! Manifests that a fuzzer would make: whatever they hold, the reader and every rule end, and none of them panics.
//!
//! The short and repeatable part of `fuzz/fuzz_targets/check.rs`: the fixtures of all kinds, with values exchanged for
//! awkward ones and texts cut and doubled; and any bytes. `BAYPLAN_FUZZ_SECONDS=1200 cargo test --test suite hostile` goes on for
//! so long with bytes that nobody has tried, from another seed in `BAYPLAN_FUZZ_SEED`, and needs no nightly compiler.

#![expect(clippy::disallowed_types, reason = "it measures time")]

use bayplan::check::{Policy, Profile, Schemas, run};
use bayplan::manifest;
use bayplan::names::KubernetesVersion;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const FIXTURES: &str = include_str!("../../cases/check/base.yaml");

/// What has made checkers of manifests fail: nothing, the wrong shape, the largest, the empty, the endless.
const AWKWARD: [&str; 24] = [
    "null",
    "[]",
    "{}",
    "''",
    "-1",
    "0",
    "1e400",
    "9223372036854775807",
    "18446744073709551615",
    "[[]]",
    "[null]",
    "{'': ''}",
    "'*'",
    "'%'",
    "'::'",
    "'/'",
    "'@sha256:'",
    "'1e3Ki'",
    "'$(A'",
    "'\\ud800'",
    "\"\\u0000\"",
    "true",
    ".5",
    "'é世🚢'",
];

fn judged(schemas: &Schemas, text: &str) {
    judged_bytes(schemas, text.as_bytes().to_vec());
}

fn judged_bytes(schemas: &Schemas, bytes: Vec<u8>) {
    let reading = manifest::read("a.yaml", bytes);
    let mut policy = Policy::new(schemas);
    policy.profile = Profile::Strict;
    for finding in run(&reading.objects, &policy) {
        let Some(object) = finding.object else { continue };
        let place = reading.locate(object, &finding.field);
        assert!(reading.text.get(place.shown(&reading.text)).is_some());
    }
}

/// The fixtures with one line's value exchanged, a line taken out, or the text cut.
fn damaged(line: usize, edit: u8, awkward: &str, other: usize) -> String {
    let mut lines: Vec<String> = FIXTURES.lines().map(str::to_owned).collect();
    let (at, other) = (line % lines.len(), other % lines.len());
    match edit {
        0..=5 => {
            let key = lines[at].split_once(": ").map(|(key, _)| key.to_owned());
            lines[at] = key.map_or_else(|| lines[at].clone(), |key| format!("{key}: {awkward}"));
        }
        6 => drop(lines.remove(at)),
        7 => {
            let twin = lines[other].clone();
            lines[at] = twin;
        }
        8 => lines[at].insert_str(0, "  "),
        _ => lines.truncate(at),
    }
    lines.join("\n")
}

#[test]
fn no_damage_makes_a_rule_panic() {
    let schemas = Schemas::new(KubernetesVersion::V1_35);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let config = Config { cases: 192, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let edits = (any::<u16>(), 0_u8..10, prop::sample::select(AWKWARD.to_vec()), any::<u16>());
    let property = |(line, edit, awkward, other): (u16, u8, &str, u16)| {
        judged(&schemas, &damaged(usize::from(line), edit, awkward, usize::from(other)));
        Ok(())
    };
    runner.run(&edits, property).unwrap();
}

/// A generator of numbers (splitmix64), the same for the same seed on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % (bound.max(1) as u64)).unwrap_or(0)
    }
}

/// What readers of YAML stumble over, and texts that the rules take apart.
const TOKENS: [&[u8]; 30] = [
    b"---\n",
    b"...\n",
    b"&a ",
    b"*a",
    b"!!str ",
    b"<<: ",
    b"? ",
    b"- ",
    b": ",
    b"|2-\n",
    b">+\n",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"'",
    b"\\x",
    b"\t",
    b"\r\n",
    b"\xEF\xBB\xBF",
    b"\xFF",
    b"\0",
    b"#",
    b"%YAML 1.1\n",
    b"$(A)",
    b"kind: List\nitems:\n",
    b".svc.",
    b"~",
    b"1e999",
];

/// A document of the corpus, damaged as a fuzzer would: bytes changed, cut, doubled, exchanged with those of another one.
fn mutated(corpus: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = corpus[dice.below(corpus.len())].clone();
    for _ in 0..=dice.below(6) {
        let (at, end) = (dice.below(bytes.len() + 1), dice.below(bytes.len() + 1));
        let (at, end) = (at.min(end), at.max(end).min(at.min(end) + 200));
        match dice.below(8) {
            0 => drop(bytes.splice(at..end, [])),
            1 => bytes.extend_from_within(at..end),
            2 => drop(bytes.splice(at..at, TOKENS[dice.below(TOKENS.len())].iter().copied())),
            3 => drop(bytes.splice(at..end, TOKENS[dice.below(TOKENS.len())].iter().copied())),
            4 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            5 => bytes.truncate(at),
            6 => {
                let other = &corpus[dice.below(corpus.len())];
                let from = dice.below(other.len() + 1);
                let part = other[from..other.len().min(from + 300)].to_vec();
                drop(bytes.splice(at..end, part));
            }
            _ => {
                let awkward = AWKWARD[dice.below(AWKWARD.len())].as_bytes();
                let colon = bytes[at..].windows(2).position(|pair| pair == b": ").map(|colon| at + colon + 2);
                if let Some(value) = colon {
                    let line = bytes[value..]
                        .iter()
                        .position(|byte| *byte == b'\n')
                        .map_or(bytes.len(), |end| value + end);
                    drop(bytes.splice(value..line, awkward.iter().copied()));
                }
            }
        }
    }
    bytes
}

/// The fixtures, one by one, and what the reference platform writes.
fn corpus() -> Vec<Vec<u8>> {
    let written = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("out/rendered/production");
    let files = walkdir::WalkDir::new(written).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = files.filter(|file| file.path().extension().is_some_and(|it| it == "yaml"));
    let files = files.filter_map(|file| std::fs::read(file.path()).ok());
    FIXTURES.split("\n---\n").map(|text| text.as_bytes().to_vec()).chain(files).collect()
}

/// A letter of another script before each value, or beside each of a sign in the values: three bytes, none of them ASCII.
fn with_foreign_letters(text: &str, sign: &str, put: &str) -> String {
    let line = |line: &str| match line.split_once(": ") {
        Some((key, value)) if sign.is_empty() => format!("{key}: {put}{value}\n"),
        Some((key, value)) => format!("{key}: {}\n", value.replace(sign, put)),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn letters_of_other_scripts_are_no_bytes() {
    let schemas = Schemas::new(KubernetesVersion::V1_35);
    let beside = |sign: &str| [format!("→{sign}"), format!("{sign}→")].map(|put| (sign.to_owned(), put));
    let edits: Vec<(String, String)> =
        ["", ".", "/", ":", "-", "=", "@"].into_iter().flat_map(beside).collect();
    for text in corpus() {
        let text = String::from_utf8_lossy(&text);
        for (sign, put) in &edits {
            judged(&schemas, &with_foreign_letters(&text, sign, put));
        }
    }
}

#[test]
fn no_bytes_make_the_reader_or_a_rule_panic_or_wait() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (schemas, corpus) = (Schemas::new(KubernetesVersion::V1_35), corpus());
    let mut dice = Dice(number("BAYPLAN_FUZZ_SEED").unwrap_or(7));
    let (start, seconds) = (std::time::Instant::now(), number("BAYPLAN_FUZZ_SECONDS"));
    let goes_on = |count: u64| seconds.map_or(count < 400, |seconds| start.elapsed().as_secs() < seconds);
    let mut count = 0;
    while goes_on(count) {
        let bytes = mutated(&corpus, &mut dice);
        let began = std::time::Instant::now();
        let judged = std::panic::catch_unwind(|| judged_bytes(&schemas, bytes.clone()));
        assert!(judged.is_ok(), "input {count} makes it panic: {:?}", String::from_utf8_lossy(&bytes));
        let took = began.elapsed().as_secs();
        assert!(took < 20, "input {count} takes {took} s: {:?}", String::from_utf8_lossy(&bytes));
        count += 1;
    }
    println!("{count} inputs");
}
