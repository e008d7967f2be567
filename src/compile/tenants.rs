//! Tenants for a program that makes them: a compiled platform, a name, and what is different about that tenant.
//!
//! ```
//! # use bayplan::host::MemoryHost;
//! # use bayplan::{Request, compile};
//! let text = r#"
//! [platform]
//! name = "shop"
//! kubernetes = "1.35"
//! [tenant.quota]
//! cpu = "10"
//! memory = "20Gi"
//! "#;
//! let host = MemoryHost::default().with_file("platform.toml", text);
//! let platform = compile(&host, &Request::default()).into_result()?;
//! let tenants = platform.base.tenants();
//! let bundle = tenants.bundle_from_json("acme", &bayplan::value::json!({"owner": "alice@acme.example"})).unwrap();
//! assert_eq!(bundle.namespace, "org-acme");
//! let quotas = bundle.objects.of_kind::<k8s_openapi::api::core::v1::ResourceQuota>();
//! assert_eq!(quotas.count(), 1);
//! # Ok::<(), bayplan::Unsound>(())
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Compiled, context, own_rules, practice};
use crate::check::{self, CustomRule, Schemas};
use crate::diag::{self, Diagnostic};
use crate::emit;
use crate::lower;
use crate::object::ObjectSet;
use crate::resolve::SelfService;
use crate::source::{Damage, Layer, Node};
use crate::spec;
use crate::value::{Value, json};

/// What belongs to one tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// The name of its namespace.
    pub namespace: String,
    /// Its objects, validated.
    pub objects: ObjectSet,
}

impl Bundle {
    /// The objects as one stream of YAML documents, for `kubectl apply -f -`.
    #[must_use]
    pub fn yaml(&self) -> String {
        emit::documents(self.objects.iter().map(|object| &*object.value))
    }
}

/// A platform in one environment, prepared to make tenants. Making one is a pure function of the platform, the name and what is
/// different: nothing is remembered, and nothing is written.
pub struct Tenants<'a> {
    service: SelfService<'a>,
    schemas: Schemas,
    shape: spec::Shape,
    rules: Vec<Arc<CustomRule>>,
    /// The platform's own namespaces, with their labels.
    namespaces: BTreeMap<String, BTreeMap<String, String>>,
    /// The roles that a tenant's bindings may name.
    roles: Vec<String>,
    /// The storage classes that its claims may name.
    classes: Vec<String>,
}

impl Compiled {
    /// Prepares this environment to make tenants. It costs about as much as compiling a schema: keep it.
    #[must_use]
    pub fn tenants(&self) -> Tenants<'_> {
        let own = self.model.namespaces.iter().filter(|namespace| namespace.tenancy.is_none());
        Tenants {
            service: SelfService::new(&self.model, &self.document),
            schemas: context::schemas(self.model.kubernetes, &self.definitions),
            shape: spec::Shape::default(),
            rules: own_rules::read(&self.document).0,
            namespaces: own.map(|one| (one.name.to_string(), one.labels.clone())).collect(),
            classes: self.model.storage_classes.iter().map(|class| class.name.to_string()).collect(),
            roles: self.model.cluster_roles.iter().map(|role| role.name.clone()).collect(),
        }
    }
}

impl Tenants<'_> {
    /// The objects of the tenant `name`, over the shape that `[tenant]` gives.
    ///
    /// # Errors
    /// Everything that is wrong with the tenant, or that the rules find in its objects.
    pub fn bundle(&self, name: &str, overrides: &spec::Tenant) -> Result<Bundle, Vec<Diagnostic>> {
        let model = self.service.tenant(name, overrides).map_err(diag::fold)?;
        let objects = lower::lower(&model);
        let mut context = context::context(&model, &self.schemas);
        context.rules.clone_from(&self.rules);
        context.external.namespaces.extend(self.namespaces.clone());
        // The classes that the platform brings; one that it does not bring is not there for a tenant either.
        context.external.storage_classes.iter_mut().for_each(|known| known.extend(self.classes.clone()));
        for role in &self.roles {
            context.external.add_object("ClusterRole", "", role);
        }
        let found = practice::weigh(check::findings(&objects, &context), context.profile);
        let found = found.map(|finding| finding.diagnostic);
        let errors: Vec<Diagnostic> = found.filter(Diagnostic::is_error).collect();
        if !errors.is_empty() {
            return Err(diag::fold(errors));
        }
        let namespace = model.namespaces.first().map_or_else(String::new, |one| one.name.to_string());
        Ok(Bundle { namespace, objects: ObjectSet::collect(objects).0 })
    }

    /// As [`Tenants::bundle`], from the table that one would write below `[tenants]`, short forms included.
    ///
    /// # Errors
    /// As there, and everything in the table that has not the right shape.
    pub fn bundle_from_json(&self, name: &str, overrides: &Value) -> Result<Bundle, Vec<Diagnostic>> {
        self.bundle(name, &self.read(name, overrides)?)
    }

    /// What is different about the tenant `name`, from a table as one would write it below `[tenants]`.
    ///
    /// # Errors
    /// Everything in the table that has not the right shape.
    pub fn read(&self, name: &str, overrides: &Value) -> Result<spec::Tenant, Vec<Diagnostic>> {
        let mut document = Node::from_json(&json!({"tenants": {name: overrides}}), &Layer::Entity);
        let problems = self.shape.check(&mut document, &mut Damage::default());
        if problems.iter().any(Diagnostic::is_error) {
            return Err(problems);
        }
        let tenant = document.get("tenants").and_then(|tenants| tenants.get(name));
        let read = tenant.map_or_else(|| Ok(spec::Tenant::default()), spec::read);
        read.map_err(|message| vec![Diagnostic::new(&spec::codes::WRONG_TYPE, message)])
    }
}
