//! Laws that hold for every city and every order of things. A failure prints the numbers that make it happen again.

mod common;

use app::model::{Command, Fix, Freshness, Key, Observed, Time};
use app::wire::{Down, Joiner, PIECE, Picture, pieces};
use common::{
    dice::{Dice, feeds},
    now,
};
use proptest::prelude::*;
use server::{
    ledger::{City, Entry, Journal},
    rules::kpi::KPIS,
    stream::{publish::Publisher, trend::Trends},
};
use std::sync::Arc;

// What happens, one number a thing; and how many milliseconds after the one before.
fn happenings() -> impl Strategy<Value = Vec<(u64, i64)>> {
    let wait = prop_oneof![6 => 0..3_000i64, 2 => 0..60_000i64, 1 => 0..20_000_000i64];
    prop::collection::vec((any::<u64>(), wait), 1..40)
}
fn publisher() -> Publisher {
    Publisher::new(Dice::new(1).city_view())
}
// Journal first: a command that may not be done is no entry.
fn allowed(city: &City, entry: &Entry) -> bool {
    match entry {
        Entry::Command(c) => city.done(&c.id).is_none() && city.check(c).is_ok(),
        _ => true,
    }
}

proptest! {
    #[test]
    fn every_frame_is_read_as_it_was_written(seed: u64) {
        for down in Dice::new(seed).downs() {
            let frame = down.encode();
            prop_assert_eq!(Down::decode(&frame), Ok(down));
            let (mut joiner, mut whole) = (Joiner::default(), None);
            for piece in pieces(&frame) {
                prop_assert!(piece.len() <= PIECE + 1);
                prop_assert!(whole.is_none(), "only the last piece ends a frame");
                whole = joiner.push(&piece);
            }
            prop_assert_eq!(whole, Some(frame));
        }
    }

    #[test]
    fn frames_of_any_length_are_put_together_again(len in prop_oneof![1..50usize, PIECE - 2..PIECE + 2, 2 * PIECE - 2..2 * PIECE + 2]) {
        let frame: Vec<u8> = (0..len).map(|i| i as u8).collect();
        let mut joiner = Joiner::default();
        let joined: Vec<Vec<u8>> = pieces(&frame).filter_map(|p| joiner.push(&p)).collect();
        prop_assert_eq!(joined, [frame]);
        prop_assert_eq!(joiner.push(&[]), None, "an empty piece is no piece");
    }

    #[test]
    fn no_damaged_frame_does_harm(seed: u64, cut: prop::sample::Index, hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8)) {
        for down in Dice::new(seed).downs() {
            let mut frame = down.encode();
            for (at, byte) in &hits {
                let at = at.index(frame.len());
                frame[at] ^= byte;
            }
            // A damaged frame may still say something; a picture must survive being told it.
            if let Ok(Down::Delta { changes, .. }) = Down::decode(&frame) {
                let mut picture = Picture::empty(Dice::new(1).city_view());
                changes.into_iter().for_each(|c| picture.apply(c));
            }
            let whole = down.encode();
            let cut = cut.index(whole.len());
            prop_assert!(Down::decode(&whole[..cut]).is_err(), "a frame cut at {} of {} was read", cut, whole.len());
        }
    }

    #[test]
    fn noise_does_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Down::decode(&bytes);
        let _ = Entry::decode(&bytes);
        let _ = Joiner::default().push(&bytes);
    }

    #[test]
    fn every_entry_is_read_as_it_was_written(seed: u64) {
        let entry = Dice::new(seed).entry(now());
        prop_assert_eq!(Entry::decode(&entry.encode()), Some(entry));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_picture_with_its_changes_is_the_next_picture(happenings in happenings()) {
        let (mut city, mut publisher, mut at) = (City::new(feeds()), publisher(), now());
        // Two clients: one is there from the start, one reads every frame off the wire.
        let (mut near, mut far) = (publisher.picture.clone(), publisher.picture.clone());
        for (seed, wait) in happenings {
            let mut dice = Dice::new(seed);
            at = at.shifted(wait);
            let _ = city.apply(dice.entry(at));
            if dice.once_in(3) {
                continue; // several things between two ticks
            }
            city.forget(at);
            let changes = publisher.changes(&mut city, &Trends::default(), at, dice.once_in(2));
            let frame = Down::Delta { seq: 1, at, changes: changes.clone() }.encode();
            changes.into_iter().for_each(|c| near.apply(c));
            prop_assert_eq!(&near, &publisher.picture);
            let Ok(Down::Delta { changes, .. }) = Down::decode(&frame) else { panic!("unreadable") };
            changes.into_iter().for_each(|c| far.apply(c));
            prop_assert_eq!(far.hash(), publisher.picture.hash());
        }
        // Looking only at what was touched misses nothing: who looks at everything sees the same.
        city.forget(at);
        publisher.changes(&mut city, &Trends::default(), at, true);
        let mut all = City::new(feeds());
        all.clone_from(&city);
        all.configure(feeds());
        let mut anew = self::publisher();
        anew.changes(&mut all, &Trends::default(), at, true);
        let timeless = |mut p: Picture| {
            // What Vedetta knows by itself is always of now, and need not travel to say so.
            p.kpis.iter_mut().filter(|k| k.inputs.is_empty()).for_each(|k| k.observed_at = None);
            p
        };
        prop_assert_eq!(timeless(anew.picture), timeless(publisher.picture));
    }

    #[test]
    fn a_replay_tells_what_was_lived(happenings in happenings()) {
        // The living city forgets whenever it is looked at; the replay only at its end.
        let (mut lived, mut entries, mut at) = (City::new(feeds()), Vec::new(), now());
        for (seed, wait) in happenings {
            let mut dice = Dice::new(seed);
            at = at.shifted(wait);
            let entry = dice.entry(at);
            if allowed(&lived, &entry) {
                entries.push(entry.clone());
                let _ = lived.apply(entry);
            }
            if dice.once_in(2) {
                lived.forget(at);
            }
        }
        let mut told = City::new(feeds());
        for entry in entries {
            let _ = told.apply(entry);
        }
        told.forget(at);
        lived.forget(at);
        prop_assert_eq!(told, lived);
    }

    #[test]
    fn nothing_made_of_the_old_is_fresh(happenings in happenings(), later in prop_oneof![0..5_000i64, 0..10_000_000i64]) {
        let (mut city, mut at) = (City::new(feeds()), now());
        for (seed, wait) in happenings {
            at = at.shifted(wait);
            let _ = city.apply(Dice::new(seed).entry(at));
        }
        at = at.shifted(later);
        for rule in KPIS {
            let kpi = (rule.compute)(&city, at).kpi(rule, at);
            for input in &kpi.inputs {
                prop_assert!(kpi.freshness >= input.freshness, "{} is {:?} over {:?}", kpi.id, kpi.freshness, input);
                let feed = city.feed(&input.feed).unwrap();
                let judged = feed.health.judge(&feed.feed.promise, at);
                prop_assert!(kpi.freshness >= judged, "{} is {:?}, feed {} is {:?}", kpi.id, kpi.freshness, input.feed, judged);
            }
            prop_assert!(kpi.freshness != Freshness::Unknown || kpi.value.is_none(), "{} has a number nobody knows", kpi.id);
            prop_assert!(kpi.value.is_none_or(f64::is_finite));
        }
    }

    #[test]
    fn no_mover_goes_back_in_time(happenings in happenings()) {
        let (mut city, mut at) = (City::new(feeds()), now());
        for (seed, wait) in happenings {
            at = at.shifted(wait);
            let before = city.fixes.clone();
            let _ = city.apply(Entry::Batch(Dice::new(seed).batch(at)));
            for (k, new) in &city.fixes {
                // One that says nothing about now any more may be gone at any moment: whatever follows it starts anew.
                let counts = |o: &&Arc<Observed<Fix>>| {
                    let limit = city.feed(&o.source().feed).unwrap().feed.promise.forgotten_after();
                    o.observed_at().unwrap_or(o.received_at()).min(o.received_at()).age(at) <= limit
                };
                let old = before.get(k).filter(counts).and_then(|o| o.observed_at());
                if let (Some(old), Some(new)) = (old, new.observed_at()) {
                    prop_assert!(new >= old, "{} went from {} to {}", k, old, new);
                }
            }
        }
    }

    #[test]
    fn doing_a_thing_twice_does_it_once(happenings in happenings()) {
        let (mut once, mut twice, mut at) = (City::new(feeds()), City::new(feeds()), now());
        for (seed, wait) in happenings {
            at = at.shifted(wait);
            let command = Dice::new(seed).command(at);
            let first = once.apply(Entry::Command(command.clone()));
            prop_assert_eq!(&twice.apply(Entry::Command(command.clone())), &first);
            // Sent again, later, over a bad network: the same answer, and nothing more.
            let again = twice.apply(Entry::Command(Command { at: at.shifted(5_000), ..command }));
            if first.is_ok() {
                prop_assert_eq!(again, first);
            }
            prop_assert_eq!(&once.incidents, &twice.incidents);
            prop_assert_eq!(&once.alarm_acts, &twice.alarm_acts);
        }
    }
}

