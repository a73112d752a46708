//! Throw-away PostgreSQL servers that look like managed ones: reached by TCP with TLS and a password, each at a loopback
//! address of its own, all at the same port, as servers of a cloud are.

use crate::support::program::said;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What the servers have in common. Everything is gone when this is dropped.
pub struct Servers {
    root: tempfile::TempDir,
    account: String,
    /// The folder of the server's programs.
    pub programs: PathBuf,
    /// The port of all of them.
    pub port: u16,
    started: Vec<PathBuf>,
}

/// The superuser, who is nobody's role in a runbook.
const ROOT: &str = "postgres";

impl Servers {
    /// Finds the programs, the account that may own a server, and a port that is free at these addresses.
    pub fn new(hosts: &[Ipv4Addr]) -> Self {
        let programs = asked(Command::new("sh").arg(lab("find-server.sh")));
        let account = ["postgres", "nobody"].into_iter().find(|account| {
            let known = Command::new("id").arg(account).stderr(Stdio::null()).output();
            known.is_ok_and(|known| known.status.success())
        });
        let root = tempfile::tempdir().unwrap();
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let servers = Self {
            root,
            account: account.unwrap().to_owned(),
            programs: PathBuf::from(programs),
            port: free_port(hosts),
            started: Vec::new(),
        };
        servers.certificate(hosts);
        servers
    }

    /// A program of PostgreSQL.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// Makes a server, starts it at this address and lets the superuser run these files.
    pub fn make(&mut self, host: Ipv4Addr, files: &[&Path]) -> PathBuf {
        let folder = self.folder(host);
        let data = folder.join("data");
        let options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-U", ROOT];
        self.owned(self.program("initdb"), |c| c.args(options).arg("-D").arg(&data));
        fs::write(data.join("pg_hba.conf"), "local all all trust\nhostssl all all 127.0.0.0/8 scram-sha-256\nlocal replication all trust\n").unwrap();
        self.configure(host);
        self.start(host);
        for file in files {
            self.load(host, file);
        }
        folder
    }

    /// Copies a running server, for another address. It is not started.
    pub fn copy(&self, from: Ipv4Addr, to: Ipv4Addr) -> PathBuf {
        let folder = self.folder(to);
        let (socket, port) = (self.folder(from), self.port.to_string());
        self.owned(self.program("pg_basebackup"), |c| {
            c.args(["--checkpoint=fast", "--no-sync", "-U", ROOT, "-p", &port]);
            c.arg("-h").arg(socket).arg("-D").arg(folder.join("data"))
        });
        self.configure(to);
        folder
    }

    /// The words that start a server, for whoever is to start it.
    pub fn start_words(&self, host: Ipv4Addr) -> Vec<String> {
        let folder = self.folder(host);
        let (data, log) = (folder.join("data"), folder.join("log"));
        let words = ["sh", &lab("as-server.sh"), &self.account].map(str::to_owned);
        let program = self.program("pg_ctl").to_str().unwrap().to_owned();
        let rest = ["-w", "-s", "-D", data.to_str().unwrap(), "-l", log.to_str().unwrap(), "start"];
        words.into_iter().chain([program]).chain(rest.map(str::to_owned)).collect()
    }

    /// Starts a server.
    pub fn start(&mut self, host: Ipv4Addr) {
        self.ends_with_us(host);
        let words = self.start_words(host);
        // Not through pipes: the server would keep them.
        let status = Command::new(&words[0])
            .args(&words[1..])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let log = fs::read_to_string(self.folder(host).join("log")).unwrap_or_default();
        assert!(status.unwrap().success(), "{log}");
    }

    /// Starts a server unless somebody did.
    pub fn start_if_stopped(&mut self, host: Ipv4Addr) {
        if !self.folder(host).join("data/postmaster.pid").exists() {
            self.start(host);
        }
    }

    /// Whoever starts this server, it goes when these go.
    pub fn ends_with_us(&mut self, host: Ipv4Addr) {
        let data = self.folder(host).join("data");
        if !self.started.contains(&data) {
            self.started.push(data);
        }
    }

    /// Has the superuser run a file.
    pub fn load(&self, host: Ipv4Addr, file: &Path) {
        let output = self.psql(host, "postgres").arg("-f").arg(file).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }

    /// Asks as the superuser.
    pub fn ask(&self, host: Ipv4Addr, database: &str, sql: &str) -> String {
        asked(self.psql(host, database).args(["-c", sql]))
    }

