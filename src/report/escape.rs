//! Text from a journal, made safe for where it is going to stand.

use crate::screen;

/// Makes a text one visible line: nothing in it acts on a terminal, hides from the eye or overwrites what stands there.
pub fn line(text: &str) -> String {
    screen::visible_line(&text.trim_end_matches('\n').replace('\n', "⏎").replace('\t', " "))
}

/// Makes a text safe inside a paragraph, list item or table cell of Markdown.
pub fn markdown(text: &str) -> String {
    let escaped = line(text).chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            // As entities, for some readers honour raw HTML before backslashes.
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '$' | '@' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        out
    });
    // Many readers make links of these by themselves.
    escaped.replace("://", "&#58;//").replace("www.", "www&#46;")
}

/// Makes a text a sentence of Markdown, with one full stop.
pub fn sentence(text: &str) -> String {
    let text = markdown(text.trim());
    format!("{}.", text.strip_suffix('.').unwrap_or(&text))
}

/// Puts a text of any number of lines into a fenced block that it cannot close.
pub fn block(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut out = format!("{fence}text\n");
    for row in text.trim_end_matches('\n').split('\n') {
        out.push_str(&line(row));
        out.push('\n');
    }
    out.push_str(&fence);
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_acts_on_a_terminal_or_hides() {
        assert_eq!(line("a\u{1b}[31mb\r\nc\td"), "a<U+001B>[31mb<U+000D>⏎c d");
        assert_eq!(line("x\u{202e}y\u{200b}z\u{9b}"), "x<U+202E>y<U+200B>z<U+009B>");
        assert_eq!(line("straße 🦀\n"), "straße 🦀");
    }

    #[test]
    fn nothing_is_markup_in_markdown() {
        assert_eq!(
            markdown("<b>&[x](http://y)|`*_#"),
            "&lt;b&gt;&amp;\\[x\\](http&#58;//y)\\|\\`\\*\\_\\#"
        );
    }

    #[test]
    fn a_block_cannot_be_closed_from_within() {
        let fenced = block("one\n````\n# two\u{1b}c");
        let lines: Vec<_> = fenced.lines().collect();
        assert_eq!(lines, ["`````text", "one", "````", "# two<U+001B>c", "`````"]);
    }
}
