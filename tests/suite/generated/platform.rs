//! A random platform that is valid by construction, as values of the language.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use bayplan::host::MemoryHost;
use bayplan::source::{Layer, Node};
use bayplan::spec::{self, Kind};
use bayplan::value::{Value, json};
use bayplan::{Output, Request, compile_spec};

use super::dice::Dice;
use super::environment;

/// A random platform, and the files that it names.
#[derive(Clone)]
pub struct Generated {
    /// What a user would have written.
    pub file: spec::File,
    files: BTreeMap<String, String>,
}

impl Generated {
    /// The platform of these choices.
    pub fn of(choices: Vec<u16>) -> Self {
        let mut builder = Builder::new(Dice::new(choices));
        builder.nouns();
        environment::add(&mut builder);
        Self { file: builder.file, files: builder.files }
    }

    /// What comes of compiling it.
    pub fn output(&self) -> Output {
        let host = MemoryHost::default();
        let host = self.files.iter().fold(host, |host, (path, text)| host.with_file(path, text.as_str()));
        compile_spec(&host, &Request::default(), &self.file)
    }

    /// It, compiled.
    pub fn compile(&self) -> Result<bayplan::Compilation, String> {
        self.output().into_result().map_err(|unsound| unsound.to_string())
    }

    /// What the user wrote as plain data, short as they would have it.
    pub fn document(&self) -> bayplan::value::Value {
        let value = bayplan::value::to_value(&self.file).expect("a platform is plain data");
        Node::from_json(&value, &Layer::Entity).to_json()
    }
}

/// A failing platform is shown as its author would see it.
impl fmt::Debug for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}\nfiles: {:#?}", self.document(), self.files)
    }
}

/// The platform so far, and what the rest of it must respect.
pub struct Builder {
    /// Where choices come from.
    pub dice: Dice,
    /// The platform.
    pub file: spec::File,
    /// Workloads that run one pod, for the sake of a volume.
    pub single: BTreeSet<String>,
    /// Databases whose password somebody reads.
    pub read: BTreeSet<String>,
    /// Workloads and ports that a route may lead to.
    pub routable: Vec<String>,
    files: BTreeMap<String, String>,
}

const NAMESPACES: [&str; 4] = ["core", "infra", "web", "data-2"];
const DATABASES: [&str; 3] = ["postgres", "redis", "orders-db"];
const WORKLOADS: [&str; 4] = ["api", "worker", "web-client", "batch"];
const CONFIGS: [&str; 2] = ["settings", "motd"];
const DATA_KEYS: [&str; 7] = ["app.conf", "on", "null", "1e3", "0x1F", "y", ".hidden"];
const LABEL_VALUES: [&str; 6] = ["v1", "on", "true", "1e3", "0o14", "No"];

impl Builder {
    fn new(dice: Dice) -> Self {
        let info = spec::Info {
            name: Some("shop".to_owned()),
            kubernetes: Some("1.35".to_owned()),
            ..Default::default()
        };
        let vars = BTreeMap::from([
            ("stage".to_owned(), "staging".into()),
            ("host".to_owned(), "shop.example.com".into()),
        ]);
        Self {
            dice,
            file: spec::File { platform: Some(info), vars: Some(vars), ..Default::default() },
            single: BTreeSet::new(),
            read: BTreeSet::new(),
            routable: Vec::new(),
            files: BTreeMap::new(),
        }
    }

    fn nouns(&mut self) {
        self.roles();
        self.file.namespaces = Some(self.namespaces());
        self.file.secrets = Some(self.secrets());
        self.file.configs = Some(self.configs());
        self.file.volumes = Some(self.volumes());
        self.file.databases = Some(self.databases());
        self.workloads();
        self.ingress();
        self.raw();
    }

