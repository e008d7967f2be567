//! What operators are asked for, but for monitoring: stores, certificates, backups, policies.

use super::codes::UNKNOWN_REFERENCE;
use super::scope::{Scope, enabled};
use crate::diag::{Diagnostic, did_you_mean};
use crate::model::{
    Attestor, Authority, BackupSchedule, BackupStorage, IssuedCertificate, Issuer, Namespace, Operators,
    Policies, Provider, Signature, SnapshotClass, Store, Velero,
};
use crate::names::{CronSchedule, DnsLabel, DnsSubdomain, Duration, HostName};
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// Let's Encrypt's directory (<https://letsencrypt.org/docs/acme-protocol-updates/>).
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";
/// The transparency log that Sigstore runs (<https://docs.sigstore.dev/logging/overview/>).
const REKOR: &str = "https://rekor.sigstore.dev";
/// The services that Cosign signs with
/// (<https://docs.sigstore.dev/cosign/key_management/overview/>).
const KMS: [&str; 4] = ["awskms://", "azurekms://", "gcpkms://", "hashivault://"];

/// What operators are asked for, monitoring aside.
pub(super) fn build(scope: &mut Scope<'_>, namespaces: &[Namespace]) -> Operators {
    let issuers = issuers(scope);
    Operators {
        store: store(scope),
        certificates: certificates(scope, &issuers),
        issuers,
        velero: velero(scope, namespaces),
        snapshot_classes: snapshot_classes(scope),
        policies: policies(scope),
        collectors: super::monitoring::collectors(scope),
        monitoring: None,
        tenants: None,
    }
}

fn store(scope: &mut Scope<'_>) -> Option<Store> {
    let spec = scope.spec.secret_store.as_ref()?;
    let provider = spec.provider.as_ref().filter(|_| spec.kind == Some(spec::StoreKind::ExternalSecrets))?;
    let path = KeyPath::of(["secret-store", "provider"]);
    let account = provider.service_account.as_ref();
    let identity = account.and_then(|account| account.identity.as_ref());
    let identity = super::identity::build(scope, &path.key("service-account"), identity);
    let or = |text: Option<&String>, usual: &str| text.cloned().unwrap_or_else(|| usual.to_owned());
    // The chart of the operator brings an account that is called as it is; one of ours needs another name.
    let usual = if identity.is_some() { "secret-store" } else { "external-secrets" };
    let account = (
        or(account.and_then(|account| account.name.as_ref()), usual),
        or(account.and_then(|account| account.namespace.as_ref()), "external-secrets"),
    );
    Some(Store {
        provider: kind_of_store(scope, &path, provider)?,
        account,
        identity,
        per_namespace: provider.per_namespace.unwrap_or(false),
    })
}

fn kind_of_store(scope: &mut Scope<'_>, path: &KeyPath, provider: &spec::StoreProvider) -> Option<Provider> {
    let fake = provider.fake == Some(true);
    match (&provider.azure, &provider.aws, &provider.vault, &provider.gcp, &provider.kubernetes) {
        (Some(azure), None, None, None, None) if !fake => Some(Provider::Azure {
            vault_url: scope.required(&path.key("azure"), "vault-url", azure.vault_url.clone())?,
            tenant_id: azure.tenant_id.clone(),
        }),
        (None, Some(aws), None, None, None) if !fake => Some(Provider::Aws {
            region: scope.required(&path.key("aws"), "region", aws.region.clone())?,
            role: aws.role.clone(),
        }),
        (None, None, Some(vault), None, None) if !fake => Some(Provider::Vault {
            server: scope.required(&path.key("vault"), "server", vault.server.clone())?,
            path: vault.path.clone().unwrap_or_else(|| "secret".to_owned()),
            auth_mount: vault.auth_mount.clone().unwrap_or_else(|| "kubernetes".to_owned()),
            role: vault.role.clone().unwrap_or_else(|| "external-secrets".to_owned()),
        }),
        (None, None, None, Some(gcp), None) if !fake => gcp_store(scope, &path.key("gcp"), gcp),
        (None, None, None, None, Some(kubernetes)) if !fake => Some(Provider::Kubernetes {
            namespace: scope.required(&path.key("kubernetes"), "namespace", kubernetes.namespace.clone())?,
        }),
        (None, None, None, None, None) if fake => Some(Provider::Fake),
        _ => {
            scope.one_of(path, &["azure", "aws", "vault", "gcp", "kubernetes", "fake"]);
            None
        }
    }
}

