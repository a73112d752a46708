//! Where a run lives on disk, and the two private folders it is given.
#![expect(clippy::disallowed_methods, reason = "makes the run's own folders")]

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

/// The longest path a socket folder may have, so that servers' socket names fit behind it.
const TMP_MAX: usize = 40;

/// The folders of one run.
#[derive(Clone, Debug)]
pub struct RunPlace {
    /// The run's folder under `journals/`.
    pub dir: PathBuf,
    /// `run.work`: files the runbook makes.
    pub work: PathBuf,
    /// `run.tmp`: short path, for sockets and secrets in files.
    pub tmp: PathBuf,
}

impl RunPlace {
    /// The pinned runbook, which is what runs.
    pub fn runbook(&self) -> PathBuf {
        self.dir.join("runbook")
    }

    /// The task folder of the attempt intended in this record.
    pub fn task(&self, seq: u64) -> PathBuf {
        self.dir.join("tasks").join(seq.to_string())
    }

    /// The name of the spool of an attempt, under `output/`.
    pub fn spool_name(seq: u64, slug: &str) -> String {
        format!("{seq:04}-{}.spool", slug.replace('/', "-"))
    }

    /// The spool of an attempt.
    pub fn spool(&self, seq: u64, slug: &str) -> PathBuf {
        self.dir.join("output").join(Self::spool_name(seq, slug))
    }

    /// Folder for files made for one attempt and removed after it.
    pub fn private(&self, seq: u64) -> PathBuf {
        self.tmp.join(format!("p{seq}"))
    }
}

/// Makes a folder only we can enter; an existing one must be ours and closed to others.
pub fn private_folder(path: &Path) -> io::Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
        other => return other,
    }
    let meta = fs::symlink_metadata(path)?;
    let ours = meta.uid() == rustix::process::geteuid().as_raw();
    if !meta.is_dir() || !ours || meta.permissions().mode() & 0o022 != 0 {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!("{} exists and is not a folder that only you can write", path.display()),
        ));
    }
    Ok(())
}

/// Chooses and makes `run.tmp` for a run: a short path, new, ours alone.
pub fn make_tmp(short_id: &str) -> io::Result<PathBuf> {
    let uid = rustix::process::geteuid().as_raw();
    for n in 0..100 {
        let suffix = if n == 0 { String::new() } else { format!("-{n}") };
        let path = PathBuf::from(format!("/tmp/rutter-{uid}-{short_id}{suffix}"));
        debug_assert!(path.as_os_str().len() <= TMP_MAX);
        match fs::DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => return Ok(path),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
    }
    Err(io::Error::other("a hundred folders /tmp/rutter-… of this name exist already"))
}

/// Removes the `run.tmp` of a closed run. What a runbook left in it stays, and then so does the folder.
pub fn leave_tmp(tmp: &Path) {
    let _ = fs::remove_dir(tmp); // not empty: somebody may still need it
}

/// Writes one pinned file (0400) below `root`, making folders on the way, and syncs it.
pub fn pin(root: &Path, relative: &str, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let path = root.join(relative);
    if let Some(parent) = path.parent() {
        fs::DirBuilder::new().mode(0o700).recursive(true).create(parent)?;
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o400).open(&path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Reads a pinned file again.
pub fn pinned(root: &Path, relative: &str) -> io::Result<Vec<u8>> {
    fs::read(root.join(relative))
}

/// Half the free space of the disk below `dir`, at most 4 GiB: the most one spool may take.
pub fn spool_cap(dir: &Path) -> u64 {
    const MOST: u64 = 4 << 30;
    rustix::fs::statvfs(dir).map_or(MOST, |s| (s.f_bavail * s.f_frsize / 2).min(MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_others_can_write_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("open");
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        assert_eq!(private_folder(&path).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
    }

    #[test]
    fn a_closed_run_leaves_its_short_folder_only_with_something_in_it() {
        let (empty, full) = (make_tmp("TEST").unwrap(), make_tmp("TEST").unwrap());
        fs::write(full.join("socket"), "").unwrap();
        leave_tmp(&empty);
        leave_tmp(&full);
        assert!(!empty.exists());
        assert!(full.exists());
        fs::remove_dir_all(full).unwrap();
    }

    #[test]
    fn the_folder_for_sockets_has_a_short_path_and_is_new_each_time() {
        let a = make_tmp("TEST").unwrap();
        let b = make_tmp("TEST").unwrap();
        assert_ne!(a, b);
        assert!(b.as_os_str().len() <= TMP_MAX);
        fs::remove_dir(a).unwrap();
        fs::remove_dir(b).unwrap();
    }
}