    fn roles(&mut self) {
        let rule = spec::RoleRule {
            resources: Some(vec!["pods".to_owned(), "pods/log".to_owned()]),
            verbs: Some(vec!["get".to_owned(), "list".to_owned()]),
            ..Default::default()
        };
        let viewer = spec::Role { rules: Some(vec![rule]), ..Default::default() };
        self.file.roles = self.dice.maybe(2, |_| BTreeMap::from([("viewer".to_owned(), viewer)]));
    }

    fn namespaces(&mut self) -> BTreeMap<String, spec::Namespace> {
        let count = 1 + self.dice.below(NAMESPACES.len());
        let roles = self.file.roles.is_some();
        let dice = &mut self.dice;
        let one = |key: &str| {
            let names = [None, Some(format!("{{{{ vars.stage }}}}-{key}")), Some(format!("team-{key}"))];
            let access = |dice: &mut Dice| {
                let role = spec::AccessRole { role: Some("viewer".to_owned()), ..Default::default() };
                BTreeMap::from([(dice.pick(&["shop:web", "oncall"]).to_owned(), role)])
            };
            spec::Namespace {
                name: dice.pick(&names),
                labels: dice.maybe(3, labels),
                annotations: dice.maybe(3, annotations),
                isolated: dice.maybe(2, |_| true),
                quota: dice.maybe(4, quota),
                access: if roles { dice.maybe(2, access) } else { None },
                ..Default::default()
            }
        };
        named(&NAMESPACES[..count], one)
    }

    /// A namespace by its key.
    #[expect(clippy::unnecessary_wraps, reason = "the fields that take it are optional")]
    pub fn namespace(&mut self) -> Option<String> {
        let keys: Vec<String> = self.file.namespaces.iter().flatten().map(|(key, _)| key.clone()).collect();
        // The controller's namespace is added last, and is its own.
        Some(self.dice.pick(&keys))
    }

    fn component(&mut self) -> Option<String> {
        self.dice.maybe(3, |_| "stack".to_owned())
    }

    fn secrets(&mut self) -> BTreeMap<String, spec::Secret> {
        let mut secrets = BTreeMap::new();
        if self.dice.once_in(2) {
            let key = spec::SecretKey {
                description: Some(self.dice.pick(&["Signs sessions", "a: b # c"]).to_owned()),
                generate: Some("openssl rand -hex 24".to_owned()),
                ..Default::default()
            };
            let keys = ["SIGNING_KEY", "on"].map(|name| (name.to_owned(), key.clone()));
            let tokens = spec::Secret {
                namespace: self.namespace(),
                component: self.component(),
                keys: Some(BTreeMap::from(keys)),
                ..Default::default()
            };
            secrets.insert("tokens".to_owned(), tokens);
        }
        secrets
    }

    fn configs(&mut self) -> BTreeMap<String, spec::Config> {
        let count = self.dice.below(CONFIGS.len() + 1);
        let mut configs = BTreeMap::new();
        for key in &CONFIGS[..count] {
            let files = self.dice.maybe(3, |_| ("banner.txt".to_owned(), "files/banner.txt.j2".to_owned()));
            if let Some((_, path)) = &files {
                self.files
                    .insert(path.clone(), "Welcome to {{ platform.name }}\n on {{ vars.host }}\n".into());
            }
            let keys = 1 + self.dice.below(3);
            let data = (0..keys).map(|_| (self.dice.pick(&DATA_KEYS).to_owned(), self.dice.text())).collect();
            let config = spec::Config {
                namespace: self.namespace(),
                component: self.component(),
                data: Some(data),
                files: files.map(|file| BTreeMap::from([file])),
                ..Default::default()
            };
            configs.insert((*key).to_owned(), config);
        }
        configs
    }

    fn volumes(&mut self) -> BTreeMap<String, spec::Volume> {
        let mut volumes = BTreeMap::new();
        if self.dice.once_in(2) {
            let media = spec::Volume {
                namespace: self.namespace(),
                component: self.component(),
                size: Some(self.dice.pick(&["2Gi", "500Mi"]).to_owned()),
                access: Some("ReadWriteMany".to_owned()),
                ..Default::default()
            };
            volumes.insert("media".to_owned(), media);
        }
        volumes
    }

