//! The OpenTelemetry Operator: collectors that take OTLP and send it on.

use crate::lower::{container, labels, metadata};
use crate::model::{Collector, Platform};
use crate::object::Object;
use crate::object::custom;
use crate::value::{Map, Value, json};

const COMPONENT: &str = "telemetry";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    platform.operators.collectors.iter().map(|found| collector(platform, found)).collect()
}

fn collector(platform: &Platform, found: &Collector) -> Object {
    let spec = custom::OpenTelemetryCollectorSpec {
        mode: "deployment".to_owned(),
        replicas: i32::try_from(found.replicas).unwrap_or(i32::MAX),
        image: found.image.as_ref().map(ToString::to_string),
        resources: container::resources(&found.resources),
        config: config(found),
    };
    let meta = metadata::of(found.name.as_str(), &found.namespace, labels::of_platform(platform));
    Object::from_typed(&custom::OpenTelemetryCollector::new(meta, spec), COMPONENT, found.source.clone())
}

/// OTLP on its registered ports (<https://opentelemetry.io/docs/specs/otlp/>), in batches, within the memory it has.
fn config(found: &Collector) -> custom::CollectorConfig {
    let mut config = custom::CollectorConfig::default();
    let protocols = json!({"grpc": {"endpoint": "0.0.0.0:4317"}, "http": {"endpoint": "0.0.0.0:4318"}});
    config.receivers.insert("otlp".to_owned(), json!({"protocols": protocols}));
    let limiter = json!({"check_interval": "1s", "limit_percentage": 75, "spike_limit_percentage": 15});
    config.processors.insert("memory_limiter".to_owned(), limiter);
    config.processors.insert("batch".to_owned(), Value::Object(Map::new()));
    if let Some(endpoint) = &found.traces_to {
        let exporter = json!({"endpoint": endpoint, "tls": {"insecure": true}});
        config.exporters.insert("otlp/traces".to_owned(), exporter);
        config.service.pipelines.insert("traces".to_owned(), pipeline("otlp/traces"));
    }
    if let Some(endpoint) = &found.logs_to {
        config.exporters.insert("otlphttp/logs".to_owned(), json!({"endpoint": endpoint}));
        config.service.pipelines.insert("logs".to_owned(), pipeline("otlphttp/logs"));
    }
    config
}

fn pipeline(exporter: &str) -> Value {
    json!({"receivers": ["otlp"], "processors": ["memory_limiter", "batch"], "exporters": [exporter]})
}
