//! Every `az` line of every shipped runbook, before the Azure CLI's own parser and validators.
//!
//! `tests/azure/lines.py` holds the CLI; here the lines are gathered and the verdicts are read.

use super::calls;
use super::samples::Samples;
use super::shipped::{self, Shipped};
use rutter::runbook::resolve::{Resolved, ResolvedProgram, ResolvedValue};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The Python that has the CLI: of `RUTTER_AZURE_CLI`, of the folder that `.ci/run` fills, or beside `az` on the path.
pub fn python() -> PathBuf {
    // It takes a second to find out.
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(find_python).clone()
}

fn find_python() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let beside_az = std::env::split_paths(&path).find(|folder| folder.join("az").is_file());
    let places = [
        set("RUTTER_AZURE_CLI").map(|folder| folder.join("bin")),
        cache.map(|cache| cache.join("rutter-ci/azure-cli/bin")),
        beside_az,
    ];
    let pythons = places.into_iter().flatten().map(|folder| folder.join("python3"));
    let has_all = "import azure.cli.core, tree_sitter_bash";
    let has_all = |python: &PathBuf| {
        let tried = Command::new(python).args(["-c", has_all]).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    };
    pythons.into_iter().find(has_all).expect(
        "a Python with azure-cli, tree-sitter and tree-sitter-bash; see `azure_cli` in .ci/run, or set RUTTER_AZURE_CLI",
    )
}

/// Asks the CLI about these lines and scripts.
fn ask(lines: &[Value], scripts: &[Value]) -> Value {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/azure");
    let record = fs::read_to_string(tests.join("extensions.json")).unwrap();
    let record: Value = serde_json::from_str(&record).unwrap();
    let request = json!({"lines": lines, "scripts": scripts, "extensions": record});
    let folder = tempfile::tempdir().unwrap();
    let mut asked = Command::new(python())
        .arg("-B")
        .arg(tests.join("lines.py"))
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    asked.stdin.take().unwrap().write_all(request.to_string().as_bytes()).unwrap();
    let answer = asked.wait_with_output().unwrap();
    assert!(answer.status.success(), "{answer:?}");
    serde_json::from_slice(&answer.stdout).unwrap()
}

/// The `az` lines and the shell texts of runbooks.
#[derive(Default)]
struct Gathered {
    lines: Vec<Value>,
    scripts: Vec<Value>,
}

impl Gathered {
    fn add(&mut self, shipped: &Shipped, files: &Path) {
        let samples = Samples::of(shipped, files).unwrap_or_else(|missing| {
            panic!("{}: no sample for {}", shipped.name, missing.join(", "))
        });
        let mut arguments: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        for named in calls::of(&shipped.runbook) {
            let at = format!("{} {}", shipped.name, named.name);
            for samples in samples.variants(shipped, &named.call) {
                let resolved = samples.resolve(&named.call).expect(&at);
                match &resolved.program {
                    ResolvedProgram::Script { text, .. } => self.scripts.push(json!({
                        "at": at, "text": text, "variables": variables(&resolved), "arguments": [],
                    })),
                    ResolvedProgram::Words(words) if words[0] == "az" => {
                        self.lines.push(json!({"at": at, "words": words}));
                    }
                    ResolvedProgram::Words(words) => {
                        let folder = format!("{}/", samples.values["runbook.dir"]);
                        let script = words.iter().position(|word| word.starts_with(&folder));
                        if let Some(script) = script {
                            let name = words[script][folder.len()..].to_owned();
                            arguments.entry(name).or_default().push(words[script + 1..].to_vec());
                        }
                    }
                }
            }
        }
        for (name, text) in shipped.scripts() {
            // A script that another script calls is read with arguments that nobody knows.
            for arguments in arguments.remove(&name).unwrap_or_else(|| vec![Vec::new()]) {
                let at = format!("{}/{name}", shipped.name);
                self.scripts.push(json!({
                    "at": at, "text": text, "variables": {}, "arguments": arguments,
                }));
            }
        }
    }
}

fn variables(resolved: &Resolved) -> Value {
    let text = |(name, value): &(String, ResolvedValue)| match value {
        ResolvedValue::Text(text) => Some((name.clone(), text.clone())),
        ResolvedValue::Secret(_) => None,
    };
    json!(resolved.env.iter().filter_map(text).collect::<BTreeMap<_, _>>())
}

