//! Thousands of tenants: the cost of each is the same however many there are, and one more writes its own files alone.
//!
//! A build without optimisation takes about ten times as long, so it counts in hundreds, and the other to ten thousand:
//! `cargo test --profile measure --test suite agent_ready::scale`. At ten thousand the cost does not grow in proportion yet
//! (2,500 took 5.4 s and 10,000 took 60 s), so that `.ci/run` counts in hundreds alone.

#![expect(clippy::disallowed_types, reason = "it measures time")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use bayplan::compile::{Compilation, Request, compile};
use bayplan::host::{File, MemoryHost};
use bayplan::{Selection, spec};

/// How many tenants there are.
const MANY: usize = if cfg!(debug_assertions) { 800 } else { 10_000 };

/// A platform with a shared database and that many tenants, in one environment.
fn text(tenants: usize) -> String {
    let mut text = String::from(
        "[platform]\nname = \"shop\"\nkubernetes = \"1.35\"\n[environments.production]\ncluster = \"gke\"\n\
         [namespaces.data]\nisolated = true\n\
         [databases.postgres]\nnamespace = \"data\"\nengine = \"postgres\"\nversion = \"16\"\nstorage = \"1Gi\"\n\
         image = \"docker.io/library/postgres:16-alpine\"\nprobes.startup = { failures = 360 }\n\
         [tenant]\nuses = [\"postgres\"]\nquota = { cpu = \"10\", memory = \"20Gi\", storage = \"10Gi\" }\n\n",
    );
    for number in 0..tenants {
        writeln!(text, "[tenants.t{number:05}]\nowner = \"owner-{number}@example.com\"")
            .expect("a string takes it");
    }
    text
}

fn compiled(tenants: usize) -> Compilation {
    let host = MemoryHost::default().with_file("platform.toml", text(tenants));
    compile(&host, &Request::default()).into_result().unwrap_or_else(|report| panic!("{report}"))
}

fn files(tenants: usize) -> BTreeMap<String, File> {
    compiled(tenants).files(&Selection::Everything)
}

#[test]
fn one_more_tenant_writes_its_own_files_alone() {
    let started = Instant::now();
    let before = files(MANY);
    println!("{MANY} tenants: {} files in {:?}", before.len(), started.elapsed());
    let after = files(MANY + 1);
    let name = format!("/tenants/t{MANY:05}/");
    let mut own = 0;
    for (path, file) in &after {
        if let Some(old) = before.get(path) {
            assert!(old.bytes == file.bytes, "{path} is written again");
        } else {
            assert!(path.contains(&name), "{path} is new");
            own += 1;
        }
    }
    assert!(before.keys().all(|path| after.contains_key(path)), "nothing goes");
    assert_eq!(after.len() - before.len(), own);
    assert!(own > 15, "a bundle as base and rendered, and a kustomization of each: {own}");
}

/// Twice as many tenants take twice as long, give or take what else the machine does.
#[test]
fn the_cost_grows_with_the_number_of_tenants() {
    let few = MANY / 4;
    let time = |tenants: usize| {
        let started = Instant::now();
        let count = files(tenants).len();
        assert!(count > tenants * 15);
        started.elapsed()
    };
    let mut ratios = Vec::new();
    for _ in 0..3 {
        let (one, four) = (time(few), time(few * 4));
        println!("{few} tenants: {one:?}; {} tenants: {four:?}", few * 4);
        let ratio = four.as_secs_f64() / one.as_secs_f64();
        if ratio < 6.0 {
            return;
        }
        ratios.push(ratio);
    }
    panic!("four times as many tenants take {ratios:?} times as long");
}

/// The platform promises its users a tenant in 120 ms; the objects are to be no part of that worth naming.
#[test]
fn a_program_gets_a_tenant_in_no_time() {
    let compilation = compiled(100);
    let platform = &compilation.environments["production"];
    let started = Instant::now();
    let tenants = platform.tenants();
    let prepared = started.elapsed();
    let overrides = spec::Tenant {
        owner: Some(spec::Owner { user: Some("alice@example.com".to_owned()), group: None }),
        ..spec::Tenant::default()
    };
    let rounds: u32 = if cfg!(debug_assertions) { 20 } else { 1_000 };
    let mut times: Vec<Duration> = (0..rounds)
        .map(|number| {
            let started = Instant::now();
            let bundle = tenants.bundle(&format!("new-{number}"), &overrides).expect("it is sound");
            assert_eq!(bundle.objects.len(), 8);
            started.elapsed()
        })
        .collect();
    times.sort();
    let (middle, late) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("prepared in {prepared:?}; a tenant in {middle:?}, 99 of 100 in {late:?}");
    let most = if cfg!(debug_assertions) { Duration::from_millis(100) } else { Duration::from_millis(1) };
    assert!(middle < most, "a tenant takes {middle:?}");
}
