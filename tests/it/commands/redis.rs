//! Kamea's Redis, lost and brought back for real: a server with a password, its file on a share that is a folder, and a
//! backup of it. Only the vault and the container app are the stand-in's.

use super::desk::{Desk, refused_at_every_call};
use rutter::runbook::model::Meaning;
use serde_json::{Value, json};
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};

const RUNBOOK: &str = "kamea/full-restore";
const PASSWORD: &str = "of 'Redis' & $more";
/// Of 2026-11-20; the settled restore point is later.
const POINT: &str = "932887541532871865";

/// Redis with its share and the backup of that share.
struct Redis {
    desk: Desk,
    /// The command line that asks it.
    cli: Vec<String>,
    share: PathBuf,
}

impl Redis {
    /// Has a backup with this many devices made, then loses all but three of them.
    fn new(devices: usize, append: &str) -> Self {
        // Free at this moment, as the ports of the databases here.
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let mut desk = Desk::new(RUNBOOK, &cloud());
        let share = desk.work().join("share");
        let backup = desk.work().join("backups/redis-persistence").join(POINT);
        fs::create_dir_all(&share).unwrap();
        fs::create_dir_all(&backup).unwrap();
        // The tools hold the server too; it goes by the name that it is called by.
        let program = desk.work().join("redis-server");
        let tool = Command::new("sh").args(["-c", "command -v redis-check-rdb"]).output().unwrap();
        let tool = String::from_utf8(tool.stdout).unwrap();
        std::os::unix::fs::symlink(tool.trim(), &program).unwrap();
        let pid = desk.work().join("redis.pid");
        let configuration = desk.file("redis.conf", format!(
            "bind 127.0.0.1\nport {port}\ndaemonize yes\ndir {}\npidfile {}\nsave 3600 1\nappendonly {append}\n\
             logfile {}\nrequirepass \"{PASSWORD}\"\n",
            share.display(), pid.display(), desk.work().join("redis.log").display(),
        ));
        let cli = format!("redis-cli -e -h 127.0.0.1 -p {port}");
        let cli: Vec<String> = cli.split(' ').map(str::to_owned).collect();
        desk.change(|state| {
            state["backups"]["folder"] = json!(desk.work().join("backups"));
            state["folders"] = json!({"redis-persistence": share});
            state["container_apps"]["kamea-redis"]["redis"] =
                json!({"program": program, "configuration": configuration, "cli": cli, "pid": pid});
        });
        desk.set("redis_host", "127.0.0.1");
        desk.set("redis_port", port.to_string());
        desk.set("devices", devices.to_string());
        desk.set("restore_time", "2026-11-21T02:25:00Z");
        desk.trial.environment.push(("REDISCLI_AUTH", PASSWORD.into()));
        desk.trial.secrets.insert("redis_password".to_owned(), PASSWORD.to_owned());
        let redis = Self { desk, cli, share };
        redis.turn("start");
        redis.fill(devices);
        // A last value may expire; it is none of those that are counted.
        redis.ask(&["SET", "last:1", "21.5", "EX", "3600"]);
        redis.ask(&["SAVE"]);
        fs::copy(redis.share.join("dump.rdb"), backup.join("dump.rdb")).unwrap();
        redis.ask(&["FLUSHALL"]);
        redis.fill(3);
        redis
    }

    fn fill(&self, devices: usize) {
        let set =
            "for i = 1, ARGV[1] do redis.call('HSET', 'device:' .. i, 'hub', 'kamea-prod-hub') end";
        self.ask(&["EVAL", set, "0", &devices.to_string()]);
    }

