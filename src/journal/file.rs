//! The journal's file: one writer, append only, on disk before anything is acknowledged.

#![expect(clippy::disallowed_methods, reason = "reads and writes the journal")]

use super::durable;
use super::error::{AppendError, OpenError};
use super::identity::Identity;
use super::record::{Chain, Head, MAX_RECORD, Record};
use super::reserve::Reserve;
use super::scan::{End, Reading, scan};
use super::stamp::Stamp;
use super::tail::{self, Torn};
use rustix::fs::OFlags;
use rustix::io::Errno;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

/// The file's name in a run's folder.
pub const NAME: &str = "journal.jsonl";

/// More than any run writes; a larger file is not read.
const MAX_FILE: u64 = 1 << 30;

/// The one writer of a journal. Holds the lock until it is dropped.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    file: File,
    chain: Chain,
    len: u64,
    /// What of it is on disk for certain.
    synced: u64,
    last_line: Vec<u8>,
    reserve: Reserve,
    spent: Option<String>,
}

/// A journal that was opened to go on with it.
#[derive(Debug)]
pub struct Reopened<T> {
    /// Its writer.
    pub writer: Writer,
    /// What it holds.
    pub records: Vec<Record<T>>,
    /// Every tail that lies in `torn/`, also from earlier openings: those that no record names are still to be recorded.
    pub torn: Vec<Torn>,
}

impl Writer {
    /// Makes the journal of a new run in its folder. The folder's name is the run's name.
    pub fn create(dir: &Path) -> Result<Self, OpenError> {
        let folder = durable::open_folder(dir)?;
        let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE | OFlags::EXCL;
        let file = durable::open_file(&folder, dir, NAME, flags)?;
        let path = dir.join(NAME);
        lock(&file, &path)?;
        file.sync_all().and_then(|()| folder.sync_all()).map_err(io_error(&path))?;
        Ok(Self::at(dir, file, Chain::start(Some(run_of(dir))), &[]))
    }

    /// Opens the journal of a run to go on with it: takes the lock, reads everything, sets a torn tail aside.
    ///
    pub fn open<T: DeserializeOwned>(dir: &Path) -> Result<Reopened<T>, OpenError> {
        let folder = durable::open_folder(dir)?;
        let file = durable::open_file(&folder, dir, NAME, OFlags::RDWR | OFlags::APPEND)?;
        let path = dir.join(NAME);
        lock(&file, &path)?;
        let bytes = durable::read_plain(&path, MAX_FILE).map_err(io_error(&path))?;
        let run = run_of(dir);
        let reading: Reading<T> = scan(&bytes, Some(&run));
        if let End::Bad { seq, flaw, .. } = reading.end {
            return Err(OpenError::Damaged { path, run, seq, flaw });
        }
        if let Some(tail) = tail::of(&reading.end) {
            tail::set_aside(dir, &file, &bytes, tail).map_err(io_error(&path))?;
        }
        let torn = tail::list(dir).map_err(io_error(&path))?;
        let mode = reading.records.first().and_then(|record| record.mode.clone());
        let chain = Chain::behind(run, reading.head()).of_mode(mode);
        let good = usize::try_from(reading.good).unwrap_or(usize::MAX);
        let writer = Self::at(dir, file, chain, &bytes[..good]);
        Ok(Reopened { writer, records: reading.records, torn })
    }

    fn at(dir: &Path, file: File, chain: Chain, good: &[u8]) -> Self {
        Self {
            path: dir.join(NAME),
            file,
            chain,
            len: good.len() as u64,
            synced: 0, // a crashed writer may have left what was never synced
            last_line: last_line(good).to_vec(),
            reserve: Reserve::new(dir),
            spent: None,
        }
    }

    /// Says in every record what kind of run this is; for the journal of a new run, before its first record.
    #[must_use]
    pub fn of_mode(self, mode: &str) -> Self {
        let chain = self.chain.of_mode(Some(mode.to_owned()));
        Self { chain, ..self }
    }

    /// Returns the run's name.
    pub fn run(&self) -> &str {
        self.chain.run().unwrap_or_default()
    }

    /// Returns the last record's number and hash; none while the journal is empty.
    pub fn head(&self) -> Option<Head> {
        self.chain.head()
    }

