//! Applications: of the overlay, of each chart, of what else the platform names, and the one that reads them all.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{WAVE, project};
use crate::lower::metadata::pairs;
use crate::lower::{labels, metadata, tenants};
use crate::model::{Application, ArgoCd, Chart, IgnoreDifference, Platform, Sync};
use crate::names::DnsLabel;
use crate::object::Object;
use crate::object::custom::{self, Destination};
use crate::source::KeyPath;
use crate::value::{Map, Value};

/// The component of the Application that people apply by hand; no kustomization lists it.
pub const ROOT: &str = "root";
/// The component of everything that the root brings.
const APPLICATIONS: &str = "applications";
/// The wave of the first charts; those that wait for others follow one by one.
const CHARTS: i64 = -20;

/// What Argo CD is given for an environment, whose objects are `objects`; nothing where it does not deliver it.
#[must_use]
pub fn delivery(platform: &Platform, objects: &[Object]) -> Vec<Object> {
    let Some(argocd) = platform.delivery.argocd.as_ref().filter(|argocd| argocd.enabled) else {
        return Vec::new();
    };
    let draft = Draft { platform, argocd };
    let mut made = project::projects(platform, argocd, objects);
    made.extend(platform.delivery.charts.iter().map(|chart| draft.chart(chart)));
    made.extend(argocd.applications.iter().map(|application| draft.application(application)));
    made.extend(draft.tenants().map(|application| draft.application(&application)));
    made.push(draft.root());
    made
}

struct Draft<'a> {
    platform: &'a Platform,
    argocd: &'a ArgoCd,
}

