//! Progress of long work on the terminal, and its end by time or Ctrl-C.

use std::io::{IsTerminal as _, Write as _};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use migfit::planning::{Progress, Stage, Watch};

/// Set by Ctrl-C while work is watched.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// Work that is shorter shows nothing.
const QUIET: Duration = Duration::from_secs(1);
const BETWEEN: Duration = Duration::from_millis(200);

/// Does `work` with a watcher that shows how far it is, and stops it after `seconds` or at Ctrl-C. A second Ctrl-C
/// ends the program.
pub(crate) fn watched<T>(seconds: Option<u64>, work: impl FnOnce(&mut Watch<'_>) -> T) -> T {
    // Where no handler can be set, Ctrl-C ends the program as ever.
    _ = ctrlc::try_set_handler(|| {
        if STOPPED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    let (start, shows) = (Instant::now(), std::io::stderr().is_terminal());
    let mut shown: Option<Instant> = None;
    let done = work(&mut |progress: &Progress| {
        let late = seconds.is_some_and(|seconds| start.elapsed() >= Duration::from_secs(seconds));
        let due = shown.map_or(start.elapsed() >= QUIET, |last| last.elapsed() >= BETWEEN);
        if shows && due {
            show(progress);
            shown = Some(Instant::now());
        }
        if late || STOPPED.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    if shown.is_some() {
        eprint!("\r\x1b[K");
    }
    done
}

fn show(progress: &Progress) {
    let part = (100 * progress.done).checked_div(progress.of).unwrap_or(0);
    let (stage, best) = match progress.stage {
        Stage::Improving => ("improving", format!(", best so far {} GPUs", progress.best.gpus)),
        Stage::Proving => {
            ("looking for something better", format!(", best so far {} GPUs", progress.best.gpus))
        }
        Stage::Simulating => ("simulating", String::new()),
    };
    eprint!("\r\x1b[K{stage}: {part} %{best} (Ctrl-C ends it with what there is)");
    _ = std::io::stderr().flush();
}
