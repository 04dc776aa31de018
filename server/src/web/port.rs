//! The server's side of the screens' one door: see [`app::port::Port`].

use super::{Web, details};
use app::model::{Act, Refused};
use app::port::{Details, Port};
use app::wire::Seed;

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
        details::details(self, kind, key).await
    }
}