    /// Holds space for three records of the largest size: an intention, a start, an outcome.
    ///
    /// To be called before an attempt is intended: then its outcome can be recorded even if the command itself fills
    /// the disk.
    pub fn reserve(&mut self) -> Result<(), AppendError> {
        self.usable()?;
        let size = 3 * MAX_RECORD as u64;
        self.reserve.hold(&self.file, self.len, size).map_err(|source| AppendError::NoRoom {
            path: self.path.clone(),
            needed: size,
            source,
        })
    }

    /// Gives held space back to the disk. To be called when the run is closed: a finished journal grows no more.
    pub fn give_back(&mut self) {
        self.reserve.release();
        // Cutting a file at its own end frees what lies behind it; if that fails, some space stays taken.
        if self.usable().is_ok() && self.untouched().is_ok() {
            let _ = self.file.set_len(self.len);
        }
    }

    /// Appends one record and returns once it is on disk.
    pub fn append<T: Serialize>(
        &mut self,
        stamp: &Stamp,
        by: &Identity,
        events: &[T],
    ) -> Result<Head, AppendError> {
        let head = self.append_lazy(stamp, by, events)?;
        self.sync()?;
        Ok(head)
    }

    /// Appends one record without waiting for the disk. The next [`Writer::append`] or [`Writer::sync`] covers it.
    ///
    /// Only for what may be lost: the start of a read.
    pub fn append_lazy<T: Serialize>(
        &mut self,
        stamp: &Stamp,
        by: &Identity,
        events: &[T],
    ) -> Result<Head, AppendError> {
        self.usable()?;
        self.untouched()?;
        let sealed = self.chain.seal(stamp, by, events)?;
        self.write(&sealed.line)?;
        self.len += sealed.line.len() as u64;
        self.last_line = sealed.line;
        self.chain.passed(sealed.head);
        Ok(sealed.head)
    }

    /// Waits until everything appended is on disk.
    pub fn sync(&mut self) -> Result<(), AppendError> {
        self.usable()?;
        if self.synced < self.len {
            self.file.sync_data().map_err(|source| self.spend(source))?;
            self.synced = self.len;
        }
        Ok(())
    }

    /// Waits for the disk, reads the last record back and returns the head it proves. To be called before anchoring:
    /// an anchor of a record that a power cut takes away would contradict an honest journal.
    pub fn confirm(&mut self) -> Result<Option<Head>, AppendError> {
        self.sync()?;
        let Some(head) = self.chain.head() else { return Ok(None) };
        let mut line = vec![0; self.last_line.len()];
        let begin = self.len - line.len() as u64;
        if let Err(source) = self.file.read_exact_at(&mut line, begin) {
            return Err(self.spend(source));
        }
        if line != self.last_line {
            return Err(self.changed("its last record reads back differently"));
        }
        Ok(Some(head))
    }

    fn usable(&self) -> Result<(), AppendError> {
        match &self.spent {
            None => Ok(()),
            Some(because) => {
                Err(AppendError::Spent { path: self.path.clone(), because: because.clone() })
            }
        }
    }

    /// Makes sure that the file is still there under its name and ends where this writer left it.
    fn untouched(&mut self) -> Result<(), AppendError> {
        let meta = match self.file.metadata() {
            Ok(meta) => meta,
            Err(source) => return Err(self.spend(source)),
        };
        if meta.nlink() == 0 {
            return Err(self.changed("it was removed"));
        }
        if meta.len() != self.len {
            return Err(self.changed("its size is not what was written"));
        }
        Ok(())
    }

    fn write(&mut self, line: &[u8]) -> Result<(), AppendError> {
        let mut written = 0;
        while written < line.len() {
            match self.file.write(&line[written..]) {
                Ok(0) => return Err(self.take_back(io::ErrorKind::WriteZero.into(), line.len())),
                Ok(n) => written += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) if is_no_room(&e) && self.reserve.release() => {}
                Err(e) => return Err(self.take_back(e, line.len())),
            }
        }
        Ok(())
    }

    /// Cuts a half-written record off again. It was never acknowledged, so nothing is lost; only if that fails too, or
    /// the error was not about room, the writer is spent.
    fn take_back(&mut self, source: io::Error, needed: usize) -> AppendError {
        match self.file.set_len(self.len) {
            Ok(()) if is_no_room(&source) => {
                AppendError::NoRoom { path: self.path.clone(), needed: needed as u64, source }
            }
            _ => self.spend(source),
        }
    }

    fn spend(&mut self, source: io::Error) -> AppendError {
        self.spent = Some(source.to_string());
        AppendError::Failed { path: self.path.clone(), source }
    }

    fn changed(&mut self, what: &'static str) -> AppendError {
        self.spent = Some(what.to_owned());
        AppendError::Changed { path: self.path.clone(), what }
    }
}

