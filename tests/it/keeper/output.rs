//! What a command writes is spooled, counted, and never its problem.

use super::bench::{Bench, exited, finish, hold, run};
use rutter::exec::job::Io;
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn both_streams_are_spooled_whole_and_the_digest_is_the_files() {
    let bench = Bench::new();
    let job = bench.script("echo out; echo err >&2; printf 'a\\000b\\377'");
    let outcome = run(&job);
    assert_eq!(outcome.ended, exited(0));
    assert_eq!((outcome.spool.stdout_bytes, outcome.spool.stderr_bytes), (8, 4));
    assert!(!outcome.spool.truncated);
    assert_eq!(outcome.spool.file, "1-step.spool");
    let bytes = fs::read(&job.spool).unwrap();
    assert!(bytes.starts_with(b"RSP1\n"));
    assert_eq!(outcome.spool.size, bytes.len() as u64);
    let sum = std::process::Command::new("sha256sum").arg(&job.spool).output().unwrap();
    assert!(sum.stdout.starts_with(outcome.spool.sha256.as_bytes()));
    assert!(holds(&bytes, b"out\n") && holds(&bytes, b"err\n") && holds(&bytes, b"a\0b\xff"));
    assert_eq!(outcome.last_lines.first().map(String::as_str), Some("out"), "{outcome:?}");
}

#[test]
fn what_is_written_in_the_last_moment_is_there() {
    for io in [Io::Split, Io::Merged, Io::Pty] {
        let bench = Bench::new();
        let mut job =
            bench.job(&["sh", "-c", "head -c 1300000 /dev/zero | tr '\\0' a; printf END"]);
        job.io = io;
        let outcome = run(&job);
        assert_eq!(outcome.spool.stdout_bytes, 1_300_003, "{io:?}");
        assert!(fs::read(&job.spool).unwrap().ends_with(b"END"), "{io:?}");
    }
}

#[test]
fn a_flood_is_counted_to_the_byte_in_little_memory_and_little_disk() {
    let bench = Bench::new();
    let mut job = bench
        .script("yes | head -c 60000000; echo > ready; while [ ! -e enough ]; do sleep 0.05; done");
    job.spool_cap = 1 << 20;
    let held = hold(&job);
    let keeper = held.keeper.pid;
    let mut task = held.release();
    bench.line("work/ready");
    let status = fs::read_to_string(format!("/proc/{keeper}/status")).unwrap();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap().to_owned();
    fs::write(bench.path("work/enough"), "").unwrap();
    let outcome = finish(&mut task);
    assert_eq!(outcome.ended, exited(0));
    assert_eq!(outcome.spool.stdout_bytes, 60_000_000);
    assert!(outcome.spool.truncated);
    assert!(fs::metadata(&job.spool).unwrap().len() <= (1 << 20) + 1024);
    let kib: u64 = peak.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(kib <= 64 << 10, "the keeper took {kib} KiB");
}

#[test]
fn a_spool_that_cannot_grow_costs_output_but_never_the_command() {
    // A limit on the size of files stands in for a full disk; both are a write that fails.
    let bench = Bench::new();
    let wrapper = bench.path("limited-rutter");
    let exe = super::bench::exe().display();
    fs::write(&wrapper, format!("#!/bin/bash\nulimit -S -f 200\nexec {exe} \"$@\"\n")).unwrap();
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o700)).unwrap();
    let job = bench.job(&["sh", "-c", "ulimit -S -f unlimited; yes | head -c 5000000; touch done"]);
    let none = rutter::exec::attach::Secrets::new();
    let held = rutter::exec::attach::launch(&wrapper, &job, &none).unwrap();
    let outcome = finish(&mut held.release());
    assert_eq!(outcome.ended, exited(0));
    assert!(bench.path("work/done").exists());
    assert_eq!(outcome.spool.stdout_bytes, 5_000_000);
    assert!(outcome.spool.truncated);
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[test]
#[ignore = "needs root: mounts a disk of 400 KiB"]
fn a_disk_that_the_command_fills_still_takes_its_outcome() {
    let bench = Bench::new();
    let disk = Disk::mount(bench.path("disk"));
    let fill = disk.0.join("fill");
    let fill = fill.to_str().unwrap();
    let text =
        format!("yes | head -c 900000; cat /dev/zero > {fill} 2>/dev/null || echo full; exit 3");
    let mut job = bench.job(&["sh", "-c", &text]);
    (job.task, job.spool) = (disk.0.join("tasks/1"), disk.0.join("output/1.spool"));
    let outcome = run(&job);
    assert_eq!(outcome.ended, exited(3));
    assert!(outcome.spool.truncated);
    // Two streams, so in either order: what `cat` says of the disk, and what the script says after it.
    assert!(outcome.last_lines.iter().any(|line| line == "full"), "{outcome:?}");
}

/// A small disk, unmounted at the end.
struct Disk(std::path::PathBuf);

impl Disk {
    fn mount(path: std::path::PathBuf) -> Self {
        fs::create_dir_all(&path).unwrap();
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=400k", "none"]).arg(&path);
        assert!(mount.status().unwrap().success());
        Self(path)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).status();
    }
}
