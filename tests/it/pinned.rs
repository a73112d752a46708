//! What was pinned when a run was opened is what runs, at every start.

use crate::support::program::Home;
use crate::support::terminal::Terminal;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

const RUNBOOK: &str = "format: 1\nname: shop\ntitle: Shop\nsystem: Lab\nversion: \"1\"\nsummary: One step.\n\
                       environment: local\nphases:\n  - title: T\n    steps:\n      - id: a\n        title: A\n\
                       \x20       hazard: read\n        run: sh {{ runbook.dir }}/till.sh\n";

fn shop(home: &Home) -> Terminal {
    fs::create_dir(home.dir.path().join("shop")).unwrap();
    home.file("shop/runbook.yaml", RUNBOOK);
    home.file("shop/till.sh", "echo as reviewed\n");
    let mut at = Terminal::start(home.rutter(["run", "./shop", "--line"]));
    at.hear("1.1>");
    at
}

fn pinned_script(home: &Home) -> PathBuf {
    let script = home.run().join("runbook/till.sh");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o600)).unwrap();
    script
}

#[test]
fn a_pinned_script_that_was_edited_under_the_run_does_not_start() {
    let home = Home::new();
    let mut at = shop(&home);
    let script = pinned_script(&home);
    fs::write(&script, "echo something else\n").unwrap();
    at.say("run");
    at.hear("No: the pinned file till.sh differs");
    fs::write(&script, "echo as reviewed\n").unwrap();
    at.hear("1.1>");
    at.say("run");
    at.hear("| as reviewed");
    assert!(!at.heard().contains("something else"), "{}", at.heard());
}

#[test]
fn a_pinned_script_that_is_gone_does_not_start() {
    let home = Home::new();
    let mut at = shop(&home);
    fs::remove_file(pinned_script(&home)).unwrap();
    at.say("run");
    at.hear("No: the pinned file till.sh differs");
}

#[test]
fn the_source_may_be_edited_while_its_run_goes_on_with_the_pinned_copy() {
    let home = Home::new();
    let mut at = shop(&home);
    home.file("shop/till.sh", "echo something else\n");
    at.say("run");
    at.hear("| as reviewed");
}
