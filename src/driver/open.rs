//! A new run: its folder, its pinned copy of the runbook, and record 0.

use super::Driver;
use super::DriverError;
use super::clock::Clock;
use super::env;
use super::log::Log;
use super::place;
use super::place::RunPlace;
use super::resume::say_holder;
use super::simulated::Rehearsal;
use crate::engine::command::Command;
use crate::engine::event::{Given, Mode, Opened, Pinned};
use crate::engine::left_open::LeftOpen;
use crate::engine::plan::Plan;
use crate::engine::run::Run;
use crate::exec::attach::Secrets;
use crate::journal::anchor::Anchors;
use crate::journal::identity::Identity;
use crate::journal::shelf::Shelf;
use crate::runbook::model::{Runbook, SecretSource};
use sha2::Digest;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

/// Everything a new run is made from. Nothing in it is asked for or looked up by the driver.
pub struct Setup {
    /// The parsed runbook.
    pub runbook: Runbook,
    /// `system/name`.
    pub full_name: String,
    /// Where it came from: `built in`, or a path.
    pub origin: String,
    /// Every file of the runbook, by path below its folder; `runbook.yaml` first.
    pub files: Vec<(String, Vec<u8>)>,
    /// The world that stands in for this one; `None` makes the run live.
    pub rehearsal: Option<Rehearsal>,
    /// The environment's shown word.
    pub environment: String,
    /// Parameters, including the environment's values; no secrets.
    pub params: BTreeMap<String, Given>,
    /// Secrets that are in memory already: typed or read parameters of type secret.
    pub secrets: Secrets,
    /// The incident's id.
    pub incident: Option<String>,
    /// When it began, RFC 3339 UTC.
    pub incident_start: Option<String>,
    /// The face: `line`, `headless`, `tui`.
    pub face: String,
    /// The run this one continues.
    pub continues: Option<String>,
    /// What that run left open: this one takes it over.
    pub taken_over: Vec<LeftOpen>,
    /// Refuse everything above `read`.
    pub read_only: bool,
    /// The program that keepers and gates are started from.
    pub exe: PathBuf,
    /// Names of the environment the program was started with.
    pub env_names: Vec<String>,
    /// The data folder, where the anchors are.
    pub data: PathBuf,
}

impl Driver {
    /// Opens a new run: pins the runbook, writes record 0, anchors it. Nothing of the runbook runs.
    pub fn open(
        setup: Setup,
        shelf: &Shelf,
        identity: Identity,
        clock: Box<dyn Clock>,
    ) -> Result<Self, DriverError> {
        let at = clock.stamp().at;
        let other = |e: &dyn std::fmt::Display| io::Error::other(e.to_string());
        let run = shelf
            .new_name(at, &setup.runbook.name)
            .map_err(|e| failed("naming the run", other(&e)))?;
        let (folder, mut writer) =
            shelf.begin(&run).map_err(|e| failed("making the run's folder", other(&e)))?;
        let mode = if setup.rehearsal.is_some() { Mode::Rehearsal } else { Mode::Live };
        if let Some(mark) = mode.mark() {
            writer = writer.of_mode(mark);
        }
        let dir = folder.path.clone();
        say_holder(&dir, &identity, &*clock);
        let tmp = place::make_tmp(folder.short()).map_err(|e| failed("making run.tmp", e))?;
        let paths = RunPlace { work: dir.join("work"), dir, tmp };
        place::private_folder(&paths.work).map_err(|e| failed("making run.work", e))?;
        let mut pinned = Vec::new();
        for (path, bytes) in &setup.files {
            place::pin(&paths.runbook(), path, bytes)
                .map_err(|e| failed(&format!("pinning {path}"), e))?;
            let sha256 = sha256(bytes);
            pinned.push(Pinned { path: path.clone(), size: bytes.len() as u64, sha256 });
        }
        let (inherited, env_remove) = env::split(setup.env_names.into_iter());
        let builtins = builtins(&run, at, &paths);
        let runbook = &setup.runbook;
        let opened = Opened {
            format: 1,
            program: concat!("rutter ", env!("CARGO_PKG_VERSION")).into(),
            run: run.clone(),
            mode,
            runbook: setup.full_name,
            title: runbook.title.value.clone(),
            version: runbook.version.value.clone(),
            origin: setup.origin,
            digest: digest_of(&pinned),
            pinned,
            environment: setup.environment,
            operator: identity.name(),
            host: identity.host.clone(),
            incident: setup.incident,
            incident_start: setup.incident_start,
            params: setup.params,
            secrets: secret_kinds(runbook),
            builtins,
            inherited,
            face: setup.face,
            continues: setup.continues,
            taken_over: setup.taken_over,
            scenario: setup.rehearsal.as_ref().map(Rehearsal::named),
        };
        let stage = setup.rehearsal.map(|rehearsal| rehearsal.stage(runbook, &setup.files));
        let opened_at = clock.stamp();
        let log = Log::new(writer, Anchors::new(&setup.data), identity, clock, None);
        let mut driver = Self {
            run: Run::new(Plan::new(setup.runbook)),
            log,
            place: paths,
            tasks: BTreeMap::new(),
            seqs: BTreeMap::new(),
            children: BTreeMap::new(),
            began: BTreeMap::new(),
            secrets: Secrets::new(),
            exe: setup.exe,
            env_remove,
            read_only: setup.read_only,
            request: None,
            meanwhile: Vec::new(),
            elsewhere: super::elsewhere::Elsewhere::default(),
            stage,
            opened_at,
            playing: BTreeMap::new(),
        };
        for (name, value) in setup.secrets {
            driver.hold_secret(&name, value)?;
        }
        driver.must(&Command::Open(Box::new(opened)))?;
        driver.log.anchor("open")?;
        Ok(driver)
    }
}

fn failed(what: &str, error: io::Error) -> DriverError {
    DriverError::Io { what: what.into(), error }
}

fn builtins(
    run: &str,
    at: chrono::DateTime<chrono::Utc>,
    paths: &RunPlace,
) -> BTreeMap<String, String> {
    let path = |p: &std::path::Path| p.to_string_lossy().into_owned();
    [
        ("run.id", run.rsplit('-').next().unwrap_or(run).to_owned()),
        ("run.stamp", at.format("%Y%m%d%H%M%S").to_string()),
        ("run.work", path(&paths.work)),
        ("run.tmp", path(&paths.tmp)),
        ("runbook.dir", path(&paths.runbook())),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn secret_kinds(runbook: &Runbook) -> BTreeMap<String, String> {
    let kind = |source: &SecretSource| match source {
        SecretSource::Command(..) => "command",
        SecretSource::Env(_) => "environment variable",
        SecretSource::File(_) => "file",
        SecretSource::Prompt(_) => "prompt",
    };
    runbook.secrets.iter().map(|s| (s.name.value.clone(), kind(&s.source).to_owned())).collect()
}

/// The digest of a runbook as it was pinned: SHA-256 over `path NUL size NUL sha256 LF` of every file, in order.
fn digest_of(pinned: &[Pinned]) -> String {
    let mut sha = Sha256::new();
    for file in pinned {
        sha.update(format!("{}\0{}\0{}\n", file.path, file.size, file.sha256));
    }
    hex(&sha.finalize())
}

/// SHA-256 of bytes, hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}"); // writing to a string cannot fail
        hex
    })
}
