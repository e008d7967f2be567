//! Truth 5 once more, without `check/`: every reference inside an environment resolves. Here the lists are plain and the
//! code is short, so that a rule and what it judges cannot be wrong in the same way.

use std::collections::BTreeSet;

use bayplan::model::{Platform, Reach};
use bayplan::object::{Object, ObjectSet};
use bayplan::value::Value;

/// Everything that may be referred to in one environment.
struct World<'a> {
    objects: &'a ObjectSet,
    model: &'a Platform,
    /// Kind, namespace and name of each object.
    names: BTreeSet<(&'a str, &'a str, &'a str)>,
}

#[test]
fn every_reference_resolves() {
    super::hold(|compiled| {
        let world = World::of(&compiled.objects, &compiled.model);
        let problems = compiled.objects.iter().flat_map(|object| {
            let found = world.problems(object);
            found.into_iter().map(|problem| format!("{}: {problem}", object.id))
        });
        problems.collect()
    });
}

/// A test of the test: take any one object away on which others rest, and something no longer resolves.
#[test]
fn a_missing_object_is_noticed() {
    let platform =
        super::SUBJECTS.iter().find(|subject| subject.name == "wrightnow").expect("it is a reference");
    let compiled = &platform.compilation.environments["production"];
    for kind in [
        "PersistentVolumeClaim",
        "Role",
        "ClusterRole",
        "ServiceAccount",
        "Namespace",
        "StorageClass",
        "Deployment",
    ] {
        let objects: Vec<Object> = compiled.objects.iter().cloned().collect();
        let gone = objects.iter().position(|object| object.id.gvk.kind == kind).expect("production has one");
        let mut rest = objects.clone();
        rest.remove(gone);
        let (objects, _) = ObjectSet::collect(rest);
        let world = World::of(&objects, &compiled.model);
        assert!(objects.iter().any(|object| !world.problems(object).is_empty()), "no {kind} is missed");
    }
}

impl<'a> World<'a> {
    fn of(objects: &'a ObjectSet, model: &'a Platform) -> Self {
        let names = objects.iter().map(|object| {
            let namespace = object.id.namespace.as_deref().unwrap_or_default();
            (object.id.gvk.kind.as_str(), namespace, object.id.name.as_str())
        });
        Self { objects, model, names: names.collect() }
    }

    fn has(&self, kind: &str, namespace: &str, name: &str) -> bool {
        self.names.contains(&(kind, namespace, name))
    }

    fn problems(&self, object: &Object) -> Vec<String> {
        let namespace = object.id.namespace.as_deref().unwrap_or_default();
        let mut problems = Vec::new();
        let external = self.model.namespaces.iter().filter(|known| known.external);
        // The last is that of cluster-scoped objects; the one before is made by MetalLB's own manifests.
        let known = external.map(|known| known.name.as_str()).chain(["kube-system", "metallb-system", ""]);
        if !self.has("Namespace", "", namespace) && !known.into_iter().any(|known| known == namespace) {
            problems.push(format!("there is no namespace {namespace}"));
        }
        match object.id.gvk.kind.as_str() {
            "Service" => problems.extend(self.service(object, namespace)),
            "Ingress" => problems.extend(self.ingress(object, namespace)),
            "RoleBinding" | "ClusterRoleBinding" => problems.extend(self.binding(object, namespace)),
            "HorizontalPodAutoscaler" => {
                let target = &object.value["spec"]["scaleTargetRef"];
                problems.extend(self.named(text(&target["kind"]), namespace, &target["name"]));
            }
            "PodDisruptionBudget" => problems
                .extend(self.selects_pods(&object.value["spec"]["selector"]["matchLabels"], namespace)),
            "PersistentVolumeClaim" => problems.extend(self.class(&object.value["spec"])),
            _ => {}
        }
        if let Some(template) = template(object) {
            problems.extend(self.pod(&template["spec"], namespace));
        }
        for claim in items(&object.value["spec"]["volumeClaimTemplates"]) {
            problems.extend(self.class(&claim["spec"]));
        }
        if let Some(name) = object.value["spec"].get("serviceName") {
            problems.extend(self.named("Service", namespace, name));
        }
        problems.extend(self.hosts(&object.value));
        problems
    }

    fn named(&self, kind: &str, namespace: &str, name: &Value) -> Option<String> {
        (!self.has(kind, namespace, text(name)))
            .then(|| format!("there is no {kind} {namespace}/{}", text(name)))
    }

