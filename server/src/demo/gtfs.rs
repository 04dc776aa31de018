//! The static GTFS that the demo's realtime feeds refer to: built in memory, the same bytes every time.

use super::{
    city::{Line, along, city},
    traffic::fleet,
};
use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// GTFS `stop_id` of a line's stop.
pub fn stop_id(line: &Line, index: usize) -> String {
    format!("{}-{index:02}", line.id)
}

/// The whole feed as a ZIP archive; empty should it not be possible to build one in memory.
pub fn zip() -> Vec<u8> {
    build().unwrap_or_default()
}

fn build() -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // DEFAULT, not default(): the latter would date the files with the clock when zip's `time` feature is on.
    let options = SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Deflated);
    for (name, text) in [
        ("agency.txt", agency()),
        ("calendar.txt", calendar()),
        ("routes.txt", routes()),
        ("shapes.txt", shapes()),
        ("stop_times.txt", stop_times()),
        ("stops.txt", stops()),
        ("trips.txt", trips()),
    ] {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

// The timetable is kept in UTC, so that a service day needs no daylight saving.
fn agency() -> String {
    "agency_id,agency_name,agency_url,agency_timezone,agency_lang\nfi,Firenze Demo Trasporti,https://trasporti.firenze.example,Etc/UTC,it\n"
        .to_owned()
}

fn calendar() -> String {
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\ndaily,1,1,1,1,1,1,1,20200101,20991231\n"
        .to_owned()
}

fn routes() -> String {
    let mut text = "route_id,agency_id,route_short_name,route_long_name,route_type,route_color,route_text_color\n".to_owned();
    for l in &city().lines {
        let long = quoted(&format!("{} - {}", l.from, l.to));
        let _ = writeln!(text, "{},fi,{},{long},{},{},FFFFFF", l.id, l.id, if l.is_tram() { 0 } else { 3 }, l.colour);
    }
    text
}

fn shapes() -> String {
    let mut text = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n".to_owned();
    for l in &city().lines {
        for (i, [lon, lat]) in l.path.iter().enumerate() {
            let _ = writeln!(text, "{}-a,{lat:.5},{lon:.5},{i}", l.id);
        }
        for (i, [lon, lat]) in l.path.iter().rev().enumerate() {
            let _ = writeln!(text, "{}-b,{lat:.5},{lon:.5},{i}", l.id);
        }
    }
    text
}

fn stops() -> String {
    let mut text = "stop_id,stop_name,stop_lat,stop_lon\n".to_owned();
    for l in &city().lines {
        for (i, stop) in l.stops.iter().enumerate() {
            let ([lon, lat], _) = along(&l.path, stop.at);
            let _ = writeln!(text, "{},{},{lat:.5},{lon:.5}", stop_id(l, i), quoted(&stop.name));
        }
    }
    text
}

fn trips() -> String {
    let mut text = "route_id,service_id,trip_id,trip_headsign,direction_id,block_id,shape_id\n".to_owned();
    each_trip(|block, k, back, _| {
        let l = block.line;
        let (to, way) = if back { (&l.from, "b") } else { (&l.to, "a") };
        let (trip, to) = (block.trip(k, back), quoted(to));
        let _ = writeln!(text, "{},daily,{trip},{to},{},{}-{},{}-{way}", l.id, u8::from(back), l.id, block.number, l.id);
    });
    text
}

fn stop_times() -> String {
    let mut text = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n".to_owned();
    each_trip(|block, k, back, start| {
        let trip = block.trip(k, back);
        for (i, (arrival, departure)) in block.times(back).iter().enumerate() {
            let (arrival, departure) = (clock(start + arrival.round() as i64), clock(start + departure.round() as i64));
            let _ = writeln!(text, "{trip},{arrival},{departure},{},{}", stop_id(block.line, block.stop(i, back)), i + 1);
        }
    });
    text
}

fn each_trip(mut visit: impl FnMut(&super::traffic::Block, i64, bool, i64)) {
    for block in fleet() {
        for k in 0..86_400 / block.round {
            for back in [false, true] {
                visit(block, k, back, block.first + k * block.round + if back { block.round / 2 } else { 0 });
            }
        }
    }
}

// After midnight GTFS counts on: 24:10:00 is ten past midnight of the service day before.
fn clock(s: i64) -> String {
    format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
