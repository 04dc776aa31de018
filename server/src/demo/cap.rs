//! The demo's public warnings: CAP 1.2 documents and the Atom index that lists them.
//!
//! Owns: what is warned of and when. Every warning hangs on an hour or a day, so that asking twice gives the same document; when it
//! is issued anew it gets a new identifier and names the one it replaces.

use super::city::{BOUNDS, Point, band, city};
use app::model::Time;
use std::fmt::Write as _;

const SENDER: &str = "sala@protezionecivile.firenze.example";
const HOUR: i64 = 3600;

/// A warning.
struct Warning {
    /// What it is about, and so the beginning of its identifier.
    slug: &'static str,
    /// When it was sent, seconds since the epoch.
    sent: i64,
    /// How long it holds, seconds.
    holds: i64,
    /// When the one that it replaces was sent.
    before: Option<i64>,
    status: &'static str,
    category: &'static str,
    // Urgency, severity, certainty.
    judged: [&'static str; 3],
    response: &'static str,
    texts: [Text; 2],
    area: &'static str,
    place: Place,
}
/// Language, event, headline, description, instruction.
type Text = [&'static str; 5];
enum Place {
    /// 250 m on either side of the Arno.
    River,
    /// Centre, kilometres.
    Circle(Point, f64),
    Polygon(&'static [Point]),
}

/// The warnings that are out at `now`.
fn warnings(now: Time) -> Vec<Warning> {
    let s = now.millis().div_euclid(1000);
    let since = |period: i64| s.div_euclid(period) * period;
    let (watch, day, hour, half) = (since(6 * HOUR), since(24 * HOUR), since(HOUR), since(HOUR / 2));
    let mut all = vec![
        Warning {
            slug: "arno",
            sent: watch,
            holds: 7 * HOUR,
            before: Some(watch - 6 * HOUR),
            status: "Actual",
            category: "Met",
            judged: ["Expected", "Severe", "Likely"],
            response: "Prepare",
            texts: [
                [
                    "it-IT",
                    "Allerta idraulica",
                    "Arno: possibile piena nelle prossime ore",
                    "Il livello dell'Arno a Nave di Rosano sale. Il colmo di piena è atteso in città entro sei ore.",
                    "Evitare argini, sottopassi e locali interrati lungo il fiume.",
                ],
                [
                    "en",
                    "Flood watch",
                    "Arno: flooding possible in the coming hours",
                    "The Arno is rising at Nave di Rosano. The crest is expected in the city within six hours.",
                    "Keep away from embankments, underpasses and basements along the river.",
                ],
            ],
            area: "Firenze, lungarni e argini dell'Arno",
            place: Place::River,
        },
        season(now, day),
        Warning {
            slug: "esercitazione",
            sent: hour,
            holds: HOUR,
            before: None,
            status: "Exercise",
            category: "Geo",
            judged: ["Immediate", "Extreme", "Observed"],
            response: "Evacuate",
            texts: [
                [
                    "it-IT",
                    "Terremoto (esercitazione)",
                    "ESERCITAZIONE: scossa simulata a Campo di Marte",
                    "Questo è solo un messaggio di esercitazione. Nessun evento reale è in corso.",
                    "Nessuna azione richiesta.",
                ],
                [
                    "en",
                    "Earthquake (exercise)",
                    "EXERCISE: simulated shock at Campo di Marte",
                    "This is an exercise message only. Nothing of the kind is happening.",
                    "No action is required.",
                ],
            ],
            area: "Campo di Marte",
            place: Place::Polygon(&[[11.272, 43.776], [11.292, 43.776], [11.292, 43.788], [11.272, 43.788], [11.272, 43.776]]),
        },
    ];
    // Comes and goes: in force from 10 to 25 minutes past each half hour.
    let smoke = half + 10 * 60;
    if (smoke..smoke + 15 * 60).contains(&s) {
        all.push(Warning {
            slug: "fumi",
            sent: smoke,
            holds: 15 * 60,
            before: None,
            status: "Actual",
            category: "CBRNE",
            judged: ["Immediate", "Extreme", "Observed"],
            response: "Shelter",
            texts: [
                ["it-IT", "Fumi tossici", "Novoli: fumi da un magazzino chimico, restare in casa",
                 "Un incendio in un magazzino di solventi tra via di Novoli e viale Guidoni sprigiona fumi irritanti. Vento da nord-ovest.",
                 "Restare al chiuso, chiudere porte e finestre, spegnere la ventilazione."],
                ["en", "Toxic smoke", "Novoli: smoke from a chemical warehouse, stay indoors",
                 "A fire in a solvent warehouse between Via di Novoli and Viale Guidoni gives off irritating smoke. Wind from the north-west.",
                 "Stay inside, close doors and windows, switch off ventilation."],
            ],
            area: "Novoli, tra via di Novoli e viale Guidoni",
            place: Place::Polygon(&[
                [11.2165, 43.7965], [11.2235, 43.7985], [11.2330, 43.7925], [11.2300, 43.7875], [11.2200, 43.7900], [11.2165, 43.7965],
            ]),
        });
    }
    all
}

// Heat in summer, wind in the rest of the year: re-issued every day.
fn season(now: Time, day: i64) -> Warning {
    let summer = (5..=9).contains(&now.civil().1);
    let texts: [Text; 2] = if summer {
        [
            [
                "it-IT",
                "Ondata di calore",
                "Ondata di calore: livello 2",
                "Temperature percepite oltre 37 °C nelle ore centrali.",
                "Bere spesso, non uscire tra le 12 e le 18, chiamare gli anziani soli.",
            ],
            [
                "en",
                "Heat advisory",
                "Heat wave: level 2",
                "Felt temperatures above 37 °C around midday.",
                "Drink often, stay in between 12 and 18, call elderly people who live alone.",
            ],
        ]
    } else {
        [
            [
                "it-IT",
                "Vento forte",
                "Vento forte: raffiche fino a 70 km/h",
                "Raffiche di grecale fino a 70 km/h su pianura e colline.",
                "Assicurare oggetti sui balconi, evitare parchi e viali alberati.",
            ],
            [
                "en",
                "Wind advisory",
                "Strong wind: gusts up to 70 km/h",
                "North-easterly gusts up to 70 km/h in the plain and on the hills.",
                "Secure loose objects, avoid parks and tree-lined avenues.",
            ],
        ]
    };
    Warning {
        slug: if summer { "caldo" } else { "vento" },
        sent: day,
        holds: 24 * HOUR,
        before: None,
        status: "Actual",
        category: "Met",
        judged: ["Expected", "Moderate", "Likely"],
        response: "Execute",
        texts,
        area: "Firenze",
        place: Place::Circle([11.2415, 43.7800], 5.5),
    }
}

impl Warning {
    fn id(&self) -> String {
        identifier(self.slug, self.sent)
    }
}
fn identifier(slug: &str, sent: i64) -> String {
    format!("IT-FI-{slug}-{sent}")
}

/// The Atom index; `base` is where the demo city is served, without a slash at its end.
pub fn index(now: Time, base: &str) -> Vec<u8> {
    let all = warnings(now);
    let updated = all.iter().map(|w| w.sent).max().unwrap_or_default();
    let base = escape(base);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" \
         xmlns:cap=\"urn:oasis:names:tc:emergency:cap:1.2\">\n  <id>{base}/cap/index.atom</id>\n  \
         <title>Protezione civile di Firenze: allerte in corso</title>\n  <updated>{}</updated>\n  \
         <author><name>Protezione civile di Firenze (demo)</name></author>\n  <link rel=\"self\" href=\"{base}/cap/index.atom\"/>\n",
        Time::from_secs(updated)
    );
    for w in &all {
        let (id, sent, headline) = (w.id(), Time::from_secs(w.sent), escape(w.texts[0][2]));
        let _ = write!(
            xml,
            "  <entry>\n    <id>tag:protezionecivile.firenze.example,2026:{id}</id>\n    <title>{headline}</title>\n    <updated>{sent}</updated>\n    \
             <link rel=\"alternate\" type=\"application/cap+xml\" href=\"{base}/cap/{id}.xml\"/>\n    <summary>{}</summary>\n  </entry>\n",
            escape(w.texts[0][3])
        );
    }
    xml += "</feed>\n";
    xml.into_bytes()
}

/// One warning's document, if it is out at `now` or was ten minutes ago: an index just read may still point at it.
pub fn document(now: Time, id: &str) -> Option<Vec<u8>> {
    let found = |at: Time| warnings(at).into_iter().find(|w| w.id() == id);
    found(now).or_else(|| found(now.shifted(-600_000))).map(|w| write_document(&w).into_bytes())
}

fn write_document(w: &Warning) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n  \
         <identifier>{}</identifier>\n  <sender>{SENDER}</sender>\n  <sent>{}</sent>\n  <status>{}</status>\n  <msgType>{}</msgType>\n  \
         <scope>Public</scope>\n",
        w.id(),
        date_time(w.sent),
        w.status,
        if w.before.is_some() { "Update" } else { "Alert" },
    );
    if w.status == "Exercise" {
        xml += "  <note>Esercitazione mensile di protezione civile</note>\n";
    }
    if let Some(before) = w.before {
        let _ = writeln!(xml, "  <references>{SENDER},{},{}</references>", identifier(w.slug, before), date_time(before));
    }
    for [language, event, headline, description, instruction] in w.texts {
        let [urgency, severity, certainty] = w.judged;
        let (sent, expires) = (date_time(w.sent), date_time(w.sent + w.holds));
        let _ = write!(
            xml,
            "  <info>\n    <language>{language}</language>\n    <category>{}</category>\n    <event>{}</event>\n    \
             <responseType>{}</responseType>\n    <urgency>{urgency}</urgency>\n    <severity>{severity}</severity>\n    \
             <certainty>{certainty}</certainty>\n    <effective>{sent}</effective>\n    <onset>{sent}</onset>\n    <expires>{expires}</expires>\n    \
             <senderName>Protezione civile di Firenze (demo)</senderName>\n    <headline>{}</headline>\n    \
             <description>{}</description>\n    <instruction>{}</instruction>\n    <area>\n      <areaDesc>{}</areaDesc>\n      {}\n    \
             </area>\n  </info>\n",
            w.category,
            escape(event),
            w.response,
            escape(headline),
            escape(description),
            escape(instruction),
            escape(w.area),
            place(&w.place),
        );
    }
    xml += "</alert>\n";
    xml
}

// CAP writes latitude first, and a polygon's last pair repeats its first.
fn place(place: &Place) -> String {
    let ring = |points: &[Point]| {
        let pairs: Vec<String> = points
            .iter()
            .map(|[lon, lat]| format!("{:.5},{:.5}", lat.clamp(BOUNDS[1], BOUNDS[3]), lon.clamp(BOUNDS[0], BOUNDS[2])))
            .collect();
        format!("<polygon>{}</polygon>", pairs.join(" "))
    };
    match place {
        Place::River => ring(&band(&city().river, 250.0)),
        Place::Polygon(points) => ring(points),
        Place::Circle([lon, lat], km) => format!("<circle>{lat:.5},{lon:.5} {km:.1}</circle>"),
    }
}

// CAP 1.2, section 3.3.2: the zone is written in digits, and UTC as -00:00; Z is not allowed.
fn date_time(secs: i64) -> String {
    Time::from_secs(secs).to_string().replace('Z', "-00:00")
}

/// Text made safe for XML content and attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
