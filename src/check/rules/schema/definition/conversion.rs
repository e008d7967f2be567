//! How objects of one version become objects of another.

use crate::check::rules::schema::crd_structural::Flaws;
use crate::check::values::Fields;
use crate::check::{format, webhook};
use crate::source::KeyPath;
use crate::value::Value;

pub(in crate::check::rules::schema) fn check(spec: &Value, flaws: &mut Flaws) {
    let at = KeyPath::of(["spec", "conversion"]);
    let Some(conversion) = spec.child("conversion") else { return };
    let webhook = conversion.child("webhook");
    match conversion.text_or_empty("strategy") {
        "None" => {
            if webhook.is_some() {
                let message = "a webhook converts only where the strategy is Webhook".to_owned();
                flaws.push((at.key("webhook"), message));
            }
        }
        "Webhook" => match webhook {
            Some(webhook) => check_webhook(webhook, &at.key("webhook"), flaws),
            None => flaws.push((at.key("webhook"), "the webhook is missing".to_owned())),
        },
        // That it is missing is for the schema to say.
        "" => {}
        other => {
            flaws.push((at.key("strategy"), format!("the strategy is None or Webhook, and not `{other}`")));
        }
    }
}

fn check_webhook(webhook: &Value, at: &KeyPath, flaws: &mut Flaws) {
    let versions: Vec<&str> = webhook.texts("conversionReviewVersions").collect();
    let at_versions = at.key("conversionReviewVersions");
    if versions.is_empty() {
        if webhook.get("conversionReviewVersions").is_some() {
            flaws.push((at_versions, "the versions of ConversionReview are missing".to_owned()));
        }
    } else if !versions.iter().any(|it| ["v1", "v1beta1"].contains(it)) {
        flaws.push((at_versions, "one of v1 and v1beta1 has to be among them".to_owned()));
    } else {
        for (index, version) in versions.iter().enumerate() {
            if let Some(problem) = format::dns_1035_label(version) {
                flaws.push((at_versions.index(index), format!("`{version}` is {problem}")));
            } else if versions[..index].contains(version) {
                flaws.push((at_versions.index(index), format!("`{version}` is there twice")));
            }
        }
    }
    let at = at.key("clientConfig");
    let Some(client) = webhook.child("clientConfig") else {
        flaws.push((at, "where the webhook is reached is missing".to_owned()));
        return;
    };
    match (client.text("url"), client.child("service")) {
        (None, None) | (Some(_), Some(_)) => {
            flaws.push((at, "a webhook is reached by exactly one of `url` and `service`".to_owned()));
        }
        (Some(url), None) => {
            if let Some(problem) = webhook::url_problem(url) {
                flaws.push((at.key("url"), format!("`{url}`: {problem}")));
            }
        }
        (None, Some(service)) => check_service(service, &at, flaws),
    }
}

fn check_service(service: &Value, at: &KeyPath, flaws: &mut Flaws) {
    let at = at.key("service");
    for key in ["name", "namespace"] {
        if service.text(key) == Some("") {
            flaws.push((at.key(key), format!("the {key} of the Service is empty")));
        }
    }
    if service.integer("port").is_some_and(|port| !(1..=65535).contains(&port)) {
        flaws.push((at.key("port"), "a port is a number from 1 to 65535".to_owned()));
    }
    if let Some(problem) = service.text("path").and_then(webhook::path_problem) {
        flaws.push((at.key("path"), problem.to_owned()));
    }
}