fn gcp_store(scope: &mut Scope<'_>, path: &KeyPath, gcp: &spec::GcpStore) -> Option<Provider> {
    let cluster = scope.spec.environment.as_ref().and_then(|environment| environment.cluster.as_ref());
    let name = gcp.cluster.clone().or_else(|| cluster.and_then(|cluster| cluster.name.clone()));
    let place = cluster.and_then(|cluster| cluster.region.clone().or_else(|| cluster.zone.clone()));
    Some(Provider::Gcp {
        project: scope.required(path, "project", gcp.project.clone())?,
        cluster: scope.required(path, "cluster", name)?,
        location: scope.required(path, "location", gcp.location.clone().or(place))?,
    })
}

fn issuers(scope: &mut Scope<'_>) -> Vec<Issuer> {
    let issuers = enabled(scope.spec.issuers.as_ref(), |issuer| issuer.enabled);
    issuers.into_iter().filter_map(|(key, issuer)| issuer_of(scope, key, issuer)).collect()
}

fn issuer_of(scope: &mut Scope<'_>, key: &str, issuer: &spec::Issuer) -> Option<Issuer> {
    let path = KeyPath::of(["issuers", key]);
    let name = scope.parse_key(&path, DnsLabel::parse);
    let namespace = match &issuer.namespace {
        Some(key) => Some(scope.namespace(&path, Some(key))?),
        None => None,
    };
    let authority = match (&issuer.acme, &issuer.ca, issuer.self_signed) {
        (Some(acme), None, None | Some(false)) => authority(scope, &path.key("acme"), acme),
        (None, Some(ca), None | Some(false)) => {
            scope.required(&path.key("ca"), "secret", ca.secret.clone()).map(Authority::Ca)
        }
        (None, None, Some(true)) => Some(Authority::SelfSigned),
        _ => {
            scope.one_of(&path, &["acme", "ca", "self-signed"]);
            None
        }
    };
    Some(Issuer { source: path, name: name?, namespace, authority: authority? })
}

fn authority(scope: &mut Scope<'_>, path: &KeyPath, acme: &spec::Acme) -> Option<Authority> {
    let email = scope.required(path, "email", acme.email.clone());
    let of_platform = scope.spec.ingress.as_ref().and_then(|ingress| ingress.class.clone());
    let class = scope.required(path, "class", acme.class.clone().or(of_platform));
    let server = acme.server.clone().unwrap_or_else(|| LETS_ENCRYPT.to_owned());
    Some(Authority::Acme { email: email?, server, class: class? })
}

fn certificates(scope: &mut Scope<'_>, issuers: &[Issuer]) -> Vec<IssuedCertificate> {
    let certificates = enabled(scope.spec.certificates.as_ref(), |certificate| certificate.enabled);
    certificates.into_iter().filter_map(|(key, spec)| certificate(scope, (key, spec), issuers)).collect()
}

fn certificate(
    scope: &mut Scope<'_>,
    (key, spec): (&str, &spec::Certificate),
    issuers: &[Issuer],
) -> Option<IssuedCertificate> {
    let path = KeyPath::of(["certificates", key]);
    let name = scope.parse_key(&path, DnsLabel::parse);
    let namespace = scope.namespace(&path, spec.namespace.as_deref());
    let usual = format!("{key}-tls");
    let secret =
        scope.parse(&path.key("secret"), spec.secret.as_deref().unwrap_or(&usual), DnsSubdomain::parse);
    let hosts = scope.required(&path, "hosts", spec.hosts.as_ref())?.iter().enumerate();
    let hosts =
        hosts.filter_map(|(at, host)| scope.parse(&path.key("hosts").index(at), host, HostName::parse));
    let hosts = hosts.collect();
    let issuer = issuer_named(scope, &path, spec.issuer.as_deref(), issuers);
    let duration = scope.optional(&path.key("duration"), spec.duration.as_deref(), Duration::parse);
    let renew_before =
        scope.optional(&path.key("renew-before"), spec.renew_before.as_deref(), Duration::parse);
    Some(IssuedCertificate {
        source: path,
        name: name?,
        namespace: namespace?,
        secret: secret?.to_string(),
        hosts,
        issuer: issuer?,
        duration,
        renew_before,
    })
}

