//! The functions that expressions may call: those of CEL itself and those that Kubernetes adds.
//!
//! <https://kubernetes.io/docs/reference/using-api/cel/>. A name that is not in the table is not judged.

mod format;
mod list;
pub(super) mod network;
mod number;
pub(super) mod operators;
mod quantity;
pub(super) mod text;
pub(super) mod time;
mod version;
mod written;
mod zones;

use super::evaluate::Outcome;
use super::value::{Failure, Value};

/// A function; `None` where it is not made for values of those types. What a method is called on comes first.
type Function = for<'a> fn(&[Value<'a>]) -> Option<Outcome<'a>>;

/// Every function by its name, methods with a dot in front; sorted.
static TABLE: &[(&str, Function)] = &[
    (".add", quantity::add),
    (".asApproximateFloat", quantity::as_double),
    (".asInteger", quantity::as_integer),
    (".charAt", text::char_at),
    (".compareTo", compare_to),
    (".contains", text::contains),
    (".containsCIDR", network::contains_cidr),
    (".containsIP", network::contains_ip),
    (".distinct", list::distinct),
    (".endsWith", text::ends_with),
    (".family", network::family),
    (".find", text::find),
    (".findAll", text::find_all),
    (".first", list::first),
    (".flatten", list::flatten),
    (".format", written::format),
    (".getDate", time::date),
    (".getDayOfMonth", time::day_of_month),
    (".getDayOfWeek", time::day_of_week),
    (".getDayOfYear", time::day_of_year),
    (".getEscapedPath", network::path),
    (".getFullYear", time::year),
    (".getHost", network::host),
    (".getHostname", network::hostname),
    (".getHours", time::hours),
    (".getMilliseconds", time::milliseconds),
    (".getMinutes", time::minutes),
    (".getMonth", time::month),
    (".getPort", network::port),
    (".getQuery", network::query),
    (".getScheme", network::scheme),
    (".getSeconds", time::seconds),
    (".hasValue", list::has_value),
    (".includes", list::includes),
    (".indexOf", index_of),
    (".ip", network::ip_of),
    (".isGlobalUnicast", network::is_global_unicast),
    (".isGreaterThan", is_greater_than),
    (".isInteger", quantity::is_integer),
    (".isLessThan", is_less_than),
    (".isLinkLocalMulticast", network::is_link_local_multicast),
    (".isLinkLocalUnicast", network::is_link_local_unicast),
    (".isLoopback", network::is_loopback),
    (".isSorted", list::is_sorted),
    (".isUnspecified", network::is_unspecified),
    (".join", text::join),
    (".last", list::last),
    (".lastIndexOf", last_index_of),
    (".lowerAscii", text::lower_ascii),
    (".major", version::major),
    (".masked", network::masked),
    (".matches", text::matches_any),
    (".max", list::max),
    (".min", list::min),
    (".minor", version::minor),
    (".patch", version::patch),
    (".prefixLength", network::prefix_length),
    (".replace", text::replace),
    (".reverse", text::reverse),
    (".sign", quantity::sign),
    (".size", number::size),
    (".slice", list::slice),
    (".sort", list::sort),
    (".split", text::split),
    (".startsWith", text::starts_with),
    (".sub", quantity::sub),
    (".substring", text::substring),
    (".sum", list::sum),
    (".trim", text::trim),
    (".unwrapOpt", list::unwrap),
    (".upperAscii", text::upper_ascii),
    (".validate", format::validate),
    (".value", list::value),
    ("bool", number::bool),
    ("bytes", number::bytes),
    ("cidr", network::cidr),
    ("double", number::double),
    ("duration", time::duration),
    ("dyn", number::dyn_),
    ("format.byte", format::byte),
    ("format.date", format::date),
    ("format.datetime", format::date_time),
    ("format.dns1035Label", format::dns_1035_label),
    ("format.dns1035LabelPrefix", format::dns_1035_label_prefix),
    ("format.dns1123Label", format::dns_1123_label),
    ("format.dns1123LabelPrefix", format::dns_1123_label_prefix),
    ("format.dns1123Subdomain", format::dns_1123_subdomain),
    ("format.dns1123SubdomainPrefix", format::dns_1123_subdomain_prefix),
    ("format.labelValue", format::label_value),
    ("format.named", format::named),
    ("format.qualifiedName", format::qualified_name),
    ("format.uri", format::uri),
    ("format.uuid", format::uuid),
    ("int", number::int),
    ("ip", network::ip),
    ("ip.isCanonical", network::is_canonical),
    ("isCIDR", network::is_cidr),
    ("isIP", network::is_ip),
    ("isQuantity", quantity::is_quantity),
    ("isSemver", version::is_semver),
    ("isURL", network::is_url),
    ("lists.range", list::range),
    ("matches", text::matches_any),
    ("optional.none", list::none),
    ("optional.of", list::some),
    ("optional.ofNonZeroValue", list::some_unless_zero),
    ("optional.unwrap", list::unwrap),
    ("quantity", quantity::quantity),
    ("semver", version::semver),
    ("sets.contains", list::sets_contains),
    ("sets.equivalent", list::sets_equivalent),
    ("sets.intersects", list::sets_intersect),
    ("sign", quantity::sign),
    ("size", number::size),
    ("string", number::string),
    ("strings.quote", written::quote),
    ("timestamp", time::timestamp),
    ("type", number::type_of),
    ("uint", number::uint),
    ("url", network::url),
];

