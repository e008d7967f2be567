//! `kafka.strimzi.io/v1`: Kafka in KRaft mode, its node pools, topics and users, Kafka Connect and its connectors.
//!
//! Source: <https://strimzi.io/docs/operators/latest/configuring>.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Custom, CustomSpec};

/// A Kafka cluster.
pub type Kafka = Custom<KafkaSpec>;
/// Nodes of a Kafka cluster that are alike.
pub type KafkaNodePool = Custom<KafkaNodePoolSpec>;
/// A topic.
pub type KafkaTopic = Custom<KafkaTopicSpec>;
/// A user.
pub type KafkaUser = Custom<KafkaUserSpec>;
/// Kafka Connect.
pub type KafkaConnect = Custom<KafkaConnectSpec>;
/// A connector that Kafka Connect runs.
pub type KafkaConnector = Custom<KafkaConnectorSpec>;

macro_rules! kind {
    ($spec:ty, $kind:literal, $plural:literal) => {
        impl CustomSpec for $spec {
            const API_VERSION: &'static str = "kafka.strimzi.io/v1";
            const GROUP: &'static str = "kafka.strimzi.io";
            const VERSION: &'static str = "v1";
            const KIND: &'static str = $kind;
            const PLURAL: &'static str = $plural;
            type Scope = k8s_openapi::NamespaceResourceScope;
        }
    };
}

kind!(KafkaSpec, "Kafka", "kafkas");
kind!(KafkaNodePoolSpec, "KafkaNodePool", "kafkanodepools");
kind!(KafkaTopicSpec, "KafkaTopic", "kafkatopics");
kind!(KafkaUserSpec, "KafkaUser", "kafkausers");
kind!(KafkaConnectSpec, "KafkaConnect", "kafkaconnects");
kind!(KafkaConnectorSpec, "KafkaConnector", "kafkaconnectors");

/// Declares a struct of a custom resource: camel case, absent fields left out.
macro_rules! part {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }
    };
}

