//! A service that makes tenants: the platform is compiled once, and every request is one call of the library.
//!
//! ```sh
//! cargo run --example tenant_api -- platforms/agent-ready/platform.toml aks 127.0.0.1:8080
//! curl -d '{"name": "ACME Corp", "owner": "alice@acme.example"}' -H 'content-type: application/json' localhost:8080/tenants
//! curl -X PATCH -d '{"storage": "50Gi"}' -H 'content-type: application/json' localhost:8080/tenants/acme-corp/quota
//! curl localhost:8080/tenants/acme-corp/manifests
//! ```
//!
//! It gives objects and applies none: whoever has the token for the API server sends them there. Tenants live in memory here; a
//! real service keeps a tenant's table where the rest of its truth is. What is wrong with a request comes back as
//! `application/problem+json` (RFC 9457), with every mistake in it, as the command line would say it.

#![allow(clippy::print_stderr, reason = "a program that talks to whoever started it")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as Route, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use bayplan::compile::Compiled;
use bayplan::diag::Diagnostic;
use bayplan::host::OsHost;
use bayplan::names::DnsLabel;
use bayplan::value::{Map, Value, json};
use bayplan::{Bundle, Compilation, Request, Tenants, compile};

/// What the service knows: the platform, and the tables of its tenants.
struct Service {
    tenants: Tenants<'static>,
    tables: Mutex<BTreeMap<String, Map>>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: tenant_api PLATFORM.TOML ENVIRONMENT ADDRESS";
    let (Some(file), Some(environment), Some(address)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err(usage.into());
    };
    let platform = compiled(Path::new(&file), &environment)?;
    let listener = tokio::net::TcpListener::bind(address).await?;
    // Whoever started it with port 0 learns the port here.
    eprintln!("listening on {}", listener.local_addr()?);
    serve(listener, platform).await?;
    Ok(())
}

/// Answers on `listener` until it fails.
///
/// # Errors
/// A listener that gives no more connections.
pub async fn serve(listener: tokio::net::TcpListener, platform: &'static Compiled) -> std::io::Result<()> {
    let service = Arc::new(Service { tenants: platform.tenants(), tables: Mutex::default() });
    axum::serve(listener, router(service)).await
}

/// The platform in that environment. It is wanted for as long as the process lives, so it is never given back.
///
/// # Errors
/// A platform that does not compile, or an environment that it does not have.
pub fn compiled(file: &Path, environment: &str) -> Result<&'static Compiled, Box<dyn std::error::Error>> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let request = Request { file: name, ..Request::default() };
    let compilation: &'static Compilation =
        Box::leak(Box::new(compile(&OsHost::new(folder), &request).into_result()?));
    let found = compilation.environments.get(environment);
    found.ok_or_else(|| format!("there is no environment {environment}").into())
}

fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/tenants", post(create))
        .route("/tenants/{name}/quota", patch(quota))
        .route("/tenants/{name}/manifests", get(manifests))
        .with_state(service)
}

/// `POST /tenants`: `{"name": "ACME Corp", "owner": "alice@acme.example", …}`, the rest as below `[tenants]`.
async fn create(State(service): State<Arc<Service>>, body: Bytes) -> Result<Response, Problem> {
    let mut table = object(&body)?;
    let Some(Value::String(title)) = table.remove("name") else {
        return Err(Problem::of(StatusCode::UNPROCESSABLE_ENTITY, "a tenant needs a `name`"));
    };
    let name = match DnsLabel::parse(&title) {
        Ok(name) => name.to_string(),
        // "ACME Corp" is what people call it, and `acme-corp` is what its namespace can be called by.
        Err(error) => match error.suggestion() {
            Some(better) => better.to_owned(),
            None => return Err(Problem::of(StatusCode::UNPROCESSABLE_ENTITY, error.message())),
        },
    };
    if name != title {
        table.entry("title").or_insert_with(|| Value::from(title));
    }
    let mut tables = service.tables.lock().unwrap_or_else(PoisonError::into_inner);
    if tables.contains_key(&name) {
        return Err(Problem::of(StatusCode::CONFLICT, &format!("there is a tenant `{name}` already")));
    }
    let bundle = service.bundle(&name, &table)?;
    tables.insert(name.clone(), table);
    let location = [(header::LOCATION, format!("/tenants/{name}/manifests"))];
    Ok((StatusCode::CREATED, location, json(&summary(&name, &bundle))).into_response())
}

