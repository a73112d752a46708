//! Each lint finds what it is for, in the place where it stands, and keeps silent beside it.

use super::*;
use crate::runbook::parse;
use std::fmt::Write as _;

/// A runbook with these parts and nothing that any lint minds.
#[derive(Default)]
struct Page {
    head: String,
    steps: String,
    more: String,
    wide: bool,
}

impl Page {
    fn text(&self) -> String {
        format!(
            "format: 1\nname: page\ntitle: Page\nsystem: Lab\nversion: \"1\"\nsummary: A page.\n\
             reviewed: 2026-11-01\nenvironment: local\n{}phases:\n  - title: One\n    steps:\n{}{}",
            self.head, self.steps, self.more
        )
    }

    fn head(text: &str) -> Self {
        Self { head: text.to_owned(), ..Self::default() }.step("{id: first, run: 'true'}")
    }

    fn steps(steps: &[&str]) -> Self {
        steps.iter().fold(Self::default(), |page, step| page.step(step))
    }

    /// Adds a step in flow style, `title` and `hazard: read` filled in where they are missing.
    fn step(mut self, step: &str) -> Self {
        let body = step.strip_prefix('{').unwrap().strip_suffix('}').unwrap();
        let title = if body.contains(", title:") && !body.contains("decide:") {
            ""
        } else {
            "title: Do it, "
        };
        let hazard = if body.contains("hazard:") || body.contains("decide:") {
            ""
        } else {
            "hazard: read, "
        };
        writeln!(self.steps, "      - {{{title}{hazard}{body}}}").unwrap();
        self
    }

    /// `code what @ text it points at` of every finding, except those of every page here: no scenario, long lines.
    fn findings(&self) -> Vec<String> {
        let text = self.text();
        let source = Source::new("page.yaml", text.as_str());
        let runbook =
            parse::parse(&source).unwrap_or_else(|findings| panic!("{text}\n{findings:?}"));
        let today = NaiveDate::from_ymd_opt(2026, 11, 21);
        lint(&runbook, &source, &Beside { scenarios: &[], files: &[], names: &[], today })
            .into_iter()
            .filter(|finding| finding.code != "RL032")
            .filter(|finding| finding.code != "RL031" || self.wide)
            .map(|finding| {
                let place = finding.place.start as usize..finding.place.end as usize;
                format!("{} {} @ {}", finding.code, finding.what, &text[place])
            })
            .collect()
    }

    /// Asserts that this is the one finding: code and pointed-at text.
    #[track_caller]
    fn finds(&self, code: &str, at: &str) {
        let findings = self.findings();
        assert_eq!(findings.len(), 1, "{findings:#?}\n{}", self.text());
        assert!(findings[0].starts_with(code), "{findings:?}");
        assert!(findings[0].ends_with(&format!("@ {at}")), "{findings:?}");
    }

    #[track_caller]
    fn finds_nothing(&self) {
        assert_eq!(self.findings(), Vec::<String>::new(), "\n{}", self.text());
    }
}

#[test]
fn a_script_names_only_variables_that_carry_a_value_by_then() {
    let of = |script: &str| format!("{{id: a, script: 'echo \"${script}\"'}}");
    let undefined = Page::steps(&[&of("RB_NOPE")]).findings();
    assert!(undefined[0].starts_with("RL001 `$RB_NOPE` carries no value"), "{undefined:?}");
    Page::steps(&[&of("RB_RUN_WORK")]).finds_nothing();
    let take = "{id: take, run: 'echo x', capture: {got: {text: '.+', type: name}}}";
    Page::steps(&[take, &of("RB_GOT")]).finds_nothing();
    let late = Page::steps(&[&of("RB_GOT"), take]).findings();
    assert!(late[0].starts_with("RL002 `$RB_GOT` is used before it is known"), "{late:?}");
    let derived = |steps: &[&str]| Page {
        head: "values: {new: \"{{ got }}-r\"}\n".to_owned(),
        ..Page::steps(steps)
    };
    derived(&[take, &of("RB_NEW")]).finds_nothing();
    assert!(derived(&[&of("RB_NEW"), take]).findings()[0].starts_with("RL002"));
}

