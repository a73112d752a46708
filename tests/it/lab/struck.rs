//! The lab's restore on a screen that is killed, closed or suspended at random moments: the same story, nothing lost and
//! nothing repeated.

use super::home::Home;
use super::screens::open;
use super::told::{parting, told};
use super::walks::{CUTOVER, SELECTIVE, Way, headless, look, verify};
use crate::support::blows::{Blows, given};
use crate::support::hand::Hand;
use crate::support::window::View;
use serde_json::{Value, json};
use std::thread;
use std::time::Duration;

/// The shortest that the longest time from one blow to the next may be: longer than most commands of the lab.
const LONGEST: Duration = Duration::from_millis(2500);

/// About as long as a walk takes: few blows are spread over all of it.
const WALK: Duration = Duration::from_secs(120);

/// Walks a way under blows. Returns its home, the number of blows, and what to say when something is wrong.
fn under_blows(way: Way, seed: u64, moments: usize) -> (Home, usize, String) {
    let home = Home::new();
    let longest = LONGEST.max(WALK / u32::try_from(moments).unwrap());
    let mut blows = Blows::new(seed, moments, longest);
    let mut hand = Hand::knowing(&way.answers_of_ladders(), &way.decisions());
    let closed = || home.events().iter().any(|event| event["type"] == "run_closed");
    let mut window = open(&home, &["run", "lab/postgres-restore"]);
    // A blow before the run has begun would leave nothing to resume.
    window.wait("the run to begin", |_| home.run_folder().is_some());
    let resume = || open(&home, &["resume"]);
    let last = |view: &View| view.describes("Nothing here is needed");
    window = blows.walk(window, &mut hand, resume, closed, last);
    look(&home, way);
    blows.walk(window, &mut hand, resume, closed, |_| false);
    verify(&home);
    let tale = format!("seed {seed}: {:?}", blows.struck);
    (home, blows.struck.len(), tale)
}

/// What commands ended how, and what was said, in order. A start whose gate never opened is announced like any other,
/// but no command ran; so attempts that have no exit code are left out, and their numbers say nothing.
fn facts(home: &Home) -> Vec<Value> {
    let kept = |event: &Value| match event["type"].as_str()? {
        "attempt_ended" => {
            let code = event["outcome"]["ended"]["code"].as_i64()?;
            Some(json!({"step": event["step"], "part": event["part"], "code": code}))
        }
        "attempt_intended" | "attempt_started" | "left" | "resumed" => None,
        _ => {
            let mut event = event.clone();
            event.as_object_mut()?.remove("attempt");
            Some(event)
        }
    };
    told(&home.events()).iter().filter_map(kept).collect()
}

#[test]
#[ignore = "needs postgresql"]
fn a_restore_whose_screen_is_struck_at_random_moments_tells_the_same_story() {
    let seed = given("KILL_SEED").unwrap_or(20_261_121);
    let wanted = usize::try_from(given("KILL_MOMENTS").unwrap_or(5)).unwrap();
    let ways = [CUTOVER, SELECTIVE];
    let calm = thread::scope(|scope| {
        ways.map(|way| scope.spawn(move || facts(&headless(way)))).map(|walk| walk.join().unwrap())
    });
    let (mut struck, mut run) = (0, 0);
    while struck < wanted {
        let at = run % ways.len();
        let (home, blows, tale) =
            under_blows(ways[at], seed + u64::try_from(run).unwrap(), wanted - struck);
        if let Some(parting) = parting(&calm[at], &facts(&home)) {
            panic!("{tale}: it parts from the calm walk at {parting}");
        }
        struck += blows;
        run += 1;
    }
    println!("seed {seed}: {struck} moments in {run} runs, the same story each time");
}
