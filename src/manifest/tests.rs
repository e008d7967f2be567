//! What the reader makes of awkward files, and that the quick reader and the complete one agree.

use proptest::prelude::*;

use super::*;
use crate::value::json;

fn ids(reading: &Reading) -> Vec<String> {
    reading.objects.iter().map(|object| object.id.to_string()).collect()
}

fn problems(reading: &Reading) -> Vec<(&'static str, &str)> {
    reading.problems.iter().map(|it| (it.code.name, &reading.text[it.at.clone()])).collect()
}

fn read_text(text: &str) -> Reading {
    read("a.yaml", text.as_bytes().to_vec())
}

fn pod(name: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata: {{ name: {name} }}\n")
}

#[test]
fn documents_comments_and_line_ends() {
    let text = format!("# first\n---\n{}---\n# nothing\n---\n{}...\n", pod("a"), pod("b"));
    assert_eq!(ids(&read_text(&text)), ["Pod a", "Pod b"]);
    let windows = text.replace('\n', "\r\n");
    assert_eq!(ids(&read_text(&windows)), ["Pod a", "Pod b"]);
    assert_eq!(ids(&read_text(&format!("\u{feff}{}", pod("c")))), ["Pod c"]);
    assert_eq!(ids(&read_text(r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"j"}}"#)), ["Pod j"]);
    assert!(read_text("").objects.is_empty());
}

#[test]
fn lists_of_every_sort_are_taken_apart() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n\
                - apiVersion: v1\n  kind: PodList\n  items:\n  - metadata:\n      name: b\n";
    let reading = read_text(text);
    assert_eq!(ids(&reading), ["Pod a", "Pod b"]);
    let place = reading.locate(1, &KeyPath::of(["metadata", "name"]));
    assert_eq!(&reading.text[place.shown(&reading.text)], "b");
    assert_eq!(place.value.start, text.len() - 2);
}

#[test]
fn anchors_aliases_and_merge_keys_are_unfolded_with_their_places() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nx: &x {k: 1, l: 2}\nv:\n  <<: *x\n  k: 3\n\
                z: *x\nw:\n  <<: [{m: 1}, {m: 2, p: 3}]\n";
    let reading = read_text(text);
    let value = &reading.objects[0].value;
    assert_eq!(value["v"], json!({"k": 3, "l": 2}));
    assert_eq!(value["z"], json!({"k": 1, "l": 2}));
    assert_eq!(value["w"], json!({"m": 1, "p": 3}));
    let shown = |path: &[&str]| {
        let place = reading.locate(0, &KeyPath::of(path.iter().copied()));
        text[place.shown(text)].to_owned()
    };
    assert_eq!(shown(&["v", "l"]), "2");
    assert_eq!(shown(&["v", "k"]), "3");
    assert_eq!(shown(&["w", "p"]), "3");
}

#[test]
fn a_field_that_is_missing_is_shown_at_the_nearest_one() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - image: b\n";
    let reading = read_text(text);
    let shown = |path: KeyPath| {
        let place = reading.locate(0, &path);
        text[place.shown(text)].to_owned()
    };
    assert_eq!(shown(KeyPath::of(["spec", "containers"]).index(0).key("name")), "image: b");
    assert_eq!(shown(KeyPath::of(["spec", "nodeName"])), "spec");
    assert_eq!(shown(KeyPath::of(["status"])), "Pod");
    assert_eq!(shown(KeyPath::root()), "Pod");
}

#[test]
fn keys_that_stand_twice_are_found_as_yaml_1_1_reads_them() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, name: b}\ndata:\n  yes: a\n  on: b\n";
    let found =
        problems(&read_text(text)).into_iter().map(|(code, at)| (code, at.to_owned())).collect::<Vec<_>>();
    let twice = |at: &str| (codes::YAML_DUPLICATE_KEY.name, at.to_owned());
    let other = |at: &str| (codes::YAML11_AMBIGUOUS_SCALAR.name, at.to_owned());
    assert_eq!(found, [twice("name"), twice("on"), other("yes"), other("on")]);
    let reading = read_text(text);
    let field = |index: usize| reading.problems[index].within.as_ref().map(|(_, path)| path.to_string());
    assert_eq!(field(0).as_deref(), Some("metadata.name"));
}

#[test]
fn a_file_mode_may_be_octal() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {defaultMode: 0644, runAsUser: 0100}\n";
    assert_eq!(problems(&read_text(text)), [(codes::YAML11_AMBIGUOUS_SCALAR.name, "0100")]);
}

