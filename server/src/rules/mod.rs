//! Stage 3: derive. Pure functions of the city and the moment: KPIs, alarms, and the words on symbols.

pub mod alarm;
pub mod badge;
pub mod kpi;
