//! What commands leave behind: ended, or named; and what keepers leave behind: nothing.

use super::bench::{Bench, PATIENCE, exited, finish, hold, kill, run, until, until_gone};
use rustix::process::Signal;
use rutter::exec::attach::{self, Look, orphans};
use rutter::exec::process;

#[test]
fn a_daemon_that_made_its_own_session_is_found_and_ended() {
    let bench = Bench::new();
    // Twice forked, own session, no stream held: nothing that a group or an end of file would show.
    let job = bench.script(
        "(setsid sh -c 'echo $$ > pid; exec sleep 600' </dev/null >/dev/null 2>&1 &)
         while [ ! -s pid ]; do sleep 0.01; done",
    );
    let outcome = run(&job);
    assert_eq!(outcome.ended, exited(0));
    let pid: i32 = bench.line("work/pid").parse().unwrap();
    let found = outcome.survivors.iter().find(|s| s.process.pid == pid).unwrap();
    assert!(!found.stays);
    assert!(!process::is_alive(&found.process));
}

#[test]
fn a_daemon_without_its_marker_is_found_by_its_parents() {
    let bench = Bench::new();
    let job = bench.script(
        "(env -i setsid /bin/sh -c 'echo $$ > pid; exec sleep 600' </dev/null >/dev/null 2>&1 &)
         while [ ! -s pid ]; do sleep 0.01; done",
    );
    let outcome = run(&job);
    let pid: i32 = bench.line("work/pid").parse().unwrap();
    assert!(outcome.survivors.iter().any(|s| s.process.pid == pid), "{:?}", outcome.survivors);
    assert!(process::identify(pid).is_none_or(|now| !process::is_alive(&now)));
}

#[test]
fn a_daemon_that_ignores_term_is_killed() {
    let bench = Bench::new();
    let job = bench.script(
        "(setsid sh -c 'trap \"\" TERM HUP INT; echo $$ > pid; while :; do sleep 1; done' \
           </dev/null >/dev/null 2>&1 &)
         while [ ! -s pid ]; do sleep 0.01; done",
    );
    let outcome = run(&job);
    assert!(!outcome.survivors.is_empty());
    for survivor in &outcome.survivors {
        assert!(!process::is_alive(&survivor.process), "{survivor:?}");
    }
}

#[test]
fn what_stays_on_purpose_is_named_and_left_alone() {
    let bench = Bench::new();
    let mut job = bench.script(
        "setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $! > pid; while ! kill -0 $!; do :; done",
    );
    job.stays = true;
    let outcome = run(&job);
    let survivor = outcome.survivors.iter().find(|s| s.command.contains("sleep 600")).unwrap();
    assert!(survivor.stays);
    assert!(process::is_alive(&survivor.process), "it was to stay");
    // A later look finds it by its marker, although its keeper is long gone.
    let found = orphans(&format!("{}/step", job.run), &survivor.process);
    assert!(found.iter().any(|s| s.process == survivor.process));
    assert!(
        orphans(&format!("{}/other", job.run), &{
            let mut other = survivor.process.clone();
            (other.pid, other.group) = (i32::MAX, i32::MAX);
            other
        })
        .is_empty()
    );
    kill(&survivor.process);
    until_gone(&survivor.process);
}

#[test]
fn when_the_keeper_is_killed_the_task_is_gone_and_its_orphan_is_named_while_it_lives() {
    let bench = Bench::new();
    // Its output goes elsewhere, so that it does not die of the broken pipe.
    let job = bench.script("exec > out 2>&1; echo > ready; while :; do sleep 1; done");
    let held = hold(&job);
    let (keeper, child) = (held.keeper.clone(), held.child.clone());
    let mut task = held.release();
    bench.line("work/ready");
    assert!(matches!(attach::look(&bench.task(), &keeper).unwrap(), Look::Alive));
    kill(&keeper);
    until("the task to be lost", || {
        assert!(task.poll().is_none());
        task.lost().map(str::to_owned)
    });
    assert!(matches!(attach::look(&bench.task(), &keeper).unwrap(), Look::Gone));
    let marker = format!("{}/step", job.run);
    let left = orphans(&marker, &child);
    assert!(left.iter().any(|s| s.process == child), "{left:?}");
    for survivor in &left {
        // Its child may end between the two lines, which is what we want of it.
        let _ = process::signal(&survivor.process, Signal::KILL);
    }
    until("no orphan", || orphans(&marker, &child).is_empty().then_some(()));
}

#[test]
fn a_keepers_pid_with_another_start_time_is_gone() {
    let bench = Bench::new();
    let held = hold(&bench.script("echo > ready; while [ ! -e enough ]; do sleep 0.05; done"));
    let keeper = held.keeper.clone();
    let mut task = held.release();
    bench.line("work/ready");
    let mut other = keeper.clone();
    other.started += 1;
    assert!(matches!(attach::look(&bench.task(), &other).unwrap(), Look::Gone));
    other = keeper.clone();
    other.boot = "another".into();
    assert!(matches!(attach::look(&bench.task(), &other).unwrap(), Look::Gone));
    std::fs::write(bench.path("work/enough"), "").unwrap();
    finish(&mut task);
}

#[test]
fn twenty_runs_leave_no_descriptor_no_thread_and_no_zombie() {
    // In a process of its own: other tests open descriptors and start threads while this one counts.
    let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
    alone.args(["--exact", "keeper::left_behind::twenty_runs_counted_alone", "--include-ignored"]);
    let told = alone.env(ALONE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&told.stdout);
    assert!(told.status.success() && said.contains("1 passed"), "{said}");
}

const ALONE: &str = "RUTTER_TEST_ALONE";

#[test]
#[ignore = "the other process of the test above; does nothing by itself"]
fn twenty_runs_counted_alone() {
    if std::env::var_os(ALONE).is_none() {
        return;
    }
    let once = |_| {
        let bench = Bench::new();
        let mut task = hold(&bench.script("echo out; echo err >&2; (sleep 0 &)")).release();
        assert!(task.wait_timeout(PATIENCE).unwrap().passed());
        until_gone(task.keeper());
    };
    once(0);
    let before = count("/proc/self/fd");
    (0..20).for_each(once);
    until("all keepers to be reaped", || (zombies() == 0).then_some(()));
    until("all threads to end", || (count("/proc/self/task") <= 3).then_some(()));
    assert!(count("/proc/self/fd") <= before, "descriptors were left open");
}

fn count(folder: &str) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

fn zombies() -> usize {
    use rutter::exec::system::{Here, System};
    let me = i32::try_from(std::process::id()).unwrap();
    Here::all().into_iter().filter(|p| p.parent == me && !p.alive).count()
}
