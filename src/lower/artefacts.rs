//! stub
use crate::model::Platform;
pub struct Artefact {
    pub path: String,
    pub content: ArtefactContent,
    pub executable: bool,
}
pub enum ArtefactContent {
    Text(String),
    Yaml(serde_json::Value),
}
pub fn artefacts(_: &Platform) -> Vec<Artefact> {
    vec![]
}
pub fn shared_artefacts(_: &Platform, _: &[&Platform]) -> Vec<Artefact> {
    vec![]
}