/// `PATCH /tenants/{name}/quota`: `{"storage": "50Gi"}` changes that figure and leaves the others.
async fn quota(
    State(service): State<Arc<Service>>,
    Route(name): Route<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let change = object(&body)?;
    let mut tables = service.tables.lock().unwrap_or_else(PoisonError::into_inner);
    let mut table = tables.get(&name).ok_or_else(|| unknown(&name))?.clone();
    let quota = table.entry("quota").or_insert_with(|| json!({}));
    quota.as_object_mut().into_iter().for_each(|quota| quota.extend(change.clone()));
    // Nothing is kept of a change that would not hold.
    let bundle = service.bundle(&name, &table)?;
    tables.insert(name.clone(), table);
    Ok(json(&summary(&name, &bundle)).into_response())
}

/// `GET /tenants/{name}/manifests`: everything that belongs to the tenant, as `kubectl apply -f -` takes it.
async fn manifests(
    State(service): State<Arc<Service>>,
    Route(name): Route<String>,
) -> Result<Response, Problem> {
    let table = {
        let tables = service.tables.lock().unwrap_or_else(PoisonError::into_inner);
        tables.get(&name).ok_or_else(|| unknown(&name))?.clone()
    };
    let bundle = service.bundle(&name, &table)?;
    Ok(([(header::CONTENT_TYPE, "application/yaml")], bundle.yaml()).into_response())
}

impl Service {
    fn bundle(&self, name: &str, table: &Map) -> Result<Bundle, Problem> {
        self.tenants
            .bundle_from_json(name, &Value::Object(table.clone()))
            .map_err(|found| Problem::all(&found))
    }
}

fn summary(name: &str, bundle: &Bundle) -> Value {
    let quota = bundle.objects.iter().find(|object| object.id.gvk.kind == "ResourceQuota");
    let objects: Vec<String> = bundle.objects.iter().map(|object| object.id.to_string()).collect();
    json!({
        "name": name,
        "namespace": bundle.namespace,
        "quota": quota.and_then(|quota| quota.pointer("/spec/hard")),
        "objects": objects,
    })
}

fn object(body: &[u8]) -> Result<Map, Problem> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(table)) => Ok(table),
        Ok(_) => Err(Problem::of(StatusCode::BAD_REQUEST, "the body is no JSON object")),
        Err(error) => Err(Problem::of(StatusCode::BAD_REQUEST, &format!("the body is no JSON: {error}"))),
    }
}

fn unknown(name: &str) -> Problem {
    Problem::of(StatusCode::NOT_FOUND, &format!("there is no tenant `{name}`"))
}

fn json(value: &Value) -> impl IntoResponse + use<> {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string())
}

/// What is wrong with a request, as RFC 9457 has it.
struct Problem {
    status: StatusCode,
    detail: String,
    errors: Vec<Value>,
}

impl Problem {
    fn of(status: StatusCode, detail: &str) -> Self {
        Self { status, detail: detail.to_owned(), errors: Vec::new() }
    }

    /// Every mistake, with its code and what to do about it.
    fn all(found: &[Diagnostic]) -> Self {
        let error =
            |one: &Diagnostic| json!({"code": one.code.name, "message": one.message, "hints": one.hints});
        let detail = match found {
            [one] => one.message.clone(),
            several => format!("{} things are wrong with the tenant", several.len()),
        };
        let errors = found.iter().map(error).collect();
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, detail, errors }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason(),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "errors": self.errors,
        });
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    }
}
