//! What a record costs and how fast a journal is proved: `cargo bench --bench journal [-- FOLDER]`.
//!
//! The folder says which disk is measured; it is a temporary one when left out.

#![expect(clippy::disallowed_methods, reason = "it measures files and time")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails has nothing to say")]

use rutter::journal::file::{self, Writer};
use rutter::journal::identity::Identity;
use rutter::journal::scan::scan;
use rutter::journal::shelf::Shelf;
use rutter::journal::stamp::Stamp;
use serde::de::IgnoredAny;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

const APPENDS: usize = 2_000;
const LONG: usize = 100_000;

fn main() {
    let named = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let folder = match named {
        Some(named) => tempfile::tempdir_in(named).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    let event = "x".repeat(300);
    let line = made(folder.path(), &event);
    println!("record of {} bytes, {APPENDS} times; microseconds", line.len());
    println!("{:32} {:>8} {:>8} {:>8} {:>8}", "", "p50", "p90", "p99", "max");

    let raw = |name: &str| {
        OpenOptions::new().create(true).append(true).open(folder.path().join(name)).unwrap()
    };
    let mut plain = raw("plain");
    told("write", &timed(|| plain.write_all(&line).unwrap()));
    let mut synced = raw("synced");
    told(
        "write, fdatasync",
        &timed(|| {
            synced.write_all(&line).unwrap();
            synced.sync_data().unwrap();
        }),
    );
    let (stamp, by) = (Stamp::now(), Identity::observe(None));
    let mut lazy = writer(folder.path(), "lazy");
    told(
        "Writer::append_lazy",
        &timed(|| {
            lazy.append_lazy(&stamp, &by, &[&event]).unwrap();
        }),
    );
    let mut durable = writer(folder.path(), "durable");
    told(
        "Writer::append",
        &timed(|| {
            durable.append(&stamp, &by, &[&event]).unwrap();
        }),
    );
    let mut held = writer(folder.path(), "held");
    told(
        "Writer::reserve, append, confirm",
        &timed(|| {
            held.reserve().unwrap();
            held.append(&stamp, &by, &[&event]).unwrap();
            held.confirm().unwrap();
        }),
    );
    long(folder.path(), &stamp, &by, &event);
}

fn long(folder: &Path, stamp: &Stamp, by: &Identity, event: &str) {
    let mut long = writer(folder, "long");
    for _ in 0..LONG {
        long.append_lazy(stamp, by, &[event]).unwrap();
    }
    long.sync().unwrap();
    drop(long);
    let dir = folder.join("journals/long");
    let bytes = fs::read(dir.join(file::NAME)).unwrap();
    let start = Instant::now();
    let reading = scan::<IgnoredAny>(&bytes, Some("long"));
    let took = start.elapsed();
    assert_eq!(reading.records.len(), LONG);
    let rate = |n: f64| n / took.as_secs_f64();
    println!(
        "\n{LONG} records, {:.1} MB, proved in {:.3} s: {:.0} records/s, {:.0} MB/s",
        mega(bytes.len()),
        took.as_secs_f64(),
        rate(100_000.0),
        rate(mega(bytes.len()))
    );
    let start = Instant::now();
    let opened = Writer::open::<String>(&dir).unwrap();
    println!("opened to go on with in {:.3} s", start.elapsed().as_secs_f64());
    assert_eq!(opened.records.len(), LONG);
}

fn mega(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap()) / 1e6
}

fn writer(data: &Path, name: &str) -> Writer {
    Shelf::new(data).begin(name).unwrap().1
}

/// The bytes of one record, for the comparison with plain writes.
fn made(data: &Path, event: &str) -> Vec<u8> {
    let mut one = writer(data, "one");
    one.append(&Stamp::now(), &Identity::observe(None), &[event]).unwrap();
    fs::read(data.join("journals/one").join(file::NAME)).unwrap()
}

fn timed(mut work: impl FnMut()) -> Vec<Duration> {
    let mut times: Vec<Duration> = (0..APPENDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times
}

fn told(what: &str, times: &[Duration]) {
    let at = |share: usize| {
        let time = times[(times.len() * share / 1000).min(times.len() - 1)];
        format!("{:.1}", time.as_secs_f64() * 1e6)
    };
    println!("{what:32} {:>8} {:>8} {:>8} {:>8}", at(500), at(900), at(990), at(1000));
}