fn told(line: &Value) -> String {
    let words = line["words"].as_array().unwrap().iter().map(|word| word.as_str().unwrap());
    let words: Vec<_> = words.collect();
    format!("{}: {}\n    {}", line["at"].as_str().unwrap(), words.join(" "), line["why"])
}

#[test]
fn every_value_of_every_shipped_runbook_has_a_sample() {
    for shipped in shipped::all() {
        let files = tempfile::tempdir().unwrap();
        let samples = Samples::of(&shipped, files.path());
        let samples = samples.unwrap_or_else(|missing| panic!("{}: {missing:?}", shipped.name));
        for named in calls::of(&shipped.runbook) {
            let at = format!("{} {}", shipped.name, named.name);
            let missing = samples.resolve(&named.call).err();
            assert_eq!(missing, None, "{at}");
        }
    }
}

#[test]
#[ignore = "needs the Azure CLI"]
fn the_azure_cli_takes_every_line_of_every_shipped_runbook() {
    let files = tempfile::tempdir().unwrap();
    fs::write(files.path().join("sample"), "sample\n").unwrap();
    let mut gathered = Gathered::default();
    for shipped in shipped::all() {
        gathered.add(&shipped, files.path());
    }
    let answer = ask(&gathered.lines, &gathered.scripts);
    let lines = answer["lines"].as_array().unwrap();
    let of = |verdict: &str| {
        let lines = lines.iter().filter(move |line| line["verdict"] == verdict);
        lines.map(told).collect::<Vec<_>>()
    };
    let recorded = of("recorded");
    println!(
        "{} az lines ({} different ones), Azure CLI {}: {} accepted, {} of an extension that is not installed here",
        lines.len(),
        answer["distinct"],
        answer["version"].as_str().unwrap(),
        of("accepted").len(),
        recorded.len(),
    );
    for line in &recorded {
        println!("compared with the record of its extension only: {line}");
    }
    let refused = [of("refused"), of("unrecorded")].concat();
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
    assert!(lines.len() >= 30, "{} lines were found", lines.len());
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_line_that_the_azure_cli_would_refuse_is_refused_here() {
    let on = "-g rg-hub-prod -n hub-api";
    let server = "-g rg-hub-prod -n heritage-hub-prod";
    let wrong = [
        format!("az containerapp logs show {on} --type system --revision hub-api--x7"),
        format!("az containerapp logs show {on} --type system --tail 500"),
        format!("az containerapp stop {on}"),
        format!("az postgres flexible-server update {server} --backup-retention 40"),
        format!("az postgres flexible-server firewall-rule list {server}"),
        format!(
            "az postgres flexible-server restore {server} --source-server hub --restore-time yesterday"
        ),
        format!("az postgres flexible-server delete {server}"),
        format!("az postgres flexible-server show {server} --query {{state:"),
        "az keyvault private-endpoint-connection list --vault-name kv-hub".to_owned(),
        "az iot hub device-twin list --hub-name hub --all".to_owned(),
        "az iot hub job list --hub-name hub --job-type importDevices".to_owned(),
        "az no-such-group list".to_owned(),
    ];
    let right = [
        format!("az postgres flexible-server update {server} --backup-retention 14"),
        format!("az postgres flexible-server delete {server} --yes"),
        format!("az containerapp logs show {on} --type console --tail 100"),
    ];
    let scripts = [
        // A line on a branch, in a function, with the value that the function is called with.
        "show() { az postgres flexible-server update -g g -n n --backup-retention \"$1\"; }\n\
         if false; then show 40; fi\n",
        "retry() { \"$@\"; }\nretry az containerapp stop -g g -n n\n",
        "xargs az group delete --yes -n <names\n",
    ];
    let line =
        |at: &str, text: &String| json!({"at": at, "words": text.split(' ').collect::<Vec<_>>()});
    let script =
        |text: &&str| json!({"at": "wrong", "text": text, "variables": {}, "arguments": []});
    let lines = wrong.iter().map(|text| line("wrong", text));
    let lines: Vec<_> = lines.chain(right.iter().map(|text| line("right", text))).collect();
    let answer = ask(&lines, &scripts.iter().map(script).collect::<Vec<_>>());
    let verdicts = answer["lines"].as_array().unwrap();
    assert_eq!(verdicts.len(), wrong.len() + right.len() + scripts.len(), "{verdicts:#?}");
    for line in verdicts {
        let refused = line["verdict"] == "refused" || line["verdict"] == "unrecorded";
        assert_eq!(refused, line["at"] != "right", "{}: {}", line["verdict"], told(line));
    }
}
