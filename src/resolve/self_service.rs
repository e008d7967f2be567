//! One tenant by itself, against a platform that is compiled already: what a program that makes tenants calls.
//!
//! Takes the model and the document of a platform once, and then a tenant's name and what is different about it, as often as is
//! wanted. Gives a model that holds that tenant alone, in the same way as the platform's own tenants are built, or everything that
//! is wrong with it. It reads no file, and a call costs what one tenant costs, however many there are.

use std::collections::BTreeMap;

use super::edges::Targets;
use super::platform::{by_key, key_of};
use super::scope::Scope;
use super::tenant_codes::{NAMESPACE_TAKEN, TENANT_BEYOND_NAMESPACE};
use super::{access, databases, expressions, externals, layers, namespaces, rbac, secrets, tenants};
use crate::diag::Diagnostic;
use crate::model::{External, ExternalService, Namespace, Platform, Scope as Reach, Subject, Workload};
use crate::names::DnsLabel;
use crate::source::{Damage, Layer, Node};
use crate::spec;

/// The tables of a document that a tenant may depend on.
const KEPT: [&str; 5] = ["defaults", "environment", "platform", "roles", "storage-classes"];

/// A platform, prepared for tenants.
pub struct SelfService<'a> {
    platform: &'a Platform,
    /// What of the document a tenant depends on.
    document: Node,
    /// The shape of a tenant, its expressions not evaluated.
    shape: Option<Node>,
    known: expressions::Known<'static>,
    workloads: BTreeMap<String, &'a Workload>,
    external: BTreeMap<String, &'a ExternalService>,
    neighbours: BTreeMap<String, &'a External>,
    namespaces: BTreeMap<String, DnsLabel>,
    /// A model with nothing in it, in the platform's environment.
    empty: Platform,
}

impl<'a> SelfService<'a> {
    /// Prepares a compiled platform; `document` is the one that explains it.
    #[must_use]
    pub fn new(platform: &'a Platform, document: &Node) -> Self {
        let mut kept = Node::empty_table(Layer::Builtin);
        if let Some(fields) = kept.as_table_mut() {
            let tables = KEPT.iter().filter_map(|key| Some(((*key).to_owned(), document.get(key)?.clone())));
            fields.extend(tables);
        }
        let own = platform.namespaces.iter().filter(|namespace| namespace.tenancy.is_none());
        let outside = platform.external_services.iter();
        Self {
            platform,
            document: kept,
            shape: document.get("tenant").cloned(),
            known: expressions::known(document),
            workloads: by_key(&platform.workloads),
            external: outside.map(|one| (key_of(&one.source), one)).collect(),
            neighbours: externals::by_key(&platform.surroundings.externals),
            namespaces: own.map(|one| (one.key.clone(), one.name.clone())).collect(),
            empty: empty(platform),
        }
    }

    /// The model of the tenant `name` alone.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn tenant(&self, name: &str, tenant: &spec::Tenant) -> Result<Platform, Vec<Diagnostic>> {
        // What is typed serialises: its keys are strings.
        let entity = Node::from_json(&crate::value::to_value(&tenant).unwrap_or_default(), &Layer::Entity);
        let mut merged = layers::tenant(self.shape.as_ref(), &entity);
        let mut problems = expressions::evaluate_tenant(&mut merged, name, &self.known);
        let mut document = self.document.clone();
        let mut all = Node::empty_table(Layer::Entity);
        all.as_table_mut().into_iter().for_each(|all| drop(all.insert(name.to_owned(), merged.clone())));
        document.as_table_mut().into_iter().for_each(|fields| {
            drop(fields.insert("tenants".to_owned(), all.clone()));
            fields.extend(self.shape.clone().map(|shape| ("tenant".to_owned(), shape)));
        });
        tenants::expand(&mut document);
        let spec: spec::Platform = match spec::read(&document) {
            Ok(spec) => spec,
            Err(message) => return Err(vec![Diagnostic::new(&spec::codes::WRONG_TYPE, message)]),
        };
        let mut scope = Scope::new(&document, &spec, Damage::default());
        let model = self.build(&mut scope);
        problems.append(&mut scope.problems);
        problems.retain(Diagnostic::is_error);
        if problems.is_empty() { Ok(model) } else { Err(problems) }
    }

    fn build(&self, scope: &mut Scope<'_>) -> Platform {
        let mut built = namespaces::build(scope);
        self.refuse_taken(scope, &built);
        scope.namespaces.extend(self.namespaces.clone());
        let mut claims = Vec::new();
        let databases::Built { mut workloads, jobs, edges, configs, .. } =
            databases::build(scope, &mut claims);
        workloads.extend(jobs);
        let targets = Targets {
            workloads: self.workloads.clone(),
            external: self.external.clone(),
            neighbours: self.neighbours.clone(),
            namespaces: &built,
        };
        let mut connections = tenants::connect(scope, &targets);
        tenants::settle(&mut built, &mut connections.tenants);
        namespaces::settle(scope, &mut built, &workloads);
        rbac::check_tenants_roles(scope);
        let mut bindings = Vec::new();
        let access = access::build(scope, &built, &mut bindings);
        self.refuse_wide(scope, bindings.iter().flat_map(|binding| &binding.subjects));
        let secrets = secrets::build(scope);
        Platform {
            namespaces: built,
            workloads,
            claims,
            configs,
            secrets,
            access,
            bindings,
            edges,
            ..self.empty.clone()
        }
    }

    /// A namespace that the platform has already, and that is not this tenant's own.
    fn refuse_taken(&self, scope: &mut Scope<'_>, built: &[Namespace]) {
        for namespace in built {
            let taken = |known: &&Namespace| known.name == namespace.name && known.source != namespace.source;
            if let Some(first) = self.platform.namespaces.iter().find(taken) {
                let message = format!(
                    "`{}` is given the namespace {}, which `{}` has",
                    namespace.source, namespace.name, first.source
                );
                scope.report(Diagnostic::new(&NAMESPACE_TAKEN, message).hint("choose another name"));
            }
        }
    }

    /// A tenant's people who hold a role in the whole cluster already.
    fn refuse_wide<'b>(&self, scope: &mut Scope<'_>, subjects: impl Iterator<Item = &'b Subject>) {
        let wide = self.platform.bindings.iter().filter(|binding| binding.scope == Reach::Cluster);
        let wide: Vec<&Subject> = wide.flat_map(|binding| &binding.subjects).collect();
        for subject in subjects.filter(|subject| wide.contains(subject)) {
            let (Subject::User(name) | Subject::Group(name)) = subject else { continue };
            let message = format!("`{name}` holds a role in the whole cluster, and can own no tenant");
            let problem = Diagnostic::new(&TENANT_BEYOND_NAMESPACE, message);
            scope.report(problem.hint("name somebody else, or take the binding away first"));
        }
    }
}

/// The platform with nothing in it.
fn empty(platform: &Platform) -> Platform {
    let (name, cluster) = (platform.name.clone(), platform.cluster.clone());
    Platform {
        environment: platform.environment.clone(),
        provided_storage_classes: platform.provided_storage_classes.clone(),
        delivery: platform.delivery.clone(),
        ..Platform::bare(name, platform.kubernetes, cluster, platform.secret_store.clone())
    }
}
