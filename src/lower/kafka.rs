//! Kafka as the custom resources of Strimzi. The operator makes pods, Services and Secrets from them.
//!
//! Pods are as restricted as those of workloads: the template says what the level `restricted` wants.

use std::collections::BTreeMap;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use super::pod::REGION;
use super::{labels, metadata};
use crate::model::{
    Acl, Connect, Connector, EnvSource, EnvVar, Kafka, KafkaUser, Platform, Resources, Topic,
};
use crate::object::Object;
use crate::object::custom::strimzi as custom;

/// The label by which a topic, a user, a pool or a connector names what it belongs to.
const CLUSTER: &str = "strimzi.io/cluster";
const SCRAM: &str = "scram-sha-512";
/// The listener for clients within the cluster, encrypted.
pub(super) const CLIENTS: i32 = 9093;

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    platform.kafkas.iter().flat_map(|kafka| objects(platform, kafka)).collect()
}

fn objects(platform: &Platform, kafka: &Kafka) -> Vec<Object> {
    let own = kafka.name.as_str();
    let mut objects = vec![
        object(kafka, &custom::KafkaNodePool::new(meta(platform, kafka, own, own), pool(kafka))),
        object(kafka, &custom::Kafka::new(plain(platform, kafka, own), brokers(kafka))),
    ];
    objects.extend(kafka.topics.iter().map(|topic| {
        let meta = meta(platform, kafka, topic.name.as_str(), own);
        object(kafka, &custom::KafkaTopic::new(meta, self::topic(topic)))
    }));
    objects.extend(kafka.users.iter().map(|user| {
        let meta = meta(platform, kafka, user.name.as_str(), own);
        object(kafka, &custom::KafkaUser::new(meta, self::user(user)))
    }));
    if let Some(connect) = &kafka.connect {
        let mut meta = plain(platform, kafka, connect.name.as_str());
        // Without it the operator takes connectors from the REST interface, and not from KafkaConnector.
        meta.annotations =
            Some(BTreeMap::from([("strimzi.io/use-connector-resources".to_owned(), "true".to_owned())]));
        objects.push(object(kafka, &custom::KafkaConnect::new(meta, self::connect(kafka, connect))));
        objects.extend(connect.connectors.iter().map(|connector| {
            let meta = self::meta(platform, kafka, connector.name.as_str(), connect.name.as_str());
            object(kafka, &custom::KafkaConnector::new(meta, self::connector(connector)))
        }));
    }
    objects
}

fn object<T: Serialize + Metadata<Ty = ObjectMeta>>(kafka: &Kafka, typed: &T) -> Object {
    Object::from_typed(typed, kafka.component.as_str(), kafka.source.clone())
}

fn plain(platform: &Platform, kafka: &Kafka, name: &str) -> ObjectMeta {
    metadata::of(name, &kafka.namespace, labels::of_component(platform, &kafka.component))
}

fn meta(platform: &Platform, kafka: &Kafka, name: &str, cluster: &str) -> ObjectMeta {
    let mut labels = labels::of_component(platform, &kafka.component);
    labels.insert(CLUSTER.to_owned(), cluster.to_owned());
    metadata::of(name, &kafka.namespace, labels)
}