#[test]
fn what_is_no_manifest_is_refused_or_passed_over_and_never_hangs() {
    let deep = format!("apiVersion: {}", "[".repeat(100_000));
    let steps = (0..300).map(|depth| [" ".repeat(depth), "a:\n".to_owned()].concat());
    let wide = ["kind: a\n".to_owned()].into_iter().chain(steps).collect::<String>();
    let mut bomb = "kind: a\na0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..30 {
        let below = format!("*a{}", level - 1);
        let line = format!("a{level}: &a{level} [{}]\n", [below.as_str(); 9].join(","));
        bomb.push_str(&line);
    }
    let looped = "kind: a\na: &a [*a]\n".to_owned();
    let tabs = "kind: a\nspec:\n\treplicas: 1\n".to_owned();
    for text in
        [deep, wide, bomb, looped, tabs, "kind: [".to_owned(), "kind: *a".to_owned(), "kind: .inf".to_owned()]
    {
        let found = read_text(&text);
        assert_eq!(found.problems.len(), 1, "{}", &text[..20.min(text.len())]);
        assert_eq!(found.problems[0].code, &codes::YAML_PARSE);
    }
    for bytes in [b"kind: \xff".to_vec(), b"\xff\xfek\0".to_vec(), b"\x7fELF\0\0".to_vec()] {
        assert_eq!(read("a.yaml", bytes).problems[0].code, &codes::YAML_PARSE);
    }
    assert_eq!(read_text("a: [").passed, [(0, Reason::NoManifest)]);
    assert_eq!(read_text("a: 1\n---\nb: 2\n").passed.len(), 2);
    assert_eq!(read("values-prod.yaml", b"a: 1\n".to_vec()).passed[0].1, Reason::HelmValues);
    assert_eq!(read("x/Chart.yaml", b"a: 1\n".to_vec()).passed[0].1, Reason::HelmChart);
}

/// The complete reader's answer, or nothing where it finds a mistake.
fn complete_only(text: &str) -> Option<Vec<Document>> {
    let (documents, mistake) = complete::read(text);
    mistake.is_none().then_some(documents)
}

fn assert_agree(text: &str) {
    if let Some(quick) = fast::read(text) {
        let complete = complete_only(text).unwrap_or_else(|| panic!("only the quick reader takes\n{text}"));
        let values = |documents: &[Document]| documents.iter().map(|it| it.value.clone()).collect::<Vec<_>>();
        assert_eq!(values(&quick), values(&complete), "\n{text}");
        for (quick, complete) in quick.iter().zip(&complete) {
            assert_eq!(tape(quick, text), tape(complete, text), "\n{text}");
            assert_eq!((&quick.ambiguous, &quick.twice), (&complete.ambiguous, &complete.twice), "\n{text}");
        }
    }
}

type Bytes = (u32, u32);

/// The places of keys and of scalars on one line. A collection may begin at its first dash or at the item after it, a block
/// at its indicator or below it, and what is not there at all may be shown anywhere near.
fn tape(document: &Document, text: &str) -> Vec<(Bytes, Option<Bytes>, u32)> {
    let written = |it: &spots::Spot| text.get(it.value.0 as usize..it.value.1 as usize).unwrap_or_default();
    let one_line = |it: &spots::Spot| it.size == 1 && !written(it).is_empty() && !written(it).contains('\n');
    document.spots.tape.iter().map(|it| (it.key, one_line(it).then_some(it.value), it.size)).collect()
}

#[test]
fn the_two_readers_agree_on_hand_written_traps() {
    for text in TRAPS {
        assert_agree(text);
        let nested: Vec<&str> = text.lines().flat_map(|line| ["    ", line, "\n"]).collect();
        assert_agree(&format!("a:\n  b:\n{}", nested.concat()));
        assert_agree(&format!("- {}", text.replace('\n', "\n  ")));
    }
}

