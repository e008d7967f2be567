//! Names and figures that Kubernetes has a rule for, each a type whose constructor is that rule.
//!
//! Takes text; gives a value that the API server would accept in that place, or a [`NameError`] that states the rule in
//! one line and, where one is evident, the text that was meant. It refuses nothing that the API server accepts, save for
//! a few spellings that it accepts by accident; those are named at the type.
//!
//! Nothing here knows of objects, of TOML or of places in files.

mod cidr;
mod cron;
mod dns;
mod duration;
mod error;
mod host;
mod image;
mod key;
mod label;
mod port;
#[cfg(test)]
mod properties;
mod quantity;
mod quantity_text;
mod range;
pub(crate) mod secrecy;
mod semver;
mod text;
mod version;

pub use cidr::Cidr;
pub use cron::CronSchedule;
pub use dns::{DnsLabel, DnsSubdomain, ServiceName};
pub use duration::Duration;
pub use error::NameError;
pub use host::{HostName, HostPattern};
pub use image::ImageRef;
pub use key::{ConfigKey, EnvName};
pub use label::{AnnotationKey, LabelKey, LabelValue};
pub use port::{PortName, PortNumber};
pub use quantity::Quantity;
pub use range::ResourceRange;
pub use semver::SemanticVersion;
pub use version::KubernetesVersion;