/// Reads the journal in a run's folder, as far as it holds. Takes no lock and changes nothing.
pub fn read<T: DeserializeOwned>(dir: &Path) -> io::Result<Reading<T>> {
    let run = run_of(dir);
    let bytes = durable::read_plain(&dir.join(NAME), MAX_FILE)?;
    Ok(scan(&bytes, Some(&run)))
}

/// Reads any file as a journal, of this run or of whatever run it names itself; also counts its lines.
pub fn read_as<T: DeserializeOwned>(
    path: &Path,
    run: Option<&str>,
) -> io::Result<(Reading<T>, u64)> {
    let bytes = durable::read_plain(path, MAX_FILE)?;
    let lines = memchr::memchr_iter(b'\n', &bytes).count() as u64;
    Ok((scan(&bytes, run), lines))
}

/// Returns the run's name, which is its folder's.
pub fn run_of(dir: &Path) -> String {
    // `.` and `runs/..` have no name of their own.
    let named = dir.file_name().map(ToOwned::to_owned);
    let named = named.or_else(|| dir.canonicalize().ok()?.file_name().map(ToOwned::to_owned));
    named.unwrap_or_default().to_string_lossy().into_owned()
}

fn lock(file: &File, path: &Path) -> Result<(), OpenError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(OpenError::Held { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(io_error(path)(source)),
    }
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path = path.to_owned();
    move |source| OpenError::Io { path, source }
}

fn is_no_room(error: &io::Error) -> bool {
    let errno = error.raw_os_error().map(Errno::from_raw_os_error);
    matches!(errno, Some(Errno::NOSPC | Errno::DQUOT | Errno::FBIG))
}