    /// The words that begin a line of the superuser.
    pub fn superuser_words(&self, host: Ipv4Addr) -> Vec<String> {
        let psql = self.psql(host, "postgres");
        let words = [psql.get_program()].into_iter().chain(psql.get_args());
        words.map(|word| word.to_str().unwrap().to_owned()).collect()
    }

    fn psql(&self, host: Ipv4Addr, database: &str) -> Command {
        let mut psql = Command::new(self.program("psql"));
        psql.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-U", ROOT, "-d", database, "-p"]);
        psql.arg(self.port.to_string()).arg("-h").arg(self.folder(host)).env_remove("PGHOST");
        psql
    }

    /// Dumps a database into a file, in PostgreSQL's own format.
    pub fn dump(&self, host: Ipv4Addr, database: &str, file: &Path) {
        let mut dump = Command::new(self.program("pg_dump"));
        dump.args(["-Fc", "-U", ROOT, "-d", database, "-p", &self.port.to_string(), "-h"]);
        asked(dump.arg(self.folder(host)).arg("-f").arg(file));
    }

    /// Everything in a server that a command may change: roles, rights, structure and rows.
    pub fn picture(&self, host: Ipv4Addr) -> String {
        let mut dump = Command::new(self.program("pg_dumpall"));
        dump.args(["-U", ROOT, "-p", &self.port.to_string(), "-h"]).arg(self.folder(host));
        let text = asked(&mut dump);
        // Newer releases fence a dump with a word that is never the same.
        let kept =
            text.lines().filter(|l| !l.starts_with("\\restrict") && !l.starts_with("\\unrestrict"));
        kept.collect::<Vec<_>>().join("\n")
    }

    fn folder(&self, host: Ipv4Addr) -> PathBuf {
        let folder = self.root.path().join(host.to_string());
        if !folder.exists() {
            fs::create_dir(&folder).unwrap();
            self.give(&folder);
        }
        folder
    }

    fn configure(&self, host: Ipv4Addr) {
        let folder = self.folder(host);
        let settings = format!(
            "listen_addresses = '{host}'\nport = {}\nunix_socket_directories = '{}'\nssl = on\n\
             ssl_cert_file = '{root}/server.crt'\nssl_key_file = '{root}/server.key'\n\
             password_encryption = 'scram-sha-256'\nfsync = off\nmax_connections = 30\nshared_buffers = 16MB\n",
            self.port,
            folder.display(),
            root = self.root.path().display(),
        );
        let path = folder.join("data/postgresql.auto.conf");
        fs::write(path, settings).unwrap();
    }

    /// The certificate of all servers, which is its own root.
    pub fn root_certificate(&self) -> PathBuf {
        self.root.path().join("server.crt")
    }

    fn certificate(&self, hosts: &[Ipv4Addr]) {
        let (key, certificate) = (self.root.path().join("server.key"), self.root_certificate());
        let names: Vec<_> = hosts.iter().map(|host| format!("IP:{host}")).collect();
        let names = format!("subjectAltName={}", names.join(","));
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]);
        openssl
            .args(["-subj", "/CN=loopback", "-addext", &names, "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate);
        asked(&mut openssl);
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        self.give(&key);
    }

    fn give(&self, path: &Path) {
        if rustix::process::geteuid().is_root() {
            let id = |flag: &str| {
                asked(Command::new("id").arg(flag).arg(&self.account)).parse().unwrap()
            };
            chown(path, Some(id("-u")), Some(id("-g"))).unwrap();
        }
    }

    /// Runs a program as the account that owns the servers.
    fn owned(&self, program: PathBuf, with: impl FnOnce(&mut Command) -> &mut Command) -> String {
        let mut command = Command::new("sh");
        command.arg(lab("as-server.sh")).arg(&self.account).arg(program);
        asked(with(&mut command))
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for data in &self.started {
            let mut stop = Command::new("sh");
            stop.arg(lab("as-server.sh")).arg(&self.account).arg(self.program("pg_ctl"));
            let _ = stop.args(["-s", "-m", "immediate", "stop", "-D"]).arg(data).output();
        }
    }
}

/// The lab knows how to find and own a server.
fn lab(file: &str) -> String {
    format!("{}/runbooks/lab/postgres-restore/{file}", env!("CARGO_MANIFEST_DIR"))
}

fn asked(command: &mut Command) -> String {
    let output: Output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn free_port(hosts: &[Ipv4Addr]) -> u16 {
    for _ in 0..50 {
        let first = TcpListener::bind((hosts[0], 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        let rest: Result<Vec<_>, _> =
            hosts[1..].iter().map(|host| TcpListener::bind((*host, port))).collect();
        if rest.is_ok() {
            return port;
        }
    }
    panic!("no port is free at all of {hosts:?}");
}
