//! Raw objects: emitted as they are written, without the labels of the platform.

use crate::model::{Platform, Raw};
use crate::object::Object;

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let object =
        |raw: &Raw| Object::from_value(raw.object.clone(), raw.component.as_str(), raw.source.clone());
    platform.raw.iter().map(object).collect()
}