    fn databases(&mut self) -> BTreeMap<String, spec::Database> {
        let count = self.dice.below(DATABASES.len() + 1);
        let mut databases = BTreeMap::new();
        for key in &DATABASES[..count] {
            let engine = if *key == "redis" { "redis" } else { self.dice.pick(&["postgres", "redis"]) };
            let database = spec::Database {
                namespace: self.namespace(),
                component: self.component(),
                engine: Some(engine.to_owned()),
                version: Some("16".to_owned()),
                image: Some(format!("docker.io/library/{engine}:16-alpine")),
                kind: self.dice.maybe(3, |_| Kind::Deployment),
                storage: self.dice.maybe(2, |dice| storage(dice, None)),
                port: self.dice.maybe(4, |_| 6000),
                resources: Some(resources(&mut self.dice)),
                credentials: self.dice.maybe(5, |_| spec::Credentials {
                    enabled: (engine == "redis").then_some(false),
                    ..Default::default()
                }),
                labels: self.dice.maybe(4, labels),
                annotations: self.dice.maybe(4, annotations),
                ..Default::default()
            };
            databases.insert((*key).to_owned(), database);
        }
        databases
    }

    fn workloads(&mut self) {
        let count = 1 + self.dice.below(WORKLOADS.len());
        self.file.workloads = Some(BTreeMap::new());
        for key in &WORKLOADS[..count] {
            let workload = self.workload(key);
            if let Some(workloads) = &mut self.file.workloads {
                workloads.insert((*key).to_owned(), workload);
            }
        }
    }

    fn workload(&mut self, key: &str) -> spec::Workload {
        let kinds = [Kind::Deployment, Kind::Statefulset, Kind::Daemonset, Kind::Job, Kind::Cronjob];
        let kind = kinds[[0, 0, 0, 1, 1, 2, 3, 4][self.dice.below(8)]];
        let runs_on = matches!(kind, Kind::Deployment | Kind::Statefulset);
        let serves = runs_on || kind == Kind::Daemonset;
        let namespace = self.namespace();
        let own = if runs_on { self.dice.maybe(3, |dice| storage(dice, Some("/data"))) } else { None };
        if own.is_some() && kind == Kind::Deployment {
            self.single.insert(key.to_owned());
        }
        let may_scale = runs_on && !self.single.contains(key);
        let replicas = if may_scale { self.dice.maybe(3, |dice| dice.pick(&[2, 3, 0])) } else { None };
        let ports = if serves { self.dice.maybe(2, |_| ()).map(|()| self.ports(key)) } else { None };
        let probes = if serves { self.probes(ports.as_ref()) } else { None };
        spec::Workload {
            component: self.component(),
            kind: (kind != Kind::Deployment).then_some(kind),
            image: Some(format!("registry.example/shop/{key}:1.4.2")),
            args: self.dice.maybe(4, |dice| vec!["serve".to_owned(), dice.text()]),
            env: self.dice.maybe(2, |_| ()).map(|()| self.env(namespace.as_deref())),
            env_from: self.env_from(namespace.as_deref()),
            uses: self.uses(),
            resources: Some(resources(&mut self.dice)),
            autoscale: match replicas {
                None if may_scale => self.dice.maybe(4, |_| autoscale()),
                _ => None,
            },
            replicas,
            mounts: self.mounts(namespace.as_deref(), kind),
            storage: own,
            security: self.dice.maybe(2, |_| spec::Security { user: Some(1000), ..Default::default() }),
            api_access: self.dice.maybe(4, |_| true),
            disruption: if runs_on { self.dice.maybe(4, disruption) } else { None },
            schedule: (kind == Kind::Cronjob).then(|| "0 3 * * *".to_owned()),
            init: self.dice.maybe(5, |_| vec![container("prepare")]),
            sidecars: if serves { self.dice.maybe(5, |_| vec![container("proxy")]) } else { None },
            labels: self.dice.maybe(4, labels),
            annotations: self.dice.maybe(4, annotations),
            pod_annotations: self.dice.maybe(4, annotations),
            patch: if kind == Kind::Deployment { self.dice.maybe(5, |_| patch()) } else { None },
            namespace,
            ports,
            probes,
            ..Default::default()
        }
    }

