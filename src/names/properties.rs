//! What holds for every type here, on arbitrary text: reading never panics, what prints reads back as the same, and what
//! is suggested is accepted.

use proptest::prelude::*;

use super::*;

/// Text near enough to a name that some of it is one, and text that is nothing of the sort.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zA-Z0-9._/:@* -]{0,80}",
        "[a-z][a-z0-9-]{0,62}",
        "[+-]?[0-9]{0,30}[.]?[0-9]{0,30}([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,4})?",
        "[0-9]{1,3}m?[.]{2}[0-9]{1,3}(Mi|Gi)?",
        "([0-9]{1,3}[.]){3}[0-9]{1,3}/[0-9]{1,2}",
        "[0-9a-f:]{2,12}/[0-9]{1,3}",
        "([0-9*/,-]{1,5} ){4}[0-9*/,-]{1,5}",
        "([0-9]{1,5}h)?([0-9]{1,5}m)?([0-9]{1,5}s)?",
    ]
}

macro_rules! holds_for {
    ($($name:ident: $type:ty;)*) => {
        proptest! {
            $(
                #[test]
                fn $name(text in text()) {
                    match <$type>::parse(&text) {
                        Ok(value) => prop_assert_eq!(<$type>::parse(&value.to_string()), Ok(value)),
                        Err(error) => {
                            prop_assert!(!error.message().chars().any(char::is_control), "{}", error);
                            if let Some(meant) = error.suggestion() {
                                prop_assert!(<$type>::parse(meant).is_ok(), "{} is suggested for {}", meant, text);
                            }
                        }
                    }
                }
            )*
        }
    };
}

holds_for! {
    dns_label: DnsLabel;
    dns_subdomain: DnsSubdomain;
    service_name: ServiceName;
    host_name: HostName;
    host_pattern: HostPattern;
    label_key: LabelKey;
    label_value: LabelValue;
    annotation_key: AnnotationKey;
    env_name: EnvName;
    config_key: ConfigKey;
    port_number: PortNumber;
    port_name: PortName;
    quantity: Quantity;
    resource_range: ResourceRange;
    image: ImageRef;
    cidr: Cidr;
    cron: CronSchedule;
    duration: Duration;
    version: KubernetesVersion;
    semantic_version: SemanticVersion;
}

proptest! {
    #[test]
    fn rewriting_a_quantity_keeps_its_amount(nanos in any::<i64>(), suffix in "([numkMGTPE]|[KMGTPE]i)?") {
        let text = format!("{}.{:03}{suffix}", nanos / 1000, (nanos % 1000).abs());
        let first = Quantity::parse(&text);
        prop_assert!(first.is_ok());
        let again = first.as_ref().map(|quantity| Quantity::parse(quantity.as_str()));
        prop_assert_eq!(again, Ok(first.clone()));
    }

    #[test]
    fn sums_do_not_depend_on_the_order(millis in proptest::collection::vec(0..1_000_000_i64, 0..20)) {
        let amounts: Vec<Quantity> = millis.iter().copied().map(Quantity::from_millis).collect();
        let forwards: Quantity = amounts.iter().sum();
        let backwards: Quantity = amounts.iter().rev().sum();
        prop_assert_eq!(&forwards, &backwards);
        prop_assert_eq!(forwards.millis(), millis.iter().copied().map(i128::from).sum::<i128>());
    }
}