#[test]
fn fixes_in_any_order_end_at_the_latest() {
    let at = |s: i64| now().shifted(s * 1000);
    let batch = |s: i64| {
        let mut dice = Dice::new(3);
        let mut report = std::iter::from_fn(|| Some(dice.report(now()))).find(|r| r.body.kind() == "fix").unwrap();
        report.observed_at = Some(at(s));
        Entry::Batch(server::ledger::Batch {
            feed: Some("a".into()),
            received_at: at(20),
            raws: vec!["raw".into()],
            reports: vec![report],
            ..Default::default()
        })
    };
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1], [3, 1, 2]] {
        let mut city = City::new(feeds());
        for s in order {
            let _ = city.apply(batch(s));
        }
        let seen: Vec<(&Key, Option<Time>)> = city.fixes.iter().map(|(k, o)| (k, o.observed_at())).collect();
        assert_eq!(seen.iter().map(|s| s.1).collect::<Vec<_>>(), [Some(at(3))], "{order:?}");
    }
}

proptest! {
    // Each case writes to a disk.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_journal_read_twice_tells_the_same(happenings in happenings(), checkpoint in any::<prop::sample::Index>(), group in 1..6usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (plain, with) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let (mut lived, mut at, mut waiting) = (City::new(feeds()), now(), Vec::new());
            let mut journals = [Journal::open(plain.path()).await.unwrap(), Journal::open(with.path()).await.unwrap()];
            let (many, checkpoint) = (happenings.len(), checkpoint.index(happenings.len()));
            for (i, (seed, wait)) in happenings.into_iter().enumerate() {
                at = at.shifted(wait);
                let entry = Dice::new(seed).entry(at);
                if allowed(&lived, &entry) {
                    waiting.push((entry.at(), entry.encode()));
                    let _ = lived.apply(entry);
                }
                if i % group == 0 || i == checkpoint || i + 1 == many {
                    for journal in &mut journals {
                        journal.append(&waiting, &[], &[], i % 2 == 0).await.unwrap();
                    }
                    waiting.clear();
                }
                if i == checkpoint {
                    journals[1].checkpoint(&lived, at).await.unwrap();
                }
            }
            let seq = journals[0].seq();
            // As after a crash: nobody says good-bye.
            drop(journals);
            for dir in [&plain, &plain, &with, &with] {
                let mut journal = Journal::open(dir.path()).await.unwrap();
                assert_eq!(journal.seq(), seq);
                let told = journal.restore(feeds()).await.unwrap();
                assert_eq!(told, lived);
                let shown = |city: &City| {
                    let mut publisher = publisher();
                    publisher.changes(&mut city.clone(), &Trends::default(), at, true);
                    publisher.picture
                };
                let mut lived = lived.clone();
                lived.configure(feeds());
                assert_eq!(shown(&told), shown(&lived));
            }
        });
    }
}