fn issuer_named(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    key: Option<&str>,
    issuers: &[Issuer],
) -> Option<(&'static str, String)> {
    let key = scope.required(path, "issuer", key)?;
    let Some(found) = issuers.iter().find(|issuer| issuer.name.as_str() == key) else {
        let known: Vec<String> = scope.spec.issuers.iter().flatten().map(|(key, _)| key.clone()).collect();
        scope.unknown(&path.key("issuer"), &format!("issuer `{key}`"), key, &known);
        return None;
    };
    let kind = if found.namespace.is_some() { "Issuer" } else { "ClusterIssuer" };
    Some((kind, found.name.to_string()))
}

fn velero(scope: &mut Scope<'_>, namespaces: &[Namespace]) -> Option<Velero> {
    let spec = scope.spec.velero.as_ref().filter(|velero| velero.enabled != Some(false))?;
    let path = KeyPath::of(["velero"]);
    let namespace = scope.namespace(&path, spec.namespace.as_deref())?;
    let mut storage = Vec::new();
    for (name, bucket) in spec.storage.iter().flatten() {
        storage.extend(storage_of(scope, (name, bucket), &namespace));
    }
    let own = namespaces.iter().filter(|namespace| !namespace.external && !namespace.placeholder);
    let own: Vec<String> = own.map(|namespace| namespace.name.to_string()).collect();
    let schedules = enabled(spec.schedules.as_ref(), |schedule| schedule.enabled);
    let schedules =
        schedules.into_iter().filter_map(|(name, spec)| schedule(scope, (name, spec), &storage, &own));
    let schedules = schedules.collect();
    Some(Velero { namespace, storage, schedules })
}

fn storage_of(
    scope: &mut Scope<'_>,
    (name, spec): (&str, &spec::BackupStorage),
    namespace: &DnsLabel,
) -> Option<BackupStorage> {
    let path = KeyPath::of(["velero", "storage", name]);
    let parsed = scope.parse_key(&path, DnsLabel::parse);
    let provider = scope.required(&path, "provider", spec.provider.clone());
    let bucket = scope.required(&path, "bucket", spec.bucket.clone());
    let credential = spec.secret.as_deref().and_then(|secret| {
        let name = super::secrets::read_by(scope, &path, namespace, secret)?;
        Some((name, spec.key.clone().unwrap_or_else(|| "cloud".to_owned())))
    });
    Some(BackupStorage {
        source: path,
        name: parsed?,
        provider: provider?,
        bucket: bucket?,
        prefix: spec.prefix.clone(),
        config: spec.config.clone().unwrap_or_default(),
        credential,
        default: name == "default",
    })
}