impl Draft<'_> {
    fn meta(&self, name: &str, wave: i64) -> ObjectMeta {
        let meta = metadata::of(name, &self.argocd.namespace, labels::of_platform(self.platform));
        metadata::annotated(meta, pairs([(WAVE, wave.to_string().as_str())]))
    }

    fn destination(&self, namespace: Option<&DnsLabel>) -> Destination {
        Destination {
            server: self.argocd.server.clone(),
            namespace: namespace.map(|namespace| namespace.as_str().to_owned()),
        }
    }

    fn chart(&self, chart: &Chart) -> Object {
        let helm = custom::HelmSource {
            release_name: Some(chart.release.to_string()),
            values_object: Some(chart.values.clone())
                .filter(|values| *values != Value::Object(Map::default())),
            skip_crds: chart.skip_crds.then_some(true),
            ..custom::HelmSource::default()
        };
        // Large definitions do not fit into the annotation that client-side apply keeps.
        let options = ["CreateNamespace=true", "ServerSideApply=true"].map(str::to_owned).to_vec();
        let spec = custom::ApplicationSpec {
            project: project::of_charts(self.argocd),
            source: custom::ApplicationSource {
                repo_url: chart.repository.clone(),
                target_revision: chart.version.clone(),
                chart: Some(chart.chart.clone()),
                helm: Some(helm),
                ..custom::ApplicationSource::default()
            },
            destination: self.destination(Some(&chart.namespace)),
            sync_policy: Some(policy(&Sync { options, ..self.argocd.sync.clone() })),
            ignore_differences: Vec::new(),
        };
        let name = format!("{}-{}", self.prefix(), chart.release);
        let wave = (CHARTS + i64::from(chart.depth)).min(-1);
        self.object(&name, wave, spec, chart.source.clone())
    }

    /// `<platform>-<environment>`: one Argo CD may deliver several environments.
    fn prefix(&self) -> String {
        let environment = self.platform.environment.as_ref().map_or("base", |name| name.as_str());
        format!("{}-{environment}", self.platform.name)
    }

    /// Tenants are no part of the overlay, so they have an Application of their own, after it. It reads the finished objects, since
    /// no kustomization lists the tenants. Where the finished objects are what is followed anyway, they are among them.
    fn tenants(&self) -> Option<Application> {
        let overlay =
            self.argocd.applications.first().filter(|first| first.source == KeyPath::of(["argocd"]))?;
        let environment = self.platform.environment.as_ref()?;
        let output = self.argocd.root.strip_suffix(&format!("/argocd/{environment}"));
        let output = output.map_or_else(String::new, |output| format!("{output}/"));
        (tenants::any(self.platform) && !overlay.recurse).then(|| Application {
            source: KeyPath::of(["tenant"]),
            name: format!("{}-tenants", overlay.name),
            path: format!("{output}rendered/{environment}/tenants"),
            recurse: true,
            ..overlay.clone()
        })
    }

    fn application(&self, application: &Application) -> Object {
        let first = application.source == KeyPath::of(["argocd"]);
        let wave = if first { 0 } else { 1 + i64::from(application.depth) };
        self.object(&application.name, wave, self.spec(application), application.source.clone())
    }

    /// An Application, or an `ApplicationSet` where several clusters get the same.
    fn object(&self, name: &str, wave: i64, spec: custom::ApplicationSpec, source: KeyPath) -> Object {
        let meta = self.meta(name, wave);
        if self.argocd.clusters.is_empty() {
            return Object::from_typed(&custom::Application::new(meta, spec), APPLICATIONS, source);
        }
        let set = custom::ApplicationSet::new(meta, self.for_each_cluster(name, spec));
        Object::from_typed(&set, APPLICATIONS, source)
    }

    fn for_each_cluster(&self, name: &str, spec: custom::ApplicationSpec) -> custom::ApplicationSetSpec {
        let element = |(name, server): &(String, String)| custom::ClusterElement {
            name: name.clone(),
            server: server.clone(),
        };
        let destination = Destination { server: "{{.server}}".to_owned(), ..spec.destination };
        let labels = labels::of_platform(self.platform);
        custom::ApplicationSetSpec {
            go_template: true,
            go_template_options: vec!["missingkey=error".to_owned()],
            generators: vec![custom::Generator {
                list: custom::ListGenerator { elements: self.argocd.clusters.iter().map(element).collect() },
            }],
            template: custom::ApplicationTemplate {
                metadata: metadata::of_cluster(&format!("{name}-{{{{.name}}}}"), labels),
                spec: custom::ApplicationSpec { destination, ..spec },
            },
        }
    }

    fn spec(&self, application: &Application) -> custom::ApplicationSpec {
        let helm = custom::HelmSource {
            value_files: application.value_files.clone(),
            ..custom::HelmSource::default()
        };
        let is_plain = application.recurse || application.exclude.is_some();
        custom::ApplicationSpec {
            project: application.project.clone(),
            source: custom::ApplicationSource {
                repo_url: application.repository.clone(),
                target_revision: application.revision.clone(),
                path: Some(application.path.clone()),
                helm: (!application.value_files.is_empty()).then_some(helm),
                directory: is_plain.then(|| custom::DirectorySource {
                    recurse: application.recurse,
                    exclude: application.exclude.clone(),
                }),
                chart: None,
            },
            destination: self.destination(application.namespace.as_ref()),
            sync_policy: Some(policy(&application.sync)),
            ignore_differences: application.ignore.iter().map(ignore).collect(),
        }
    }

    /// The Application that reads the folder of all others. It lies beside them and is applied by hand, once.
    fn root(&self) -> Object {
        let name = format!("{}-root", self.prefix());
        let meta = metadata::of(&name, &self.argocd.namespace, labels::of_platform(self.platform));
        let spec = custom::ApplicationSpec {
            // It makes projects, so it can be in none of them.
            project: "default".to_owned(),
            source: custom::ApplicationSource {
                repo_url: self.argocd.repository.clone(),
                target_revision: self.argocd.revision.clone(),
                path: Some(self.argocd.root.clone()),
                ..custom::ApplicationSource::default()
            },
            destination: Destination {
                server: "https://kubernetes.default.svc".to_owned(),
                namespace: Some(self.argocd.namespace.to_string()),
            },
            sync_policy: Some(policy(&Sync { options: Vec::new(), ..self.argocd.sync.clone() })),
            ignore_differences: Vec::new(),
        };
        Object::from_typed(&custom::Application::new(meta, spec), ROOT, KeyPath::of(["argocd"]))
    }
}

fn policy(sync: &Sync) -> custom::SyncPolicy {
    let automated = custom::Automated { prune: sync.prune, self_heal: sync.self_heal };
    // What is not there yet (a definition, a webhook) is there a little later.
    let backoff = custom::Backoff { duration: "10s".to_owned(), factor: 2, max_duration: "5m".to_owned() };
    let retry = custom::Retry { limit: i64::from(sync.retries), backoff: Some(backoff) };
    custom::SyncPolicy {
        automated: sync.automated.then_some(automated),
        sync_options: sync.options.clone(),
        retry: (sync.retries > 0).then_some(retry),
    }
}

fn ignore(difference: &IgnoreDifference) -> custom::ResourceIgnoreDifferences {
    let text = |key: &str| difference.objects.get(key).cloned();
    custom::ResourceIgnoreDifferences {
        group: text("group"),
        kind: text("kind").unwrap_or_default(),
        name: text("name"),
        namespace: text("namespace"),
        json_pointers: difference.json_pointers.clone(),
        jq_path_expressions: difference.jq_paths.clone(),
        managed_fields_managers: difference.managers.clone(),
    }
}
