//! Folders and files that nobody else can have prepared, and that are there after a power cut.

#![expect(clippy::disallowed_methods, reason = "makes the folders and files")]

use super::scan::hex;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Why a folder or file is not trusted with a journal.
#[derive(Debug, thiserror::Error)]
pub enum Unsafe {
    /// It belongs to another account.
    #[error(
        "{path} belongs to uid {owner}, not to uid {me}; use a folder of your own (--journal-dir)"
    )]
    Owner {
        /// What.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// This process.
        me: u32,
    },
    /// Others may write to it, or read what only its owner should.
    #[error("{path} is open to others (mode {mode:04o}); run: chmod go-rwx '{path}'")]
    Open {
        /// What.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A link, a pipe, a device: not what it should be.
    #[error("{path} is not {wanted}; move it away")]
    Kind {
        /// What.
        path: PathBuf,
        /// What was wanted.
        wanted: &'static str,
    },
    /// It has a second name.
    #[error(
        "{path} has a second name (hard link), so somebody else may hold it; copy it and remove the link"
    )]
    Linked {
        /// What.
        path: PathBuf,
    },
    /// The system refused.
    #[error("{path}: {source}")]
    Io {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Unsafe {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    /// Tells whether it is simply not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// Opens a folder, without following a link, and makes sure that it is ours alone to write to.
pub(super) fn open_folder(path: &Path) -> Result<File, Unsafe> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(fd) => File::from(fd),
        Err(Errno::LOOP | Errno::NOTDIR) => {
            return Err(Unsafe::Kind { path: path.to_owned(), wanted: "a folder" });
        }
        Err(errno) => return Err(Unsafe::io(path)(errno.into())),
    };
    let meta = folder.metadata().map_err(Unsafe::io(path))?;
    ours(path, &meta, 0o022)?;
    Ok(folder)
}

/// Opens a file in an opened folder and makes sure that it is a plain file, ours alone, under this one name.
pub(super) fn open_file(
    folder: &File,
    path: &Path,
    name: &str,
    flags: OFlags,
) -> Result<File, Unsafe> {
    // NONBLOCK: a pipe put in the file's place must not hang us. It has no effect on plain files.
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let path = path.join(name);
    let file = match rustix::fs::openat(folder, name, flags, Mode::RUSR | Mode::WUSR) {
        Ok(fd) => File::from(fd),
        Err(Errno::LOOP | Errno::NXIO | Errno::ISDIR) => {
            return Err(Unsafe::Kind { path, wanted: "a plain file" });
        }
        Err(errno) => return Err(Unsafe::io(&path)(errno.into())),
    };
    let meta = file.metadata().map_err(Unsafe::io(&path))?;
    if !meta.is_file() {
        return Err(Unsafe::Kind { path, wanted: "a plain file" });
    }
    ours(&path, &meta, 0o077)?;
    if meta.nlink() > 1 {
        return Err(Unsafe::Linked { path });
    }
    Ok(file)
}

fn ours(path: &Path, meta: &fs::Metadata, forbidden: u32) -> Result<(), Unsafe> {
    let me = rustix::process::geteuid().as_raw();
    if meta.uid() != me {
        return Err(Unsafe::Owner { path: path.to_owned(), owner: meta.uid(), me });
    }
    let mode = meta.mode() & 0o7777;
    if mode & forbidden != 0 {
        return Err(Unsafe::Open { path: path.to_owned(), mode });
    }
    Ok(())
}

/// Makes a folder of mode 0700, whatever the umask, and makes its name durable.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().mode(0o700).create(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes a folder and those above it that are missing.
pub(super) fn make_folders(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
        make_folders(above)?;
    }
    match make_folder(path) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        other => other,
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path)?.sync_all()
}

/// Puts a file of mode 0600 into a folder: whole and durable, or not at all.
pub(super) fn put(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let temporary = folder.join(format!(".{name}.{}", std::process::id()));
    let written = write_new(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, folder.join(name)))
        .and_then(|()| sync_folder(folder));
    if written.is_err() {
        let _ = fs::remove_file(&temporary); // what could not be put leaves no trace
    }
    written
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .custom_flags(i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or(0))
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Reads a plain file of at most `limit` bytes; a pipe or a device in its place is an error and never blocks.
pub(super) fn read_plain(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_plain(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it is larger than {limit} bytes"),
        ));
    }
    Ok(bytes)
}

fn open_plain(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a plain file"));
    }
    Ok(file)
}

/// Returns random bytes of the system.
pub(super) fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| io::Error::other(e.to_string()))?;
    Ok(bytes)
}

/// Returns size and SHA-256 (hex) of a plain file.
pub fn digest_file(path: &Path) -> io::Result<(u64, String)> {
    let mut file = open_plain(path)?;
    let (mut hash, mut size) = (Sha256::new(), 0);
    let mut buffer = vec![0; 128 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((size, hex(&hash.finalize()))),
            Ok(n) => {
                hash.update(&buffer[..n]);
                size += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_folder_that_others_may_write_to_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        open_folder(dir.path()).unwrap();
        mode(dir.path(), 0o770);
        assert!(matches!(open_folder(dir.path()).unwrap_err(), Unsafe::Open { mode: 0o770, .. }));
    }

    #[test]
    fn links_pipes_and_shared_files_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let folder = open_folder(dir.path()).unwrap();
        let open = |name: &str| open_file(&folder, dir.path(), name, OFlags::RDWR);
        let at = |name: &str| dir.path().join(name);
        put(dir.path(), "plain", b"x").unwrap();
        open("plain").unwrap();

        std::os::unix::fs::symlink(at("plain"), at("link")).unwrap();
        assert!(matches!(open("link").unwrap_err(), Unsafe::Kind { .. }));
        fs::hard_link(at("plain"), at("second")).unwrap();
        assert!(matches!(open("plain").unwrap_err(), Unsafe::Linked { .. }));
        rustix::fs::mkfifoat(&folder, "pipe", Mode::RUSR | Mode::WUSR).unwrap();
        assert!(matches!(open("pipe").unwrap_err(), Unsafe::Kind { .. }));
        fs::create_dir(at("folder")).unwrap();
        assert!(matches!(open("folder").unwrap_err(), Unsafe::Kind { .. }));
        put(dir.path(), "shared", b"x").unwrap();
        mode(&at("shared"), 0o640);
        assert!(matches!(open("shared").unwrap_err(), Unsafe::Open { .. }));
        assert!(open("absent").unwrap_err().is_missing());
    }

    #[test]
    fn folders_and_files_are_private() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b/c");
        make_folders(&deep).unwrap();
        make_folders(&deep).unwrap();
        put(&deep, "file", b"text").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!((mode(&deep), mode(&deep.join("file"))), (0o700, 0o600));
        assert_eq!(fs::read_dir(&deep).unwrap().count(), 1, "no temporary file stays behind");
    }

    #[test]
    fn a_digest_is_that_of_sha256sum() {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), "abc", b"abc").unwrap();
        let (size, digest) = digest_file(&dir.path().join("abc")).unwrap();
        assert_eq!(size, 3);
        assert_eq!(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        digest_file(dir.path()).unwrap_err();
    }

    #[test]
    fn reading_stops_at_the_limit() {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), "abc", b"abc").unwrap();
        read_plain(&dir.path().join("abc"), 3).unwrap();
        read_plain(&dir.path().join("abc"), 2).unwrap_err();
        read_plain(Path::new("/dev/zero"), 10).unwrap_err();
    }
}
