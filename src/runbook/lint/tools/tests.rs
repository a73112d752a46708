//! The rules on well-known tools: each one finds its mistake where it stands, and lets the good way pass.

use super::super::{Beside, lint};
use crate::runbook::parse;
use crate::runbook::place::{Finding, Source};

/// A runbook whose only step is this one, in flow style.
fn page(step: &str) -> Source {
    let text = format!(
        "format: 1\nname: page\ntitle: Page\nsystem: Lab\nversion: \"1\"\nsummary: A page.\n\
         reviewed: 2026-11-01\nenvironment: local\nphases:\n  - title: One\n    steps:\n      - {{id: a, title: Do it, {step}}}\n"
    );
    Source::new("page.yaml", text)
}

/// What the rules here say of a runbook and the files beside it, as `code @ text it points at`.
fn said(page: &Source, files: &[Source]) -> Vec<String> {
    let runbook = parse::parse(page).unwrap_or_else(|found| panic!("{}\n{found:?}", page.text));
    let names: Vec<String> = files.iter().map(|file| file.name.to_string()).collect();
    let beside = Beside { scenarios: &[], files, names: &names, today: None };
    let here = |finding: &Finding| {
        let number = finding.code.strip_prefix("RL0").and_then(|n| n.parse::<u32>().ok());
        number.is_some_and(|n| n == 20 || n == 45 || n == 47 || n >= 50)
    };
    let shown = |finding: &Finding| {
        let place = finding.place.start as usize..finding.place.end as usize;
        format!("{} @ {}", finding.code, &finding.source.text[place])
    };
    lint(&runbook, page, &beside).iter().filter(|finding| here(finding)).map(shown).collect()
}

fn run(command: &str) -> Vec<String> {
    said(&page(&format!("hazard: read, run: '{}'", command.replace('\'', "''"))), &[])
        .into_iter()
        .filter(|line| !line.starts_with("RL020"))
        .collect()
}

/// The same as a script of bash.
fn script(text: &str) -> Vec<String> {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    said(&page(&format!("hazard: read, shell: bash, script: \"{text}\"")), &[])
        .into_iter()
        .filter(|line| !line.starts_with("RL020"))
        .collect()
}

