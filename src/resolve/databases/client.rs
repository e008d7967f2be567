//! What runs beside a PostgreSQL and connects to it: the Job that brings tables and rows, and the CronJob that takes dumps.
//!
//! Both have the image and the user of the server, its password, and the connection in the variables that `psql` and `pg_dump`
//! read (<https://www.postgresql.org/docs/current/libpq-envars.html>).

use std::collections::BTreeMap;

use super::job;
use crate::diag::Diagnostic;
use crate::model::{
    Claim, Config, Container, Controller, EnvSource, EnvVar, Mount, Probes, Volume, VolumeSource, Workload,
};
use crate::names::{ConfigKey, CronSchedule, DnsLabel, DnsSubdomain, EnvName};
use crate::resolve::codes::CONFLICTING_KEYS;
use crate::resolve::container::{self, Place};
use crate::resolve::scope::Scope;
use crate::resolve::tenant_codes::BOOTSTRAP_NOT_IDEMPOTENT;
use crate::resolve::{hot_settings, sql, storage};
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// How many dumps are kept unless the user says.
const KEPT: u32 = 7;
/// The file with the defaults of the settings; it comes after the tables.
const SEED: &str = "90-hot-settings.sql";

/// Waits until the server takes connections, for ten minutes at most, and runs the files in order of their names. Each is one
/// transaction: it happens whole or not at all.
const BOOTSTRAP: &str = "\
tries=0
until pg_isready -q; do
  tries=$((tries + 1))
  [ \"$tries\" -lt 120 ] || exit 1
  sleep 5
done
for file in /bootstrap/*.sql; do
  echo \"$file\"
  psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --single-transaction -f \"$file\"
done
";

/// Writes a dump beside its place, so that one that was cut off is never taken for one, and removes the oldest.
const BACKUP: &str = "\
dump=\"/backups/$PGDATABASE-$(date -u +%Y%m%dT%H%M%SZ).dump\"
rm -f /backups/*.partial
pg_dump --format=custom --file=\"$dump.partial\"
mv \"$dump.partial\" \"$dump\"
ls -1t /backups/*.dump | tail -n \"+$((KEEP + 1))\" | while read -r old; do rm -f -- \"$old\"; done
ls -l /backups
";

/// What a database has besides its server.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// The Job and the CronJob.
    pub workloads: Vec<Workload>,
    /// The files that the Job runs.
    pub config: Option<Config>,
    /// The volume that dumps go to.
    pub claim: Option<Claim>,
}

/// What the fields `bootstrap` and `backup` of a database become.
pub(super) fn build(
    scope: &mut Scope<'_>,
    key: &str,
    database: &spec::Database,
    server: &Workload,
) -> Beside {
    let place = Place {
        source: server.source.clone(),
        namespace: server.namespace.clone(),
        name: server.name.clone(),
    };
    let mut beside = Beside::default();
    let seed = hot_settings::seed(scope, key);
    let backup = database.backup.as_ref().filter(|backup| backup.enabled != Some(false));
    for (field, wanted) in [("bootstrap", database.bootstrap.is_some()), ("backup", backup.is_some())] {
        if wanted && !is_postgres(database) {
            refuse(scope, &place, field, database);
            return beside;
        }
    }
    if (database.bootstrap.is_some() || seed.is_some()) && is_postgres(database) {
        beside.config = files(scope, &place, database.bootstrap.as_ref(), seed, server);
        let job =
            beside.config.as_ref().and_then(|config| bootstrap(scope, database, (&place, server), config));
        beside.workloads.extend(job);
    }
    if let Some(backup) = backup {
        let timing = timing(scope, &place, backup);
        beside.claim = volume(scope, &place, backup, server);
        if let (Some(claim), Some(timing)) = (&beside.claim, timing) {
            beside.workloads.extend(dumps(scope, database, (&place, server), claim, timing));
        }
    }
    beside
}

fn is_postgres(database: &spec::Database) -> bool {
    database.engine.as_deref() == Some("postgres")
}

fn refuse(scope: &mut Scope<'_>, place: &Place, field: &str, database: &spec::Database) {
    let engine = database.engine.as_deref().unwrap_or_default();
    let path = place.source.key(field);
    let message =
        format!("`{}` has `{field}`, which is for postgres, and its engine is {engine}", place.source);
    let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.key_span(&path), "");
    scope.report(problem.hint(format!("remove `{field}`, or run a Job of your own: `kind = \"job\"`")));
}

fn files(
    scope: &mut Scope<'_>,
    place: &Place,
    bootstrap: Option<&spec::Bootstrap>,
    seed: Option<String>,
    server: &Workload,
) -> Option<Config> {
    let path = place.source.key("bootstrap").key("files");
    let mut data = BTreeMap::new();
    for (name, text) in bootstrap.and_then(|bootstrap| bootstrap.files.as_ref()).into_iter().flatten() {
        let path = path.key(name);
        let Some(key) = scope.parse_key(&path, ConfigKey::parse) else { continue };
        if !crate::resolve::expressions::has_extension(name, "sql") {
            let problem = Diagnostic::new(
                &BAD_VALUE,
                format!("`{path}` would not run: its name does not end in `.sql`"),
            );
            scope.report(problem.at(scope.key_span(&path), "").hint(format!("call it `{name}.sql`")));
        }
        for harm in sql::not_idempotent(text) {
            let message = format!("`{path}` does harm when it runs again: `{harm}`");
            let problem = Diagnostic::new(&BOOTSTRAP_NOT_IDEMPOTENT, message).at(scope.span(&path), "");
            scope.report(problem.about(&path).hint(sql::remedy(&harm)));
        }
        data.insert(key, text.clone());
    }
    if let (Some(seed), Ok(name)) = (seed, ConfigKey::parse(SEED)) {
        data.insert(name, seed);
    }
    let name = scope.parse(&place.source, &format!("{}-bootstrap", server.name), DnsSubdomain::parse)?;
    let (namespace, component) = (server.namespace.clone(), server.component.clone());
    (!data.is_empty()).then(|| Config { source: place.source.clone(), name, namespace, component, data })
}

fn bootstrap(
    scope: &mut Scope<'_>,
    database: &spec::Database,
    (place, server): (&Place, &Workload),
    config: &Config,
) -> Option<Workload> {
    let mount = mount("/bootstrap", "bootstrap", true)?;
    let volume = Volume { name: mount.volume.clone(), source: VolumeSource::Config(config.name.to_string()) };
    let container = container(scope, place, server, ("bootstrap", BOOTSTRAP))?;
    let container = Container { mounts: with_scratch(mount), ..container };
    let job = job::workload(database, (place, &server.component), container, Controller::Job);
    Some(Workload { volumes: volumes(volume), ..job })
}

fn volume(scope: &mut Scope<'_>, place: &Place, backup: &spec::Backup, server: &Workload) -> Option<Claim> {
    let path = place.source.key("backup");
    let Some(to) = &backup.to else {
        scope.missing(&path, "to", "add `to = \"10Gi\"`: the volume that dumps go to");
        return None;
    };
    storage::claim_at(scope, &path.key("to"), place, (to, &server.component, "backups"))
}

/// When dumps are taken, and how many are kept.
fn timing(scope: &mut Scope<'_>, place: &Place, backup: &spec::Backup) -> Option<(CronSchedule, u32)> {
    let path = place.source.key("backup");
    let schedule = scope.parse_required(&path, "schedule", backup.schedule.as_deref(), CronSchedule::parse);
    let keep = backup.keep.unwrap_or(KEPT);
    if keep == 0 {
        let message = format!("`{path}.keep` is 0: each dump would be removed as soon as it is there");
        let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&path.key("keep")), "");
        scope.report(problem.hint("keep at least 1"));
    }
    schedule.map(|schedule| (schedule, keep))
}

fn dumps(
    scope: &mut Scope<'_>,
    database: &spec::Database,
    (place, server): (&Place, &Workload),
    claim: &Claim,
    (schedule, keep): (CronSchedule, u32),
) -> Option<Workload> {
    let mount = Mount { volume: claim.name.clone(), ..mount("/backups", "backups", false)? };
    let volume = Volume { name: claim.name.clone(), source: VolumeSource::Claim(claim.name.to_string()) };
    let mut container = container(scope, place, server, ("backup", BACKUP))?;
    container.env.push(variable("KEEP", &keep.to_string())?);
    container.mounts = with_scratch(mount);
    let controller = Controller::CronJob { schedule };
    let job = job::workload(database, (place, &server.component), container, controller);
    // The volume belongs to the group that the server's volume belongs to.
    Some(Workload { volumes: volumes(volume), security: server.security.clone(), ..job })
}

/// A container with the connection in its environment. A connection that cannot be made fails after five seconds.
fn container(
    scope: &mut Scope<'_>,
    place: &Place,
    server: &Workload,
    (suffix, script): (&str, &str),
) -> Option<Container> {
    let name = scope.parse(&place.source, &format!("{}-{suffix}", server.name), DnsLabel::parse)?;
    let main = server.containers.first()?;
    let find = |wanted: &str| main.env.iter().find(|variable| variable.name.as_str() == wanted);
    let text = |wanted: &str| match &find(wanted)?.source {
        EnvSource::Value(text) => Some(text.clone()),
        _ => None,
    };
    let port = main.ports.first()?.number.to_string();
    let mut env = vec![
        variable("PGCONNECT_TIMEOUT", "5")?,
        variable("PGDATABASE", &text("POSTGRES_DB")?)?,
        variable("PGHOST", server.services.first()?.name.as_str())?,
        variable("PGPORT", &port)?,
        variable("PGUSER", &text("POSTGRES_USER")?)?,
    ];
    let password = find("POSTGRES_PASSWORD").map(|variable| variable.source.clone());
    env.extend(password.and_then(|source| Some(EnvVar { name: EnvName::parse("PGPASSWORD").ok()?, source })));
    Some(Container {
        name,
        image: main.image.clone(),
        command: ["/bin/sh", "-euc", script].map(str::to_owned).to_vec(),
        args: Vec::new(),
        ports: Vec::new(),
        env,
        env_from: Vec::new(),
        resources: job::small(),
        probes: Probes::default(),
        pre_stop: Vec::new(),
        mounts: Vec::new(),
        read_only_root: main.read_only_root,
        capabilities: Vec::new(),
    })
}

fn variable(name: &str, value: &str) -> Option<EnvVar> {
    Some(EnvVar { name: EnvName::parse(name).ok()?, source: EnvSource::Value(value.to_owned()) })
}

fn mount(path: &str, volume: &str, read_only: bool) -> Option<Mount> {
    let volume = DnsLabel::parse(volume).ok()?;
    Some(Mount { path: path.to_owned(), volume, sub_path: String::new(), read_only })
}

/// The mount, and a place for what the tools write besides.
fn with_scratch(mount: Mount) -> Vec<Mount> {
    container::scratch("/tmp").map(|(scratch, _)| scratch).into_iter().chain([mount]).collect()
}

fn volumes(volume: Volume) -> Vec<Volume> {
    container::scratch("/tmp").map(|(_, scratch)| scratch).into_iter().chain([volume]).collect()
}
