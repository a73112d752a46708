//! Where things live for this person on this machine.

use directories::BaseDirs;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The files, folders and variables that Rutter looks at.
#[derive(Clone, Debug)]
pub struct Places {
    /// The settings file.
    pub settings: PathBuf,
    /// The person's own runbooks.
    pub own_runbooks: PathBuf,
    /// The data folder; `journals/` and `anchors.jsonl` lie in it.
    pub data: PathBuf,
    /// The folder the command was given in.
    pub current: PathBuf,
    /// The variable `RUTTER_RUNBOOKS`: folders of runbooks, separated as in `PATH`.
    pub runbooks_variable: Option<OsString>,
    /// `NO_COLOR` is set to something.
    pub no_color: bool,
    /// `TERM` is `dumb` or not set.
    pub dumb_terminal: bool,
    /// `RUTTER_LINE` asks for line mode.
    pub line: bool,
    /// The locale's characters are UTF-8, or no locale says otherwise.
    pub utf8: bool,
    /// The name the person is logged in with, as the environment claims it.
    pub login: Option<String>,
}

/// There is no way to tell where this person's files live.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoHome(&'static str);

impl Places {
    /// Finds the places: a flag wins over a `RUTTER_` variable, and that over the platform's folders.
    pub fn find(settings: Option<&Path>, data: Option<&Path>) -> Result<Self, NoHome> {
        let base = BaseDirs::new();
        let home = || NoHome("neither HOME nor the account database names a home folder");
        let folder = |pick: fn(&BaseDirs) -> &Path| {
            base.as_ref().map(|dirs| pick(dirs).join("rutter")).ok_or_else(home)
        };
        let current = std::env::current_dir()
            .map_err(|_| NoHome("the current folder is gone or cannot be read"))?;
        let chosen = |flag: Option<&Path>, variable: &str| {
            flag.map(Path::to_path_buf)
                .or_else(|| variable_of(variable).map(PathBuf::from))
                .map(|path| current.join(path))
        };
        Ok(Self {
            settings: match chosen(settings, "RUTTER_CONFIG") {
                Some(file) => file,
                None => folder(BaseDirs::config_dir)?.join("config.yaml"),
            },
            own_runbooks: folder(BaseDirs::config_dir)?.join("runbooks"),
            data: match chosen(data, "RUTTER_JOURNAL_DIR") {
                Some(path) => path,
                None => folder(BaseDirs::data_dir)?,
            },
            runbooks_variable: variable_of("RUTTER_RUNBOOKS"),
            no_color: variable_of("NO_COLOR").is_some(),
            dumb_terminal: variable_of("TERM").is_none_or(|term| term == "dumb"),
            line: variable_of("RUTTER_LINE").is_some_and(|set| set != "0"),
            utf8: ["LC_ALL", "LC_CTYPE", "LANG"]
                .into_iter()
                .find_map(variable_of)
                .is_none_or(|locale| is_utf8(&locale.to_string_lossy())),
            login: ["USER", "LOGNAME"]
                .into_iter()
                .find_map(variable_of)
                .map(|name| name.to_string_lossy().into_owned()),
            current,
        })
    }

    /// Returns the folder of all runs.
    pub fn journals(&self) -> PathBuf {
        self.data.join("journals")
    }

    /// Returns the file of known heads.
    pub fn anchors(&self) -> PathBuf {
        self.data.join("anchors.jsonl")
    }
}

/// Tells whether a locale's name promises UTF-8. `C` and `POSIX` promise nothing, and most terminals draw it anyway.
fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_lowercase();
    locale.ends_with("utf-8") || locale.ends_with("utf8") || !locale.contains('.')
}

/// Returns a variable that is set to something: an empty one counts as not set, as the XDG folders rule has it.
fn variable_of(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