/// Methods that the evaluation itself takes apart.
const LAZY: [&str; 2] = [".or", ".orValue"];

/// The words for types.
const TYPES: [&str; 10] =
    ["bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"];

fn find(name: &str) -> Option<Function> {
    TABLE.binary_search_by_key(&name, |(own, _)| own).ok().map(|at| TABLE[at].1)
}

fn full(name: &str, is_method: bool) -> String {
    if is_method { format!(".{name}") } else { name.to_owned() }
}

/// Whether there is a function of that name.
pub(super) fn is_known(name: &str, is_method: bool) -> bool {
    let name = full(name, is_method);
    find(&name).is_some() || LAZY.contains(&name.as_str())
}

/// Calls a function.
pub(super) fn call<'a>(name: &str, is_method: bool, values: &[Value<'a>]) -> Outcome<'a> {
    let function = find(&full(name, is_method));
    let function = function.ok_or_else(|| Failure::Beyond(format!("the function `{name}`")))?;
    let made = function(values);
    made.unwrap_or_else(|| Err(Failure::no_overload(name, &values.iter().collect::<Vec<_>>())))
}

/// The type of that name.
pub(super) fn type_named(name: &str) -> Option<&'static str> {
    TYPES.into_iter().find(|it| *it == name)
}

/// Whether a function compares every item of a list with every other.
pub(super) fn compares_items(name: &str) -> bool {
    matches!(
        name,
        "distinct"
            | "sort"
            | "indexOf"
            | "lastIndexOf"
            | "sets.contains"
            | "sets.equivalent"
            | "sets.intersects"
    )
}

/// A failure that the API server reports as well.
#[allow(clippy::unnecessary_wraps, reason = "it is what a function of the table gives")]
fn wrong<'a>(message: impl Into<String>) -> Option<Outcome<'a>> {
    Some(Err(Failure::Wrong(message.into())))
}

#[allow(clippy::unnecessary_wraps, reason = "it is what a function of the table gives")]
const fn truth<'a>(holds: bool) -> Option<Outcome<'a>> {
    Some(Ok(Value::Bool(holds)))
}

#[allow(clippy::unnecessary_wraps, reason = "it is what a function of the table gives")]
fn count<'a>(count: usize) -> Option<Outcome<'a>> {
    Some(Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX))))
}

fn compare_to<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [a @ (Value::Quantity(_) | Value::Version(_)), b] = values else { return None };
    Some(Ok(Value::Int(a.order(b)? as i64)))
}

fn is_greater_than<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [a @ (Value::Quantity(_) | Value::Version(_)), b] = values else { return None };
    truth(a.order(b)?.is_gt())
}

fn is_less_than<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [a @ (Value::Quantity(_) | Value::Version(_)), b] = values else { return None };
    truth(a.order(b)?.is_lt())
}

fn index_of<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    match values {
        [Value::Text(_), ..] => text::index_of(values),
        _ => list::index_of(values),
    }
}

fn last_index_of<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    match values {
        [Value::Text(_), ..] => text::last_index_of(values),
        _ => list::last_index_of(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} stands before {}", pair[0].0, pair[1].0);
        }
    }
}