#[test]
fn a_value_that_nothing_uses_is_found() {
    Page::head("params: {server: {type: name, ask: Server}}\n").finds("RL003", "server");
    Page::head("values: {x: y}\n").finds("RL003", "x");
}

const CHOOSE: &str =
    "{id: choose, decide: {outcomes: {one: {title: One}, two: {title: Two}}, unsure: one}}";

#[test]
fn a_decision_that_nothing_depends_on_is_found() {
    Page::steps(&[CHOOSE]).finds("RL014", "choose");
}

#[test]
fn a_step_that_no_path_reaches_is_found() {
    let leave = "{id: choose, decide: {outcomes: {go: {title: Go on}, stop: {title: Stop, stop: failed}}, unsure: go}}";
    let after = "{id: after, run: 'true', when: {choose: stop}}";
    Page::steps(&[leave, after]).finds("RL013", "choose");
}

#[test]
fn a_value_captured_on_some_paths_and_used_on_all_is_found() {
    let take = |id: &str, when: &str| {
        format!("{{id: {id}, run: 'echo x', {when} capture: {{got: {{text: '.+', type: name}}}}}}")
    };
    let show = "{id: show, run: 'echo {{ got }}'}";
    Page::steps(&[
        CHOOSE,
        &take("a", "when: {choose: one},"),
        &take("b", "when: {choose: two},"),
        show,
    ])
    .finds_nothing();
    Page::steps(&[CHOOSE, &take("a", "when: {choose: one},"), show]).finds("RL004", "{{ got }}");
}

#[test]
fn choices_from_a_step_that_some_paths_leave_out_are_found() {
    let list = "{id: list, run: 'echo [1]', when: {choose: one}}";
    let pick = |when: &str| {
        format!(
            "{{id: pick, run: 'echo {{{{ one }}}}', {when} ask: {{one: {{type: choice, choices: {{from: list, json: '[]'}}}}}}}}"
        )
    };
    Page::steps(&[CHOOSE, list, &pick("when: {choose: one},")]).finds_nothing();
    Page::steps(&[CHOOSE, list, &pick("")]).finds("RL004", "list");
}

#[test]
fn a_hazard_below_its_verb_is_found_and_the_runs_own_folder_is_free() {
    for (run, word) in [
        ("rm -r /srv/data", "rm"),
        ("az group delete --name x", "delete"),
        ("psql -c 'drop table x'", "'drop table x'"),
        ("systemctl restart web", "restart"),
        ("redis-cli FLUSHALL", "FLUSHALL"),
        ("pg_restore -d shop /srv/x.dump", "pg_restore"),
    ] {
        Page::steps(&[&format!("{{id: a, run: \"{run}\"}}")]).finds("RL020", word);
    }
    for run in [
        "rm x",
        "rm {{ run.work }}/x",
        "az group list",
        "git log",
        "mkdir {{ run.tmp }}/s",
        "echo delete",
        "pg_restore -f /dev/null /srv/x.dump",
    ] {
        Page::steps(&[&format!("{{id: a, run: \"{run}\"}}")]).finds_nothing();
    }
    let found = Page::steps(&["{id: a, script: 'if true; then rm -r /srv; fi'}"]).findings();
    assert!(found[0].starts_with("RL020"), "{found:?}");
    Page::steps(&["{id: a, script: 'rm -r \"$RB_RUN_TMP\"'}"]).finds_nothing();
    Page::steps(&["{id: a, script: 'toc=$(pg_restore --list /srv/x.dump)'}"]).finds_nothing();
}