/// Asserts that each of these is found with this code, and that none of those says anything.
#[track_caller]
fn tells(code: &str, bad: &[&str], good: &[&str], look: fn(&str) -> Vec<String>) {
    for text in bad {
        let said = look(text);
        assert!(said.len() == 1 && said[0].starts_with(code), "{text}: {said:?}");
    }
    for text in good {
        assert_eq!(look(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_wait_of_az_is_not_believed_by_its_exit() {
    let wait = "az postgres flexible-server wait -g g -n n --custom x";
    assert_eq!(run(wait), ["RL050 @ az"]);
    let last = [
        format!("echo a\n{wait}"),
        format!("env X=y {wait}"),
        format!("bash -c \"{wait}\""),
        format!("f() {{\n  echo a\n  {wait}\n}}\nf"),
        format!("f() {{ {wait}; }}\necho a\nf"),
        format!("if true; then\n  {wait}\nfi"),
    ];
    let not_last = [
        format!("{wait}\naz x show"),
        format!("bash -c \"{wait}\"\naz x show"),
        format!("f() {{\n  {wait}\n}}\nf\naz x show"),
        format!("f() {{\n  {wait}\n  az x show\n}}\nf"),
    ];
    let last = last.each_ref().map(String::as_str);
    tells("RL050", &last, &not_last.each_ref().map(String::as_str), script);
    let polled = format!("timeout: 9m, wait: {{run: {wait}, every: 9s, until: {{text: Ready}}}}");
    assert_eq!(said(&page(&polled), &[]), Vec::<String>::new());
    let judged = format!("hazard: read, run: {wait}, expect: {{text: Ready}}");
    assert_eq!(said(&page(&judged), &[]), Vec::<String>::new());
}

#[test]
fn curl_is_told_that_an_error_page_is_no_answer() {
    let good = [
        "curl -fsS https://x",
        "curl --fail-with-body -s https://x",
        "curl --version",
        "command -v curl",
        "curl --config x.cfg",
        "curl -K x.cfg",
    ];
    let bad = [
        "curl -sS https://x",
        "curl -o f https://x",
        "curl --fail-early https://x",
        "env X=y curl https://x",
        "timeout 5 curl https://x",
        "sh -c 'curl https://x'",
    ];
    tells("RL051", &bad, &good, run);
    tells("RL051", &["bash -c \"cd x && curl https://x\""], &["sh -c 'curl -f https://x'"], script);
    tells("RL045", &["sh -c 'a | b'"], &["bash -o pipefail -c 'a | b'", "sh -c 'echo a | b'"], run);
    tells("RL051", &["x=$(curl -s https://x)"], &["curl -sw '%{http_code}' https://x"], script);
    tells("RL052", &["curl -fk https://x", "curl --fail --insecure https://x"], &[], run);
}

#[test]
fn psql_stops_at_the_first_error_of_a_file() {
    let good = [
        "psql -v ON_ERROR_STOP=1 -f x.sql",
        "psql --set=ON_ERROR_STOP=on -f x.sql",
        "psql -XqAtc \"SELECT 1\"",
        "psql --version",
    ];
    let bad =
        ["psql -f x.sql", "psql -d shop", "psql -c \"SELECT 1\" -c \"SELECT 2\"", "/opt/psql -X"];
    tells("RL053", &bad, &good, run);
    tells("RL053", &["\"$RB_BIN/psql\" -f x.sql", "if ! psql -f x; then echo; fi"], &[], script);
}

#[test]
fn a_list_of_a_dump_proves_nothing_about_its_rows() {
    let good = ["pg_restore -f /dev/null x.dump", "pg_restore --list --file=x.toc x.dump"];
    tells("RL054", &["pg_restore --list x.dump", "pg_restore -l -f - x.dump"], &good, run);
    let kept = ["pg_restore -l x.dump >toc", "list=$(pg_restore -l x.dump)"];
    tells("RL054", &["pg_restore -l x.dump >/dev/null 2>&1"], &kept, script);
}

#[test]
fn a_restore_names_its_moment_and_its_range() {
    let restore = "az postgres flexible-server restore -g g -n n --source-server s";
    tells(
        "RL055",
        &[restore, &format!("env X=y {restore}")],
        &[&format!("{restore} --restore-time 2026-11-21T02:00:00Z")],
        run,
    );
    let blobs = "az storage blob restore --account-name a -g g -t 2026-11-21T02:00:00Z";
    tells("RL056", &[blobs], &[&format!("{blobs} --blob-range a/ a0")], run);
    tells("RL056", &[blobs], &[&format!("{blobs} \"${{ranges[@]}}\"")], script);
}

#[test]
fn az_is_asked_for_what_was_meant() {
    let assign = "az role assignment create --role r --scope s";
    let by_id = format!("{assign} --assignee-object-id i --assignee-principal-type User");
    tells("RL057", &[&format!("{assign} --assignee i")], &[&by_id], run);
    let list = "az containerapp revision list -g g -n n";
    let narrow = format!("{list} --query \"[?properties.active].name\"");
    tells("RL058", &[list], &[&format!("{list} --all"), &narrow], run);
    let scale = "az containerapp update -g g -n n --min-replicas 0 --max-replicas";
    tells("RL059", &[&format!("{scale} 0"), &format!("{scale}=0")], &[&format!("{scale} 1")], run);
}

#[test]
fn nothing_is_applied_unseen_and_nothing_uploaded_over_another() {
    let bad = ["terraform apply -auto-approve", "terraform apply -auto-approve -var-file x"];
    let good = ["terraform apply seen.plan", "terraform apply -auto-approve seen.plan"];
    tells("RL060", &bad, &good, run);
    let upload = "az storage blob upload -c c -f f -n n";
    let refuses = format!("{upload} --overwrite false");
    tells("RL061", &[&format!("{upload} --overwrite")], &[upload, &refuses], run);
}

#[test]
fn a_secret_is_not_printed() {
    let set = "az keyvault secret set --vault-name v -n s --file f";
    let show = "az keyvault secret show --vault-name v -n s";
    let good = [
        &format!("{set} --query id -o tsv"),
        &format!("{set} -o none"),
        &format!("{show} --query attributes.enabled -o tsv"),
    ];
    let bad = [
        set,
        show,
        &format!("{show} --query value -o tsv"),
        "az containerapp secret list -n n -g g --show-values",
        "kubectl get secret db -o yaml",
        "kubectl -n shop get secrets -ojson",
        "kubectl get secret/db -o=yaml",
        "terraform output -raw db_password",
        "az webapp config appsettings list -g g -n n",
        "az storage container generate-sas -n n",
    ];
    let calm = [
        "az containerapp secret list -n n -g g",
        "kubectl get secret db",
        "kubectl get pods -o yaml",
        "terraform output -raw db_host",
        "az webapp config appsettings list -g g -n n --query [].name",
    ];
    tells("RL062", &[], &calm, run);
    tells("RL062", &bad, &good.map(String::as_str), run);
    let kept = [
        format!("x=$({show} --query value -o tsv)"),
        format!("{show} --query value -o tsv | sha256sum"),
        format!("{show} >f"),
        format!("value() {{\n    {show}\n}}\nx=$(value)"),
    ];
    tells(
        "RL062",
        &[&format!("{show}\necho {show}")],
        &kept.each_ref().map(String::as_str),
        script,
    );
    let captured = format!(
        "hazard: read, run: {show} --query value -o tsv, capture: {{key: {{text: \".+\", type: secret}}}}"
    );
    assert_eq!(said(&page(&captured), &[]), Vec::<String>::new());
}

#[test]
fn a_secret_is_no_word_of_a_command() {
    let bad = [
        "az postgres flexible-server update -n n --admin-password \"$x\"",
        "az keyvault secret set -n n --value \"$x\" -o none",
        "az containerapp secret set -n n --secrets \"db=$x\"",
        "curl -f -H \"Authorization: Bearer $x\" https://x",
        "curl -f -u \"me:$x\" https://x",
        "psql -v ON_ERROR_STOP=1 -d \"postgres://u:$x@h/d\" -f x",
        "psql -v ON_ERROR_STOP=1 -d \"host=h password=$x\" -f x",
        "env PGPASSWORD=\"$x\" pg_dump -d d",
        "redis-cli -a \"$x\" PING",
        "az login --service-principal -u u -p \"$x\" -t t",
        "docker login -u u -p hunter22",
        "mysql -phunter22 shop",
        "sshpass -p \"$x\" ssh host true",
        "curl -f -H \"Authorization: Bearer abc\" https://x",
        "sudo PGPASSWORD=\"$x\" pg_dump -d d",
    ];
    let good = [
        "az postgres flexible-server update -n n --admin-password \"@$FILE\"",
        "az containerapp secret set -n n --secrets \"db=keyvaultref:https://v/s,identityref:system\"",
        "curl -f -H \"@$HEADERS\" https://x",
        "curl -f -H @<(printf 'PRIVATE-TOKEN: %s' \"$x\") https://x",
        "PGPASSWORD=$x psql -v ON_ERROR_STOP=1 -f x",
        "printf %s \"$x\" >f",
        "mysql -p shop",
        "sshpass -f f ssh host true",
        "docker run -p 80:80 x",
        "curl -f -H \"Accept: x\" https://x",
        "sed -E 's#://[^:]+:[^@]+@#://#' f",
    ];
    tells("RL063", &bad, &good, script);
}

/// What is said of a step that calls `bash x.sh` with this hazard, and of the file.
fn beside(shell: &str, hazard: &str, text: &str) -> Vec<String> {
    let more = match hazard {
        "read" => "",
        "change" => {
            "what: W, target: t, no_undo: n, probe: {run: look, answers: [{exit: 0, means: done}]},"
        }
        _ => {
            "what: W, loses: l, target: t, no_undo: n, probe: {run: look, answers: [{exit: 0, means: done}]},"
        }
    };
    let step = format!("{more} hazard: {hazard}, run: '{shell} {{{{ runbook.dir }}}}/x.sh'");
    said(&page(&step), &[Source::new("x.sh", text)])
}

#[test]
fn a_script_beside_the_runbook_is_looked_at_like_a_step() {
    let calm = "set -euo pipefail\naz x list | sort\n";
    assert_eq!(beside("bash", "read", calm), Vec::<String>::new());
    assert_eq!(beside("bash", "read", "az x list | sort\n"), ["RL045 @ |"]);
    assert_eq!(beside("bash", "read", "curl -s https://x\n"), ["RL051 @ curl"]);
    assert_eq!(beside("sh", "read", calm), ["RL047 @ {{ runbook.dir }}/x.sh"]);
    assert_eq!(beside("sh", "read", "[[ a = b ]]\n"), ["RL047 @ {{ runbook.dir }}/x.sh"]);
    assert_eq!(beside("sh", "read", "case $1 in a|b) c;; esac\n"), Vec::<String>::new());
}

#[test]
fn a_deletion_in_a_script_wants_the_guard_of_a_deletion() {
    let deletes = "az postgres flexible-server delete -n \"$1\" --yes\n";
    for hazard in ["read", "change"] {
        assert_eq!(beside("bash", hazard, deletes), ["RL020 @ {{ runbook.dir }}/x.sh"]);
    }
    assert_eq!(beside("bash", "destructive", deletes), Vec::<String>::new());
    let given = page(
        "hazard: change, what: W, target: t, run: 'bash {{ runbook.dir }}/x.sh give', \
         undo: {title: U, hazard: change, run: 'bash {{ runbook.dir }}/x.sh take'}",
    );
    assert_eq!(said(&given, &[Source::new("x.sh", deletes)]), Vec::<String>::new());
    assert_eq!(beside("bash", "change", "rm -f \"$file\"\n"), Vec::<String>::new());
    let sql = "psql -v ON_ERROR_STOP=1 -c 'DROP DATABASE old'\n";
    assert_eq!(beside("bash", "change", sql).len(), 1);
}
