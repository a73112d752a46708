//! The same end in four faces: a file of answers is told the command, a person is asked and goes on.

use super::{assert_continues, ended, library, openings, rutter};
use crate::support::program::{Home, said};
use crate::support::terminal::Terminal;
use crate::support::window::{SEAT, View, Window, seated};

const SIZE: (u16, u16) = (80, 24);

/// The command that was told, as a shell reads it.
fn told(text: &str) -> String {
    let next = text.lines().find_map(|line| line.strip_prefix("NEXT "));
    next.unwrap_or_else(|| panic!("no command in {text}")).to_owned()
}

/// Does what was told, in a shell, with answers for what comes.
fn do_it(home: &Home, told: &str) {
    home.file("back.yaml", "format: 1\n");
    let program = env!("CARGO_BIN_EXE_rutter");
    let line = told.replacen("rutter", program, 1) + " --no-input --answers back.yaml";
    let output = home.program("sh", ["-c", &line]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{line}\n{}", said(&output));
}

#[test]
fn a_file_of_answers_is_told_the_exact_command_and_that_command_works() {
    let home = Home::new();
    library(&home);
    let told = told(&ended(&home, "run"));
    assert!(told.starts_with("rutter run demo/second --continues "), "{told}");
    assert!(told.contains("-p server=db-2"), "{told}");
    assert!(told.contains(r"-p 'note=it'\''s late'"), "a shell reads it as one word: {told}");
    assert_eq!(openings(&home).len(), 1, "nothing goes on by itself");
    do_it(&home, &told);
    assert_continues(&home, &[("server", "db-2", "flag"), ("size", "5", "flag")]);
}

#[test]
fn a_rehearsal_goes_on_in_a_rehearsal_and_the_story_keeps_its_own_values() {
    let home = Home::new();
    library(&home);
    let told = told(&ended(&home, "rehearse"));
    assert!(told.starts_with("rutter rehearse demo/second --scenario two --continues "), "{told}");
    assert!(!told.contains("size="), "the story tells of its own: {told}");
    do_it(&home, &told);
    assert_continues(&home, &[("server", "db-2", "flag"), ("size", "7", "scenario")]);
}

#[test]
fn what_a_run_hands_over_is_taken_up_by_its_name_alone() {
    let home = Home::new();
    library(&home);
    ended(&home, "run");
    let run = openings(&home)[0]["run"].as_str().unwrap().to_owned();
    home.file("back.yaml", "format: 1\n");
    let words = ["run", "demo/second", "--continues", &run, "--no-input", "--answers", "back.yaml"];
    let output = rutter(&home, &words);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_continues(&home, &[("server", "db-2", "continued"), ("size", "5", "continued")]);
    let short = openings(&home)[1]["run"].as_str().unwrap().to_owned();
    let shown = said(&rutter(&home, &["journal", "show", &short]));
    assert!(shown.contains(&format!("continues run {run}")), "{shown}");
}

#[test]
fn only_a_run_that_ended_there_is_continued() {
    let home = Home::new();
    library(&home);
    ended(&home, "run");
    let run = openings(&home)[0]["run"].as_str().unwrap().to_owned();
    for (runbook, verb, why) in [
        ("demo/first", "run", "goes on in demo/second"),
        ("demo/second", "rehearse", "another mode"),
    ] {
        home.file("none.yaml", "format: 1\n");
        let words = [verb, runbook, "--continues", &run, "--no-input", "--answers", "none.yaml"];
        let output = rutter(&home, &words);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(why), "{}", said(&output));
    }
    assert_eq!(openings(&home).len(), 1);
}

#[test]
fn line_mode_says_before_the_choice_that_it_ends_the_run_and_opens_the_other_on_a_word() {
    let home = Home::new();
    library(&home);
    let words = ["--line", "--runbooks", "runbooks", "run", "demo/first", "-p", "server=db-1"];
    let mut terminal = Terminal::start(home.rutter(words));
    terminal.hear("1.1>");
    terminal.say("run");
    terminal.hear("THEN this run ends here; it goes on in demo/second");
    terminal.hear("1.2>");
    terminal.say("choose away the data is whole");
    terminal.hear("THEN this run ends here; it goes on in demo/second");
    terminal.hear("Type choose again to end this run");
    terminal.say("choose");
    terminal.hear("CLOSED here, goes on in demo/second");
    terminal.hear("server = db-2, from run");
    terminal.hear("anything else leaves it:");
    terminal.say("go");
    terminal.hear("1.1>");
    terminal.say("run");
    terminal.hear("close");
    terminal.say("close");
    assert_eq!(terminal.end().code(), Some(0));
    assert_continues(&home, &[("server", "db-2", "continued"), ("note", "it's late", "continued")]);
}