const TRAPS: &[&str] = &[
    "a: 1\nb: two\n",
    "a:\n- 1\n- b: 2\n  c: 3\n-\n  d: 4\n- - 5\n  - 6\n",
    "a: |\n  x\n   y\n\n  z\n\nb: 1\n",
    "a: |-\n  x\n\n\nb: |+\n  y\n\n\nc: 1\n",
    "a: |\n    # no comment\n    x # neither\nb: 1\n",
    "a: |\n\n  x\n",
    "a: |\n   \n  x\n",
    "a: |\nb: 1\n",
    "a: |2\n    x\n",
    "a: >\n  x\n  y\n",
    "a: \"q\\n\" # c\n'b': 'it''s'\n",
    "a: {b: 1, 'c': [1, two, \"three\"], d: {}}\n",
    "a: [\n  1,\n  2,\n]\n",
    "{\"a\":1,\"b\":[true,null]}",
    "{\n  \"a\": {\n    \"b\": \"c\"\n  }\n}\n",
    "a: b: c\n",
    "a: b\n  c\n",
    "a:\n  b\n  c\n",
    "a: 'x\n  y'\n",
    "a:b: 1\n",
    "a: #c\n  b: 1\n",
    "a: x#y\n",
    "a: x #y\n",
    "a: -1\nb: - 1\n",
    "? a\n: b\n",
    "a: &x 1\nb: *x\n",
    "a: !!str 1\n",
    "- a\n-b\n",
    "a:\n  - 1\n b: 2\n",
    "a: 1\n\n\n# end\n",
    "a : 1\n",
    "\"a\" : 1\n",
    "a: http://x:80/y\n",
    "a: [a:b, c]\n",
    "a: [a: b]\n",
    "a: {b}\n",
    "a: {b: }\n",
    "a: [1,,2]\n",
    "a: [x\n  y]\n",
    "a: {\"b\":1}\n",
    "a: {b:1}\n",
    "a: [-, 1]\n",
    "a: [-1, - 1]\n",
    "--- a\n",
    "---\na: 1\n---\n---\nb: 2\n",
    "a: 1\n...\n",
    "---\n# x\n",
    "%YAML 1.1\n---\na: 1\n",
    "a: \t1\n",
    "a:\t1\n",
    "\ta: 1\n",
    "a: x\ty\n",
    "a: 1 # \t\n",
    "a:\n\n  b: 1\n",
    "a: ~\nb:\nc: ''\n",
    "<<: {a: 1}\n",
    "y: 1\nn: 2\n~: 3\n",
    "a: 1\na: 2\n",
    "- 1\n- 2\na: 1\n",
    "a: 1\n- 2\n",
    "text\n",
    "text\nmore\n",
    "\"text\"\n",
    "[1, 2]\n",
    "a: é — 世界\n",
    "a: \u{85}x\n",
    "a: \u{a0}x\n",
    "a: x\u{2028}y\n",
    "a: @x\n",
    "a: `x`\n",
    "a: %x\n",
    "a: ]\n",
    "a: }x\n",
    "a: x]\n",
    "a: x, y\n",
    "a: {x: y]}\n",
    "a: |\n  x",
    "a: 'x'y\n",
    "a: \"x\" y\n",
    "a: {b: 1} c\n",
    "a: [1]: 2\n",
    "a:\n  |\n  x\n",
    "- |\n x\n- |\n  y\n",
    "a: ? b\n",
    "a: :b\n",
    "a: ::\n",
    "::: 1\n",
    "a:   \n  b: 1   \n",
    "a: 'b' #c\n",
    "a: !x b\n",
    "a: |\n  \tx\n",
    "a: |\n \tx\n",
    "a: [ # c\n 1]\n",
    "a: {\n}\n",
    "a:\n  {\n  b: 1\n  }\n",
    "a: {\nb: 1\n}\n",
    "a: -\nb: 1\n",
    "-\n-\n",
    "- a: 1\n  b:\n  - 2\n  c: 3\n",
    "- a:\n  - 1\n- b\n",
    "a:\n-\n  - 1\n",
    "a: x:\n",
    "a: \"\\q\"\n",
];

/// Lines that together often make YAML, and often nearly.
fn line() -> impl Strategy<Value = String> {
    let indent = prop::sample::select(vec!["", "", "  ", "    ", "- ", "  - ", "      "]);
    let key = prop::sample::select(vec!["a: ", "b:", "'c': ", "\"d\": ", "y: ", "", "", "- ", "e : ", "# "]);
    let value = prop::sample::select(vec![
        "",
        "1",
        "x y",
        "|",
        "|-",
        "\"q\"",
        "'it''s'",
        "{a: 1}",
        "[1, b]",
        "{",
        "}",
        "]",
        "[",
        "x # c",
        "0777",
        "---",
        ">",
        "\"a\\\"b\"",
        "x: y",
        "*a",
        "-",
        "\t",
        "a:b",
        "é",
        "{\"k\":[1,{}]}",
        ",",
    ]);
    (indent, key, value).prop_map(|(indent, key, value)| format!("{indent}{key}{value}\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

    #[test]
    fn the_two_readers_agree(lines in prop::collection::vec(line(), 0..9)) {
        assert_agree(&lines.concat());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>(), lines in prop::collection::vec(line(), 0..6)) {
        let mixed = format!("kind: a\n{}{text}", lines.concat());
        let reading = read_text(&mixed);
        for index in 0..reading.objects.len() {
            let place = reading.locate(index, &KeyPath::of(["metadata", "name"]));
            prop_assert!(reading.text.get(place.shown(&reading.text)).is_some());
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read("a.yaml", bytes);
    }
}

#[test]
fn a_place_among_many_is_found_as_among_few() {
    let fields = |count: usize| (0..count).fold(String::new(), |text, at| format!("{text}  k{at}: v{at}\n"));
    let items =
        |count: usize| (0..count).fold(String::new(), |text, at| format!("{text}- {{ name: n{at} }}\n"));
    for count in [3, 500] {
        let text = format!("{}data:\n{}  k1: again\nlist:\n{}", pod("a"), fields(count), items(count));
        let reading = read_text(&text);
        let shown = |path: &KeyPath| &text[reading.locate(0, path).shown(&text)];
        for at in [0, 2, count - 1] {
            assert_eq!(shown(&KeyPath::of(["data", &format!("k{at}")])), format!("v{at}"));
            let name = KeyPath::of(["list"]).index(at).key("name");
            assert_eq!(shown(&name), format!("n{at}"));
        }
        assert_eq!(shown(&KeyPath::of(["data", "k1"])), "again", "of two keys the last one counts");
        assert_eq!(shown(&KeyPath::of(["data", "none"])), "data");
        let problem = &reading.problems[0];
        assert_eq!(problem.within, Some((0, KeyPath::of(["data", "k1"]))));
    }
}
