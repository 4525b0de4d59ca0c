//! Measuring without a clock on the wall: processor time of this process, peak memory, medians of ratios.

use std::time::Duration;

/// Processor time (user and system) of this process so far.
pub fn cpu() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    let nanos = u32::try_from(now.tv_nsec).unwrap_or(0);
    Duration::new(seconds, nanos)
}

/// Processor time of a piece of work.
pub fn cpu_of<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = cpu();
    let result = work();
    (result, cpu().saturating_sub(start))
}

/// Most resident memory of this process so far, in bytes; 0 where the system does not say.
pub fn peak_memory() -> u64 {
    status("VmHWM:")
}

/// Resident memory of this process now, in bytes; 0 where the system does not say.
pub fn resident_memory() -> u64 {
    status("VmRSS:")
}

fn status(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or("0 kB");
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or(0) * 1024
}

/// The middle value.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// One row of a table of ratios: rounds of (peer, Kosha), taken in turn.
#[derive(Debug, Default)]
pub struct Ratio {
    peer: Vec<Duration>,
    ours: Vec<Duration>,
}

impl Ratio {
    /// Adds a round.
    pub fn round(&mut self, peer: Duration, ours: Duration) {
        self.peer.push(peer);
        self.ours.push(ours);
    }

    /// Median over the rounds of ours divided by peer.
    pub fn ratio(&self) -> f64 {
        median(
            self.peer
                .iter()
                .zip(&self.ours)
                .map(|(peer, ours)| ours.as_secs_f64() / peer.as_secs_f64())
                .collect(),
        )
    }

    /// The peer's times.
    pub fn peers(&self) -> &[Duration] {
        &self.peer
    }

    /// Prints `name | peer | ours | ratio | target`; the times are medians, divided by `per` operations.
    #[allow(clippy::cast_precision_loss)]
    pub fn print(&self, name: &str, per: usize, target: &str) {
        let micros = |times: &[Duration]| {
            median(times.iter().map(|time| time.as_secs_f64() * 1e6 / per as f64).collect())
        };
        println!(
            "| {name} | {:.2} us | {:.2} us | {:.2} | {target} |",
            micros(&self.peer),
            micros(&self.ours),
            self.ratio()
        );
    }
}
