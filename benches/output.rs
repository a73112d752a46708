//! What the output pane costs on a long spool: `cargo bench --bench output [-- MEGABYTES [FOLDER]]`.
//!
//! Every figure stands beside a yardstick taken on the same bytes in the same minute: `read` in a loop for the index,
//! ripgrep, if there is one, else grep for the search. Without a size it is a gigabyte.

#![expect(clippy::disallowed_methods, reason = "it measures files, programs and time")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails has nothing to say")]

use chrono::DateTime;
use rutter::exec::spool::MAGIC;
use rutter::tui::output::Led;
use rutter::tui::output::Output;
use rutter::tui::output::Size;
use rutter::tui::output::View;
use std::fs;
use std::fs::File;
use std::io::BufWriter;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// What a keeper reads at once.
const FRAME: usize = 128 << 10;
const PAGES: usize = 500;
const SIZE: Size = Size { width: 120, height: 40 };

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with('-'));
    let megabytes: usize = words.next().map_or(1000, |word| word.parse().unwrap());
    let folder = match words.next() {
        Some(named) => tempfile::tempdir_in(named).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    let most = megabytes * 1_000_000;
    println!("{megabytes} MB each; {PAGES} pages of {} x {}", SIZE.width, SIZE.height);
    numbers(folder.path(), most);
    shape(folder.path(), "one line without an end", most, FRAME, |_, out| out.push(b'x'));
    shape(folder.path(), "empty lines", most, FRAME, |_, out| out.push(b'\n'));
    shape(folder.path(), "writes of one byte", most / 14, 1, |n, out| {
        out.extend_from_slice(if n % 8 == 7 { b"\n" } else { b"x" });
    });
    shape(folder.path(), "escape sequences", most, FRAME, |n, out| {
        writeln!(out, "\x1b[{}m\x1b[1;{}mline\x1b[0m {n}", 30 + n % 8, 40 + n % 8).unwrap();
    });
    println!("peak memory of this process: {} MiB", peak_kib() / 1024);
}

/// What `seq` writes: index, pages, and searches beside those of another program.
fn numbers(folder: &Path, most: usize) {
    let (spool, plain) = (folder.join("numbers"), folder.join("numbers.txt"));
    write(&spool, Some(&plain), most, FRAME, |n, out| writeln!(out, "{}", n + 1).unwrap());
    let mut output = opened("numbers, one to a line", &spool);
    pages(&output);
    // The last one may be cut short by the end.
    let last = output.lines() - 1;
    for (what, pattern) in [
        ("its last line alone", format!("^{last}$")),
        ("a word that is nowhere", "needle".into()),
        ("a class that is nowhere", "[a-z]+[0-9]".into()),
        ("one line in 10,000", "7777".into()),
        ("every line", "[0-9]".into()),
    ] {
        searched(&mut output, what, &pattern, &plain);
    }
    fs::remove_file(plain).unwrap();
    drop(output);
    fs::remove_file(spool).unwrap();
}

fn shape(
    folder: &Path,
    what: &str,
    most: usize,
    frame: usize,
    line: impl FnMut(u64, &mut Vec<u8>),
) {
    let spool = folder.join("shape");
    write(&spool, None, most, frame, line);
    let mut output = opened(what, &spool);
    pages(&output);
    let took = search(&mut output, "needle [0-9]");
    println!("  search for what is nowhere {took:>10.2?}");
    drop(output);
    fs::remove_file(spool).unwrap();
}

/// Writes lines into frames of a size, and as they are beside them.
fn write(
    spool: &Path,
    plain: Option<&Path>,
    most: usize,
    frame: usize,
    mut line: impl FnMut(u64, &mut Vec<u8>),
) {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(spool).unwrap());
    let mut plain = plain.map(|path| File::create(path).unwrap());
    file.write_all(MAGIC).unwrap();
    let (mut bytes, mut written, mut number) = (Vec::new(), 0, 0_u64);
    while written < most {
        while bytes.len() < frame {
            line(number, &mut bytes);
            number += 1;
        }
        file.write_all(&u32::try_from(frame).unwrap().to_le_bytes()).unwrap();
        file.write_all(&[1]).unwrap();
        file.write_all(&number.to_le_bytes()).unwrap();
        file.write_all(&bytes[..frame]).unwrap();
        if let Some(plain) = &mut plain {
            plain.write_all(&bytes[..frame]).unwrap();
        }
        bytes.drain(..frame);
        written += frame;
    }
    file.flush().unwrap();
}