#[test]
fn a_change_in_a_script_that_says_it_reads_is_found_behind_whatever_starts_it() {
    for script in [
        "/bin/rm -rf /srv",
        "\\rm x",
        "env X=y rm x",
        "X=y rm x",
        "A=1 B=2 C=3 D=4 E=5 F=6 G=7 H=8 I=9 rm x",
        "sudo -n rm x",
        "sudo -u app rm x",
        "timeout 5 rm x",
        "f() { rm x; }\nf",
        "f() {\n  rm x\n}\nf",
        "bash -c \"rm x\"",
        "sh -c 'cd /srv && rm x'",
        "find /srv -name x -delete",
        "find /srv -exec rm {} +",
        "find /srv | xargs -r rm",
        "echo \"drop table x\" | psql -v ON_ERROR_STOP=1",
        "psql -v ON_ERROR_STOP=1 <<E\ndrop table x\nE",
        "case $1 in a|b) rm x;; esac",
    ] {
        let page = page_of_script(script);
        let found = page.findings();
        assert_eq!(found.len(), 1, "{script}: {found:?}");
        assert!(found[0].starts_with("RL020"), "{script}: {found:?}");
    }
    for script in [
        "echo \"please; rm it later\"",
        "grep -q \"drop table x\" f",
        "# rm x",
        "printf '%s' 'delete from x' >f",
        "command -v rm",
        "rm -f \"$RB_RUN_WORK/x\" 2>/dev/null",
        "find \"$RB_RUN_WORK\" -name x -delete",
        "find \"$RB_RUN_TMP\" -exec rm {} +",
        "case $1 in rm|mv) echo it;; esac",
        "x=(rm mv); echo \"${x[0]}\"",
        "curl -fsS https://x",
    ] {
        page_of_script(script).finds_nothing();
    }
}

/// A runbook whose only step is this script of bash, which says that it reads.
fn page_of_script(script: &str) -> Page {
    let script = script.replace('\n', "\n          ");
    Page {
        steps: format!(
            "      - id: a\n        title: Do it\n        hazard: read\n        shell: bash\n        script: |\n          {script}\n"
        ),
        ..Page::default()
    }
}

#[test]
fn a_change_in_a_command_that_says_it_reads_is_found_behind_options_and_methods() {
    for (run, word) in [
        ("az --only-show-errors group delete -n x", "delete"),
        ("az rest --method delete --url https://x", "--method"),
        ("az rest --method put --url https://x", "--method"),
        ("curl -f -X DELETE https://x", "-X"),
        ("curl -f -XPOST https://x", "-XPOST"),
        ("curl -fsSX PUT https://x", "-fsSX"),
        ("curl -f --data a=b https://x", "--data"),
        ("curl -f -d @x.json https://x", "-d"),
        ("kubectl -n shop delete pod x", "delete"),
        ("redis-cli -h x FLUSHALL", "FLUSHALL"),
        ("env X=y az group delete -n x", "delete"),
        ("timeout 60 az group delete -n x", "delete"),
        ("az containerapp revision deactivate -n x", "deactivate"),
        ("git push --force", "push"),
        ("systemctl --user stop x", "stop"),
        ("psql -c 'SELECT pg_terminate_backend(1)'", "'SELECT pg_terminate_backend(1)'"),
    ] {
        Page::steps(&[&format!("{{id: a, run: \"{run}\"}}")]).finds("RL020", word);
    }
    for run in [
        "az rest --method get --url https://x",
        "az rest --method post --url https://x/query",
        "curl -f -X GET https://x",
        "curl -f -G -d a=b https://x",
        "kubectl -n delete get pods",
        "systemctl --user status x",
        "git -C x log",
        "grep -q 'drop table x' f",
        "command -v curl",
        "env X=y az group list",
    ] {
        Page::steps(&[&format!("{{id: a, run: \"{run}\"}}")]).finds_nothing();
    }
}

#[test]
fn what_only_bash_knows_is_found_in_a_script_for_sh() {
    let sh = |script: &str| {
        let mut page = page_of_script(script);
        page.steps = page.steps.replace("        shell: bash\n", "");
        page
    };
    sh("[[ a = b ]]").finds("RL047", "[[");
    sh("x=(a b)").finds("RL047", "x=(");
    sh("cat <<<x").finds("RL047", "<<<");
    sh("diff <(a) <(b)").finds("RL047", "<(");
    sh("case $1 in start|stop) :;; *) exit 2;; esac").finds_nothing();
    page_of_script("[[ a = b ]]").finds_nothing();
}

