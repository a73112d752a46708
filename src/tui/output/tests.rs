//! The pane against an oracle that reads the whole spool at once and knows nothing of marks, pieces or threads.

#![expect(clippy::disallowed_methods, reason = "spools are files, and what is awaited has a limit")]

use super::grid::Grid;
use super::*;
use crate::exec::spool::MAGIC;
use proptest::prelude::*;
use std::fs::OpenOptions;
use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use std::time::Instant;
use unicode_width::UnicodeWidthStr;

/// A frame as a keeper writes it: standard error or not, seconds, bytes.
type Written = (bool, u64, Vec<u8>);

fn frame((stderr, seconds, bytes): &Written) -> Vec<u8> {
    let mut frame = u32::try_from(bytes.len()).unwrap().to_le_bytes().to_vec();
    frame.push(if *stderr { 2 } else { 1 });
    frame.extend((seconds * 1_000_000_000).to_le_bytes());
    frame.extend(bytes);
    frame
}

fn spool(frames: &[Written]) -> Vec<u8> {
    MAGIC.iter().copied().chain(frames.iter().flat_map(frame)).collect()
}

struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("1.spool")
    }

    fn append(&self, bytes: &[u8]) {
        let mut file = OpenOptions::new().create(true).append(true).open(self.path()).unwrap();
        file.write_all(bytes).unwrap();
    }

    fn open(&self) -> Output {
        Output::open(&self.path(), DateTime::UNIX_EPOCH)
    }
}

/// An output of these frames, read to the end.
fn output(frames: &[Written]) -> (Place, Output) {
    let place = Place::new();
    place.append(&spool(frames));
    let mut output = place.open();
    let size: u64 = frames.iter().map(|(_, _, bytes)| bytes.len() as u64).sum();
    until(&mut output, |output| output.bytes() == size);
    (place, output)
}