fn last_line(good: &[u8]) -> &[u8] {
    let body = good.strip_suffix(b"\n").unwrap_or(good);
    memchr::memrchr(b'\n', body).map_or(good, |at| &good[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::record::Flaw;
    use std::fs::{self, OpenOptions};

    fn run() -> (tempfile::TempDir, PathBuf) {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("run");
        durable::make_folder(&dir).unwrap();
        (root, dir)
    }

    fn append(writer: &mut Writer, text: &str) -> Head {
        writer.append(&Stamp::now(), &Identity::default(), &[text]).unwrap()
    }

    fn open(dir: &Path) -> Result<Reopened<String>, OpenError> {
        Writer::open(dir)
    }

    fn bytes(dir: &Path) -> Vec<u8> {
        fs::read(dir.join(NAME)).unwrap()
    }

    #[test]
    fn a_journal_goes_on_where_it_ended() {
        let (_root, dir) = run();
        let mut writer = Writer::create(&dir).unwrap();
        assert_eq!(writer.head(), None);
        let first = append(&mut writer, "one");
        drop(writer);
        let mut again = open(&dir).unwrap();
        assert_eq!(again.writer.head(), Some(first));
        append(&mut again.writer, "two");
        assert_eq!(again.writer.confirm().unwrap(), again.writer.head());
        let reading = read::<String>(&dir).unwrap();
        assert_eq!((reading.records.len(), reading.end), (2, End::Clean));
    }

    #[test]
    fn a_journal_has_one_writer_and_any_number_of_readers() {
        let (_root, dir) = run();
        let mut writer = Writer::create(&dir).unwrap();
        append(&mut writer, "one");
        assert!(matches!(open(&dir), Err(OpenError::Held { .. })));
        assert_eq!(read::<String>(&dir).unwrap().records.len(), 1);
        drop(writer);
        open(&dir).unwrap();
        assert!(matches!(Writer::create(&dir), Err(OpenError::Unsafe(_))));
    }

    #[test]
    fn a_torn_tail_is_set_aside_once_and_stays_known() {
        let (_root, dir) = run();
        append(&mut Writer::create(&dir).unwrap(), "one");
        let whole = bytes(&dir);
        let mut file = OpenOptions::new().append(true).open(dir.join(NAME)).unwrap();
        file.write_all(b"{\"v\":1,\"ru").unwrap();
        for _ in 0..2 {
            let again = open(&dir).unwrap();
            assert_eq!(again.records.len(), 1);
            assert_eq!((again.torn.len(), again.torn[0].len), (1, 10));
            assert_eq!(bytes(&dir), whole);
        }
        assert_eq!(
            fs::read(dir.join("torn").join(format!("{}.bin", whole.len()))).unwrap(),
            b"{\"v\":1,\"ru"
        );
    }

    #[test]
    fn a_damaged_journal_is_not_written_and_still_read() {
        let (_root, dir) = run();
        let mut writer = Writer::create(&dir).unwrap();
        for text in ["one", "two", "three"] {
            append(&mut writer, text);
        }
        drop(writer);
        let damaged = String::from_utf8(bytes(&dir)).unwrap().replace("two", "TWO");
        fs::write(dir.join(NAME), &damaged).unwrap();
        let error = open(&dir).unwrap_err();
        assert!(matches!(error, OpenError::Damaged { seq: 1, .. }), "{error}");
        assert_eq!(bytes(&dir), damaged.as_bytes());
        assert_eq!(read::<String>(&dir).unwrap().records.len(), 1);
    }

    #[test]
    fn a_journal_in_another_runs_folder_is_refused() {
        let (root, dir) = run();
        append(&mut Writer::create(&dir).unwrap(), "one");
        let other = root.path().join("other");
        fs::rename(&dir, &other).unwrap();
        assert!(matches!(open(&other), Err(OpenError::Damaged { seq: 0, flaw: Flaw::Run(_), .. })));
    }

    #[test]
    fn a_removed_journal_takes_no_more_records() {
        let (_root, dir) = run();
        let mut writer = Writer::create(&dir).unwrap();
        append(&mut writer, "one");
        fs::remove_file(dir.join(NAME)).unwrap();
        let error = writer.append(&Stamp::now(), &Identity::default(), &["two"]).unwrap_err();
        assert!(matches!(error, AppendError::Changed { .. }), "{error}");
        let error = writer.append(&Stamp::now(), &Identity::default(), &["two"]).unwrap_err();
        assert!(matches!(error, AppendError::Spent { .. }), "{error}");
    }

    #[test]
    fn what_somebody_else_writes_into_it_ends_the_writing() {
        let (_root, dir) = run();
        let mut writer = Writer::create(&dir).unwrap();
        append(&mut writer, "one");
        fs::write(dir.join(NAME), vec![b'x'; bytes(&dir).len()]).unwrap();
        assert!(matches!(writer.confirm(), Err(AppendError::Changed { .. })));

        let (_root, dir) = run();
        let mut writer = Writer::create(&dir).unwrap();
        OpenOptions::new().append(true).open(dir.join(NAME)).unwrap().write_all(b"x").unwrap();
        let error = writer.append(&Stamp::now(), &Identity::default(), &["two"]).unwrap_err();
        assert!(matches!(error, AppendError::Changed { .. }), "{error}");
    }

    #[test]
    fn a_record_that_cannot_be_made_leaves_the_journal_as_it_was() {
        let (_root, dir) = run();
        let mut writer = Writer::create(&dir).unwrap();
        let long = "x".repeat(MAX_RECORD);
        let error = writer.append(&Stamp::now(), &Identity::default(), &[long]).unwrap_err();
        assert!(matches!(error, AppendError::Encode(_)), "{error}");
        append(&mut writer, "one");
        assert_eq!(read::<String>(&dir).unwrap().records.len(), 1);
    }

    #[test]
    fn held_space_is_taken_from_the_disk_and_given_back() {
        let (_root, dir) = run();
        let mut writer = Writer::create(&dir).unwrap();
        append(&mut writer, "one");
        let blocks = || fs::metadata(dir.join(NAME)).unwrap().blocks();
        let before = blocks();
        writer.reserve().unwrap();
        let held = blocks();
        writer.give_back();
        assert!(blocks() <= before);
        // On a file system that cannot hold space behind a file's end, a ballast file takes it.
        assert!(held >= before);
        append(&mut writer, "two");
        assert_eq!(read::<String>(&dir).unwrap().records.len(), 2);
    }

    #[test]
    fn a_lazily_appended_record_is_in_the_chain_like_any_other() {
        let (_root, dir) = run();
        let mut writer = Writer::create(&dir).unwrap();
        writer.append_lazy(&Stamp::now(), &Identity::default(), &["one"]).unwrap();
        append(&mut writer, "two");
        writer.reserve().unwrap();
        let reading = read::<String>(&dir).unwrap();
        assert_eq!((reading.records.len(), reading.end), (2, End::Clean));
    }
}