    fn ports(&mut self, key: &str) -> BTreeMap<String, spec::Port> {
        let http = spec::Port { container: Some(8080), port: self.dice.maybe(2, |_| 80), protocol: None };
        let more = spec::Port {
            container: Some(9000),
            port: None,
            protocol: self.dice.maybe(2, |_| "UDP".to_owned()),
        };
        self.routable.push(key.to_owned());
        let mut ports = BTreeMap::from([("http".to_owned(), http)]);
        ports.extend(self.dice.maybe(3, |_| ("events".to_owned(), more)));
        ports
    }

    fn probes(&mut self, ports: Option<&BTreeMap<String, spec::Port>>) -> Option<spec::Probes> {
        let exec = || spec::Probe { exec: Some(vec!["true".to_owned()]), ..Default::default() };
        let http = || spec::Probe { http: Some("/health".to_owned()), period: Some(5), ..Default::default() };
        let tcp = || spec::Probe { tcp: Some("http".to_owned()), ..Default::default() };
        let served = ports.is_some();
        let one = |dice: &mut Dice| match dice.below(3) {
            0 if served => http(),
            1 if served => tcp(),
            _ => exec(),
        };
        self.dice.maybe(2, |dice| spec::Probes {
            liveness: Some(one(dice)),
            readiness: dice.maybe(2, one),
            startup: dice.maybe(3, one),
        })
    }

    fn env(&mut self, namespace: Option<&str>) -> BTreeMap<String, spec::EnvValue> {
        let mut env = BTreeMap::new();
        let value =
            |text: String| spec::EnvValue { value: Some(spec::Scalar::Text(text)), ..Default::default() };
        env.insert("TEXT".to_owned(), value(self.dice.text()));
        env.insert("AGAIN".to_owned(), value("$(TEXT) $(TEXT)".to_owned()));
        for (name, number) in [("COUNT", spec::Scalar::Integer(-7)), ("ON", spec::Scalar::Bool(true))] {
            let number = spec::EnvValue { value: Some(number), ..Default::default() };
            env.extend(self.dice.maybe(3, |_| (name.to_owned(), number)));
        }
        let field = spec::EnvValue { field: Some("status.podIP".to_owned()), ..Default::default() };
        env.extend(self.dice.maybe(3, |_| ("ADDRESS".to_owned(), field)));
        if self.dice.once_in(2) && self.file.secrets.as_ref().is_some_and(|all| all.contains_key("tokens")) {
            let signing = spec::EnvValue {
                secret: Some("tokens".to_owned()),
                key: Some("SIGNING_KEY".to_owned()),
                ..Default::default()
            };
            env.insert("SIGNING_KEY".to_owned(), signing);
        }
        env.extend(self.env_of_config(namespace));
        env.extend(self.env_of_database());
        env
    }

    fn env_of_config(&mut self, namespace: Option<&str>) -> Option<(String, spec::EnvValue)> {
        let config = self.config_in(namespace)?;
        let data = self.file.configs.as_ref()?.get(&config)?.data.as_ref()?;
        let key = data.keys().next().cloned();
        let variable = spec::EnvValue { config: Some(config), key, ..Default::default() };
        self.dice.maybe(2, |_| ("FROM_CONFIG".to_owned(), variable))
    }

