//! Which runbook is found, and what is said when none is.

use super::*;
use std::fs;

/// A machine with a library near the current folder and one of the person's own.
struct Shelves {
    top: tempfile::TempDir,
}

impl Shelves {
    fn new() -> Self {
        Self { top: tempfile::tempdir().unwrap() }
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.top.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn open(&self, named: &[&str]) -> Library {
        Library::open(&LibraryOptions {
            named: named.iter().map(PathBuf::from).collect(),
            variable: None,
            current: self.top.path().join("work/deep"),
            own: Some(self.top.path().join("own")),
        })
        .unwrap()
    }
}

fn shelves() -> Shelves {
    let shelves = Shelves::new();
    shelves.put("work/deep/x", "");
    shelves.put("work/runbooks/shop/restore/runbook.yaml", "near");
    shelves.put("own/shop/restore/runbook.yaml", "own");
    shelves.put("own/shop/move/runbook.yaml", "same");
    shelves.put("work/.rutter/runbooks/shop/move/runbook.yaml", "same");
    shelves
}

#[test]
fn the_nearer_place_wins_and_says_that_it_differs() {
    let entry = shelves().open(&[]).find("restore").unwrap();
    assert_eq!(entry.full_name, "shop/restore");
    assert_eq!(&*entry.source.text, "near");
    assert!(matches!(entry.differs_from, Some(Origin::Own(_))));
    assert!(entry.asks_for_trust());
}

#[test]
fn the_same_bytes_in_two_places_are_one_runbook() {
    let shelves = shelves();
    let library = shelves.open(&[]);
    assert_eq!(library.names().iter().filter(|name| **name == "shop/move").count(), 1);
    assert_eq!(library.find("move").unwrap().differs_from, None);
}

#[test]
fn a_runbook_that_hides_another_is_run_by_its_full_name_only() {
    let shelves = shelves();
    let library = shelves.open(&[]);
    assert!(matches!(library.find_to_run("restore"), Err(NotFound::Differs { .. })));
    assert!(library.find_to_run("shop/restore").is_ok());
    let named = shelves.open(&["../runbooks"]);
    assert!(named.find_to_run("restore").is_ok());
    assert!(!named.find("restore").unwrap().asks_for_trust());
}

#[test]
fn a_near_miss_gets_the_nearest_name_and_nothing_else() {
    let shelves = shelves();
    let Err(NotFound::Nothing { suggestion, .. }) = shelves.open(&[]).find("restor") else {
        panic!("a name that does not exist was found")
    };
    assert_eq!(suggestion.as_deref(), Some("shop/restore"));
    let Err(NotFound::Nothing { suggestion, .. }) = shelves.open(&[]).find("zzzz") else {
        panic!("a name that does not exist was found")
    };
    assert_eq!(suggestion, None);
}

#[test]
fn a_short_name_in_two_systems_is_not_guessed() {
    let shelves = shelves();
    shelves.put("own/bank/restore/runbook.yaml", "");
    assert!(matches!(shelves.open(&[]).find("restore"), Err(NotFound::Several { .. })));
}

#[test]
fn a_path_is_a_path_and_a_name_is_a_name_wherever_one_stands() {
    let shelves = shelves();
    shelves.put("work/deep/shop/restore/runbook.yaml", "here");
    let library = shelves.open(&[]);
    assert_eq!(&*library.find("shop/restore").unwrap().source.text, "near");
    assert_eq!(&*library.find("./shop/restore").unwrap().source.text, "here");
    assert!(matches!(library.find("./nothing"), Err(NotFound::NoRunbookAt(_))));
}