fn until(output: &mut Output, so: impl Fn(&Output) -> bool) {
    let limit = Instant::now() + Duration::from_secs(60);
    while !so(output) {
        if !output.poll() {
            assert!(Instant::now() < limit, "it never came so far: {output:?}");
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Every line of some frames: stream, seconds, bytes.
fn naive(frames: &[Written]) -> Vec<Written> {
    let (mut lines, mut begun): (Vec<Written>, Vec<Written>) = (Vec::new(), Vec::new());
    for (stderr, seconds, bytes) in frames {
        for byte in bytes {
            let at = begun.iter().position(|line| line.0 == *stderr);
            if *byte == b'\n' {
                let line = at.map_or((*stderr, 0, Vec::new()), |at| begun.remove(at));
                lines.push((line.0, *seconds, line.2));
            } else {
                let at = at.unwrap_or_else(|| {
                    begun.push((*stderr, 0, Vec::new()));
                    begun.len() - 1
                });
                begun[at].2.push(*byte);
            }
        }
        if let Some(line) = begun.iter_mut().find(|line| line.0 == *stderr) {
            line.1 = *seconds;
        }
    }
    lines.extend(begun);
    lines
}

/// Every row of some lines at a width of text.
fn all_rows(lines: &[Written], width: usize, wrap: bool) -> Vec<(bool, String, String)> {
    let mut rows = Vec::new();
    for (stderr, seconds, bytes) in lines {
        let text = Grid::of(bytes).text().0;
        let mut pieces = vec![String::new()];
        let mut used = 0;
        for c in text.chars() {
            let wide = c.to_string().width();
            if used + wide > width {
                if !wrap {
                    // Half of a wide character is a blank.
                    let half = if used < width { " " } else { "" };
                    pieces.last_mut().unwrap().push_str(half);
                    break;
                }
                pieces.push(String::new());
                used = 0;
            }
            pieces.last_mut().unwrap().push(c);
            used += wide;
        }
        for (number, piece) in pieces.into_iter().enumerate() {
            let time = if number == 0 { format!("00:00:{seconds:02}Z") } else { String::new() };
            rows.push((*stderr, time, piece));
        }
    }
    rows
}

fn seen(rows: &[Row]) -> Vec<(bool, String, String)> {
    let row = |row: &Row| (row.stderr, row.time.clone().unwrap_or_default(), row.text());
    rows.iter().map(row).collect()
}

/// Text of few letters with all that makes lines difficult but no accents, which the oracle cannot count.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[ab ]{0,12}".prop_map(String::into_bytes),
        3 => Just(b"\n".to_vec()),
        1 => "(日本){0,9}".prop_map(String::into_bytes),
        1 => "\x1b\\[[0-9;]{0,5}m[x\t\r]{0,3}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn frames(most: usize) -> impl Strategy<Value = Vec<Written>> {
    // A keeper writes no empty frame.
    let written = bytes().prop_filter("something", |bytes| !bytes.is_empty());
    prop::collection::vec((any::<bool>(), written), 0..most).prop_map(|frames| {
        let seconds = 0_u64..;
        frames
            .into_iter()
            .zip(seconds)
            .map(|((stderr, bytes), at)| (stderr, at % 60, bytes))
            .collect()
    })
}

/// Whether the oracle's way of measuring fits: it takes characters one by one.
fn countable(lines: &[Written]) -> bool {
    lines.iter().all(|(_, _, bytes)| {
        let grid = Grid::of(bytes);
        let (text, _) = grid.text();
        text.chars().map(|c| c.to_string().width()).sum::<usize>() == grid.columns()
            && text.chars().all(|c| c.to_string().width() > 0)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_page_at_every_width_is_a_part_of_the_whole(
        frames in frames(24),
        width in 14_u16..60,
        height in 1_u16..12,
        wrap in any::<bool>(),
    ) {
        let lines = naive(&frames);
        prop_assume!(countable(&lines));
        let (_place, output) = output(&frames);
        prop_assert_eq!(output.lines(), lines.len() as u64);
        let (mut view, size) = (View::default(), Size { width, height });
        if !wrap {
            view.toggle_wrap();
        }
        let text = usize::from(width - view.gutter(width));
        let rows = all_rows(&lines, text, wrap);
        let last = rows.len().saturating_sub(usize::from(height));
        prop_assert_eq!(seen(&output.page(&view, size)), &rows[last..]);

        // All the way up by single rows, then all the way down by pages.
        for top in (0..=last).rev() {
            let end = rows.len().min(top + usize::from(height));
            prop_assert_eq!(seen(&output.page(&view, size)), &rows[top..end], "top {}", top);
            view.up(&output, size, 1);
        }
        prop_assert_eq!(view.resolved(&output, size), Top::default());
        let mut top = 0;
        for _ in 0..rows.len() {
            view.page_down(&output, size);
            top = last.min(top + usize::from(height.saturating_sub(1).max(1)));
            let end = rows.len().min(top + usize::from(height));
            prop_assert_eq!(seen(&output.page(&view, size)), &rows[top..end], "top {}", top);
        }
        prop_assert!(!view.follows());
    }

    #[test]
    fn a_line_that_has_ended_stays_where_it_is_while_the_spool_grows(
        frames in frames(16),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 1..5),
    ) {
        let whole = spool(&frames);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(whole.len() + 1)).collect();
        cuts.push(whole.len());
        cuts.sort_unstable();
        let place = Place::new();
        let mut output = place.open();
        let mut written = 0;
        let mut before: Vec<Raw> = Vec::new();
        for cut in cuts {
            place.append(&whole[written..cut]);
            written = cut;
            let mut there = MAGIC.len();
            let whole_frames = frames.iter().take_while(|written| {
                there += frame(written).len();
                there <= cut
            });
            let so_far: Vec<Written> = whole_frames.cloned().collect();
            let size: u64 = so_far.iter().map(|(_, _, bytes)| bytes.len() as u64).sum();
            until(&mut output, |output| output.bytes() == size);
            let lines = output.raw(0, 10_000, SHOWN);
            let got: Vec<_> =
                lines.iter().map(|raw| (raw.stderr, raw.ns / 1_000_000_000, raw.bytes.clone())).collect();
            prop_assert_eq!(got, naive(&so_far));
            let ended = usize::try_from(output.extent.end.lines).unwrap();
            prop_assert_eq!(&lines[..before.len()], &before[..]);
            before = lines[..ended].to_vec();
        }
    }

    #[test]
    fn a_search_finds_what_a_reader_finds_line_by_line(
        frames in frames(24),
        pattern in prop_oneof![Just("a"), Just("ab"), Just("b$"), Just("^$"), Just("x"), Just("日")],
    ) {
        let (_place, mut output) = output(&frames);
        let (mut view, size) = (View::default(), Size { width: 40, height: 5 });
        view.home(&output, size);
        let compiled = Pattern::regex(pattern).unwrap();
        let lines = naive(&frames);
        let wanted: Vec<u64> =
            (0..).zip(&lines).filter(|(_, line)| compiled.is_in(&line.2)).map(|(n, _)| n).collect();
        let mut led = view.search(&output, size, pattern).unwrap();
        until(&mut output, |output| output.found().is_some_and(|found| found.percent == 100));
        prop_assert_eq!(output.found().unwrap().lines, wanted.len() as u64);
        led = view.settle(&output, size).unwrap_or(led);
        let mut down = Vec::new();
        while let Led::Here(line) = led {
            down.push(line);
            prop_assert!(output.page(&view, size).len() <= 5);
            led = view.next(&output, size);
        }
        prop_assert_eq!(&down, &wanted);
        let around = wanted.first().map_or(Led::Nowhere, |first| Led::Around(*first));
        prop_assert_eq!(led, around);
        let mut up = Vec::new();
        led = view.previous(&output, size);
        prop_assert_eq!(led, wanted.last().map_or(Led::Nowhere, |last| Led::Around(*last)));
        while let (Led::Here(line) | Led::Around(line), true) = (led, up.len() < wanted.len()) {
            up.push(line);
            led = view.previous(&output, size);
        }
        up.reverse();
        prop_assert_eq!(up, wanted);
    }
}

#[test]
fn a_spool_that_is_not_there_is_empty_until_it_comes() {
    let place = Place::new();
    let mut output = place.open();
    let (view, size) = (View::default(), Size { width: 40, height: 5 });
    output.poll();
    assert_eq!((output.lines(), output.damaged()), (0, None));
    assert!(output.page(&view, size).is_empty());
    place.append(b"RSP");
    place.append(&spool(&[(false, 1, b"here\n".to_vec())])[3..]);
    until(&mut output, |output| output.lines() == 1);
    assert_eq!(output.page(&view, size)[0].text(), "here");
}

#[test]
fn a_damaged_spool_shows_what_is_before_the_damage_and_says_where_it_is() {
    let place = Place::new();
    place.append(&spool(&[(false, 1, b"good\n".to_vec())]));
    place.append(&[0xff; 64]);
    place.append(&frame(&(false, 2, b"lost\n".to_vec())));
    let mut output = place.open();
    until(&mut output, |output| output.damaged().is_some());
    let page = output.page(&View::default(), Size { width: 90, height: 5 });
    let said = "— the spool is damaged at byte 23; what follows is not shown —";
    let rows: Vec<_> = page.iter().map(|row| (row.note, row.text())).collect();
    assert_eq!(rows, [(false, "good".to_owned()), (true, said.to_owned())]);
}

#[test]
fn what_is_no_spool_is_said_to_be_none() {
    let place = Place::new();
    place.append(b"hello, world");
    let mut output = place.open();
    until(&mut output, |output| output.damaged().is_some());
    let page = output.page(&View::default(), Size { width: 60, height: 5 });
    assert_eq!(page[0].text(), "— this is not a spool —");
}

#[test]
fn scrolling_up_leaves_the_end_and_counts_what_comes_after() {
    let line = |n: usize| (false, 1, format!("line {n}\n").into_bytes());
    let place = Place::new();
    place.append(&spool(&(0..20).map(line).collect::<Vec<_>>()));
    let mut output = place.open();
    until(&mut output, |output| output.lines() == 20);
    let (mut view, size) = (View::default(), Size { width: 40, height: 5 });
    let first = |output: &Output, view: &View| output.page(view, size)[0].text();
    assert_eq!(first(&output, &view), "line 15");
    view.up(&output, size, 2);
    assert!(!view.follows());
    (20..30).for_each(|n| place.append(&frame(&line(n))));
    until(&mut output, |output| output.lines() == 30);
    assert_eq!((first(&output, &view).as_str(), view.new_since(&output)), ("line 13", 10));
    view.down(&output, size, 6);
    assert_eq!((first(&output, &view).as_str(), view.new_since(&output)), ("line 19", 6));
    view.down(&output, size, 1000);
    assert_eq!((first(&output, &view).as_str(), view.new_since(&output)), ("line 25", 0));
    assert!(!view.follows(), "only the reader's word follows again");
    view.end();
    assert_eq!((view.follows(), view.new_since(&output)), (true, 0));
}

#[test]
fn a_line_without_end_is_shown_by_its_beginning_and_says_that_it_goes_on() {
    let frames: Vec<Written> = (0..40).map(|n| (false, n, vec![b'a' + 3; 128 << 10])).collect();
    let (_place, output) = output(&frames);
    assert_eq!(output.lines(), 1);
    let (mut view, size) = (View::default(), Size { width: 60, height: 4 });
    let page = output.page(&view, size);
    assert!(page[3].note && page[3].text().contains("goes on"), "{page:?}");
    assert_eq!(page[3].text().width(), 46);
    view.home(&output, size);
    let page = output.page(&view, size);
    assert_eq!(page[0].time.as_deref(), Some("00:00:39Z"));
    assert_eq!(page[0].text(), "d".repeat(48));
    assert_eq!(page[1].time, None);
}

#[test]
fn a_long_progress_line_shows_its_last_state_wherever_it_ends() {
    let state = |n: usize| format!("\r{n:6} of 100000");
    let states: String = (0..100_000).map(state).collect();
    let mut frames: Vec<Written> =
        states.as_bytes().chunks(1000).map(|chunk| (true, 1, chunk.to_vec())).collect();
    frames.insert(7, (false, 1, b"between\n".to_vec()));
    let (place, mut output) = output(&frames);
    let (view, size) = (View::default(), Size { width: 60, height: 4 });
    let texts =
        |output: &Output| output.page(&view, size).iter().map(Row::text).collect::<Vec<_>>();
    assert_eq!(texts(&output), ["between", " 99999 of 100000"]);
    place.append(&frame(&(true, 2, b"\rdone            \nnext".to_vec())));
    until(&mut output, |output| output.lines() == 3);
    assert_eq!(texts(&output), ["between", "done", "next"]);
}

#[test]
fn lines_that_are_far_apart_in_a_long_spool_are_found_again() {
    let line = |n: u64| format!("{n}\n");
    let mut frames = vec![(true, 0, b"begun ".to_vec())];
    for n in 0..30_u64 {
        let lines: String = (n * 5000..n * 5000 + 5000).map(line).collect();
        frames.push((false, n, lines.into_bytes()));
    }
    frames.push((true, 31, b"and ended\nrest".to_vec()));
    let (_place, output) = output(&frames);
    assert_eq!(output.lines(), 150_002);
    for line in [0, 1, 4_999, 5_000, 75_003, 149_999] {
        let raw = &output.raw(line, 1, SHOWN)[0];
        assert_eq!((raw.stderr, raw.bytes.as_slice()), (false, line.to_string().as_bytes()));
    }
    let last = output.raw(150_000, 5, SHOWN);
    // Its beginning lies too far from its end to be followed, so only that is shown.
    assert_eq!((last[0].bytes.as_slice(), last[0].cut), (&b"begun "[..], true));
    assert_eq!((last[1].bytes.as_slice(), last[1].cut, last.len()), (&b"rest"[..], false, 2));
}

#[test]
fn ten_million_empty_lines_and_binary_rubbish_are_read_and_shown() {
    let mut frames: Vec<Written> = (0..80).map(|_| (false, 1, vec![b'\n'; 128 << 10])).collect();
    let rubbish: Vec<u8> =
        (0..1_u32 << 16).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect();
    frames.push((false, 2, rubbish));
    let (_place, output) = output(&frames);
    assert!(output.lines() > 10_000_000);
    let (mut view, size) = (View::default(), Size { width: 60, height: 50 });
    for _ in 0..40 {
        for row in output.page(&view, size) {
            assert!(row.text().width() <= 48 && !row.text().chars().any(char::is_control));
        }
        view.page_up(&output, size);
    }
    view.home(&output, size);
    assert_eq!(output.page(&view, size).len(), 50);
}

#[test]
fn matches_are_marked_where_they_are_shown() {
    let line = "日本 \x1b[1merr\x1b[0mor, then error".as_bytes().to_vec();
    let (_place, output) = output(&[(false, 1, line)]);
    let (mut view, size) = (View::default(), Size { width: 14, height: 5 });
    assert_eq!(view.gutter(14), 2);
    view.search(&output, size, "error").unwrap();
    let page = output.page(&view, size);
    let marked: Vec<_> = page.iter().map(|row| (row.text(), row.matched.clone())).collect();
    let error = vec![5..10; 1];
    let wanted = [("日本 error, ".to_owned(), error.clone()), ("then error".to_owned(), error)];
    assert_eq!(marked, wanted);
    assert!(page[0].spans.iter().any(|(ink, text)| ink.bold && text == "err"));
}

#[test]
fn a_hit_far_to_the_right_is_brought_onto_the_page() {
    let line = format!("{}needle\n", "-".repeat(5000)).into_bytes();
    let (_place, mut output) = output(&[(false, 1, line)]);
    let (mut view, size) = (View::default(), Size { width: 40, height: 5 });
    let found = |output: &Output, view: &View| {
        let page = output.page(view, size);
        page.iter().any(|row| row.text().contains("needle") && !row.matched.is_empty())
    };
    for _ in 0..2 {
        view.home(&output, size);
        let led = view.search(&output, size, "NEEDLE").unwrap();
        assert!(matches!(led, Led::NotYet | Led::Nowhere), "it has capitals: {led:?}");
        view.search(&output, size, "needle").unwrap();
        until(&mut output, |output| output.found().is_some_and(|found| found.percent == 100));
        view.settle(&output, size);
        assert!(found(&output, &view), "{:?}", output.page(&view, size));
        view.toggle_wrap();
    }
}

#[test]
fn a_sealed_spool_is_read_to_its_end() {
    let place = Place::new();
    place.append(&spool(&[(false, 1, vec![b'x'; 3 << 20]), (true, 1, b"end\n".to_vec())]));
    std::fs::set_permissions(place.path(), Permissions::from_mode(0o400)).unwrap();
    let mut output = place.open();
    until(&mut output, |output| output.bytes() == (3 << 20) + 4);
}

#[test]
fn a_search_that_found_nothing_does_not_pull_the_reader_away_later() {
    let (place, mut output) = output(&[(false, 1, b"one\n".repeat(20))]);
    let (mut view, size) = (View::default(), Size { width: 40, height: 5 });
    let mut led = view.search(&output, size, "two").unwrap();
    let limit = Instant::now() + Duration::from_secs(60);
    while led == Led::NotYet {
        assert!(Instant::now() < limit);
        output.poll();
        led = view.settle(&output, size).unwrap_or(led);
    }
    assert_eq!((led, view.follows()), (Led::Nowhere, true));
    place.append(&frame(&(false, 2, b"two\n".to_vec())));
    until(&mut output, |output| output.found().is_some_and(|found| found.lines == 1));
    assert_eq!((view.settle(&output, size), view.follows()), (None, true));
    assert_eq!(view.next(&output, size), Led::Here(20));
}

#[test]
fn an_output_that_is_dropped_leaves_no_thread_behind() {
    let place = Place::new();
    let waiting = place.open();
    let shared = Arc::downgrade(&waiting.shared);
    drop(waiting);
    assert!(shared.upgrade().is_none());
    let (_place, reading) = output(&[(false, 1, b"one\n".to_vec())]);
    let shared = Arc::downgrade(&reading.shared);
    drop(reading);
    assert!(shared.upgrade().is_none());
}