part! {
    /// What is wanted of a Kafka cluster.
    KafkaSpec {
        /// The brokers.
        kafka: KafkaBrokers,
        /// What makes topics and users.
        entity_operator: EntityOperator,
    }
}
part! {
    /// What all brokers have in common.
    KafkaBrokers {
        /// The version of Kafka.
        version: String,
        /// Where clients connect.
        listeners: Vec<KafkaListener>,
        /// Who decides what a user may do.
        authorization: KafkaAuthorization,
        /// Settings of the brokers.
        config: BTreeMap<String, String>,
        /// What their pods look like.
        template: BrokerTemplate,
    }
}
part! {
    /// Where clients connect.
    KafkaListener {
        /// Its name.
        name: String,
        /// Its port.
        port: i32,
        /// `internal` for clients of the cluster.
        r#type: String,
        /// Whether connections are encrypted.
        tls: bool,
        /// How clients say who they are.
        authentication: ListenerAuthentication,
    }
}
part! {
    /// How clients say who they are.
    ListenerAuthentication {
        /// `scram-sha-512` for a password that never travels.
        r#type: String,
    }
}
part! {
    /// Who decides what a user may do.
    KafkaAuthorization {
        /// `simple` for lists that are kept in Kafka.
        r#type: String,
    }
}
part! {
    /// What makes topics and users.
    EntityOperator {
        /// What makes topics.
        topic_operator: OneOperator,
        /// What makes users.
        user_operator: OneOperator,
        /// What its pod looks like.
        template: EntityTemplate,
    }
}
part! {
    /// One of the two operators.
    OneOperator {
        /// CPU and memory.
        resources: ResourceAmounts,
    }
}
part! {
    /// CPU and memory.
    ResourceAmounts {
        /// What is asked for.
        requests: BTreeMap<String, String>,
        /// What must not be exceeded.
        limits: BTreeMap<String, String>,
    }
}
part! {
    /// What the pods of brokers look like.
    BrokerTemplate {
        /// The pods.
        #[serde(skip_serializing_if = "Option::is_none")]
        pod: Option<PodTemplate>,
        /// Their container.
        kafka_container: ContainerTemplate,
    }
}
part! {
    /// What the pod of the operators looks like.
    EntityTemplate {
        /// The pod.
        #[serde(skip_serializing_if = "Option::is_none")]
        pod: Option<PodTemplate>,
        /// The container that makes topics.
        topic_operator_container: ContainerTemplate,
        /// The container that makes users.
        user_operator_container: ContainerTemplate,
    }
}
part! {
    /// What the pods of Kafka Connect look like.
    ConnectTemplate {
        /// The pods.
        #[serde(skip_serializing_if = "Option::is_none")]
        pod: Option<PodTemplate>,
        /// Their container.
        connect_container: ContainerTemplate,
    }
}
part! {
    /// A pod.
    PodTemplate {
        /// User and groups.
        security_context: PodSecurityContext,
        /// The nodes that it needs.
        #[serde(skip_serializing_if = "Option::is_none")]
        affinity: Option<Affinity>,
    }
}
part! {
    /// User and groups of a pod.
    PodSecurityContext {
        /// Whether root is refused.
        run_as_non_root: bool,
        /// The system calls that it may make.
        seccomp_profile: SeccompProfile,
    }
}
part! {
    /// The system calls that a pod may make.
    SeccompProfile {
        /// `RuntimeDefault`.
        r#type: String,
    }
}
part! {
    /// A container.
    ContainerTemplate {
        /// What it may do.
        security_context: ContainerSecurityContext,
        /// Variables.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        env: Vec<TemplateVariable>,
    }
}
part! {
    /// What a container may do.
    ContainerSecurityContext {
        /// Whether a child may have more rights than it.
        allow_privilege_escalation: bool,
        /// Capabilities of the kernel.
        capabilities: DroppedCapabilities,
    }
}
part! {
    /// Capabilities that are taken away.
    DroppedCapabilities {
        /// By name.
        drop: Vec<String>,
    }
}
part! {
    /// A variable of a container.
    TemplateVariable {
        /// Its name.
        name: String,
        /// Where its value comes from.
        value_from: VariableSource,
    }
}
part! {
    /// Where the value of a variable comes from.
    VariableSource {
        /// A key of a Secret.
        secret_key_ref: SecretKeyRef,
    }
}
part! {
    /// A key of a Secret.
    SecretKeyRef {
        /// The Secret.
        name: String,
        /// The key.
        key: String,
    }
}
part! {
    /// The nodes that a pod needs.
    Affinity {
        /// By their labels.
        node_affinity: NodeAffinity,
    }
}
part! {
    /// The nodes that a pod needs, by their labels.
    NodeAffinity {
        /// What must hold when it is placed.
        required_during_scheduling_ignored_during_execution: NodeSelector,
    }
}
part! {
    /// Terms of which one must hold.
    NodeSelector {
        /// The terms.
        node_selector_terms: Vec<NodeSelectorTerm>,
    }
}
part! {
    /// Expressions that must all hold.
    NodeSelectorTerm {
        /// The expressions.
        match_expressions: Vec<NodeSelectorRequirement>,
    }
}
part! {
    /// A label of a node and the values that it may have.
    NodeSelectorRequirement {
        /// The label.
        key: String,
        /// `In`.
        operator: String,
        /// The values.
        values: Vec<String>,
    }
}
part! {
    /// What is wanted of nodes that are alike.
    KafkaNodePoolSpec {
        /// How many.
        replicas: i32,
        /// `controller`, `broker`, or both.
        roles: Vec<String>,
        /// Their volumes.
        storage: KafkaStorage,
        /// CPU and memory.
        resources: ResourceAmounts,
    }
}
part! {
    /// The volumes of a node.
    KafkaStorage {
        /// `jbod` for a list of volumes, which may grow.
        r#type: String,
        /// The volumes.
        volumes: Vec<KafkaVolume>,
    }
}
part! {
    /// One volume of a node.
    KafkaVolume {
        /// Its number, which never changes.
        id: i32,
        /// `persistent-claim` or `ephemeral`.
        r#type: String,
        /// How large.
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<String>,
        /// The storage class.
        #[serde(skip_serializing_if = "Option::is_none")]
        class: Option<String>,
        /// Whether its claim goes when the cluster does.
        #[serde(skip_serializing_if = "Option::is_none")]
        delete_claim: Option<bool>,
        /// Whether the metadata of the cluster lies on it.
        kraft_metadata: String,
    }
}
part! {
    /// What is wanted of a topic.
    KafkaTopicSpec {
        /// Its name in Kafka.
        topic_name: String,
        /// How many partitions.
        partitions: i32,
        /// How many copies.
        replicas: i32,
        /// Settings.
        config: BTreeMap<String, String>,
    }
}
part! {
    /// What is wanted of a user.
    KafkaUserSpec {
        /// How it says who it is.
        authentication: ListenerAuthentication,
        /// What it may do.
        authorization: UserAuthorization,
    }
}
part! {
    /// What a user may do.
    UserAuthorization {
        /// `simple`.
        r#type: String,
        /// Each rule allows something.
        acls: Vec<AclRule>,
    }
}
part! {
    /// A rule that allows something.
    AclRule {
        /// On what.
        resource: AclResource,
        /// What may be done.
        operations: Vec<String>,
    }
}
part! {
    /// What a rule is about.
    AclResource {
        /// `topic` or `group`.
        r#type: String,
        /// Its name.
        name: String,
        /// `literal`, or `prefix` for what begins so.
        pattern_type: String,
    }
}
part! {
    /// What is wanted of Kafka Connect.
    KafkaConnectSpec {
        /// The version of Kafka.
        version: String,
        /// How many workers.
        replicas: i32,
        /// The image, with the connectors in it.
        image: String,
        /// Where Kafka is.
        bootstrap_servers: String,
        /// The group by which workers find each other.
        group_id: String,
        /// The topic with the settings of connectors.
        config_storage_topic: String,
        /// The topic with the state of connectors.
        status_storage_topic: String,
        /// The topic with how far connectors are.
        offset_storage_topic: String,
        /// Whom it trusts.
        tls: ConnectTls,
        /// How it says who it is.
        authentication: ConnectAuthentication,
        /// Settings of the workers.
        config: BTreeMap<String, String>,
        /// CPU and memory.
        resources: ResourceAmounts,
        /// What its pods look like.
        template: ConnectTemplate,
    }
}
part! {
    /// Whom Kafka Connect trusts.
    ConnectTls {
        /// Certificates.
        trusted_certificates: Vec<TrustedCertificate>,
    }
}
part! {
    /// Certificates of a Secret.
    TrustedCertificate {
        /// The Secret.
        secret_name: String,
        /// Which of its keys.
        pattern: String,
    }
}
part! {
    /// How Kafka Connect says who it is.
    ConnectAuthentication {
        /// `scram-sha-512`.
        r#type: String,
        /// The user.
        username: String,
        /// Its password.
        password_secret: PasswordSecret,
    }
}
part! {
    /// A password in a Secret.
    PasswordSecret {
        /// The Secret.
        secret_name: String,
        /// Its key.
        password: String,
    }
}
part! {
    /// What is wanted of a connector.
    KafkaConnectorSpec {
        /// The Java class.
        class: String,
        /// How many tasks at most.
        tasks_max: i32,
        /// Whether a task that failed is begun anew.
        auto_restart: AutoRestart,
        /// Settings.
        config: BTreeMap<String, String>,
    }
}
part! {
    /// Whether a task that failed is begun anew.
    AutoRestart {
        /// Whether.
        enabled: bool,
    }
}