    fn ask(&self, words: &[&str]) -> String {
        let output = self.try_to_ask(words);
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn try_to_ask(&self, words: &[&str]) -> Output {
        let mut asked = Command::new(&self.cli[0]);
        asked.args(&self.cli[1..]).args(words).env("REDISCLI_AUTH", PASSWORD).output().unwrap()
    }

    /// As the platform would, and done.
    fn turn(&self, verb: &str) {
        let mut az = Command::new(self.desk.on_the_path("az"));
        let url = format!("/containerApps/kamea-redis/{verb}?api-version=2024-03-01");
        az.args(["rest", "--method", "post", "--url", &url])
            .envs(self.desk.trial.environment.clone());
        assert!(az.output().unwrap().status.success());
        self.desk.change(|state| state["container_apps"]["kamea-redis"]["then"] = json!([]));
    }

    fn polls_until_it_passes(&mut self, step: &str) {
        let answered = (0..10).any(|_| !self.desk.run(step).is_waiting());
        assert!(answered, "{}", self.desk.run(step).text());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.try_to_ask(&["SHUTDOWN", "NOSAVE"]);
    }
}

fn cloud() -> Value {
    json!({
        "container_apps": {"kamea-redis": {"status": "Running", "then": []}},
        "backups": {
            "points": {"redis-persistence": [
                [POINT, "2026-11-20T20:00:11.2345678Z"],
                ["later", "2026-11-21T20:00:11+00:00"],
                ["637912345678901234", "2026-11-19T20:00:14+00:00"],
            ]},
            "jobs": {}, "polls": ["InProgress", "InProgress"], "ends": "Completed",
        },
    })
}

#[test]
#[ignore = "needs the tools of Redis and the Azure CLI"]
fn redis_comes_back_with_every_device_that_the_backup_knows() {
    let mut redis = Redis::new(500, "no");
    let desk = &mut redis.desk;
    desk.run("redis-point").passes();
    assert_eq!(desk.samples.values["rp_name"], POINT, "the last one that is not after the point");
    assert_eq!(desk.samples.values["rp_time"], "2026-11-20T20:00:11Z");
    let said = desk.run("redis-whole");
    assert!(said.is_not_enough().contains("nearly empty"));
    said.is_known_as("was saved over");
    assert_eq!(desk.run("stop-redis/probe").means, Some(Meaning::NotStarted));
    desk.run("stop-redis").passes();
    desk.run("stop-redis").passes();
    redis.polls_until_it_passes("redis-stopped");
    let desk = &mut redis.desk;
    assert_eq!(desk.run("stop-redis/probe").means, Some(Meaning::Done));
    desk.run("keep-rdb").passes();
    assert_eq!(desk.run("restore-share/probe").means, Some(Meaning::NotStarted));
    desk.run("restore-share").passes();
    desk.set("share_job", "forgotten");
    assert_eq!(desk.run("restore-share/probe").means, Some(Meaning::Done));
    desk.run("restore-share").fails();
    redis.polls_until_it_passes("share-job");
    let desk = &mut redis.desk;
    assert!(desk.run("rdb-sound").passes().contains("501 keys read"));
    assert!(desk.run("redis-whole").fails().contains("refused"), "Redis is not up yet");
    desk.run("start-redis").passes();
    redis.polls_until_it_passes("redis-whole");
    let desk = &mut redis.desk;
    assert!(desk.run("redis-whole").passes().contains("permanent keys 500, expiring 1"));
    assert!(!desk.given().contains(PASSWORD));
    desk.set("devices", "503");
    let said = desk.run("redis-whole");
    assert!(said.is_not_enough().contains("short by 3"));
    said.is_known_as("have to be provisioned again");
    desk.trial.secrets.insert("redis_password".to_owned(), "another".to_owned());
    desk.run("redis-whole").fails();
}

#[test]
#[ignore = "needs the tools of Redis and the Azure CLI"]
fn a_file_that_was_saved_over_is_restored_once_more_with_redis_stopped() {
    let mut redis = Redis::new(500, "no");
    redis.desk.set("rp_name", POINT);
    // As whoever does not stop it first: the share comes back, and the stop saves over it.
    redis.desk.run("restore-share").passes();
    redis.polls_until_it_passes("share-job");
    redis.turn("stop");
    redis.turn("start");
    let said = redis.desk.run("redis-whole");
    assert!(said.is_not_enough().contains("permanent keys 3,"), "{}", said.text());
    assert_eq!(redis.desk.run("restore-share-again/probe").means, Some(Meaning::NotStarted));
    for _ in 0..2 {
        let said = redis.desk.run("restore-share-again").passes();
        assert!(
            said.contains("Stopped\njob ") && said.contains(": Completed\nkamea-redis: Running"),
            "{said}"
        );
        assert_eq!(redis.desk.run("restore-share-again/probe").means, Some(Meaning::Done));
        redis.desk.run("redis-whole").passes();
    }
}

#[test]
#[ignore = "needs the tools of Redis and the Azure CLI"]
fn redis_that_reads_its_own_log_of_changes_is_told_from_one_that_lost_its_file() {
    let mut redis = Redis::new(500, "yes");
    redis.desk.set("rp_name", POINT);
    redis.desk.run("restore-share-again").passes();
    let said = redis.desk.run("redis-whole");
    assert!(said.is_not_enough().contains("permanent keys 3,"), "{}", said.text());
    said.is_known_as("append-only file");
}

#[test]
#[ignore = "needs the tools of Redis and the Azure CLI"]
fn a_file_that_was_cut_off_is_not_sound() {
    let mut redis = Redis::new(500, "no");
    let file = redis.share.join("dump.rdb");
    let whole = redis.desk.work().join("backups/redis-persistence").join(POINT).join("dump.rdb");
    let bytes = fs::read(whole).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let said = redis.desk.run("rdb-sound");
    said.fails();
    said.is_known_as("The file is cut off");
    fs::remove_file(file).unwrap();
    redis.desk.run("rdb-sound").fails();
    redis.desk.run("keep-rdb").passes_with(3);
}

/// A container app without a Redis in it: enough where only the vault is asked.
fn desk() -> Desk {
    let mut desk = Desk::new(RUNBOOK, &cloud());
    desk.set("rp_name", POINT);
    desk.set("restore_time", "2026-11-21T02:25:00Z");
    desk
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_restore_with_warnings_leaves_redis_stopped() {
    for end in ["CompletedWithWarnings", "Failed", "Cancelled"] {
        let mut desk = desk();
        desk.change(|state| state["backups"]["ends"] = json!(end));
        let text = desk.run("restore-share-again").fails();
        assert!(text.contains(&format!(": {end}")) && !text.contains("Running"), "{text}");
        assert_eq!(desk.state()["container_apps"]["kamea-redis"]["status"], "Stopped");
    }
}

#[test]
#[ignore = "needs the Azure CLI"]
fn no_refused_call_passes_for_a_point_or_a_restore() {
    let looks = ["containerapp show", "backup job show"];
    refused_at_every_call(desk(), "restore-share-again", &looks);
    refused_at_every_call(desk(), "redis-point", &[]);
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_wait_for_redis_bears_a_refused_look_and_no_lasting_refusal() {
    for from in [2, 5, 9] {
        let mut desk = desk();
        desk.change(|state| state["refuse_from"] = json!(from));
        let said = desk.run("restore-share-again").fails();
        assert_eq!(desk.asked(), from + 2, "three looks in a row: {said}");
    }
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_list_of_points_that_was_refused_is_not_taken_for_one_without_points() {
    let mut desk = desk();
    desk.change(|state| state["refuse"] = json!(1));
    let said = desk.run("redis-point");
    said.fails();
    assert_eq!(said.known, Vec::<String>::new());
    desk.change(|state| state["refuse"] = json!(null));
    desk.set("restore_time", "2026-11-01T00:00:00Z");
    let said = desk.run("redis-point");
    said.fails();
    said.is_known_as("Every point is newer");
}
