//! The player: a process that stands where a rehearsed command would, and performs what the scenario says.
//!
//! It is started by the same keeper, behind the same gate, as a real command is; the runbook's own command is never given
//! to either. So output, interrupts, time-outs and lost contact are as real as the processes they happen to.

use super::durable;
use super::process;
use super::task_files::PROCESSES;
use crate::outcome::{Ended, Process};
use crate::play::{Play, Scene};
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// What is performed, in the task's folder.
const PLAY: &str = "play.json";

/// One byte for each time the command was run.
const RUNS: &str = "play.runs";

/// What a player that cannot read its play exits with; no scenario can mean it.
const NO_PLAY: i32 = 125;

/// How long a keeper that has been killed may take to be gone.
const DYING: Duration = Duration::from_secs(5);

/// Between two looks at whether the keeper is still there.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Puts a play into a task's folder and returns the words that perform it; `exe` is this program.
pub fn prepare(exe: &Path, task: &Path, play: &Play) -> io::Result<Vec<String>> {
    durable::private_folder(task)?;
    let file = task.join(PLAY);
    durable::write(&file, &serde_json::to_vec_pretty(play)?)?;
    let text = |path: &Path| path.to_str().map(str::to_owned).ok_or(io::ErrorKind::InvalidInput);
    Ok(vec![text(exe)?, "__play".to_owned(), text(&file)?])
}

/// Tells how long the command of a task took in the story; `None` where a real command ran.
pub fn story(task: &Path, took: Duration, ended: Option<&Ended>) -> Option<Duration> {
    let play: Play = serde_json::from_slice(&fs::read(task.join(PLAY)).ok()?).ok()?;
    let runs = fs::metadata(task.join(RUNS)).map_or(0, |runs| runs.len());
    Some(play.story(u32::try_from(runs).unwrap_or(u32::MAX), took, ended))
}

/// Performs and ends the process; called by `main` for `rutter __play FILE`.
pub fn main(file: Option<PathBuf>) -> ! {
    let code = file.map_or(Err(io::ErrorKind::InvalidInput.into()), |file| perform(&file));
    std::process::exit(code.unwrap_or_else(|e| {
        eprintln!("rutter: this rehearsal cannot be played: {e}");
        NO_PLAY
    }))
}

fn perform(file: &Path) -> io::Result<i32> {
    let task = file.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let play: Play = serde_json::from_slice(&fs::read(file)?)?;
    let run = count(task)?;
    let scene = play.scene(run).ok_or(io::ErrorKind::InvalidData)?;
    let hangs = play.hangs(run);
    speak(scene);
    if hangs {
        outstay(&keeper_of(task)?);
    }
    if scene.lost {
        lose_contact(&keeper_of(task)?);
    }
    Ok(scene.exit)
}

/// Counts this run, from 0.
fn count(task: &Path) -> io::Result<u32> {
    let mut runs = durable::append(&task.join(RUNS))?;
    let before = runs.metadata()?.len();
    runs.write_all(b".")?;
    Ok(u32::try_from(before).unwrap_or(u32::MAX))
}

/// Writes line by line, spread over the time of the scene.
fn speak(scene: &Scene) {
    let out = scene.stdout.split_inclusive('\n').map(|line| (false, line));
    let err = scene.stderr.split_inclusive('\n').map(|line| (true, line));
    let lines: Vec<(bool, &str)> = out.chain(err).collect();
    let (begun, beats) = (Instant::now(), u32::try_from(lines.len()).unwrap_or(u32::MAX - 1) + 1);
    let (mut stdout, mut stderr) = (io::stdout().lock(), io::stderr().lock());
    for (beat, (is_err, line)) in (1..).zip(lines) {
        rest(begun + scene.real / beats * beat);
        // A reader that is gone changes nothing: a real command goes on as well.
        let stream: &mut dyn Write = if is_err { &mut stderr } else { &mut stdout };
        let _ = stream.write_all(line.as_bytes());
    }
    let _ = stdout.flush();
    rest(begun + scene.real);
}

/// Sleeps until then, if that is worth a sleep.
fn rest(until: Instant) {
    let left = until.saturating_duration_since(Instant::now());
    if left >= Duration::from_millis(1) {
        thread::sleep(left);
    }
}

fn keeper_of(task: &Path) -> io::Result<Process> {
    let text = fs::read(task.join(PROCESSES))?;
    let mut both: BTreeMap<String, Process> = serde_json::from_slice(&text)?;
    both.remove("keeper").ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// Stays until it is stopped, or nobody is left who could stop it.
fn outstay(keeper: &Process) {
    while process::is_alive(keeper) {
        thread::sleep(LOOK_EVERY);
    }
}

/// Takes the keeper away, as a power cut would: no outcome is written, and nobody can say how this ended.
fn lose_contact(keeper: &Process) {
    // What was written so far has been seen; a cut connection does not take back what is on the screen.
    thread::sleep(LOOK_EVERY);
    if process::signal(keeper, Signal::KILL).is_err() {
        return; // gone before us: contact is lost as it is
    }
    let begun = Instant::now();
    while process::is_alive(keeper) && begun.elapsed() < DYING {
        thread::sleep(Duration::from_millis(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene(exit: i32) -> Scene {
        let (stdout, stderr) = (String::new(), String::new());
        let (story, real) = (Duration::from_secs(60), Duration::ZERO);
        Scene { stdout, stderr, exit, story, real, lost: false }
    }

    #[test]
    fn each_run_of_a_wait_is_the_next_scene_and_the_last_one_stays() {
        let task = tempfile::tempdir().unwrap();
        let mut play = Play::once(scene(1));
        play.scenes.push(scene(0));
        let words = prepare(Path::new("/bin/rutter"), task.path(), &play).unwrap();
        assert_eq!(words[..2], ["/bin/rutter", "__play"]);
        let file = PathBuf::from(&words[2]);
        let exits: Vec<_> = (0..3).map(|_| perform(&file).unwrap()).collect();
        assert_eq!(exits, [1, 0, 0]);
        let story = story(task.path(), Duration::ZERO, Some(&Ended::Exit { code: 0 }));
        assert_eq!(story, Some(Duration::from_secs(180)));
    }

    #[test]
    fn a_real_command_has_no_story() {
        let task = tempfile::tempdir().unwrap();
        assert_eq!(story(task.path(), Duration::ZERO, None), None);
    }
}
