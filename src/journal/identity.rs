//! Who wrote a record: what the system says, kept apart from what was claimed.

#![expect(clippy::disallowed_methods, reason = "observes this process and its environment")]

use serde::{Deserialize, Serialize};
use std::fs;

/// Who wrote a record. Everything but `claimed` was observed by the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Effective user id.
    pub uid: u32,
    /// The account's name, if the system knows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The name the operator gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<String>,
    /// The account of the login session, which `su` and `sudo` do not change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loginuid: Option<u32>,
    /// Who called `sudo`, as `sudo` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sudo_user: Option<String>,
    /// The terminal: `pts/3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tty: Option<String>,
    /// The address an ssh session came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssh: Option<String>,
    /// The host's name.
    #[serde(default)]
    pub host: String,
}

impl Identity {
    /// Observes this process, and takes down the claimed name.
    pub fn observe(claimed: Option<&str>) -> Self {
        let uid = rustix::process::geteuid().as_raw();
        Self {
            uid,
            login: login(uid),
            claimed: claimed.map(str::to_owned),
            loginuid: loginuid(),
            sudo_user: variable("SUDO_USER"),
            tty: tty(),
            ssh: variable("SSH_CONNECTION").and_then(|c| c.split(' ').next().map(str::to_owned)),
            host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        }
    }

    /// Returns the name to show: the claimed one, else the account, else the number.
    pub fn name(&self) -> String {
        match (&self.claimed, &self.login) {
            (Some(name), _) | (None, Some(name)) => name.clone(),
            (None, None) => format!("uid {}", self.uid),
        }
    }
}

/// The account's name. Read from the file, for a lookup through the name service would need unsafe code; accounts
/// of a directory service are named by their environment, which is what `login` would show them too.
fn login(uid: u32) -> Option<String> {
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    account(&passwd, uid).or_else(|| variable("LOGNAME")).or_else(|| variable("USER"))
}

fn account(passwd: &str, uid: u32) -> Option<String> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let id: u32 = fields.nth(1)?.parse().ok()?;
        (id == uid && !name.is_empty()).then(|| name.to_owned())
    })
}

fn loginuid() -> Option<u32> {
    let text = fs::read_to_string("/proc/self/loginuid").ok()?;
    text.trim().parse().ok().filter(|&id| id != u32::MAX) // all ones: nobody logged in
}

fn tty() -> Option<String> {
    let name = rustix::termios::ttyname(rustix::stdio::stdin(), Vec::new()).ok()?;
    let name = name.to_string_lossy();
    Some(name.strip_prefix("/dev/").unwrap_or(&name).to_owned())
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_an_account_and_a_host() {
        let me = Identity::observe(Some("Mara R."));
        assert_eq!(me.uid, rustix::process::geteuid().as_raw());
        assert!(!me.host.is_empty());
        assert_eq!(me.name(), "Mara R.");
    }

    #[test]
    fn a_claimed_name_never_replaces_the_observed_account() {
        let me = Identity { uid: 7, login: Some("lena".into()), ..Identity::default() };
        assert_eq!(me.name(), "lena");
        let claimed = Identity { claimed: Some("mara".into()), ..me };
        assert_eq!((claimed.name().as_str(), claimed.login.as_deref()), ("mara", Some("lena")));
        assert_eq!(Identity { uid: 7, ..Identity::default() }.name(), "uid 7");
    }

    #[test]
    fn accounts_are_found_by_number_and_broken_lines_are_passed_over() {
        let passwd = "broken\n:x:9:9::/:\nroot:x:0:0:root:/root:/bin/sh\nmara:x:1000:1000::/home/mara:/bin/sh\n";
        assert_eq!(account(passwd, 1000).as_deref(), Some("mara"));
        assert_eq!(account(passwd, 9), None);
        assert_eq!(account(passwd, 4), None);
    }
}
