//! The Hub's restore, live: this program walks it without a terminal, against two real servers with TLS and a stand-in
//! for `az`. What came of the rows is asked by the test itself.

use super::cloud::{COPY, Cloud, SOURCE};
use super::hub;
use crate::support::program::{Home, files, said};
use serde_json::Value;
use std::fs;
use std::net::Ipv4Addr;
use std::process::Output;

/// The rows that were there before the damage, as one sum for each table.
const BEFORE: &str = r#"
SELECT md5(string_agg(t::text, '|' ORDER BY id)), count(*) FROM "Users" t WHERE id <> 'clu0900';
SELECT md5(string_agg(t::text, '|' ORDER BY id)), count(*) FROM "FamilyGroups" t;
SELECT md5(string_agg(t::text, '|' ORDER BY id)), count(*) FROM "FamilyGroupMembers" t WHERE id <> 'clm0900'"#;
/// Whether the member who came late is there.
const LATE: &str = r#"SELECT count(*) FROM "Users" WHERE id = 'clu0900'"#;
/// Who is connected as the app.
const APP: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE usename = 'hub_app' AND application_name = 'hub'";
/// Whether the Hub's database is open to everybody.
const OPEN: &str = "SELECT has_database_privilege('public', 'heritage_hub', 'CONNECT')";

/// One walk to the end.
struct Walk {
    home: Home,
    cloud: Cloud,
    output: Output,
    /// The sums of the source before the damage; its copy was made then.
    before: String,
}

/// Walks with these answers to the ladder that leads to this outcome.
fn walk(outcome: &str, ladder: &str) -> Walk {
    let mut cloud = Cloud::new("heritage-hub.sql", "heritage-hub-damage.sql");
    cloud.set_state(&hub::state(&cloud, hub::PASSWORD));
    cloud.app("start");
    let home = Home::new();
    let settings =
        "environments: {prod: {word: PROD, class: prod, values: {resource_group: rg-hub-prod}}}\n";
    let settings = home.file("settings.yaml", settings);
    let answers = format!(
        "format: 1\n\
         params:\n  subscription_id: 3f2a9c11-5b7e-4d0a-9a51-7c0e8d1b2a34\n  app_name: hub-api\n  \
         source_server: heritage-hub-prod\n  vault_name: kv-hcs-vault-01\n  least_users: 150\n\
         statements: all\n\
         steps:\n  \
         cause: {{outcome: damage, why: rows that were read are gone}}\n  \
         choose-point: {{tick: the burst began after it}}\n  \
         way-back: {{outcome: copy, why: the point is within the backups}}\n  \
         doors: {{on_failure: fix}}\n  parameters: {{on_failure: fix}}\n  \
         way: {{answers: {ladder}, outcome: {outcome}, why: as the table says}}\n{}",
        if outcome == "cutover" { "  go: {outcome: go, why: the owner agreed}\n" } else { "" }
    );
    let ticked =
        ["smoke", "the-rest", "drift", "unpin", "keep-server", "clear-files", "score", "hand-back"];
    let only_after_cutover = ["the-rest", "drift", "unpin"];
    let ticks = ticked.iter().filter(|id| outcome == "cutover" || !only_after_cutover.contains(id));
    let ticks: Vec<_> = ticks.map(|id| format!("  {id}: {{tick: seen}}\n")).collect();
    let answers = home.file("answers.yaml", answers + &ticks.concat());
    let words =
        ["run", "heritage-hub/database-corruption", "--env", "prod", "--no-input", "--answers"];
    let mut rutter = home.rutter(words);
    rutter.arg(answers).env("RUTTER_CONFIG", settings).envs(cloud.environment());
    let output = rutter.output().unwrap();
    cloud.servers.start_if_stopped(COPY);
    let before = cloud.servers.ask(COPY, "heritage_hub", BEFORE);
    Walk { home, cloud, output, before }
}

impl Walk {
    fn ask(&self, host: Ipv4Addr, sql: &str) -> String {
        self.cloud.servers.ask(host, "heritage_hub", sql)
    }