    fn env_of_database(&mut self) -> Vec<(String, spec::EnvValue)> {
        let databases = self.file.databases.clone().unwrap_or_default();
        let keys: Vec<&String> = databases.keys().collect();
        if keys.is_empty() || !self.dice.once_in(2) {
            return Vec::new();
        }
        let key = self.dice.pick(&keys);
        let url = format!(
            "{{{{ databases['{key}'].host }}}}:{{{{ databases['{key}'].port }}}}/{{{{ databases['{key}'].database }}}}"
        );
        let url = spec::EnvValue { value: Some(spec::Scalar::Text(url)), ..Default::default() };
        self.read.insert(key.clone());
        let mut env = vec![("DATABASE_URL".to_owned(), url)];
        let protected = databases[key].credentials.as_ref().is_none_or(|found| found.enabled != Some(false));
        if protected {
            let password = spec::EnvValue { secret: Some(key.clone()), ..Default::default() };
            env.push(("DATABASE_PASSWORD".to_owned(), password));
        }
        env
    }

    fn config_in(&self, namespace: Option<&str>) -> Option<String> {
        let mut configs = self.file.configs.iter().flatten();
        configs.find(|(_, config)| config.namespace.as_deref() == namespace).map(|(key, _)| key.clone())
    }

    /// Whole configs as variables; only of those whose keys are names of variables would all arrive.
    fn env_from(&mut self, namespace: Option<&str>) -> Option<Vec<String>> {
        let config = self.config_in(namespace)?;
        self.dice.maybe(5, |_| vec![config])
    }

    /// Edges to what was built before, so that there is no circle.
    fn uses(&mut self) -> Option<Vec<spec::Use>> {
        let databases = self.file.databases.iter().flatten().map(|(key, _)| key.clone());
        let workloads = self.file.workloads.iter().flatten().map(|(key, _)| key.clone());
        let targets: Vec<String> = databases.chain(workloads).collect();
        let chosen: Vec<spec::Use> = targets
            .into_iter()
            .filter(|_| self.dice.once_in(2))
            .map(|name| spec::Use { name: Some(name), ports: None, wait: None })
            .collect();
        (!chosen.is_empty()).then_some(chosen)
    }

    fn mounts(&mut self, namespace: Option<&str>, kind: Kind) -> Option<BTreeMap<String, spec::Mount>> {
        let mount = |name: &str| spec::Mount { name: Some(name.to_owned()), ..Default::default() };
        let mut mounts = BTreeMap::new();
        let scratch = spec::Mount { size: Some("64Mi".to_owned()), ..mount("scratch") };
        mounts.extend(self.dice.maybe(3, |_| ("/tmp".to_owned(), scratch)));
        if let Some(config) = self.config_in(namespace) {
            mounts.extend(self.dice.maybe(2, |_| ("/etc/shop".to_owned(), mount(&config))));
        }
        let tokens = self.file.secrets.as_ref().is_some_and(|secrets| secrets.contains_key("tokens"));
        mounts.extend(self.dice.maybe(4, |_| ("/run/tokens".to_owned(), mount("tokens"))).filter(|_| tokens));
        let volumes = self.file.volumes.iter().flatten();
        let here = volumes.filter(|(_, volume)| volume.namespace.as_deref() == namespace);
        for (key, _) in here.filter(|_| kind != Kind::Daemonset) {
            mounts.extend(self.dice.maybe(2, |_| ("/media".to_owned(), mount(key))));
        }
        (!mounts.is_empty()).then_some(mounts)
    }

