//! The server's side of the screens' one door: see [`app::port::Port`].

use super::{Web, details as facts};
use app::model::{Act, Refused};
use app::port::{Details, PACKED, Port};
use app::wire::Seed;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};

/// `POST /do/act`: see [`app::port::act`].
pub async fn act(State(web): State<Web>, body: Bytes) -> Response {
    match read::<(String, String, Act)>(&body) {
        Ok((id, by, act)) => packed(&Port::act(&web, id, by, act).await),
        Err(refused) => refused,
    }
}

/// `POST /do/details`: see [`app::port::details`].
pub async fn details(State(web): State<Web>, body: Bytes) -> Response {
    match read::<(String, String)>(&body) {
        Ok((kind, key)) => packed(&Port::details(&web, &kind, &key).await),
        Err(refused) => refused,
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Response> {
    postcard::from_bytes(body).map_err(|_| (StatusCode::BAD_REQUEST, "This is not a question of this version.\n").into_response())
}
fn packed(answer: &impl Serialize) -> Response {
    let body = postcard::to_extend(answer, Vec::new()).unwrap_or_default();
    ([(header::CONTENT_TYPE, PACKED)], body).into_response()
}

#[async_trait::async_trait]
impl Port for Web {
    fn seed(&self) -> Seed {
        let p = &self.engine.frozen().picture;
        Seed {
            at: self.clock.now(),
            city: p.city.clone(),
            feeds: p.feeds.clone(),
            kpis: p.kpis.clone(),
            alarms: p.alarms.values().cloned().collect(),
            incidents: p.incidents.values().cloned().collect(),
        }
    }
    async fn act(&self, id: String, by: String, act: Act) -> Result<String, Refused> {
        self.engine.act(&id, &by, act).await.map(|about| about.to_string())
    }
    async fn details(&self, kind: &str, key: &str) -> Option<Details> {
        facts::details(self, kind, key).await
    }
}
