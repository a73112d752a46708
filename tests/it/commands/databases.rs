//! Every command that reaches a database, before real servers with real tables: it runs, what it says fits what the
//! runbook reads in it, a read changes nothing, a probe sees what was done, and a way back leads back.

use super::bench::{self, Bench};
use super::calls;
use super::cloud::{COPY, Cloud, SOURCE};
use super::hub;
use super::kamea;
use super::samples::Samples;
use super::shipped::{self, Shipped};
use crate::support::program::said;
use rutter::runbook::parse;
use rutter::runbook::place::Source;
use serde_json::json;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

/// The runbooks that reach a database: those below, and the lab's, which is walked whole in `lab`.
const TRIED: [&str; 3] =
    ["heritage-hub/database-corruption", "kamea/full-restore", "lab/postgres-restore"];

#[test]
fn every_runbook_that_reaches_a_database_is_tried_with_one() {
    let files = tempfile::tempdir().unwrap();
    for shipped in shipped::all() {
        let samples = Samples::of(&shipped, files.path()).unwrap();
        let calls = calls::of(&shipped.runbook);
        let texts = calls.iter().map(|named| samples.resolve(&named.call).unwrap().shown);
        let reaching: usize = texts
            .chain(shipped.scripts().into_iter().map(|(_, text)| text))
            .map(|text| bench::reaching(&text))
            .sum();
        assert!(reaching == 0 || TRIED.contains(&shipped.name.as_str()), "{}", shipped.name);
    }
}

#[test]
#[ignore = "needs postgresql and the Azure CLI"]
fn the_hubs_databases_take_every_command_of_their_runbook() {
    let shipped = shipped::one("heritage-hub/database-corruption");
    let cloud = Cloud::new("heritage-hub.sql", "heritage-hub-damage.sql");
    // The copy comes with the password of its point in time.
    let newer = r"ALTER ROLE hubadmin PASSWORD 'new:p\ass 2'";
    cloud.servers.ask(SOURCE, "postgres", newer);
    cloud.set_state(&hub::state(&cloud, r"new:p\ass 2"));
    let mut bench = Bench::new(&shipped, cloud, &hub::known(), true);
    bench.walk();
    bench.told();
    let left = r#"SELECT count(*), count(*) FILTER (WHERE id = 'clu0900') FROM "Users""#;
    let left = bench.cloud.servers.ask(SOURCE, "heritage_hub", left);
    assert_eq!(left, "201|1", "the rows were put back beside the one that came late");
}

#[test]
#[ignore = "needs postgresql and the Azure CLI"]
fn kameas_databases_take_every_command_of_their_runbook() {
    let shipped = shipped::one("kamea/full-restore");
    let mut cloud = Cloud::new("kamea.sql", "kamea-damage.sql");
    cloud.servers.start(COPY);
    let dump = cloud.folder().join("dump");
    cloud.servers.dump(COPY, "kamea", &dump);
    cloud.set_state(&kamea::state(&cloud, &dump));
    let mut bench = Bench::new(&shipped, cloud, &kamea::known(), false);
    kamea::place(&mut bench);
    bench.walk();
    bench.told();
    let sums = "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY id)) FROM device t \
        WHERE id < '00000000-0000-0000-0000-000000000900'";
    let ask = |host| bench.cloud.servers.ask(host, "kamea", sums);
    assert_eq!(ask(SOURCE), ask(COPY), "the merge has brought every device back as it was");
    assert!(ask(COPY).starts_with("120|"), "{}", ask(COPY));
    let late = "SELECT count(*) FROM device d JOIN channel c ON c.device_id = d.id WHERE label = 'Came late'";
    assert_eq!(bench.cloud.servers.ask(SOURCE, "kamea", late), "1", "and kept what came later");
    names_are_compared(&shipped, &bench);
}