fn amounts(resources: &Resources) -> custom::ResourceAmounts {
    let texts = |amounts: &[(&'static str, crate::names::Quantity)]| {
        amounts.iter().map(|(name, amount)| ((*name).to_owned(), amount.to_string())).collect()
    };
    custom::ResourceAmounts { requests: texts(&resources.requests), limits: texts(&resources.limits) }
}

fn pool(kafka: &Kafka) -> custom::KafkaNodePoolSpec {
    let persistent = kafka.storage.is_some();
    let volume = custom::KafkaVolume {
        id: 0,
        r#type: if persistent { "persistent-claim" } else { "ephemeral" }.to_owned(),
        size: kafka.storage.as_ref().map(ToString::to_string),
        class: kafka.class.clone().filter(|_| persistent),
        // Data is deleted by a person and never by a controller.
        delete_claim: persistent.then_some(false),
        kraft_metadata: "shared".to_owned(),
    };
    custom::KafkaNodePoolSpec {
        replicas: kafka.nodes,
        roles: vec!["controller".to_owned(), "broker".to_owned()],
        storage: custom::KafkaStorage { r#type: "jbod".to_owned(), volumes: vec![volume] },
        resources: amounts(&kafka.resources),
    }
}

/// Topics are declared: a misspelt one is refused and not made.
fn brokers(kafka: &Kafka) -> custom::KafkaSpec {
    let copies = kafka.nodes.min(3);
    let least = if copies >= 3 { 2 } else { 1 };
    let config = [
        ("auto.create.topics.enable", "false".to_owned()),
        ("default.replication.factor", copies.to_string()),
        ("min.insync.replicas", least.to_string()),
        ("offsets.topic.replication.factor", copies.to_string()),
        ("transaction.state.log.min.isr", least.to_string()),
        ("transaction.state.log.replication.factor", copies.to_string()),
    ];
    let listener = custom::KafkaListener {
        name: "tls".to_owned(),
        port: CLIENTS,
        r#type: "internal".to_owned(),
        tls: true,
        authentication: scram(),
    };
    let operator = custom::OneOperator {
        resources: custom::ResourceAmounts {
            requests: pairs(&[("cpu", "50m"), ("memory", "256Mi")]),
            limits: pairs(&[("cpu", "250m"), ("memory", "384Mi")]),
        },
    };
    custom::KafkaSpec {
        kafka: custom::KafkaBrokers {
            version: kafka.version.clone(),
            listeners: vec![listener],
            authorization: custom::KafkaAuthorization { r#type: "simple".to_owned() },
            config: config.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            template: custom::BrokerTemplate {
                pod: Some(pod(kafka)),
                kafka_container: container(Vec::new()),
            },
        },
        entity_operator: custom::EntityOperator {
            topic_operator: operator.clone(),
            user_operator: operator,
            template: custom::EntityTemplate {
                pod: Some(pod(kafka)),
                topic_operator_container: container(Vec::new()),
                user_operator_container: container(Vec::new()),
            },
        },
    }
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn scram() -> custom::ListenerAuthentication {
    custom::ListenerAuthentication { r#type: SCRAM.to_owned() }
}

fn pod(kafka: &Kafka) -> custom::PodTemplate {
    let wanted = custom::NodeSelectorRequirement {
        key: REGION.to_owned(),
        operator: "In".to_owned(),
        values: vec![kafka.region.clone()],
    };
    let nodes = custom::NodeAffinity {
        required_during_scheduling_ignored_during_execution: custom::NodeSelector {
            node_selector_terms: vec![custom::NodeSelectorTerm { match_expressions: vec![wanted] }],
        },
    };
    custom::PodTemplate {
        security_context: custom::PodSecurityContext {
            run_as_non_root: true,
            seccomp_profile: custom::SeccompProfile { r#type: "RuntimeDefault".to_owned() },
        },
        affinity: (!kafka.region.is_empty()).then_some(custom::Affinity { node_affinity: nodes }),
    }
}

fn container(env: Vec<custom::TemplateVariable>) -> custom::ContainerTemplate {
    custom::ContainerTemplate {
        security_context: custom::ContainerSecurityContext {
            allow_privilege_escalation: false,
            capabilities: custom::DroppedCapabilities { drop: vec!["ALL".to_owned()] },
        },
        env,
    }
}

fn topic(topic: &Topic) -> custom::KafkaTopicSpec {
    custom::KafkaTopicSpec {
        topic_name: topic.topic.clone(),
        partitions: topic.partitions,
        replicas: topic.replicas,
        config: topic.config.clone(),
    }
}

fn user(user: &KafkaUser) -> custom::KafkaUserSpec {
    custom::KafkaUserSpec {
        authentication: scram(),
        authorization: custom::UserAuthorization {
            r#type: "simple".to_owned(),
            acls: user.acls.iter().map(rule).collect(),
        },
    }
}

fn rule(acl: &Acl) -> custom::AclRule {
    custom::AclRule {
        resource: custom::AclResource {
            r#type: acl.kind.to_owned(),
            name: acl.name.clone(),
            pattern_type: if acl.prefix { "prefix" } else { "literal" }.to_owned(),
        },
        operations: acl.operations.iter().map(|operation| (*operation).to_owned()).collect(),
    }
}

/// Events are JSON. Passwords are variables of the workers, which settings of connectors name.
fn connect(kafka: &Kafka, connect: &Connect) -> custom::KafkaConnectSpec {
    let json = "org.apache.kafka.connect.json.JsonConverter";
    let copies = kafka.nodes.min(3).to_string();
    let config = [
        ("config.providers", "env"),
        ("config.providers.env.class", "org.apache.kafka.common.config.provider.EnvVarConfigProvider"),
        ("config.storage.replication.factor", &copies),
        ("key.converter", json),
        ("key.converter.schemas.enable", "false"),
        ("offset.storage.replication.factor", &copies),
        ("status.storage.replication.factor", &copies),
        ("topic.creation.enable", "false"),
        ("value.converter", json),
        ("value.converter.schemas.enable", "false"),
    ];
    let name = connect.name.to_string();
    custom::KafkaConnectSpec {
        version: kafka.version.clone(),
        replicas: connect.replicas,
        image: connect.image.to_string(),
        bootstrap_servers: format!("{}-kafka-bootstrap:{CLIENTS}", kafka.name),
        group_id: name.clone(),
        config_storage_topic: format!("{name}-configs"),
        status_storage_topic: format!("{name}-status"),
        offset_storage_topic: format!("{name}-offsets"),
        tls: custom::ConnectTls {
            trusted_certificates: vec![custom::TrustedCertificate {
                secret_name: format!("{}-cluster-ca-cert", kafka.name),
                pattern: "*.crt".to_owned(),
            }],
        },
        authentication: custom::ConnectAuthentication {
            r#type: SCRAM.to_owned(),
            username: name.clone(),
            password_secret: custom::PasswordSecret { secret_name: name, password: "password".to_owned() },
        },
        config: pairs(&config),
        resources: amounts(&connect.resources),
        template: custom::ConnectTemplate {
            pod: Some(pod(kafka)),
            connect_container: container(connect.env.iter().filter_map(variable).collect()),
        },
    }
}

fn variable(variable: &EnvVar) -> Option<custom::TemplateVariable> {
    let EnvSource::Secret { name, key } = &variable.source else { return None };
    let secret_key_ref = custom::SecretKeyRef { name: name.clone(), key: key.to_string() };
    let value_from = custom::VariableSource { secret_key_ref };
    Some(custom::TemplateVariable { name: variable.name.to_string(), value_from })
}

fn connector(connector: &Connector) -> custom::KafkaConnectorSpec {
    custom::KafkaConnectorSpec {
        class: connector.class.to_owned(),
        tasks_max: 1,
        auto_restart: custom::AutoRestart { enabled: true },
        config: connector.config.clone(),
    }
}
