//! Kubernetes' named formats: `format.dns1123Label().validate(self.name)` gives what is wrong, or nothing.

use crate::check::cel::evaluate::Outcome;
use crate::check::cel::functions::network;
use crate::check::cel::value::{Failure, Value};
use crate::check::format as formats;
use crate::check::schema::formats as schema_formats;

const NAMES: [&str; 13] = [
    "dns1123Label",
    "dns1123Subdomain",
    "dns1035Label",
    "qualifiedName",
    "dns1123LabelPrefix",
    "dns1123SubdomainPrefix",
    "dns1035LabelPrefix",
    "labelValue",
    "uri",
    "uuid",
    "byte",
    "date",
    "datetime",
];

pub(super) fn named<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(name)] = values else { return None };
    let format = NAMES.into_iter().find(|it| it == name);
    Some(Ok(format.map_or(Value::Optional(None), |it| Value::some(Value::Format(it)))))
}

pub(super) fn dns_1123_label<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "dns1123Label")
}

pub(super) fn dns_1123_subdomain<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "dns1123Subdomain")
}

pub(super) fn dns_1035_label<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "dns1035Label")
}

pub(super) fn dns_1123_label_prefix<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "dns1123LabelPrefix")
}

pub(super) fn dns_1123_subdomain_prefix<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "dns1123SubdomainPrefix")
}

pub(super) fn dns_1035_label_prefix<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "dns1035LabelPrefix")
}

pub(super) fn qualified_name<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "qualifiedName")
}

pub(super) fn label_value<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "labelValue")
}

pub(super) fn uri<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "uri")
}

pub(super) fn uuid<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "uuid")
}

pub(super) fn byte<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "byte")
}

pub(super) fn date<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "date")
}

pub(super) fn date_time<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    constant(values, "datetime")
}

fn constant<'a>(values: &[Value<'a>], name: &'static str) -> Option<Outcome<'a>> {
    values.is_empty().then_some(Ok(Value::Format(name)))
}

pub(super) fn validate<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Format(format), Value::Text(text)] = values else { return None };
    // A name that a number is added to may end in a hyphen.
    let stem = || text.strip_suffix('-').unwrap_or(text);
    let plain = |fits: bool| (!fits).then(|| "it is of another form".to_owned());
    let problem = match *format {
        "dns1123Label" => formats::dns_label(text).map(str::to_owned),
        "dns1123Subdomain" => formats::dns_subdomain(text).map(str::to_owned),
        "dns1035Label" => formats::dns_1035_label(text).map(str::to_owned),
        "dns1123LabelPrefix" => formats::dns_label(stem()).map(str::to_owned),
        "dns1123SubdomainPrefix" => formats::dns_subdomain(stem()).map(str::to_owned),
        "dns1035LabelPrefix" => formats::dns_1035_label(stem()).map(str::to_owned),
        "qualifiedName" => formats::qualified_name(text).map(str::to_owned),
        "labelValue" => formats::label_value(text).map(str::to_owned),
        "uri" => plain(network::parse_url(text).is_some()),
        "uuid" => plain(schema_formats::is_uuid(text)),
        "byte" => plain(schema_formats::decode_base64(text).is_some()),
        "date" => plain(schema_formats::is_date(text.as_bytes())),
        "datetime" => plain(schema_formats::is_date_time(text)),
        other => return Some(Err(Failure::Beyond(format!("the format `{other}`")))),
    };
    Some(Ok(problem.map_or(Value::Optional(None), |it| Value::some(Value::list(vec![Value::text(it)])))))
}
