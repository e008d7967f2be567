//! stub
use crate::diag::{Code, Diagnostic};
use crate::object::Object;
use crate::source::KeyPath;
pub static CODES: &[&Code] = &[];
pub struct Context;
impl Context {
    pub fn of(_: &crate::model::Platform) -> Self {
        Context
    }
}
pub struct Finding {
    pub diagnostic: Diagnostic,
    pub source: KeyPath,
}
pub fn run(_: &[Object], _: &Context) -> Vec<Finding> {
    vec![]
}