    fn ingress(&mut self) {
        if self.routable.is_empty() || !self.dice.once_in(2) {
            return;
        }
        let runs_here = self.dice.once_in(2);
        let namespace = spec::Namespace {
            name: Some("ingress-nginx".to_owned()),
            external: (!runs_here).then_some(true),
            // A controller on kind opens ports of the node.
            pod_security: Some(spec::PodSecurity::Privileged),
            ..Default::default()
        };
        self.file.namespaces.get_or_insert_default().insert("ingress".to_owned(), namespace);
        self.file.ingress = Some(spec::Ingress {
            class: Some("nginx".to_owned()),
            controller: runs_here.then_some(spec::Controller::IngressNginx),
            namespace: Some("ingress".to_owned()),
            image: runs_here.then(|| "registry.k8s.io/ingress-nginx/controller:v1.14.1".to_owned()),
            resources: runs_here.then(|| resources(&mut self.dice)),
            ..Default::default()
        });
        let paths = self.routable.iter().enumerate();
        let paths =
            paths.map(|(at, key)| (["/", "/api/", "/admin", "/b/c/"][at % 4].to_owned(), path_to(key)));
        let route = spec::Route {
            host: Some("{{ vars.host }}".to_owned()),
            paths: Some(paths.collect()),
            idle_timeout: self.dice.maybe(3, |_| 3600),
            tls: self
                .dice
                .maybe(3, |_| spec::Tls { issuer: Some("letsencrypt".to_owned()), ..Default::default() }),
            ..Default::default()
        };
        self.file.routes = Some(BTreeMap::from([("front".to_owned(), route)]));
    }

    fn raw(&mut self) {
        let Some(namespace) = self.dice.maybe(4, |_| ()).and_then(|()| self.namespace()) else { return };
        let object = json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "raw", "namespace": format!("{{{{ namespaces['{namespace}'].name }}}}")},
            "data": {"text": self.dice.text()},
        });
        let raw = spec::RawResource { object: Some(object), ..Default::default() };
        self.file.resources = Some(vec![raw]);
    }
}

fn named<T>(keys: &[&str], mut make: impl FnMut(&str) -> T) -> BTreeMap<String, T> {
    keys.iter().map(|key| ((*key).to_owned(), make(key))).collect()
}

/// Labels whose values look like other things in YAML.
pub fn labels(dice: &mut Dice) -> BTreeMap<String, String> {
    BTreeMap::from([("tier".to_owned(), dice.pick(&LABEL_VALUES).to_owned())])
}

fn annotations(dice: &mut Dice) -> BTreeMap<String, String> {
    BTreeMap::from([("example.com/note".to_owned(), dice.annotation())])
}

fn quota(dice: &mut Dice) -> spec::Quota {
    spec::Quota { headroom: Some(50), pods: dice.maybe(2, |_| 50), ..Default::default() }
}

fn storage(dice: &mut Dice, mount: Option<&str>) -> spec::Storage {
    spec::Storage {
        size: Some(dice.pick(&["1Gi", "10Gi"]).to_owned()),
        mount: mount.map(str::to_owned),
        ..Default::default()
    }
}

/// What a container asks for, always with a request, which quotas and autoscalers need.
pub fn resources(dice: &mut Dice) -> spec::Resources {
    spec::Resources {
        cpu: Some(dice.pick(&["50m..200m", "1", "0.5..1", "100m.."]).to_owned()),
        memory: Some(dice.pick(&["64Mi..128Mi", "1Gi", "128M..256M"]).to_owned()),
        ..Default::default()
    }
}

/// An autoscaler between 2 and 4 pods.
pub fn autoscale() -> spec::Autoscale {
    spec::Autoscale { min: Some(2), max: Some(4), cpu: Some(75), ..Default::default() }
}

fn disruption(dice: &mut Dice) -> spec::Disruption {
    let amount = dice.pick(&[spec::Scalar::Integer(1), spec::Scalar::Text("25%".to_owned())]);
    spec::Disruption { max_unavailable: Some(amount), ..Default::default() }
}

fn container(name: &str) -> spec::Container {
    let command = vec!["sh".to_owned(), "-c".to_owned(), "true".to_owned()];
    spec::Container { name: Some(name.to_owned()), command: Some(command), ..Default::default() }
}

fn patch() -> BTreeMap<String, Value> {
    BTreeMap::from([("Deployment".to_owned(), json!({"spec": {"minReadySeconds": 10}}))])
}

fn path_to(key: &str) -> spec::RoutePath {
    spec::RoutePath { to: Some(format!("{key}:http")), ..Default::default() }
}
