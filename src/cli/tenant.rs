//! `bayplan tenant`: tenants added, changed, removed and listed, in `platform.toml` itself.

use super::End;
use super::arguments::{Tenant, TenantVerb};
use super::session::{Session, Show, print, say};
use crate::compile::{Output, TenantEdit, edit_tenant};
use crate::diag::Diagnostic;
use crate::host::Host;
use crate::model::{Platform, Scope, Subject};

pub(super) fn run(session: &Session, verb: &Tenant) -> End {
    let edit = match &verb.verb {
        TenantVerb::List { environment } => return list(session, environment.as_deref()),
        TenantVerb::Add { name, owner, group, values } => {
            let owner = owner.iter().map(|user| ("owner".to_owned(), user.clone()));
            let group = group.iter().map(|group| ("owner.group".to_owned(), group.clone()));
            let values = owner.chain(group).chain(values.iter().cloned()).collect();
            TenantEdit::Add { name: name.clone(), values }
        }
        TenantVerb::Set { name, values } => TenantEdit::Set { name: name.clone(), values: values.clone() },
        TenantVerb::Remove { name } => TenantEdit::Remove { name: name.clone() },
    };
    let text = match session.host.read_text(session.file()) {
        Ok(text) => text,
        Err(error) => return session.fail(&[error.diagnostic()]),
    };
    match edit_tenant(&text, &edit) {
        Ok(edited) => write(session, &edited.tenant, &edited.text),
        Err(problem) => session.fail(&[*problem]),
    }
}

/// Compiles the new text first: a platform that is none is never written.
fn write(session: &Session, tenant: &str, text: &str) -> End {
    let Output { sources, diagnostics, compilation } = session.compile_text(text);
    if compilation.is_none() {
        let errors: Vec<Diagnostic> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
        session.show(&errors, &sources, Show::Warnings);
        say("nothing was written\n");
        return End::Failure;
    }
    match session.replace(text) {
        Ok(path) => {
            session.tell(&format!("{tenant}: changed {}; now: bayplan render", path.display()));
            End::Fine
        }
        Err(error) => {
            say(&format!("error: cannot write {}: {error}\n", session.file()));
            End::Failure
        }
    }
}

fn list(session: &Session, environment: Option<&str>) -> End {
    let output = session.compile(None);
    let Some(compilation) = output.compilation else {
        session.show(&output.diagnostics, &output.sources, Show::Warnings);
        return End::Failure;
    };
    let compiled = match environment {
        None => &compilation.base,
        Some(name) => match compilation.select(&[name.to_owned()]) {
            Ok(_) => &compilation.environments[name],
            Err(problems) => return session.fail(&problems),
        },
    };
    for line in lines(&compiled.model) {
        print(&line);
    }
    End::Fine
}

/// A line for each tenant: its name, its namespace, who owns it, and its quota.
fn lines(platform: &Platform) -> Vec<String> {
    let tenants = platform.namespaces.iter().filter_map(|one| Some((one.tenancy.as_ref()?, one)));
    tenants
        .map(|(tenancy, namespace)| {
            let here = Scope::Namespace(namespace.name.clone());
            let bindings = platform.bindings.iter().filter(|binding| binding.scope == here);
            let owners: Vec<&str> = bindings.flat_map(|binding| &binding.subjects).map(name).collect();
            let quota = namespace.quota.iter().flat_map(|quota| &quota.hard);
            let quota: Vec<String> = quota.map(|(key, amount)| format!("{key}={amount}")).collect();
            format!("{}\t{}\t{}\t{}\n", tenancy.name, namespace.name, owners.join(","), quota.join(","))
        })
        .collect()
}

fn name(subject: &Subject) -> &str {
    match subject {
        Subject::User(name) | Subject::Group(name) => name,
        Subject::ServiceAccount { name, .. } => name.as_str(),
    }
}
