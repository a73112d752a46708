//! Where runbooks come from: folders named on the command line, near the current folder, the person's own, and the
//! ones inside this binary.
//!
//! Same name and same bytes are one runbook. Where they differ, the strongest place wins and the entry says so.

mod built_in;
mod entry;
mod folder;
mod not_found;

pub use entry::{Entry, Origin};
pub use folder::ReadError;
pub use not_found::NotFound;

use crate::runbook::place::Source;
use folder::Shape;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The places to look in, strongest first.
#[derive(Clone, Debug, Default)]
pub struct LibraryOptions {
    /// `--runbooks DIR`, in the order given.
    pub named: Vec<PathBuf>,
    /// `RUTTER_RUNBOOKS`: folders, separated as in `PATH`.
    pub variable: Option<OsString>,
    /// The current folder: `.rutter/runbooks` and `runbooks/` are looked for in it and above it.
    pub current: PathBuf,
    /// The person's own folder.
    pub own: Option<PathBuf>,
}

/// All runbooks that can be found. Names are listed at once, files are read when asked for.
#[derive(Debug)]
pub struct Library {
    current: PathBuf,
    found: Vec<Found>,
}

/// One runbook in one place, not read yet.
#[derive(Clone, Debug)]
struct Found {
    full_name: String,
    origin: Origin,
    /// Where on disk; `None` inside the binary. With the folder that no link may lead out of.
    lies: Option<(Shape, PathBuf)>,
}

impl Library {
    /// Lists the places in search order. A folder named with `--runbooks` has to exist.
    pub fn open(options: &LibraryOptions) -> Result<Self, ReadError> {
        let mut library = Self { current: options.current.clone(), found: Vec::new() };
        for folder in &options.named {
            let folder = options.current.join(folder);
            std::fs::read_dir(&folder)
                .map_err(|source| ReadError::Io { path: folder.clone(), source })?;
            library.add(&folder, Origin::Flag);
        }
        for folder in options.variable.iter().flat_map(std::env::split_paths) {
            library.add(&options.current.join(folder), Origin::Variable);
        }
        for above in options.current.ancestors() {
            library.add(&above.join(".rutter/runbooks"), Origin::Nearby);
            library.add(&above.join("runbooks"), Origin::Nearby);
        }
        if let Some(own) = &options.own {
            library.add(own, Origin::Own);
        }
        library.found.extend(built_in::names().map(|name| Found {
            full_name: name.to_owned(),
            origin: Origin::BuiltIn,
            lies: None,
        }));
        Ok(library)
    }

    fn add(&mut self, root: &Path, origin: fn(PathBuf) -> Origin) {
        self.found.extend(folder::list(root).into_iter().map(|(full_name, shape)| Found {
            full_name,
            origin: origin(root.to_path_buf()),
            lies: Some((shape, root.to_path_buf())),
        }));
    }

    /// Knows what lies around a path as well: the runbooks of the library folder that it is, or lies in.
    pub fn know_around(&mut self, path: &Path) {
        let path = self.current.join(path);
        for root in path.ancestors().take(3) {
            self.add(root, Origin::Path);
        }
    }

    /// Lists the full names, each once, in order; nothing is read.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.found.iter().map(|f| f.full_name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Reads every runbook below a folder, or the one a path names; one that cannot be read hides no other.
    pub fn at(&self, path: &Path) -> Result<Vec<Result<Entry, ReadError>>, NotFound> {
        let path = self.current.join(path);
        // A scenario is checked with its runbook: alone it cannot be told what it answers.
        let owner = path.parent().filter(|folder| folder.ends_with("scenarios"));
        let path = owner.and_then(Path::parent).unwrap_or(&path);
        if let Some(shape) = folder::shape_of(path) {
            return Ok(vec![self.read(&self.named(path, shape))]);
        }
        let found = folder::list(path);
        if found.is_empty() {
            return Err(NotFound::NoRunbookAt(path.to_path_buf()));
        }
        let read = |(full_name, shape)| {
            let lies = Some((shape, path.to_path_buf()));
            let origin = Origin::Path(path.to_path_buf());
            self.read(&Found { full_name, origin, lies })
        };
        Ok(found.into_iter().map(read).collect())
    }

