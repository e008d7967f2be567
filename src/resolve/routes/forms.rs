//! Drafts to routes: one for each namespace that a draft leads into. An Ingress says in annotations what all of its
//! requests pass, so paths that differ in that become Ingresses of their own; an HTTPRoute has one set of hosts, so each
//! host becomes one.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::CONTROLLER_CANNOT;
use super::draft::{Draft, Entry};
use super::gateway::Plan;
use super::middlewares::Known;
use super::offers::{self, Dialect};
use super::passes::{flat, members};
use super::{Built, Targets};
use crate::diag::Diagnostic;
use crate::model::{
    Action, Certificate, Filter, Middleware, Pairs, Route, RouteForm, RouteHost, RoutePath, RouteTls, Step,
    TlsRules,
};
use crate::names::{DnsLabel, DnsSubdomain, HostName};
use crate::resolve::container::Place;
use crate::resolve::scope::Scope;
use crate::resolve::secrets;
use crate::source::KeyPath;
use crate::spec::{self, RouteKind};

/// The prefix of Traefik's annotations on an Ingress
/// (<https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress/>).
const TRAEFIK: &str = "traefik.ingress.kubernetes.io/router.";
/// What the middleware is called that sends plain HTTP to HTTPS.
const REDIRECT: &str = "redirect-to-https";
/// The prefix of those of ingress-nginx.
const NGINX: &str = "nginx.ingress.kubernetes.io/";