#[test]
fn line_mode_keeps_the_run_open_without_the_word_and_says_what_would_not_be_there() {
    let home = Home::new();
    library(&home);
    std::fs::remove_dir_all(home.dir.path().join("runbooks/demo/second")).unwrap();
    let words = ["--line", "--runbooks", "runbooks", "run", "demo/first", "-p", "server=db-1"];
    let mut terminal = Terminal::start(home.rutter(words));
    terminal.hear("1.1>");
    terminal.say("run");
    terminal.hear("goes on in demo/second, BUT there is no runbook");
    terminal.hear("1.2>");
    terminal.say("choose away the data is whole");
    terminal.hear("BUT there is no runbook");
    terminal.hear("anything else leaves it open:");
    terminal.say("no");
    terminal.hear("1.2>");
    terminal.say("choose stay it is the data");
    terminal.hear("1.3>");
}

#[test]
fn a_value_that_does_not_fit_is_said_beside_the_command() {
    let home = Home::new();
    library(&home);
    let path = home.dir.path().join("runbooks/demo/first/runbook.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("note: \"it's late\"", "size: twelve", 1)).unwrap();
    let told = ended(&home, "run");
    assert!(told.contains("NOT TAKEN OVER size: twelve: "), "{told}");
    assert!(!told.contains("-p size="), "{told}");
}

#[test]
fn line_mode_goes_on_nowhere_without_the_word() {
    let home = Home::new();
    library(&home);
    let words = ["--line", "--runbooks", "runbooks", "rehearse", "demo/first"];
    let mut terminal = Terminal::start(home.rutter(words));
    terminal.hear("1.1>");
    terminal.say("instead second it is the release");
    terminal.hear("Type instead again");
    terminal.say("instead");
    terminal.hear("anything else leaves it:");
    terminal.say("");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(openings(&home).len(), 1);
}

/// Presses what is offered for something until it has led there: a key that comes again at once counts as held down.
fn goes(window: &mut Window, offer: &str, there: &str) -> View {
    for _ in 0..20 {
        let offered = |view: &View| view.says(there) || view.key_for(offer).is_some();
        let view = window.wait(offer, offered);
        match view.key_for(offer) {
            _ if view.says(there) => return view,
            Some(key) => window.press_and_look(&key),
            None => {}
        }
    }
    panic!("{offer} does not lead to {there}:\n{}", window.view().text())
}

/// Writes until it stands there: what is typed before the line was painted is thrown away.
fn writes(window: &mut Window, text: &str) {
    for _ in 0..20 {
        if window.view().says(text) {
            return;
        }
        window.type_text(text);
    }
    panic!("nothing can be typed:\n{}", window.view().text())
}

#[test]
fn the_screen_says_where_it_goes_on_and_opens_that_form_filled() {
    let home = Home::new();
    library(&home);
    let words = ["--runbooks", "runbooks", "run", "demo/first", "-p", "server=db-1"];
    let mut window = Window::open(SIZE, home.program(SEAT, seated(&words)));
    window.hear("Look at it");
    goes(&mut window, "run 1.1", "It is the data");
    window.press("↓");
    window.hear("this run ends here; it goes on in demo/second");
    goes(&mut window, "choose the marked one", "Why, in your words");
    writes(&mut window, "the data is whole");
    goes(&mut window, "accept away", "in demo/second. Enter goes on there");
    assert_eq!(openings(&home).len(), 1, "nothing was opened by the choice");
    let form = goes(&mut window, "go on there", "[ Check and go on ]");
    let row = form.rows.iter().find(|row| row.contains("db-2")).unwrap();
    let run = openings(&home)[0]["run"].as_str().unwrap().to_owned();
    assert!(row.contains(&format!("run {}", &run[run.len() - 4..])), "{}", form.text());
    assert_eq!(openings(&home).len(), 1, "a form opens nothing");
    goes(&mut window, "check and go on", "Take it back");
    assert_continues(&home, &[("server", "db-2", "continued"), ("size", "5", "continued")]);
}

#[test]
fn a_rehearsal_on_the_screen_goes_on_in_the_story_of_the_other_runbook() {
    let home = Home::new();
    library(&home);
    let words = ["--runbooks", "runbooks", "rehearse", "demo/first", "--speed", "50"];
    let mut window = Window::open(SIZE, home.program(SEAT, seated(&words)));
    window.hear("Look at it");
    window.press("a");
    window.hear("What can be done");
    let marked = |row: &String| row.contains('▸') && row.contains("Go on in another runbook");
    while !window.view().rows.iter().any(marked) {
        window.press_and_look("↓");
    }
    goes(&mut window, "choose", "only the release is broken");
    goes(&mut window, "choose", "▸ Why");
    writes(&mut window, "it is the release");
    goes(&mut window, "end here", "in demo/second. Enter goes on there");
    let there = goes(&mut window, "go on there", "Take it back");
    assert!(there.says("REHEARSAL │ SIMULATED"), "{}", there.text());
    assert_continues(&home, &[("size", "7", "scenario")]);
}