    /// What holds whichever way was taken.
    fn proved(&self) {
        assert!(self.output.status.success(), "{}\n{}", said(&self.output), self.last_words());
        assert!(self.before.ends_with("|200") && self.before.contains("|60\n"), "{}", self.before);
        let verified = self.home.rutter(["journal", "verify"]).output().unwrap();
        assert!(verified.status.success(), "{}", said(&verified));
        let state = self.cloud.state();
        let point = self.point("choose-point");
        assert_eq!(
            state["restored"],
            point.as_str(),
            "the copy was asked for as of the settled point"
        );
        let servers = state["servers"].as_object().unwrap();
        assert_eq!(servers.len(), 2, "{servers:?}");
        for made in servers.values() {
            assert_eq!(made["rules"].as_array().unwrap().len(), 2, "{made}");
        }
        assert_eq!(state["locks"][0]["level"], "CanNotDelete", "the damaged server stays");
        self.kept_secret();
    }

    /// What the last command wrote.
    fn last_words(&self) -> String {
        let mut spools = files(&self.home.run().join("output"));
        spools.sort();
        let bytes = spools.last().map(|path| fs::read(path).unwrap()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The restore point that this step settled.
    fn point(&self, step: &str) -> String {
        let journal = fs::read_to_string(self.home.run().join("journal.jsonl")).unwrap();
        let records = journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let events = records.flat_map(|record| record["events"].as_array().unwrap().clone());
        let mut of_step = events.filter(|event| event["step"] == step);
        let point = of_step
            .find_map(|event| Some(event["values"]["restore_point"]["value"].as_str()?.to_owned()));
        point.expect("a restore point in the journal")
    }

    /// No password is in any file that the run has left, the dump and the saved rows included.
    fn kept_secret(&self) {
        let left = files(self.home.dir.path());
        assert!(left.len() > 20, "{left:?}");
        for path in left {
            let bytes = fs::read(&path).unwrap();
            for secret in ["admin:p\\ass 1", "admin\\:p\\\\ass 1", "app%20p%40ss", "app p@ss:word"]
            {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{secret} is in {}", path.display());
            }
        }
    }

    fn newest_string(&self) -> String {
        let state = self.cloud.state();
        let versions =
            state["vault"]["heritage-hub-db-connection-string"].as_array().unwrap().clone();
        versions.last().unwrap()["value"].as_str().unwrap().to_owned()
    }
}

#[test]
#[ignore = "needs postgresql and the Azure CLI"]
fn the_hub_moves_to_a_real_copy_that_holds_every_row_of_before() {
    let walk = walk("cutover", "[no, no, yes]");
    walk.proved();
    assert_eq!(walk.ask(COPY, APP), "1", "the app works on the copy");
    assert_eq!(walk.ask(SOURCE, APP), "0");
    assert_eq!(walk.ask(SOURCE, OPEN), "f", "nobody writes to the damaged database");
    assert_eq!(walk.ask(COPY, LATE), "0", "the copy is as of before");
    let late = walk.home.run().join("work/rows/Users.late.csv");
    let late = fs::read_to_string(late).unwrap();
    assert!(late.contains("clu0900,late@example.org"), "and who came late is in a file: {late}");
    assert!(walk.newest_string().contains(&format!("@{COPY}:")), "the string names the copy");
    let secrets = &walk.cloud.state()["app"]["secrets"];
    assert!(
        secrets[0]["keyVaultUrl"].as_str().unwrap().ends_with(&format!("{:032x}", 2)),
        "{secrets}"
    );
}

#[test]
#[ignore = "needs postgresql and the Azure CLI"]
fn the_lost_rows_come_back_to_the_real_server_and_the_late_ones_stay() {
    let walk = walk("selective", "[no, no, no]");
    walk.proved();
    assert_eq!(
        walk.ask(SOURCE, BEFORE),
        walk.before,
        "every row of before is there again, as it was"
    );
    assert_eq!(walk.ask(SOURCE, LATE), "1", "and who came late has stayed");
    assert_eq!(walk.ask(SOURCE, APP), "1", "the app works where it was");
    assert_eq!(walk.ask(COPY, APP), "0");
    assert_eq!(walk.ask(SOURCE, OPEN), "t", "the database is open again");
    assert!(walk.newest_string().contains(&format!("@{SOURCE}:")), "the string is as it was");
    let others = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' \
        AND usename <> 'hub_app' AND pid <> pg_backend_pid()";
    assert_eq!(walk.ask(SOURCE, others), "0", "no session of a command is left");
}
