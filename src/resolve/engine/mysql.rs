//! MySQL, as the official image runs it (<https://github.com/docker-library/docs/blob/master/mysql/README.md>).

use super::mysql_family::{self, Flavour};
use super::{Engine, Instance, OneShot, SchemaOf, Shape};
use crate::value::Value;

pub(super) const ENGINE: Engine = Engine {
    name: "mysql",
    scheme: "mysql",
    preset,
    shape,
    generate: "openssl rand -hex 24",
    least_memory: 0,
};

const FLAVOUR: Flavour = Flavour {
    prefix: "MYSQL",
    client: "mysql",
    admin: "mysqladmin",
    run: "/var/run/mysqld",
    port_name: "mysql",
};

fn preset() -> Value {
    // The mysql user of the image.
    mysql_family::preset(999)
}

fn shape(instance: &Instance<'_>) -> Shape {
    mysql_family::shape(&FLAVOUR, instance)
}

/// The Job that makes one more database and its user.
pub(super) fn schema(instance: &Instance<'_>, schema: &SchemaOf<'_>) -> OneShot {
    mysql_family::schema(&FLAVOUR, instance, schema)
}
