//! A home for real commands: two real servers behind a stand-in for `az`, all first on the path.

use super::azure;
use super::servers::Servers;
use crate::support::program::said;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

/// Where the damaged server listens, or the only one.
pub const SOURCE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// Where its copy does.
pub const COPY: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);

/// The servers, and the state of the small cloud around them.
pub struct Cloud {
    /// The servers.
    pub servers: Servers,
    folder: tempfile::TempDir,
}

/// Puts the stand-in for `az` into a folder, with its state in this file.
pub fn put_az(folder: &Path, state: &Path) {
    let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/azure/stand_in.py");
    let text = format!(
        "#!/bin/sh\nSTAND_IN='{}' exec '{}' -B '{}' \"$@\"\n",
        state.display(),
        azure::python().display(),
        stand_in.display(),
    );
    let az = folder.join("az");
    fs::write(&az, text).unwrap();
    fs::set_permissions(&az, fs::Permissions::from_mode(0o755)).unwrap();
}

impl Cloud {
    /// Makes a source from the first file, copies it, then damages it with the second. The copy is not started.
    pub fn new(made: &str, damage: &str) -> Self {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/databases");
        let mut servers = Servers::new(&[SOURCE, COPY]);
        servers.make(SOURCE, &[&fixtures.join(made)]);
        servers.copy(SOURCE, COPY);
        servers.ends_with_us(COPY);
        servers.load(SOURCE, &fixtures.join(damage));
        let cloud = Self { servers, folder: tempfile::tempdir().unwrap() };
        put_az(cloud.folder.path(), &cloud.state_file());
        cloud.set_state(&json!({}));
        let listener = UnixListener::bind(cloud.folder.path().join("cloud")).unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                if serve(&stream.unwrap()).is_none() {
                    return;
                }
            }
        });
        cloud
    }

    /// A folder that goes when this goes.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    fn state_file(&self) -> PathBuf {
        self.folder.path().join("state.json")
    }

    /// The cloud as it is now.
    pub fn state(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.state_file()).unwrap()).unwrap()
    }

    /// Lays these parts of the cloud over what every one has.
    pub fn set_state(&self, parts: &Value) {
        let mut state = json!({
            "canned": {}, "servers": {}, "locks": [], "vault": {},
            "restore": {
                "host": COPY.to_string(),
                "start": self.servers.start_words(COPY),
                "superuser": self.servers.superuser_words(COPY),
            },
        });
        for (name, part) in parts.as_object().unwrap() {
            state[name] = part.clone();
        }
        fs::write(self.state_file(), state.to_string()).unwrap();
    }

    /// Starts or stops the app, as somebody would have before.
    pub fn app(&mut self, verb: &str) {
        let mut az = Command::new(self.folder().join("az"));
        let url = format!("/containerApps/hub-api/{verb}?api-version=2024-03-01");
        let done = az.args(["rest", "--method", "post", "--url", &url]).envs(self.environment());
        let done = done.output().unwrap();
        assert!(done.status.success(), "{}", said(&done));
    }

    /// What a command needs in its environment: the stand-in and PostgreSQL's programs first, and the port.
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let first = [self.folder(), self.servers.programs.clone()];
        let path = std::env::join_paths(first.into_iter().chain(std::env::split_paths(&path)));
        vec![("PATH", path.unwrap()), ("PGPORT", self.servers.port.to_string().into())]
    }
}

/// Starts what is asked for, as a child of the tests: a keeper ends what a command leaves behind, and what a cloud
/// starts is none of that. `None` is the word to stop.
fn serve(stream: &UnixStream) -> Option<()> {
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    let asked: Value = serde_json::from_str(&line).ok()?;
    let words = asked["words"].as_array().unwrap().iter().map(|word| word.as_str().unwrap());
    let words: Vec<&str> = words.collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let variables = asked["env"].as_object().unwrap();
    command.envs(variables.iter().map(|(name, value)| (name, value.as_str().unwrap())));
    let mut child = command.spawn().unwrap();
    let well = asked["wait"] != true || child.wait().unwrap().success();
    if well {
        writeln!(&mut &*stream, "{}", child.id()).unwrap();
    }
    Some(())
}

impl Drop for Cloud {
    fn drop(&mut self) {
        // The app's session is nobody's child.
        let pid = self.state()["app"]["pid"].as_i64().and_then(|pid| i32::try_from(pid).ok());
        if let Some(pid) = pid.and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let end = UnixStream::connect(self.folder.path().join("cloud"));
        let _ = end.and_then(|mut end| end.write_all(b"end\n"));
    }
}
