//! The one door from the screen to the server: what a page may ask and do besides listening to the live wire.
//!
//! The server implements [`Port`]; [`act`] and [`details`] are its only callers in the browser. Each is a
//! public HTTP endpoint, which judges for itself who may ask.

use crate::model::{Act, Position, Refused, Severity, Status, Time};
use crate::wire::Seed;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Everything known about a selected thing, ready to be read by people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// Its kind, for people: `Bus`, `Road works`.
    pub kind: String,
    /// Its name or headline.
    pub title: String,
    /// How bad, for what can be bad.
    pub severity: Option<Severity>,
    /// Whether it is real, for what can be a drill.
    pub status: Option<Status>,
    /// Where, if it has a place.
    pub position: Option<Position>,
    /// Every field it has.
    pub fields: Vec<Field>,
    /// Measured about it, each with its own age.
    pub readings: Vec<Measured>,
    /// When it was so, by the source's clock.
    pub observed_at: Option<Time>,
    /// When it reached us.
    pub received_at: Time,
    /// The id of its feed, from which title, owner, licence and promise are known.
    pub feed: Arc<str>,
    /// Where it came from.
    pub raw: Raw,
}

/// A field: its name and its value, both as shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Its name: plain words for the model's own, the standard's words for the rest.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A quantity measured at a thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// What.
    pub title: String,
    /// How much, with unit; a dash when the source does not know.
    pub value: String,
    /// When.
    pub observed_at: Option<Time>,
    /// The feed it came by.
    pub feed: Arc<str>,
}

/// The raw message a thing came in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Raw {
    /// SHA-256 of the whole message: its address is `/api/v1/raw/{sha256}`.
    pub sha256: Arc<str>,
    /// Bytes of the whole message; 0 when it is no longer kept.
    pub size: usize,
    /// The thing's own record in it, as text.
    pub record: String,
    /// Where in the message that record stands: first byte, and one past the last.
    pub span: (u32, u32),
}

/// What the server does for a screen.
#[async_trait::async_trait]
pub trait Port: Send + Sync {
    /// The picture to render a page from.
    fn seed(&self) -> Seed;
    /// Does `act` for `by`. `id` is the sender's own, so that sending twice does nothing twice. Answers only when it is written
    /// down: the incident or alarm it concerned.
    async fn act(&self, id: String, by: String, act: Act) -> Result<String, Refused>;
    /// Everything known about the thing of that kind (`mover`, `place`, `situation`, `feed`) and key; `None` when it is gone.
    async fn details(&self, kind: &str, key: &str) -> Option<Details>;
}

/// Where an act is posted, and what is posted: the sender's id of it, who, what. Answered with [`Acted`].
pub const ACT: &str = "/do/act";
/// What an act is answered with: what it concerned, or why it was not done.
pub type Acted = Result<String, Refused>;
/// Where details are asked for, by kind and key. Answered with an `Option<Details>`.
pub const DETAILS: &str = "/do/details";

/// Does an act; see [`Port::act`]. The inner result is the refusal, for people; the outer one says why there was no answer.
pub async fn act(id: String, by: String, act: Act) -> Result<Acted, String> {
    ask(ACT, &(id, by, act)).await
}

/// Details of a thing; see [`Port::details`].
pub async fn details(kind: String, key: String) -> Result<Option<Details>, String> {
    ask(DETAILS, &(kind, key)).await
}

// A question and its answer, packed like everything on the wire.
#[cfg(feature = "hydrate")]
async fn ask<T: serde::de::DeserializeOwned>(address: &str, question: &impl Serialize) -> Result<T, String> {
    let packed = postcard::to_extend(question, Vec::new()).map_err(|e| e.to_string())?;
    let body = js_sys::Uint8Array::from(packed.as_slice());
    let request = gloo_net::http::Request::post(address).header("content-type", PACKED).body(body).map_err(|e| e.to_string())?;
    let response = request.send().await.map_err(|e| e.to_string())?;
    if !response.ok() {
        return Err(format!("the server answered {}", response.status()));
    }
    let answer = response.binary().await.map_err(|e| e.to_string())?;
    postcard::from_bytes(&answer).map_err(|_| "the server answered in another version: reload the page".to_owned())
}
// The server asks itself nothing: its pages are rendered from the seed.
#[cfg(not(feature = "hydrate"))]
async fn ask<T>(_: &str, _: &impl Serialize) -> Result<T, String> {
    Err("only a browser asks".to_owned())
}

/// The media type of packed questions and answers.
pub const PACKED: &str = "application/x-postcard";
