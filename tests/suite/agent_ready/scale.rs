//! Ten thousand tenants: they cost in proportion to their number, and one more writes its own files alone.
//!
//! To see what a build with optimisation takes: `cargo test --profile measure --test suite agent_ready::scale -- --nocapture`.

#![expect(clippy::disallowed_types, reason = "it measures time")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use bayplan::compile::{Compilation, Request, compile};
use bayplan::host::{File, MemoryHost};
use bayplan::{Selection, spec};

/// How many tenants there are.
const MANY: usize = 10_000;
/// How many there are where cost is compared.
const FEW: usize = MANY / 4;

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

fn timed(tenants: usize) -> (BTreeMap<String, File>, Duration) {
    let started = Instant::now();
    let files = files(tenants);
    let took = started.elapsed();
    println!("{tenants} tenants: {} files in {took:?}", files.len());
    assert!(files.len() > tenants * 15);
    (files, took)
}

/// One test, since what takes the time is to make the files once more.
#[test]
fn ten_thousand_cost_in_proportion_and_one_more_writes_its_own_files_alone() {
    let (_, few) = timed(FEW);
    let (before, many) = timed(MANY);
    grows_in_proportion(few, many);
    let (after, _) = timed(MANY + 1);
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

/// Four times as many take four times as long, give or take what else the machine does; what is quadratic takes sixteen.
fn grows_in_proportion(few: Duration, many: Duration) {
    let ratio = |few: Duration| many.as_secs_f64() / few.as_secs_f64();
    if ratio(few) < 7.0 {
        return;
    }
    let again = timed(FEW).1;
    assert!(
        ratio(again) < 7.0,
        "four times as many take {many:?} where a quarter takes {few:?} and {again:?}"
    );
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
