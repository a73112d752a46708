//! A GitLab on loopback, with the state and the variables of one project.

use super::desk::Desk;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const TOKEN: &str = "glpat-of-the-run-7x";

/// It ends with this.
pub struct GitLab {
    server: Child,
    /// The values of the run that asks it.
    pub desk: Desk,
    file: PathBuf,
}

impl GitLab {
    /// Starts one that holds this state and these variables.
    pub fn new(state: Option<&str>, variables: &[Value]) -> Self {
        let mut desk = Desk::new("kamea/full-restore", &Value::Null);
        let held = json!({"token": TOKEN, "state": state, "lock": null, "variables": variables});
        let file = desk.file("gitlab.json", held.to_string());
        let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gitlab/stand_in.py");
        let mut server = Command::new("python3");
        server.args(["-B".as_ref(), stand_in.as_os_str(), file.as_os_str()]);
        let mut server = server.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut address).unwrap();
        desk.set("gitlab_url", address.trim());
        let gitlab = Self { server, desk, file };
        gitlab.with_token(TOKEN)
    }

    /// Asks with another token.
    pub fn with_token(mut self, token: &str) -> Self {
        self.desk.trial.secrets.insert("gitlab_token".to_owned(), token.to_owned());
        self
    }

    /// What it holds.
    pub fn held(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(&self.file).unwrap()).unwrap()
    }

    /// Changes what it holds.
    pub fn change(&self, how: impl FnOnce(&mut Value)) {
        let mut held = self.held();
        how(&mut held);
        fs::write(&self.file, held.to_string()).unwrap();
    }
}

impl Drop for GitLab {
    fn drop(&mut self) {
        let shown = self.held()["shown"] == true;
        drop(self.server.stdin.take());
        let _ = self.server.wait();
        assert!(!shown || std::thread::panicking(), "the token stood in the list of processes");
    }
}
