//! Reading runbooks from a folder on disk, trusting nothing in it.

use super::entry::{self, RUNBOOK_FILE};
use rustix::fs::OFlags;
use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The largest file that is read.
const FILE_LIMIT: u64 = 1 << 20;
/// The most files of one runbook; a folder with more is not a runbook's.
const FILES_LIMIT: usize = 500;

/// Where the files of one runbook lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A folder with `runbook.yaml` in it.
    Folder(PathBuf),
    /// A lone file.
    Lone(PathBuf),
}

impl Shape {
    /// Returns the path of the file with the runbook's text.
    pub fn runbook_file(&self) -> PathBuf {
        match self {
            Self::Folder(folder) => folder.join(RUNBOOK_FILE),
            Self::Lone(file) => file.clone(),
        }
    }
}

/// Why a runbook's files are not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system refused.
    #[error("{path} cannot be read: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A pipe, a device, a socket.
    #[error("{0} is not a regular file")]
    NotAFile(PathBuf),
    /// A link that leads out of the folder it was found in.
    #[error("{path} is a link that leads out of {root}")]
    LeadsOut {
        /// The link.
        path: PathBuf,
        /// The folder.
        root: PathBuf,
    },
    /// Too large.
    #[error("{0} is larger than 1 MiB")]
    TooLarge(PathBuf),
    /// Too many files.
    #[error("{0} has more than {FILES_LIMIT} files, which is no runbook")]
    TooMany(PathBuf),
}

/// Lists the runbooks below a library folder by full name, without reading one: `system/name/runbook.yaml`,
/// `name/runbook.yaml`, and lone `name.yaml` at either depth. A folder that is not there has none.
pub fn list(root: &Path) -> Vec<(String, Shape)> {
    let mut found = Vec::new();
    for (name, path) in children(root) {
        if let Some(shape) = shape_of(&path) {
            found.push((without_suffix(&name), shape));
        } else if path.is_dir() {
            for (inner, path) in children(&path) {
                if let Some(shape) = shape_of(&path) {
                    found.push((format!("{name}/{}", without_suffix(&inner)), shape));
                }
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

/// Returns what a path is: a runbook's folder, a lone runbook, or neither.
pub fn shape_of(path: &Path) -> Option<Shape> {
    // The file is not opened here: whatever is wrong with it is told when it is read.
    if path.join(RUNBOOK_FILE).symlink_metadata().is_ok() {
        return Some(Shape::Folder(path.to_path_buf()));
    }
    let yaml = path.extension().is_some_and(|extension| extension == "yaml");
    (yaml && !path.is_dir()).then(|| Shape::Lone(path.to_path_buf()))
}

/// Reads all files of a runbook; `root` is the folder that no link may lead out of.
pub fn read(shape: &Shape, root: &Path) -> Result<Vec<(String, Vec<u8>)>, ReadError> {
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |source| ReadError::Io { path, source }
    };
    let root = root.canonicalize().map_err(failed(root))?;
    match shape {
        Shape::Lone(file) => Ok(vec![(RUNBOOK_FILE.to_owned(), read_file(file, &root)?)]),
        Shape::Folder(folder) => {
            let mut files = Vec::new();
            let mut left = vec![(String::new(), folder.clone())];
            while let Some((prefix, folder)) = left.pop() {
                for (name, path) in children(&folder) {
                    let inside = format!("{prefix}{name}");
                    let real = path.canonicalize().map_err(failed(&path))?;
                    if !real.starts_with(&root) {
                        return Err(ReadError::LeadsOut { path, root });
                    }
                    // A folder that is a link could lead in circles; nobody has needed one.
                    if real.is_dir() && !path.is_symlink() {
                        left.push((format!("{inside}/"), path));
                    } else {
                        files.push((inside, read_file(&path, &root)?));
                    }
                    if files.len() + left.len() > FILES_LIMIT {
                        return Err(ReadError::TooMany(folder));
                    }
                }
            }
            Ok(entry::in_order(files))
        }
    }
}

/// Reads one regular file of at most [`FILE_LIMIT`] that lies, links followed, below `root`.
fn read_file(path: &Path, root: &Path) -> Result<Vec<u8>, ReadError> {
    let failed = |source| ReadError::Io { path: path.to_path_buf(), source };
    let real = path.canonicalize().map_err(failed)?;
    if !real.starts_with(root) {
        return Err(ReadError::LeadsOut { path: path.to_path_buf(), root: root.to_path_buf() });
    }
    // The resolved path is opened without following a link and without waiting for the other end of a pipe, and the
    // open file is asked what it is: nothing can be swapped in between.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(&real).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if !about.is_file() {
        return Err(ReadError::NotAFile(path.to_path_buf()));
    }
    let mut bytes = Vec::new();
    file.take(FILE_LIMIT + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(ReadError::TooLarge(path.to_path_buf()));
    }
    Ok(bytes)
}

/// Lists a folder by name, without hidden files; one that cannot be listed is empty.
fn children(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut children: Vec<(String, PathBuf)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .filter(|(name, _)| !name.starts_with('.'))
        .collect();
    children.sort();
    children
}

fn without_suffix(name: &str) -> String {
    name.strip_suffix(".yaml").unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn put(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn folders_and_lone_files_are_found_at_both_depths() {
        let root = tempfile::tempdir().unwrap();
        put(root.path(), "shop/restore/runbook.yaml", "");
        put(root.path(), "shop/restore/scenarios/a.yaml", "");
        put(root.path(), "shop/lone.yaml", "");
        put(root.path(), "alone.yaml", "");
        put(root.path(), "nosystem/runbook.yaml", "");
        put(root.path(), ".hidden/x/runbook.yaml", "");
        let names: Vec<String> = list(root.path()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["alone", "nosystem", "shop/lone", "shop/restore"]);
    }

    #[test]
    fn a_link_out_of_the_library_is_refused_and_one_inside_is_read() {
        let outside = tempfile::tempdir().unwrap();
        put(outside.path(), "secret", "x");
        let root = tempfile::tempdir().unwrap();
        put(root.path(), "shop/a/runbook.yaml", "text");
        put(root.path(), "shared.sql", "select 1");
        symlink("../../shared.sql", root.path().join("shop/a/shared.sql")).unwrap();
        let shape = Shape::Folder(root.path().join("shop/a"));
        assert_eq!(read(&shape, root.path()).unwrap().len(), 2);
        symlink(outside.path().join("secret"), root.path().join("shop/a/stolen.sql")).unwrap();
        assert!(matches!(read(&shape, root.path()), Err(ReadError::LeadsOut { .. })));
    }

    #[test]
    fn a_file_that_is_no_file_or_too_large_is_refused() {
        let root = tempfile::tempdir().unwrap();
        put(root.path(), "a/runbook.yaml", "");
        let shape = Shape::Folder(root.path().join("a"));
        let pipe = root.path().join("a/pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RWXU,
            0,
        )
        .unwrap();
        assert!(matches!(read(&shape, root.path()), Err(ReadError::NotAFile(_))));
        fs::remove_file(pipe).unwrap();
        put(root.path(), "a/large.sql", &"x".repeat((1 << 20) + 1));
        assert!(matches!(read(&shape, root.path()), Err(ReadError::TooLarge(_))));
    }
}