    /// Reads every runbook, in the order of their names.
    pub fn entries(&self) -> impl Iterator<Item = Result<Entry, ReadError>> + '_ {
        self.names().into_iter().filter_map(|name| self.entry(name))
    }

    /// Finds a runbook by its full name, its short name while that is unique, or a path (`./x`, `/x`, `x.yaml`).
    pub fn find(&self, asked: &str) -> Result<Entry, NotFound> {
        if is_path(asked) {
            return self.find_path(asked);
        }
        let names = self.names();
        let full = if names.contains(&asked) {
            asked
        } else {
            let fits: Vec<&str> =
                names.iter().copied().filter(|name| entry::short(name) == asked).collect();
            match fits[..] {
                [only] => only,
                [] => return Err(not_found::nothing(asked, &names)),
                _ => return Err(not_found::several(asked, &fits)),
            }
        };
        match self.entry(full) {
            Some(entry) => Ok(entry?),
            None => Err(not_found::nothing(asked, &names)),
        }
    }

    /// Finds a runbook for a live run: one that hides a different one must be asked for by its full name.
    pub fn find_to_run(&self, asked: &str) -> Result<Entry, NotFound> {
        let entry = self.find(asked)?;
        match &entry.differs_from {
            Some(other)
                if entry.full_name != asked
                    && !matches!(entry.origin, Origin::Path(_) | Origin::Flag(_)) =>
            {
                Err(NotFound::Differs {
                    full_name: entry.full_name.clone(),
                    origin: entry.origin.clone(),
                    other: other.clone(),
                })
            }
            _ => Ok(entry),
        }
    }

    fn find_path(&self, asked: &str) -> Result<Entry, NotFound> {
        let path = self.current.join(asked);
        let shape = folder::shape_of(&path).ok_or_else(|| NotFound::NoRunbookAt(path.clone()))?;
        Ok(self.read(&self.named(&path, shape))?)
    }

    fn named(&self, path: &Path, shape: Shape) -> Found {
        // A link may lead anywhere inside the folder the runbook lies in; for a lone file, beside it.
        let root = match &shape {
            Shape::Folder(folder) => folder.clone(),
            Shape::Lone(file) => file.parent().unwrap_or(&self.current).to_path_buf(),
        };
        let full_name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Found { full_name, origin: Origin::Path(path.to_path_buf()), lies: Some((shape, root)) }
    }

    /// Reads the strongest runbook of this full name, and compares it with the others.
    fn entry(&self, full_name: &str) -> Option<Result<Entry, ReadError>> {
        let mut places = self.found.iter().filter(|found| found.full_name == full_name);
        let first = places.next()?;
        Some(self.read(first).map(|mut entry| {
            for other in places {
                match self.read(other) {
                    Ok(same) if same.digest == entry.digest => {
                        entry.same_as_built_in |= other.origin == Origin::BuiltIn;
                    }
                    // The weakest is kept: "differs from built in" says more than "differs from another folder".
                    _ => entry.differs_from = Some(other.origin.clone()),
                }
            }
            entry
        }))
    }

    fn read(&self, found: &Found) -> Result<Entry, ReadError> {
        let (files, shown) = match &found.lies {
            Some((shape, root)) => (folder::read(shape, root)?, self.shown(&shape.runbook_file())),
            None => (
                entry::in_order(built_in::files(&found.full_name)),
                format!("built-in:{}/{}", found.full_name, entry::RUNBOOK_FILE),
            ),
        };
        let text = files.first().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
        Ok(Entry {
            full_name: found.full_name.clone(),
            origin: found.origin.clone(),
            differs_from: None,
            same_as_built_in: found.origin == Origin::BuiltIn,
            digest: entry::digest_of(&files),
            source: Source::new(shown, String::from_utf8_lossy(text)),
            files,
        })
    }

    /// Returns a path as a person in the current folder would type it.
    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.current).unwrap_or(path).to_string_lossy().into_owned()
    }
}

/// Whether a person means a path and not a name: `lab/example` is a name wherever one stands.
fn is_path(asked: &str) -> bool {
    let path = Path::new(asked);
    path.is_absolute()
        || asked.starts_with("./")
        || asked.starts_with("../")
        || asked == "."
        || asked == ".."
        || path.extension().is_some_and(|extension| extension == "yaml")
}

#[cfg(test)]
mod tests;
