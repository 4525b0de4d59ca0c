//! Processor time in nanoseconds that the typed resources take to read the named bundles, for `cargo xtask bench records`.

use std::hint::black_box;
use std::time::Duration;

use fhir::r4::resources::Resource;
use rustix::time::{ClockId, clock_gettime};

fn main() {
    let texts: Vec<Vec<u8>> =
        std::env::args_os().skip(1).map(|file| std::fs::read(file).expect("a bundle")).collect();
    let start = processor_time();
    for text in &texts {
        black_box(serde_json::from_slice::<Resource>(text).expect("R4"));
    }
    println!("{}", (processor_time() - start).as_nanos());
}

fn processor_time() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec.try_into().expect("no clock runs backwards"), now.tv_nsec.try_into().expect("below 10^9"))
}