#[test]
fn a_change_that_cannot_be_looked_up_is_found() {
    let change = |more: &str| {
        format!(
            "{{id: make, hazard: change, what: Makes., target: it, no_undo: It stays., run: make it{more}}}"
        )
    };
    Page::steps(&[&change("")]).finds("RL021", "make");
    let probe = ", probe: {run: look, answers: [{exit: 0, means: done}]}";
    Page::steps(&[&change(probe)]).finds_nothing();
    let capture = format!("{probe}, capture: {{made: {{text: '.+', type: name}}}}");
    let show = "{id: show, run: 'echo {{ made }}'}";
    Page::steps(&[&change(&capture), show]).finds("RL022", "made");
}

#[test]
fn a_value_that_could_be_an_option_is_found() {
    let page = |kind: &str, run: &str| Page {
        head: format!("params: {{x: {{type: {kind}, ask: X}}}}\n"),
        ..Page::steps(&[&format!("{{id: a, run: \"{run}\"}}")])
    };
    page("int", "echo a {{ x }}").finds("RL006", "{{ x }}");
    page("int", "echo -- {{ x }}").finds_nothing();
    page("int", "echo --n={{ x }}").finds_nothing();
    page("name", "echo a {{ x }}").finds_nothing();
}

#[test]
fn ten_steps_in_a_phase_and_a_line_beyond_the_margin_are_found() {
    let ids: Vec<String> = (0..10).map(|n| format!("{{id: s{n}, run: 'true'}}")).collect();
    let steps: Vec<&str> = ids.iter().map(String::as_str).collect();
    Page::steps(&steps).finds("RL030", "One");
    Page::steps(&steps[..9]).finds_nothing();
    let wide = format!("use_when: [it {}]\n", "is so ".repeat(12).trim());
    let findings = Page { wide: true, ..Page::head(&wide) }.findings();
    assert!(findings[0].starts_with("RL031 a line of 86 columns"), "{findings:?}");
}

#[test]
fn a_review_holds_for_as_long_as_the_runbook_says() {
    let page = |head: &str| Page::head(head).text().replace("reviewed: 2026-11-01\n", "");
    let found = |text: &str| {
        let source = Source::new("page.yaml", text);
        let today = NaiveDate::from_ymd_opt(2026, 11, 21);
        let beside = Beside { scenarios: &[], files: &[], names: &[], today };
        let findings = lint(&parse::parse(&source).unwrap(), &source, &beside);
        findings.iter().any(|finding| finding.code == "RL033")
    };
    assert!(found(&page("")));
    assert!(found(&page("reviewed: 2026-10-01\nreview_every: 30d\n")));
    assert!(!found(&page("reviewed: 2026-11-02\nreview_every: 30d\n")));
    assert!(found(&page("reviewed: 2027-11-01\n")));
}

#[test]
fn shell_that_reads_a_value_again_is_found_where_it_stands() {
    let page = |script: &str| Page {
        head: "params: {x: {type: text, ask: X}}\n".to_owned(),
        steps: format!(
            "      - id: a\n        title: Do it\n        hazard: read\n        script: |\n          : ok\n          {script}\n"
        ),
        ..Page::default()
    };
    page("echo $RB_X").finds("RL040", "$RB_X");
    page("echo \"$RB_X\"").finds_nothing();
    page("sh -c \"echo $RB_X\"").finds("RL042", "$RB_X");
    page("echo $((RB_Y + 1)) \"$RB_X\"").findings();
    page("echo $(( $RB_X + 1 ))").finds("RL043", "$RB_X");
    page("psql -c \"select '$RB_X'\"").finds("RL046", "$RB_X");
    page("cat \"$RB_X\" | cat").finds("RL045", "|");
    page("eval \"echo $RB_X\"").finds("RL041", "eval");
}

/// What a scenario of this text and these files beside the runbook are found to lack.
fn beside(page: &Page, scenario: &str, names: &[&str]) -> Vec<String> {
    let text = page.text();
    let source = Source::new("page.yaml", text.as_str());
    let runbook = parse::parse(&source).unwrap_or_else(|findings| panic!("{findings:?}"));
    let head = "format: 1\nrunbook: lab/page\ntitle: T\n";
    let scenario = Source::new("s.yaml", format!("{head}{scenario}"));
    let read = parse::scenario::parse(&scenario).unwrap_or_else(|found| panic!("{found:?}"));
    let scenarios = [(scenario, read)];
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let beside = Beside { scenarios: &scenarios, files: &[], names: &names, today: None };
    lint(&runbook, &source, &beside)
        .into_iter()
        .filter(|finding| finding.code != "RL031")
        .map(|finding| {
            let place = finding.place.start as usize..finding.place.end as usize;
            format!("{} @ {}", finding.code, &finding.source.text[place])
        })
        .collect()
}

