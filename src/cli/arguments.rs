//! The words of the command line, as clap reads them.

use super::exit::Exit;
use super::{
    check, done, find, help, journal, list, note, plan, rehearse, resume, run, show, status, stop,
    version,
};
use crate::config::Places;
use clap::{
    Arg, ArgAction, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum,
};
use std::ffi::OsString;
use std::path::PathBuf;

/// Examples before options: a person under pressure reads the first lines and no more.
const TEMPLATE: &str = "\
{about}
{usage-heading} {usage}

{before-help}{all-args}{after-help}";

/// Walks you through an incident and keeps a journal that proves itself.
#[derive(Debug, Parser)]
#[command(
    name = "rutter",
    version,
    disable_help_subcommand = true,
    before_help = "\
Examples:
  rutter rehearse --quick                five minutes of practice, no account
  rutter run lab/postgres-restore        a real restore, on this machine
  rutter resume                          go on where it stopped

",
    after_help = "\
More: rutter COMMAND --help, and topics: rutter help"
)]
pub struct Cli {
    /// The flags that stand before or after any command.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Walk a runbook for real.
    Run(run::Args),
    /// Rehearse a runbook: everything is simulated.
    Rehearse(rehearse::Args),
    /// Go on with a run.
    Resume(resume::Args),
    /// Say where the open runs stand.
    Status(status::Args),
    /// Add a note to a run from elsewhere.
    Note(note::Args),
    /// Say that what was put off in a closed run was done.
    #[command(hide = true)]
    // `rutter status` names it where something is due, and the screen has twenty-four lines
    Done(done::Args),
    /// Stop a run on purpose, with a reason.
    Stop(stop::Args),
    /// Find the runbook for what you see.
    Find(find::Args),
    /// List the runbooks.
    List(list::Args),
    /// Read a runbook.
    Show(show::Args),
    /// Say what would run, with your values, and start nothing.
    Plan(plan::Args),
    /// Look for mistakes in runbooks.
    Check(check::Args),
    /// Read, prove and export journals.
    Journal(journal::Args),
    /// Print every place in use.
    #[command(hide = true)]
    // `rutter help files` names it, and the screen has twenty-four lines
    Paths,
    /// Explain a command or a topic.
    #[command(name = "help", hide = true)]
    // the last line of -h names it, and the screen has twenty-four
    Help(help::Args),
    /// Print the version.
    #[command(hide = true)] // it is the flag -V for people
    Version(version::Args),
}

/// The flags that stand before or after any command.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Globals {
    /// Colour the text.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        hide_short_help = true
    )]
    pub color: Colour,
    /// Print only ASCII, for terminals and fonts that have no more.
    #[arg(long, global = true, hide_short_help = true)]
    pub ascii: bool,
    /// Talk line by line, for screen readers and slow links.
    #[arg(long, global = true, hide_short_help = true)]
    pub line: bool,
    /// Ask nothing: a missing answer is an error that names the flag.
    #[arg(long, global = true, hide_short_help = true)]
    pub no_input: bool,
    /// Print results and errors only.
    #[arg(long, short, global = true, hide_short_help = true)]
    pub quiet: bool,
    /// Start nothing above `read`, whatever the runbook says.
    #[arg(long, global = true, hide_short_help = true)]
    pub read_only: bool,
    /// Look for runbooks in DIR first. May be given several times.
    #[arg(long, global = true, value_name = "DIR", hide_short_help = true)]
    pub runbooks: Vec<PathBuf>,
    /// Read the settings from FILE.
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub config: Option<PathBuf>,
    /// Keep journals and anchors below DIR.
    #[arg(long, global = true, value_name = "DIR", hide_short_help = true)]
    pub journal_dir: Option<PathBuf>,
}

/// When text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Colour {
    /// Whether a stream may be coloured.
    pub fn allows(self, terminal: bool, places: &Places) -> bool {
        match self {
            Self::Auto => terminal && !places.no_color && !places.dumb_terminal,
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// Returns the whole command line as clap sees it, every command printing its help in the same order.
pub fn command() -> clap::Command {
    fn dressed(command: clap::Command) -> clap::Command {
        // Whoever reads `-h` knows the flag already, and the screen has twenty-four lines.
        let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
        let help = help.help("Print help; --help prints all of it").hide_short_help(true);
        command
            .help_template(TEMPLATE)
            .max_term_width(80)
            .disable_help_flag(true)
            .arg(help)
            .mut_subcommands(dressed)
    }
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let version = version.help("Print the version").hide_short_help(true);
    dressed(Cli::command().disable_version_flag(true).arg(version)).color(ColorChoice::Never)
}

/// Reads the command line. The error has been told already, and says how to end.
pub fn parse(words: &[OsString]) -> Result<Cli, Exit> {
    let error = match command().try_get_matches_from(words) {
        Ok(matches) => match Cli::from_arg_matches(&matches) {
            Ok(cli) => return Ok(cli),
            Err(error) => error.format(&mut command()),
        },
        Err(error) => error,
    };
    // A person who asks for help in the middle of a mistake gets help, not the mistake.
    let mut asked = words.iter().skip(1).take_while(|word| *word != "--");
    if error.use_stderr() && asked.any(|word| word == "-h" || word == "--help") {
        return Err(help::print_for(words));
    }
    // Nobody is left to tell when the stream is closed; the exit code still speaks.
    let _ = error.print();
    Err(if error.use_stderr() { Exit::Usage } else { Exit::Done })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn global_flags_stand_before_or_after_the_command() {
        for words in [["rutter", "--ascii", "list"], ["rutter", "list", "--ascii"]] {
            let cli = Cli::try_parse_from(words).unwrap();
            assert!(cli.globals.ascii, "{words:?}");
        }
    }
}
