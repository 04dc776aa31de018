//! The recent past of every KPI: one value every fifteen seconds, ten minutes of them.

use crate::ledger::journal::KpiSample;
use app::model::{Freshness, Kpi, Time};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

/// Recent values by KPI.
#[derive(Default)]
pub struct Trends {
    values: BTreeMap<Arc<str>, VecDeque<Option<f32>>>,
    last: Option<i64>,
}

impl Trends {
    /// Trends that continue from what the journal kept: (time, value), oldest first.
    pub fn restore(&mut self, kpi: &str, samples: &[(Time, Option<f64>, i64)], now: Time) {
        let here = now.millis().div_euclid(1000 * Kpi::TREND_STEP_S);
        let by_step: BTreeMap<i64, Option<f32>> =
            samples.iter().map(|(t, v, _)| (t.millis().div_euclid(1000 * Kpi::TREND_STEP_S), v.map(|v| v as f32))).collect();
        // The time nobody watched stays a gap.
        let Some(first) = by_step.keys().next() else { return };
        let from = (*first).max(here - Kpi::TREND_LEN as i64);
        self.values.insert(kpi.into(), (from..here).map(|step| by_step.get(&step).copied().flatten()).collect());
    }

    /// Takes a sample of every KPI when a new step has begun; what is to be written down.
    pub fn sample(&mut self, kpis: &[Kpi], now: Time) -> Vec<KpiSample> {
        let step = now.millis().div_euclid(1000 * Kpi::TREND_STEP_S);
        if kpis.is_empty() || self.last == Some(step) {
            return Vec::new();
        }
        self.last = Some(step);
        for k in kpis {
            let values = self.values.entry(k.id.clone()).or_default();
            values.push_back(k.value.filter(|_| k.freshness != Freshness::Unknown).map(|v| v as f32));
            while values.len() > Kpi::TREND_LEN {
                values.pop_front();
            }
        }
        kpis.iter().map(|k| KpiSample { kpi: k.id.clone(), at: now, value: k.value, freshness: k.freshness as i64 }).collect()
    }

    /// The recent values of a KPI, oldest first.
    pub fn of(&self, kpi: &str) -> Vec<Option<f32>> {
        self.values.get(kpi).map(|v| v.iter().copied().collect()).unwrap_or_default()
    }
}