#[test]
fn a_command_without_an_answer_and_an_answer_without_a_command_are_found() {
    let page = Page::steps(&["{id: a, run: 'true'}", "{id: b, run: 'true'}"]);
    assert_eq!(beside(&page, "steps: {a: [{}], b: [{}]}", &[]), Vec::<String>::new());
    assert_eq!(beside(&page, "steps: {a: [{}]}", &[]), ["SC010 @ b"]);
    assert_eq!(beside(&page, "steps: {a: [{}], b: [{}], c: [{}]}", &[]), ["SC011 @ c"]);
    let unprobed = "steps: {a: [{}], b: [{}], a/probe: [{}]}";
    assert_eq!(beside(&page, unprobed, &[]), ["SC011 @ a/probe"]);
    let polls = "steps: {a: [{polls: [{}]}], b: [{}]}";
    assert_eq!(beside(&page, polls, &[]), ["SC012 @ {"]);
}

#[test]
fn what_is_done_by_hand_may_change_the_world_and_a_single_poll_may_not() {
    let wait = "{id: a, timeout: 1m, wait: {run: 'true', every: 1s, until: {exit: 0}}}";
    let page = Page::steps(&[wait, "{id: b, manual: Freeze it.}"]);
    let world = "state: {door: shut}\nsteps: {a: [{polls: [{}], set: {door: open}}], b: [{set: {door: open}}]}";
    assert_eq!(beside(&page, world, &[]), Vec::<String>::new());
    let poll = "state: {door: shut}\nsteps: {a: [{polls: [{set: {door: open}}]}], b: [{}]}";
    assert_eq!(beside(&page, poll, &[]), ["SC012 @ {"]);
}

#[test]
fn a_scenario_of_another_runbook_with_wrong_values_or_an_unknown_world_is_found() {
    let page = Page {
        head: "params: {port: {type: int, ask: Port}}\n".to_owned(),
        ..Page::steps(&["{id: a, run: 'echo -- {{ port }}'}"])
    };
    let start = |params: &str| format!("start: {{params: {params}}}\nsteps: {{a: [{{}}]}}");
    assert_eq!(beside(&page, &start("{port: 5432}"), &[]), Vec::<String>::new());
    assert_eq!(beside(&page, &start("{port: many}"), &[]), ["SC014 @ many"]);
    assert_eq!(beside(&page, &start("{prt: 1}"), &[]), ["SC014 @ prt"]);
    let world = "state: {door: shut}\nsteps: {a: [{when: {dor: shut}, set: {door: open}}]}";
    assert_eq!(beside(&page, world, &[]), ["SC014 @ dor"]);
}

#[test]
fn a_file_that_is_named_and_not_there_is_found() {
    let page = Page::steps(&[
        "{id: a, run: 'sh {{ runbook.dir }}/find.sh'}",
        "{id: b, script: 'cat \"$RB_RUNBOOK_DIR/sql/a.sql\"'}",
        "{id: c, run: cat, stdin: {file: sql/b.sql}}",
    ]);
    let answers = "steps: {a: [{output_file: a.txt}], b: [{}], c: [{}]}";
    let all = ["find.sh", "sql/a.sql", "sql/b.sql", "scenarios/a.txt"];
    assert_eq!(beside(&page, answers, &all), Vec::<String>::new());
    assert_eq!(beside(&page, answers, &all[1..]), ["RL035 @ {{ runbook.dir }}/find.sh"]);
    assert_eq!(beside(&page, answers, &[all[0], all[2], all[3]]), ["RL035 @ sql/a.sql"]);
    assert_eq!(beside(&page, answers, &[all[0], all[1], all[3]]), ["RL035 @ sql/b.sql"]);
    assert_eq!(beside(&page, answers, &all[..3]), ["RL035 @ a.txt"]);
}