/// Opens a spool and waits until all of it is indexed.
fn opened(what: &str, spool: &Path) -> Output {
    let size = fs::metadata(spool).unwrap().len();
    let raw = Instant::now();
    let (mut file, mut buffer) = (File::open(spool).unwrap(), vec![0; FRAME]);
    while file.read(&mut buffer).unwrap() > 0 {}
    let raw = raw.elapsed();
    let start = Instant::now();
    let mut output = Output::open(spool, DateTime::UNIX_EPOCH);
    let mut first = None;
    let mut quiet = Instant::now();
    // Nothing says that a spool is complete: when nothing has come for a while, it has been.
    let mut end = Duration::ZERO;
    while quiet.elapsed() < Duration::from_millis(300) {
        if output.poll() {
            end = start.elapsed();
            first.get_or_insert(end);
            quiet = Instant::now();
        }
        thread::sleep(Duration::from_micros(200));
    }
    println!("\n{what}: {} lines, {} bytes", output.lines(), output.bytes());
    println!("  first page after {:>8.2?}", first.unwrap());
    println!("  index {end:>8.2?}; read alone {raw:>8.2?}; {} of it", ratio(raw, end));
    println!("  {:.0} MB/s", mega(size) / end.as_secs_f64());
    output
}

/// Draws pages all over the spool.
fn pages(output: &Output) {
    for wrap in [true, false] {
        let mut view = View::default();
        if !wrap {
            view.toggle_wrap();
        }
        let mut times: Vec<Duration> = (0..PAGES)
            .map(|n| {
                let line = output.lines() / PAGES as u64 * n as u64;
                view.go_to(output, SIZE, line);
                let start = Instant::now();
                assert!(!output.page(&view, SIZE).is_empty());
                start.elapsed()
            })
            .collect();
        times.sort();
        let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
        let name = if wrap { "page, wrapped" } else { "page, cut" };
        println!("  {name:14} p50 {:>8.1?}  p99 {:>8.1?}  max {:>8.1?}", at(50), at(99), at(100));
    }
}

fn searched(output: &mut Output, what: &str, pattern: &str, plain: &Path) {
    // The least of three, in turns: the rest is what else the machine had to do.
    let rounds = [(); 3].map(|()| {
        let took = search(output, pattern);
        let (other, name, counted) = yardstick(pattern, plain);
        assert_eq!(counted, output.found().unwrap().lines, "{name} counts otherwise");
        (took, other, name)
    });
    let lines = output.found().unwrap().lines;
    let took = rounds.iter().map(|round| round.0).min().unwrap();
    let other = rounds.iter().map(|round| round.1).min().unwrap();
    let name = rounds[0].2;
    println!(
        "  search, {what:24} {lines:>9} lines in {took:>8.2?}; {name} -c {other:>8.2?}; {} of it",
        ratio(other, took)
    );
}

fn search(output: &mut Output, pattern: &str) -> Duration {
    let mut view = View::default();
    view.home(output, SIZE);
    let start = Instant::now();
    let mut led = view.search(output, SIZE, pattern).unwrap();
    let mut first = None;
    while output.found().is_none_or(|found| found.percent < 100) {
        thread::sleep(Duration::from_micros(200));
        output.poll();
        led = view.settle(output, SIZE).unwrap_or(led);
        if matches!(led, Led::Here(_)) {
            first.get_or_insert_with(|| start.elapsed());
        }
    }
    let took = start.elapsed();
    if let Some(first) = first {
        println!("  first hit after {first:>8.2?}");
    }
    took
}

/// The same search by a program that is known for its speed: time, name, count.
fn yardstick(pattern: &str, plain: &Path) -> (Duration, &'static str, u64) {
    for (name, options) in [("rg", &["-c", "-j1", "--"][..]), ("grep", &["-cE", "--"])] {
        let start = Instant::now();
        let done =
            Command::new(name).env("LC_ALL", "C").args(options).arg(pattern).arg(plain).output();
        let took = start.elapsed();
        if let Ok(done) = done {
            let counted = String::from_utf8_lossy(&done.stdout).trim().parse().unwrap_or(0);
            return (took, name, counted);
        }
    }
    panic!("neither rg nor grep is there to compare with");
}

fn ratio(yardstick: Duration, ours: Duration) -> String {
    format!("{:.2}", yardstick.as_secs_f64() / ours.as_secs_f64())
}

fn mega(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1000).unwrap()) / 1e3
}

fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