    fn pods_with(&self, labels: &Value, namespace: &str) -> Vec<&'a Value> {
        let here = self.objects.iter().filter(|object| object.id.namespace.as_deref() == Some(namespace));
        let templates = here.filter_map(template);
        let wanted = labels.as_object();
        let selected = |template: &&Value| {
            let labels = &template["metadata"]["labels"];
            wanted.is_some_and(|wanted| wanted.iter().all(|(key, value)| labels.get(key) == Some(value)))
        };
        templates.filter(selected).collect()
    }

    fn selects_pods(&self, labels: &Value, namespace: &str) -> Option<String> {
        self.pods_with(labels, namespace).is_empty().then(|| format!("{labels} selects no pod"))
    }

    fn service(&self, object: &Object, namespace: &str) -> Vec<String> {
        let spec = &object.value["spec"];
        if spec["type"] == "ExternalName" {
            return Vec::new();
        }
        let pods = self.pods_with(&spec["selector"], namespace);
        let mut problems: Vec<String> = self.selects_pods(&spec["selector"], namespace).into_iter().collect();
        for port in items(&spec["ports"]) {
            let target = port.get("targetPort").unwrap_or(&port["port"]);
            let protocol = port.get("protocol").map_or("TCP", text);
            let found = pods.iter().flat_map(|pod| items(&pod["spec"]["containers"])).any(|container| {
                items(&container["ports"]).iter().any(|own| {
                    (own["name"] == *target || own["containerPort"] == *target)
                        && own.get("protocol").map_or("TCP", text) == protocol
                })
            });
            if !found {
                problems.push(format!("no pod has the port {target}/{protocol}"));
            }
        }
        problems
    }

    fn ingress(&self, object: &Object, namespace: &str) -> Vec<String> {
        let mut problems = Vec::new();
        for path in
            items(&object.value["spec"]["rules"]).iter().flat_map(|rule| items(&rule["http"]["paths"]))
        {
            let backend = &path["backend"]["service"];
            problems.extend(self.named("Service", namespace, &backend["name"]));
            let mut services = self.objects.iter().filter(|object| {
                object.id.gvk.kind == "Service"
                    && object.id.namespace.as_deref() == Some(namespace)
                    && object.id.name == text(&backend["name"])
            });
            let port = &backend["port"];
            let has_port = services.any(|service| {
                let ports = items(&service.value["spec"]["ports"]);
                ports.iter().any(|own| own["name"] == port["name"] || own["port"] == port["number"])
            });
            if !has_port {
                problems.push(format!("the backend has no port {port}"));
            }
        }
        for tls in items(&object.value["spec"]["tls"]) {
            // Cert-manager makes the Secret that it is told to.
            let secret = text(&tls["secretName"]);
            let made = object.pointer("/metadata/annotations/cert-manager.io~1cluster-issuer").is_some()
                || self.objects.iter().any(|one| {
                    one.id.gvk.kind == "Certificate"
                        && one.id.namespace.as_deref() == Some(namespace)
                        && one.value["spec"]["secretName"] == secret
                });
            // Without a secret, the controller chooses among the certificates that it has.
            if !made && tls.get("secretName").is_some() && self.contract(namespace, secret).is_none() {
                problems.push(format!("nobody says where the secret {secret} comes from"));
            }
        }
        problems
    }

    fn binding(&self, object: &Object, namespace: &str) -> Vec<String> {
        let role = &object.value["roleRef"];
        let kind = text(&role["kind"]);
        let role_namespace = if kind == "Role" { namespace } else { "" };
        let mut problems: Vec<String> = self.named(kind, role_namespace, &role["name"]).into_iter().collect();
        for subject in
            items(&object.value["subjects"]).iter().filter(|subject| subject["kind"] == "ServiceAccount")
        {
            problems.extend(self.named("ServiceAccount", text(&subject["namespace"]), &subject["name"]));
        }
        problems
    }

    fn class(&self, claim: &Value) -> Option<String> {
        let name = text(claim.get("storageClassName")?);
        let provided = self.model.provided_storage_classes.iter().any(|class| class == name);
        (!provided && !self.has("StorageClass", "", name))
            .then(|| format!("there is no storage class {name}"))
    }

    fn pod(&self, spec: &Value, namespace: &str) -> Vec<String> {
        let mut problems = Vec::new();
        if let Some(account) = spec.get("serviceAccountName") {
            problems.extend(self.named("ServiceAccount", namespace, account));
        }
        for volume in items(&spec["volumes"]) {
            if let Some(claim) = volume.get("persistentVolumeClaim") {
                problems.extend(self.named("PersistentVolumeClaim", namespace, &claim["claimName"]));
            }
            if let Some(config) = volume.get("configMap") {
                problems.extend(self.named("ConfigMap", namespace, &config["name"]));
            }
            if let Some(secret) = volume.get("secret") {
                problems.extend(self.secret(namespace, text(&secret["secretName"]), None));
            }
        }
        let containers = ["initContainers", "containers"].into_iter().flat_map(|key| items(&spec[key]));
        problems.extend(containers.flat_map(|container| self.container(container, spec, namespace)));
        problems
    }

    fn container(&self, container: &Value, pod: &Value, namespace: &str) -> Vec<String> {
        let mut problems = Vec::new();
        for variable in items(&container["env"]) {
            if let Some(from) = variable["valueFrom"].get("configMapKeyRef") {
                let config = self.objects.iter().find(|object| {
                    object.id.gvk.kind == "ConfigMap"
                        && object.id.namespace.as_deref() == Some(namespace)
                        && object.id.name == text(&from["name"])
                });
                if config.is_none_or(|config| config.value["data"].get(text(&from["key"])).is_none()) {
                    problems.push(format!("there is no such key of a ConfigMap: {from}"));
                }
            }
            if let Some(from) = variable["valueFrom"].get("secretKeyRef") {
                problems.extend(self.secret(namespace, text(&from["name"]), Some(text(&from["key"]))));
            }
        }
        for source in items(&container["envFrom"]) {
            if let Some(config) = source.get("configMapRef") {
                problems.extend(self.named("ConfigMap", namespace, &config["name"]));
            }
            if let Some(secret) = source.get("secretRef") {
                problems.extend(self.secret(namespace, text(&secret["name"]), None));
            }
        }
        let volumes: BTreeSet<&str> =
            items(&pod["volumes"]).iter().map(|volume| text(&volume["name"])).collect();
        for mount in items(&container["volumeMounts"]) {
            // The claims of a StatefulSet are volumes without being listed as such.
            let of_template = self.objects.iter().any(|object| {
                let claims = items(&object.value["spec"]["volumeClaimTemplates"]);
                claims.iter().any(|claim| claim["metadata"]["name"] == mount["name"])
            });
            if !of_template && !volumes.contains(text(&mount["name"])) {
                problems.push(format!("there is no volume {}", mount["name"]));
            }
        }
        problems
    }

    fn contract(&self, namespace: &str, name: &str) -> Option<&bayplan::model::Secret> {
        let mut secrets = self.model.secrets.iter();
        secrets.find(|secret| secret.namespace.as_str() == namespace && secret.name.as_str() == name)
    }

    fn secret(&self, namespace: &str, name: &str, key: Option<&str>) -> Option<String> {
        let contract = self.contract(namespace, name);
        let has_key = |secret: &bayplan::model::Secret| {
            secret.provided
                || key.is_none_or(|key| secret.keys.iter().any(|known| known.name.as_str() == key))
        };
        (!contract.is_some_and(has_key)).then(|| format!("no contract for {namespace}/{name}, key {key:?}"))
    }

    /// Every text that is a name in the cluster's DNS.
    fn hosts(&self, value: &Value) -> Vec<String> {
        match value {
            Value::Object(map) => map.values().flat_map(|value| self.hosts(value)).collect(),
            Value::Array(items) => items.iter().flat_map(|value| self.hosts(value)).collect(),
            Value::String(text) => self.hosts_in(text),
            _ => Vec::new(),
        }
    }

    /// Whether somebody else runs a Service of that name, as the platform declares.
    fn is_of_others(&self, wanted: &str, within: &str) -> bool {
        self.model.surroundings.externals.iter().any(|external| match &external.reach {
            Reach::Pods { namespace, service, .. } => {
                namespace.as_str() == within && service.as_str() == wanted
            }
            Reach::Host { .. } => false,
        })
    }

    /// Whether it is `<pod>.<service>`: a pod of a StatefulSet that this Service governs, and as many as it has replicas.
    fn is_a_pod(&self, wanted: &str, within: &str) -> bool {
        let Some((pod, service)) = wanted.split_once('.') else { return false };
        let Some((set, number)) = pod.rsplit_once('-') else { return false };
        self.has("Service", within, service)
            && self.objects.iter().any(|object| {
                let spec = &object.value["spec"];
                object.id.gvk.kind == "StatefulSet"
                    && object.id.namespace.as_deref() == Some(within)
                    && object.id.name == set
                    && spec["serviceName"] == service
                    && number.parse().is_ok_and(|number: u64| number < spec["replicas"].as_u64().unwrap_or(1))
            })
    }

    fn hosts_in(&self, text: &str) -> Vec<String> {
        let ends = text.match_indices(".svc.cluster.local").map(|(at, _)| &text[..at]);
        let names = ends.filter_map(|before| {
            let start = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.'));
            before[start.map_or(0, |at| at + 1)..].rsplit_once('.')
        });
        names
            .filter(|(service, namespace)| !self.has("Service", namespace, service))
            .filter(|(service, namespace)| !self.is_of_others(service, namespace))
            .filter(|(service, namespace)| !self.is_a_pod(service, namespace))
            .map(|(service, namespace)| format!("there is no Service {namespace}/{service}"))
            .collect()
    }
}

fn template(object: &Object) -> Option<&Value> {
    object.pointer("/spec/template").or_else(|| object.pointer("/spec/jobTemplate/spec/template"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