/// Makes routes of all drafts, and what they need.
pub(super) fn build(
    scope: &mut Scope<'_>,
    drafts: &[Draft<'_>],
    (known, targets): (&BTreeMap<String, Known>, &Targets<'_>),
) -> Built {
    let dialect = Dialect::of(scope.spec);
    let mut maker = Maker {
        known,
        dialect,
        gateway: None,
        used: BTreeSet::new(),
        redirected: BTreeSet::new(),
        reported: BTreeSet::new(),
        built: Built::default(),
    };
    if drafts.iter().any(|draft| kind(scope.spec, &draft.route) == RouteKind::HttpRoute) {
        maker.gateway = Plan::new(scope, targets);
    }
    for draft in drafts {
        maker.draft(scope, draft);
    }
    maker.finish(scope, targets)
}

/// What a route becomes.
fn kind(spec: &spec::Platform, route: &spec::Route) -> RouteKind {
    let of_platform = spec.ingress.as_ref().and_then(|ingress| ingress.kind);
    route.kind.or(of_platform).unwrap_or(RouteKind::Ingress)
}

/// Paths that go into one object.
struct Group<'g, 'a> {
    /// Whether there are others of the route in the same namespace, with the same certificate.
    is_one_of_several: bool,
    /// What is put behind the name of the route.
    suffix: String,
    entries: Vec<&'g Entry<'a>>,
}

struct Maker<'m> {
    known: &'m BTreeMap<String, Known>,
    dialect: Dialect,
    gateway: Option<Plan>,
    /// The middlewares that exist as objects, each by namespace and key.
    used: BTreeSet<(DnsLabel, String)>,
    /// The namespaces with a route that sends plain HTTP to HTTPS, each with the middleware that does it.
    redirected: BTreeSet<(DnsLabel, DnsSubdomain)>,
    /// What was reported of which middleware on which route.
    reported: BTreeSet<(String, String)>,
    built: Built,
}

impl Maker<'_> {
    fn draft(&mut self, scope: &mut Scope<'_>, draft: &Draft<'_>) {
        let kind = kind(scope.spec, &draft.route);
        if kind == RouteKind::IngressRoute && self.dialect != Dialect::Traefik {
            return self.wrong_kind(scope, draft);
        }
        let mut by_namespace: BTreeMap<&DnsLabel, Vec<&Entry<'_>>> = BTreeMap::new();
        for entry in &draft.entries {
            by_namespace.entry(&entry.workload.namespace).or_default().push(entry);
        }
        let several = by_namespace.len() > 1;
        for (namespace, entries) in by_namespace {
            for group in groups(kind, draft, entries) {
                let suffix =
                    if several { format!("-{namespace}{}", group.suffix) } else { group.suffix.clone() };
                let group = Group { suffix, ..group };
                let route = self.route(scope, (draft, kind), namespace, &group);
                let redirect = route.as_ref().and_then(|route| self.redirect(scope, draft, route));
                self.built.routes.extend(route.into_iter().chain(redirect));
            }
        }
    }

    fn wrong_kind(&self, scope: &mut Scope<'_>, draft: &Draft<'_>) {
        let own = draft.path.key("kind");
        let at = if draft.route.kind.is_some() { own } else { KeyPath::of(["ingress", "kind"]) };
        let message =
            format!("`{}` is an IngressRoute, which {} cannot read", draft.path, self.dialect.name());
        let problem = Diagnostic::new(&CONTROLLER_CANNOT, message).at(scope.span(&at), "");
        scope.report(problem.hint("add `controller = \"traefik\"` to `[ingress]`, or choose another `kind`"));
    }

    fn route(
        &mut self,
        scope: &mut Scope<'_>,
        (draft, kind): (&Draft<'_>, RouteKind),
        namespace: &DnsLabel,
        group: &Group<'_, '_>,
    ) -> Option<Route> {
        let name = format!("{}{}", draft.route.name.as_deref().unwrap_or(&draft.key), group.suffix);
        let name = scope.parse(&draft.path, &name, DnsSubdomain::parse)?;
        let component = match &draft.route.component {
            Some(component) => scope.parse(&draft.path.key("component"), component, DnsLabel::parse)?,
            None => group.entries.first()?.workload.component.clone(),
        };
        let tls = self.tls(scope, (draft, kind), namespace);
        let mut annotations = draft.route.annotations.clone().unwrap_or_default();
        annotations.extend(idle_timeout(&draft.route));
        let form = match kind {
            RouteKind::Ingress => {
                annotations.extend(self.annotations(scope, (draft, tls.as_ref()), namespace, group));
                RouteForm::Ingress { class: draft.class.clone()? }
            }
            RouteKind::IngressRoute => RouteForm::IngressRoute {
                class: draft.class.clone(),
                entry_points: entry_points(scope.spec, &draft.route, tls.is_some()),
            },
            RouteKind::HttpRoute => self.on_gateway(scope, (draft, tls.as_ref()), namespace, group)?,
        };
        let hosts = self.hosts(scope, kind, namespace, group);
        self.certificate((draft, kind), (&component, tls.as_ref(), namespace), group);
        // The certificate of a host on a Gateway stands in the listener.
        let tls = match (&form, tls) {
            (RouteForm::HttpRoute { .. }, Some(_)) => Some(RouteTls::default()),
            (RouteForm::Ingress { .. }, Some(tls)) if group.is_one_of_several => {
                Some(RouteTls { issuer: None, ..tls })
            }
            (_, tls) => tls,
        };
        Some(Route {
            source: draft.path.clone(),
            name,
            namespace: namespace.clone(),
            component,
            form,
            hosts,
            tls,
            annotations,
        })
    }

    /// The route that sends plain HTTP to HTTPS, where that is wanted and takes a route of its own.
    fn redirect(&mut self, scope: &mut Scope<'_>, draft: &Draft<'_>, route: &Route) -> Option<Route> {
        let wanted = draft.route.tls.as_ref().is_some_and(|tls| tls.redirect == Some(true));
        if !wanted || draft.is_beside || route.tls.is_none() {
            return None;
        }
        let name = DnsSubdomain::parse(REDIRECT).ok()?;
        let web = vec!["web".to_owned()];
        let mut annotations = Pairs::new();
        let (form, step) = match (&route.form, self.dialect) {
            (RouteForm::HttpRoute { gateway, .. }, _) => {
                let redirect = Filter::Redirect { scheme: "https".to_owned(), port: None, permanent: true };
                let listener = super::gateway::HTTP.to_owned();
                (RouteForm::HttpRoute { gateway: gateway.clone(), listener }, Some(Step::Filter(redirect)))
            }
            (RouteForm::IngressRoute { class, .. }, _) => {
                let form = RouteForm::IngressRoute { class: class.clone(), entry_points: web };
                (form, Some(Step::Middleware(name.clone())))
            }
            (RouteForm::Ingress { class }, Dialect::Traefik) => {
                let passed = format!("{}-{name}@kubernetescrd", route.namespace);
                annotations.insert(format!("{TRAEFIK}entrypoints"), web.join(","));
                annotations.insert(format!("{TRAEFIK}middlewares"), passed);
                (RouteForm::Ingress { class: class.clone() }, None)
            }
            (RouteForm::Ingress { .. }, Dialect::Nginx) => return None, // An annotation of the route itself says it.
            (RouteForm::Ingress { .. }, Dialect::Unknown) => {
                let at = draft.path.key("tls").key("redirect");
                let message = format!("nobody knows how to tell the controller `{at}`");
                let problem = Diagnostic::new(&CONTROLLER_CANNOT, message).at(scope.span(&at), "");
                scope.report(problem.hint("say in `[ingress]` which `controller` it is"));
                return None;
            }
        };
        if matches!(form, RouteForm::Ingress { .. } | RouteForm::IngressRoute { .. }) {
            self.redirected.insert((route.namespace.clone(), name));
        }
        let hosts = route.hosts.iter().filter_map(|host| {
            let path = host.paths.last()?;
            let steps = step.clone().into_iter().collect();
            let path = RoutePath { path: "/".to_owned(), exact: false, steps, ..path.clone() };
            Some(RouteHost { host: host.host.clone(), paths: vec![path] })
        });
        Some(Route {
            name: DnsSubdomain::parse(&format!("{}-http", route.name)).ok()?,
            form,
            hosts: hosts.collect(),
            tls: None,
            annotations,
            ..route.clone()
        })
    }

    /// The certificate. Where no issuer makes it, the secret is a contract like any other and must be declared. On a
    /// Gateway it lies in the namespace of the Gateway, and others have it where others own the Gateway.
    fn tls(
        &self,
        scope: &mut Scope<'_>,
        (draft, kind): (&Draft<'_>, RouteKind),
        namespace: &DnsLabel,
    ) -> Option<RouteTls> {
        let tls = draft.route.tls.as_ref().filter(|tls| tls.enabled != Some(false))?;
        let at = draft.path.key("tls");
        if draft.is_beside && kind != RouteKind::HttpRoute {
            // The certificate of the host lies with its own route. Traefik finds it by the host; nginx, too, and takes an
            // entry without a secret for a wish to have its own.
            return (self.dialect == Dialect::Traefik).then(RouteTls::default);
        }
        if let Some(resolver) = &tls.resolver {
            if self.dialect != Dialect::Traefik || kind == RouteKind::HttpRoute {
                let message = format!("`{at}.resolver` is for routes of Traefik that are no HTTPRoutes");
                let place = scope.span(&at.key("resolver"));
                let problem = Diagnostic::new(&CONTROLLER_CANNOT, message).at(place, "");
                scope.report(problem.hint("name an `issuer` of cert-manager, or a `secret`"));
            }
            return Some(RouteTls { resolver: Some(resolver.clone()), ..RouteTls::default() });
        }
        let namespace = match (&self.gateway, kind) {
            (Some(gateway), RouteKind::HttpRoute) if gateway.provided => return Some(RouteTls::default()),
            (Some(gateway), RouteKind::HttpRoute) => &gateway.namespace,
            _ => namespace,
        };
        let name = tls.secret.clone().unwrap_or_else(|| format!("{}-tls", draft.key));
        let name = if tls.issuer.is_some() {
            name
        } else {
            let place =
                Place { source: draft.path.clone(), namespace: namespace.clone(), name: namespace.clone() };
            secrets::name_for(scope, &at, &place, &name)?
        };
        let secret = scope.parse(&at.key("secret"), &name, DnsSubdomain::parse)?;
        Some(RouteTls { secret: Some(secret), issuer: tls.issuer.clone(), resolver: None })
    }

    /// cert-manager reads the annotation of an Ingress and makes a Certificate of it, which is that Ingress's alone. For
    /// the other forms, and for Ingresses that share one, it is asked by a Certificate.
    fn certificate(
        &mut self,
        (draft, kind): (&Draft<'_>, RouteKind),
        (component, tls, namespace): (&DnsLabel, Option<&RouteTls>, &DnsLabel),
        group: &Group<'_, '_>,
    ) {
        let Some(RouteTls { secret: Some(secret), issuer: Some(issuer), .. }) = tls else { return };
        let namespace = match (&self.gateway, kind) {
            (_, RouteKind::Ingress) if !group.is_one_of_several => return,
            (Some(gateway), RouteKind::HttpRoute) => gateway.namespace.clone(),
            _ => namespace.clone(),
        };
        let hosts: BTreeSet<&HostName> = group.entries.iter().map(|entry| &entry.host).collect();
        let same = |known: &&mut Certificate| known.name == *secret && known.namespace == namespace;
        if let Some(known) = self.built.routing.certificates.iter_mut().find(same) {
            let all: BTreeSet<HostName> = known.hosts.iter().chain(hosts).cloned().collect();
            known.hosts = all.into_iter().collect();
            return;
        }
        self.built.routing.certificates.push(Certificate {
            source: draft.path.clone(),
            component: component.clone(),
            name: secret.clone(),
            namespace,
            hosts: hosts.into_iter().cloned().collect(),
            issuer: issuer.clone(),
        });
    }

    fn on_gateway(
        &mut self,
        scope: &mut Scope<'_>,
        (draft, tls): (&Draft<'_>, Option<&RouteTls>),
        namespace: &DnsLabel,
        group: &Group<'_, '_>,
    ) -> Option<RouteForm> {
        let gateway = self.gateway.as_mut()?;
        let host = &group.entries.first()?.host;
        let at = draft.path.key("tls");
        let fallback = gateway.name.clone();
        let secret = tls.map(|tls| (tls.secret.as_ref().unwrap_or(&fallback), &at));
        let listener = gateway.listener(scope, (host, namespace), secret);
        Some(RouteForm::HttpRoute { gateway: (gateway.name.clone(), gateway.namespace.clone()), listener })
    }

    fn hosts(
        &mut self,
        scope: &mut Scope<'_>,
        kind: RouteKind,
        namespace: &DnsLabel,
        group: &Group<'_, '_>,
    ) -> Vec<RouteHost> {
        let mut hosts: Vec<RouteHost> = Vec::new();
        for entry in &group.entries {
            let path = RoutePath {
                path: entry.path.clone(),
                exact: entry.exact,
                backend: entry.backend.clone(),
                steps: self.steps(scope, kind, namespace, entry),
            };
            match hosts.iter_mut().find(|host| host.host == entry.host) {
                Some(host) => host.paths.push(path),
                None => hosts.push(RouteHost { host: entry.host.clone(), paths: vec![path] }),
            }
        }
        for host in &mut hosts {
            // The API matches the longest prefix whatever the order; longest first is how people read a table of routes.
            host.paths.sort_by(|a, b| {
                b.path.len().cmp(&a.path.len()).then_with(|| (&a.path, !a.exact).cmp(&(&b.path, !b.exact)))
            });
        }
        hosts
    }

    fn steps(
        &mut self,
        scope: &mut Scope<'_>,
        kind: RouteKind,
        namespace: &DnsLabel,
        entry: &Entry<'_>,
    ) -> Vec<Step> {
        match kind {
            RouteKind::Ingress => Vec::new(),
            RouteKind::IngressRoute => {
                let named = entry.passes.iter().filter_map(|pass| self.object(namespace, &pass.key));
                named.map(Step::Middleware).collect()
            }
            RouteKind::HttpRoute => self.filters(scope, namespace, entry),
        }
    }

    /// The filters of a path. What the Gateway API cannot say, Traefik takes as a middleware of its own.
    fn filters(&mut self, scope: &mut Scope<'_>, namespace: &DnsLabel, entry: &Entry<'_>) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        let known = self.known;
        for (pass, one) in flat(known, &entry.passes) {
            let Some(action) = &one.action else { continue };
            let repeated = |filters: &Vec<crate::model::Filter>| {
                filters.iter().any(|new| {
                    steps.iter().any(|step| matches!(step, Step::Filter(old) if offers::same_type(old, new)))
                })
            };
            match offers::filters(action, &entry.path).filter(|filters| !repeated(filters)) {
                Some(filters) => steps.extend(filters.into_iter().map(Step::Filter)),
                None if self.dialect == Dialect::Traefik => {
                    steps.extend(self.object(namespace, &one.key).map(Step::Middleware));
                }
                None => {
                    let what = "the Gateway API has no filter that does it";
                    self.cannot(scope, (&pass.at, one), what, "it is for `controller = \"traefik\"`");
                }
            }
        }
        steps
    }

    /// The name of a middleware that is to exist as an object of Traefik in a namespace, with those of its chain.
    fn object(&mut self, namespace: &DnsLabel, key: &str) -> Option<DnsSubdomain> {
        let one = self.known.get(key)?;
        self.used.insert((namespace.clone(), key.to_owned()));
        self.used.extend(members(self.known, one).into_iter().map(|key| (namespace.clone(), key)));
        one.name.clone()
    }

    /// What an Ingress says to its controller.
    fn annotations(
        &mut self,
        scope: &mut Scope<'_>,
        (draft, tls): (&Draft<'_>, Option<&RouteTls>),
        namespace: &DnsLabel,
        group: &Group<'_, '_>,
    ) -> Pairs {
        let Some(first) = group.entries.first() else { return Pairs::new() };
        match self.dialect {
            Dialect::Traefik => {
                let mut pairs =
                    vec![("entrypoints", entry_points(scope.spec, &draft.route, tls.is_some()).join(","))];
                pairs.extend(tls.map(|_| ("tls", "true".to_owned())));
                let resolver = tls.and_then(|tls| tls.resolver.clone());
                pairs.extend(resolver.map(|resolver| ("tls.certresolver", resolver)));
                let names = first.passes.iter().filter_map(|pass| self.object(namespace, &pass.key));
                let names: Vec<String> =
                    names.map(|name| format!("{namespace}-{name}@kubernetescrd")).collect();
                pairs.extend((!names.is_empty()).then(|| ("middlewares", names.join(","))));
                pairs.into_iter().map(|(key, value)| (format!("{TRAEFIK}{key}"), value)).collect()
            }
            Dialect::Nginx => self.for_nginx(scope, draft, namespace, first),
            Dialect::Unknown => {
                for (pass, one) in flat(self.known, &first.passes) {
                    let hint = "say in `[ingress]` which it is: `controller = \"traefik\"`, or `\"ingress-nginx\"` with `provided = true`";
                    self.cannot(scope, (&pass.at, one), "nobody knows how to tell it", hint);
                }
                Pairs::new()
            }
        }
    }

    fn for_nginx(
        &mut self,
        scope: &mut Scope<'_>,
        draft: &Draft<'_>,
        namespace: &DnsLabel,
        entry: &Entry<'_>,
    ) -> Pairs {
        let mut pairs = Pairs::new();
        if let Some(redirect) = draft.route.tls.as_ref().and_then(|tls| tls.redirect) {
            pairs.insert(format!("{NGINX}ssl-redirect"), redirect.to_string());
        }
        for (pass, one) in flat(self.known, &entry.passes) {
            let Some(action) = one.action.as_ref().and_then(|action| in_place(scope, one, action, namespace))
            else {
                continue;
            };
            match offers::nginx(&action) {
                Ok(more) if more.keys().any(|key| pairs.contains_key(key)) => {
                    let hint = "let requests pass one of the two";
                    self.cannot(scope, (&pass.at, one), "another one on the same route sets the same", hint);
                }
                Ok(more) => pairs.extend(more),
                Err(instead) => self.cannot(scope, (&pass.at, one), "it has no annotation for it", instead),
            }
        }
        pairs
    }

    fn cannot(&mut self, scope: &mut Scope<'_>, (at, one): (&KeyPath, &Known), why: &str, hint: &str) {
        if self.reported.insert((at.to_string(), one.key.clone())) {
            let name = self.dialect.name();
            let message = format!("{name} cannot do what middleware `{}` does: {why}", one.key);
            let problem = Diagnostic::new(&CONTROLLER_CANNOT, message)
                .at(scope.span(at), "")
                .at(scope.key_span(&one.path), "declared here")
                .about(at);
            scope.report(problem.hint(hint));
        }
    }

    fn finish(mut self, scope: &mut Scope<'_>, targets: &Targets<'_>) -> Built {
        for (namespace, key) in std::mem::take(&mut self.used) {
            let Some(one) = self.known.get(&key).filter(|one| one.is_enabled) else { continue };
            let action = one.action.clone().or_else(|| chain(self.known, one));
            let action = action.and_then(|action| in_place(scope, one, &action, &namespace));
            let (Some(name), Some(action)) = (one.name.clone(), action) else { continue };
            self.built.routing.middlewares.push(Middleware {
                source: one.path.clone(),
                name,
                namespace,
                action,
            });
        }
        for (namespace, name) in std::mem::take(&mut self.redirected) {
            let action = Action::RedirectScheme { scheme: "https".to_owned(), port: None, permanent: true };
            let source = KeyPath::of(["ingress"]);
            self.built.routing.middlewares.push(Middleware { source, name, namespace, action });
        }
        self.built.routing.gateway = self.gateway.take().and_then(Plan::finish);
        self.built.routing.tls_rules = tls_rules(scope, (self.dialect, targets));
        self.built
    }
}

fn chain(known: &BTreeMap<String, Known>, one: &Known) -> Option<Action> {
    let enabled = one.members.iter().filter_map(|key| known.get(key)).filter(|member| member.is_enabled);
    let names: Vec<DnsSubdomain> = enabled.filter_map(|member| member.name.clone()).collect();
    (!one.members.is_empty()).then_some(Action::Chain(names))
}

/// The action in a namespace, whose Secret it reads.
fn in_place(scope: &mut Scope<'_>, one: &Known, action: &Action, namespace: &DnsLabel) -> Option<Action> {
    let Action::BasicAuth { secret, key, realm, remove_header } = action else { return Some(action.clone()) };
    let place = Place { source: one.path.clone(), namespace: namespace.clone(), name: namespace.clone() };
    let at = one.path.key("basic-auth");
    let (secret, key) = secrets::key_of(scope, &at, &place, (secret, Some(key.as_str())))?;
    Some(Action::BasicAuth { secret, key, realm: realm.clone(), remove_header: *remove_header })
}

/// The paths of a namespace, parted as the form wants it.
fn groups<'g, 'a>(kind: RouteKind, draft: &Draft<'a>, entries: Vec<&'g Entry<'a>>) -> Vec<Group<'g, 'a>> {
    match kind {
        RouteKind::IngressRoute => vec![Group { is_one_of_several: false, suffix: String::new(), entries }],
        RouteKind::HttpRoute => {
            let mut groups: BTreeMap<&HostName, Vec<&Entry<'_>>> = BTreeMap::new();
            entries.into_iter().for_each(|entry| groups.entry(&entry.host).or_default().push(entry));
            let suffix = |entries: &[&Entry<'_>]| {
                let key = entries.first().map_or("", |entry| entry.host_key.as_str());
                if key.is_empty() { String::new() } else { format!("-{key}") }
            };
            let group = |entries: Vec<&'g Entry<'a>>| Group {
                is_one_of_several: false,
                suffix: suffix(&entries),
                entries,
            };
            groups.into_values().map(group).collect()
        }
        RouteKind::Ingress => {
            let mut groups: BTreeMap<Vec<&str>, Vec<&Entry<'_>>> = BTreeMap::new();
            for entry in entries {
                let passes = entry.passes.iter().map(|pass| pass.key.as_str()).collect();
                groups.entry(passes).or_default().push(entry);
            }
            let only = groups.len() == 1;
            let group = |(passes, entries): (Vec<&str>, Vec<&'g Entry<'a>>)| {
                let suffix = if only { String::new() } else { suffix(&draft.common, &passes) };
                Group { is_one_of_several: !only, suffix, entries }
            };
            groups.into_iter().map(group).collect()
        }
    }
}

/// What an Ingress is called besides its route: after what its requests pass beyond, or in place of, the route's own.
fn suffix(common: &[String], passes: &[&str]) -> String {
    match passes {
        passes if passes == common => String::new(),
        [] => "-open".to_owned(),
        passes if passes.len() > common.len() && passes[..common.len()] == *common => {
            format!("-{}", passes[common.len()..].join("-"))
        }
        passes => format!("-{}", passes.join("-")),
    }
}

/// The entry points of Traefik, which are those of its chart unless somebody says otherwise.
fn entry_points(spec: &spec::Platform, route: &spec::Route, secure: bool) -> Vec<String> {
    let of_platform = || spec.ingress.as_ref().and_then(|ingress| ingress.entry_points.clone());
    let usual = if secure { "websecure" } else { "web" };
    route.entry_points.clone().or_else(of_platform).unwrap_or_else(|| vec![usual.to_owned()])
}

/// The idle timeout in the words of ingress-nginx
/// (<https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/>); other controllers
/// ignore them.
fn idle_timeout(route: &spec::Route) -> Pairs {
    let Some(seconds) = route.idle_timeout else { return Pairs::new() };
    let keys = ["proxy-read-timeout", "proxy-send-timeout"];
    keys.into_iter().map(|key| (format!("{NGINX}{key}"), seconds.to_string())).collect()
}

/// What TLS connections to Traefik must fulfil.
fn tls_rules(scope: &mut Scope<'_>, (dialect, targets): (Dialect, &Targets<'_>)) -> Option<TlsRules> {
    let rules = scope.spec.ingress.as_ref()?.tls.as_ref()?;
    let path = KeyPath::of(["ingress", "tls"]);
    if dialect != Dialect::Traefik {
        let message = format!("`{path}` is a TLSOption, which {} does not read", dialect.name());
        let problem = Diagnostic::new(&CONTROLLER_CANNOT, message).at(scope.span(&path), "");
        scope.report(
            problem.hint("with ingress-nginx, set `ssl-protocols` and `ssl-ciphers` in `[ingress.config]`"),
        );
        return None;
    }
    let min_version = match rules.min_version.as_deref() {
        None => "",
        Some("1.2") => "VersionTLS12",
        Some("1.3") => "VersionTLS13",
        Some(other) => {
            let message = format!("`{path}.min-version` cannot be `{other}`");
            let place = scope.span(&path.key("min-version"));
            let problem = Diagnostic::new(&crate::spec::codes::BAD_VALUE, message).at(place, "");
            scope.report(
                problem.hint("the values are `\"1.2\"`, `\"1.3\"`: what is older is broken (RFC 8996)"),
            );
            ""
        }
    };
    Some(TlsRules {
        source: KeyPath::of(["ingress"]),
        namespace: targets.namespace.clone()?,
        min_version: min_version.to_owned(),
        ciphers: rules.ciphers.clone().unwrap_or_default(),
        curves: rules.curves.clone().unwrap_or_default(),
        strict_hosts: rules.strict_hosts.unwrap_or(false),
    })
}
