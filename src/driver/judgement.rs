//! What the runbook expects and captures, put into the keeper's words.

use crate::exec::job;
use crate::runbook::model;
use crate::runbook::model::Values;
use crate::runbook::resolve::{ResolvedCompare, resolve_expect};
use crate::runbook::template::Text;
use crate::runbook::value::Kind;

/// Names of values that an expectation or capture needs and that are not known.
pub type Missing = Vec<String>;

fn render(text: &Text, values: &Values, missing: &mut Missing) -> String {
    text.render(values).unwrap_or_else(|e| {
        missing.extend(e.names);
        String::new()
    })
}

fn from(from: model::From) -> job::From {
    match from {
        model::From::Stdout => job::From::Stdout,
        model::From::Stderr => job::From::Stderr,
        model::From::Both => job::From::Both,
    }
}

fn selector(by: &model::Selector) -> job::Selector {
    match by {
        model::Selector::Exit(codes) => job::Selector::Exit(codes.clone()),
        model::Selector::Json(e) => job::Selector::Json(e.value.clone()),
        model::Selector::Text(e) => job::Selector::Text(e.value.clone()),
        model::Selector::LinesCount => job::Selector::LinesCount,
        model::Selector::LinesEach(e) => job::Selector::LinesEach(e.value.clone()),
    }
}

/// Says an expectation in words; what is not known yet is named.
pub fn expect_words(expect: &model::Expect, values: &Values) -> String {
    match resolve_expect(expect, values) {
        Ok(resolved) => resolved.words,
        Err(missing) => {
            format!("{} … ({} not known yet)", expect.select, missing.names.join(", "))
        }
    }
}

/// The expectation of those who wrote none.
pub fn exit_0() -> job::Expect {
    job::Expect {
        select: job::Selector::Exit(vec![0]),
        from: job::From::Stdout,
        compare: None,
        words: "exit 0".into(),
    }
}

/// Translates one expectation. With a value missing, nothing is translated and the name is noted.
pub fn expect(expect: &model::Expect, values: &Values, missing: &mut Missing) -> job::Expect {
    let resolved = match resolve_expect(expect, values) {
        Ok(resolved) => resolved,
        Err(e) => {
            missing.extend(e.names);
            return exit_0();
        }
    };
    let compare = resolved.compare.map(|compare| match compare {
        ResolvedCompare::Equals(text) => job::Compare::Equals(text),
        ResolvedCompare::Not(text) => job::Compare::Not(text),
        ResolvedCompare::In(texts) => job::Compare::In(texts),
        ResolvedCompare::Matches(pattern) => job::Compare::Matches(pattern),
        ResolvedCompare::AtLeast(text) => job::Compare::AtLeast(text),
        ResolvedCompare::AtMost(text) => job::Compare::AtMost(text),
    });
    job::Expect {
        select: selector(&resolved.select),
        from: from(resolved.from),
        compare,
        words: resolved.words,
    }
}

/// Translates one capture.
pub fn capture(capture: &model::Capture, values: &Values, missing: &mut Missing) -> job::Capture {
    let kind = &capture.kind;
    let exit_as_bool =
        kind.kind == Kind::Bool && matches!(capture.select.by, model::Selector::Exit(_));
    let secret = kind.kind == Kind::Secret;
    job::Capture {
        name: capture.name.value.clone(),
        select: selector(&capture.select.by),
        from: from(capture.select.from),
        pattern: if secret { None } else { kind.pattern() },
        one_of: kind.choices.iter().map(|choice| choice.value.clone()).collect(),
        max: kind.max_len().min(4096),
        dash: kind.allows_dash(),
        success: exit_as_bool,
        list: kind.kind == Kind::List,
        secret,
        optional: capture.optional,
        default: capture.default.as_ref().map(|t| render(t, values, missing)),
    }
}

/// Translates a wait.
pub fn wait(wait: &model::Wait, values: &Values, missing: &mut Missing) -> job::Wait {
    let ms = |d: std::time::Duration| u64::try_from(d.as_millis()).unwrap_or(u64::MAX);
    job::Wait {
        every_ms: ms(wait.every),
        until: expect(&wait.until, values, missing),
        fail: wait.fail.as_ref().map(|e| expect(e, values, missing)),
        tolerate: wait.tolerate.iter().map(|t| (t.exit.clone(), ms(t.span))).collect(),
        times: wait.times,
        settle_ms: ms(wait.settle),
    }
}

/// Tells whether any judgement reads the output, so that it must not pass through a terminal.
pub fn reads_output(job: &job::Job) -> bool {
    let reads = |s: &job::Selector| !matches!(s, job::Selector::Exit(_));
    job.expect.iter().chain(&job.answers).any(|e| reads(&e.select))
        || job.capture.iter().any(|c| reads(&c.select))
        || !job.offers.is_empty()
        || job.wait.is_some()
}
