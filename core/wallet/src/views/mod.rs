//! Views: what lists of one kind, series of results and visits show, from the index in memory.

pub mod chart;
pub mod news;
pub mod results;
mod series;
pub mod trend;
pub mod visits;
mod words;