fn schedule(
    scope: &mut Scope<'_>,
    (name, spec): (&str, &spec::BackupSchedule),
    storage: &[BackupStorage],
    own: &[String],
) -> Option<BackupSchedule> {
    let path = KeyPath::of(["velero", "schedules", name]);
    let parsed = scope.parse_key(&path, DnsLabel::parse);
    let when = scope.parse_required(&path, "schedule", spec.schedule.as_deref(), CronSchedule::parse);
    let ttl = scope.parse_required(&path, "ttl", spec.ttl.as_deref(), Duration::parse);
    let wanted = spec.storage.as_deref().unwrap_or("default");
    if storage.iter().all(|storage| storage.name.as_str() != wanted) {
        let known: Vec<String> = storage.iter().map(|storage| storage.name.to_string()).collect();
        let near = did_you_mean(wanted, known.iter().map(String::as_str));
        let hint = near.map_or_else(
            || format!("declare it as `[velero.storage.{wanted}]`"),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("`{path}`: there is no storage `{wanted}`");
        let place = scope.span(&path.key("storage"));
        scope.report(Diagnostic::new(&UNKNOWN_REFERENCE, message).at(place, "").hint(hint));
    }
    let namespaces = match &spec.namespaces {
        None => own.to_vec(),
        Some(keys) => {
            let found = keys.iter().filter_map(|key| scope.namespace(&path, Some(key)));
            found.map(|namespace| namespace.to_string()).collect()
        }
    };
    Some(BackupSchedule {
        source: path,
        name: parsed?,
        schedule: when?,
        ttl: ttl?,
        namespaces,
        storage: wanted.to_owned(),
        snapshots: spec.snapshots.unwrap_or(true),
        files: spec.files.unwrap_or(false),
    })
}

fn snapshot_classes(scope: &mut Scope<'_>) -> Vec<SnapshotClass> {
    let classes = enabled(scope.spec.snapshot_classes.as_ref(), |class| class.enabled);
    let class = |(key, class): (&str, &spec::SnapshotClass)| {
        let path = KeyPath::of(["snapshot-classes", key]);
        let name = scope.parse_key(&path, DnsLabel::parse);
        let driver = scope.required(&path, "driver", class.driver.clone());
        Some(SnapshotClass {
            source: path,
            name: name?,
            driver: driver?,
            retain: class.retain.unwrap_or(true),
            velero: class.velero.unwrap_or(true),
            parameters: class.parameters.clone().unwrap_or_default(),
        })
    };
    classes.into_iter().filter_map(class).collect()
}

fn policies(scope: &mut Scope<'_>) -> Option<Policies> {
    let spec = scope.spec.policies.as_ref().filter(|policies| policies.enabled != Some(false))?;
    let wants = |policy: spec::BaselinePolicy| spec.baseline.as_ref().is_none_or(|all| all.contains(&policy));
    let enforce = spec.mode == Some(spec::PolicyMode::Enforce);
    let gatekeeper = spec.engine == Some(spec::PolicyEngine::Gatekeeper);
    let usual = || ["app.kubernetes.io/name", "app.kubernetes.io/part-of"].map(str::to_owned).to_vec();
    let labels = spec.required_labels.clone().unwrap_or_else(usual);
    let signatures = enabled(spec.signatures.as_ref(), |signature| signature.enabled);
    if gatekeeper && !signatures.is_empty() {
        let path = KeyPath::of(["policies", "signatures"]);
        let message = "`policies.signatures`: Gatekeeper verifies no signatures by itself";
        let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&path), "");
        scope.report(problem.hint("set `engine = \"kyverno\"`, or remove the signatures here"));
    }
    Some(Policies {
        gatekeeper,
        enforce,
        limits: wants(spec::BaselinePolicy::Limits),
        no_latest: wants(spec::BaselinePolicy::NoLatest),
        no_privileged: wants(spec::BaselinePolicy::NoPrivileged),
        required_labels: if wants(spec::BaselinePolicy::RequiredLabels) { labels } else { Vec::new() },
        signatures: signatures
            .into_iter()
            .filter_map(|(key, spec)| signature(scope, (key, spec), enforce))
            .collect(),
    })
}

fn signature(
    scope: &mut Scope<'_>,
    (key, spec): (&str, &spec::Signature),
    enforce: bool,
) -> Option<Signature> {
    let path = KeyPath::of(["policies", "signatures", key]);
    let name = scope.parse_key(&path, DnsLabel::parse);
    let images = scope.required(&path, "images", spec.images.clone());
    let attestor = match (&spec.keyless, &spec.kms, &spec.public_key) {
        (Some(keyless), None, None) => keyless_of(scope, &path.key("keyless"), keyless),
        (None, Some(kms), None) => kms_of(scope, &path.key("kms"), kms),
        (None, None, Some(key)) => Some(Attestor::PublicKey(key.clone())),
        _ => {
            scope.one_of(&path, &["keyless", "kms", "public-key"]);
            None
        }
    };
    let enforce = spec.mode.map_or(enforce, |mode| mode == spec::PolicyMode::Enforce);
    Some(Signature { source: path, name: name?, images: images?, attestor: attestor?, enforce })
}

fn keyless_of(scope: &mut Scope<'_>, path: &KeyPath, keyless: &spec::Keyless) -> Option<Attestor> {
    let issuer = scope.required(path, "issuer", keyless.issuer.clone());
    let subject = scope.required(path, "subject", keyless.subject.clone());
    let rekor = keyless.rekor.clone().unwrap_or_else(|| REKOR.to_owned());
    Some(Attestor::Keyless { issuer: issuer?, subject: subject?, rekor })
}

fn kms_of(scope: &mut Scope<'_>, path: &KeyPath, kms: &str) -> Option<Attestor> {
    if KMS.iter().any(|scheme| kms.starts_with(scheme)) {
        return Some(Attestor::Kms(kms.to_owned()));
    }
    let message = format!("`{}`: `{kms}` is no key of a service that Cosign signs with", scope.written(path));
    let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(path), "");
    scope.report(problem.hint(format!("begin it with one of {}", KMS.join(", "))));
    None
}