/// The hub has the devices of the copy; the one that came late is in the damaged server only.
fn names_are_compared(shipped: &Shipped, bench: &Bench<'_>) {
    let compare = || {
        let named =
            calls::of(&shipped.runbook).into_iter().find(|named| named.name == "same-names");
        bench.trial.run(&bench.samples.resolve(&named.unwrap().call).unwrap())
    };
    let output = compare();
    assert_eq!(said(&output).trim(), "only in the hub 0\nonly in the database 1");
    let state = bench.cloud.state();
    let mut stray = state.clone();
    let there = stray["canned"]["iot hub device-identity list"].as_array_mut().unwrap();
    there.extend([json!({"deviceId": "stray $1 'x'"}), json!({"deviceId": "-n"})]);
    bench.cloud.set_state(&stray);
    assert_eq!(said(&compare()).trim(), "only in the hub 2\nonly in the database 1");
    stray["refuse_from"] = json!(1);
    bench.cloud.set_state(&stray);
    let refused = compare();
    assert!(!refused.status.success() && refused.stdout.is_empty(), "{}", said(&refused));
    bench.cloud.set_state(&state);
    bench.cloud.servers.ask(SOURCE, "kamea", "ALTER TABLE device RENAME TO gone");
    let refused = compare();
    assert!(!refused.status.success() && refused.stdout.is_empty(), "{}", said(&refused));
}

/// A runbook of one step against the Hub's database.
fn one_step(folder: &Path, hazard: &str, sql: &str, beside: &str) -> Shipped {
    let text = format!(
        "format: 1\nname: wrong\ntitle: T\nsystem: Lab\nversion: \"1\"\nsummary: S.\nenvironment: local\n\
         use_when: [never]\nsecrets: {{password: {{command: az keyvault secret show --vault-name v \
         --name heritage-hub-db-admin-password --query value -o tsv}}}}\nphases:\n  - title: P\n    steps:\n\
         \x20     - id: step\n        title: S\n        what: W\n        hazard: {hazard}\n\
         \x20       run: psql -XqAt -v ON_ERROR_STOP=1 -d 'host={SOURCE} dbname=heritage_hub user=hubadmin sslmode=require'\n\
         \x20       env: {{PGPASSWORD: '{{{{ password }}}}'}}\n        stdin: {{text: '{sql}'}}\n{beside}"
    );
    let runbook = parse::parse(&Source::new("wrong.yaml", text)).unwrap();
    let folder = folder.to_owned();
    Shipped { name: "lab/wrong".to_owned(), folder, runbook, scenarios: Vec::new() }
}

#[test]
#[ignore = "needs postgresql and the Azure CLI"]
fn a_command_that_does_not_do_what_its_step_says_is_found() {
    let change = "        target: t\n        no_undo: n\n        probe: {run: echo no, answers: [{text: no, means: not_started}]}\n";
    let reads = "        expect: {text: \"^200$\"}\n";
    let wrong = [
        ("read", "DELETE FROM \"Users\" WHERE id = ''clu0001''", "", "only reads, and has changed"),
        ("read", "SELECT count(*) FROM users", "", "relation"),
        ("read", "SELECT 7", reads, "expects"),
        ("change", "SELECT 7", change, "NotStarted"),
    ];
    let cloud = Cloud::new("heritage-hub.sql", "heritage-hub-damage.sql");
    cloud.set_state(&hub::state(&cloud, hub::PASSWORD));
    let mut cloud = Some(cloud);
    let folder = tempfile::tempdir().unwrap();
    for (hazard, sql, beside, words) in wrong {
        let shipped = one_step(folder.path(), hazard, sql, beside);
        let mut bench = Bench::new(&shipped, cloud.take().unwrap(), &[], true);
        let found = panic::catch_unwind(AssertUnwindSafe(|| bench.walk())).unwrap_err();
        let found = found.downcast_ref::<String>().cloned().unwrap_or_default();
        assert!(found.contains(words), "{sql}: {found}");
        cloud = Some(bench.cloud);
    }
}
