//! `--watch`: looks again and again whether the fixtures' files have changed, and loads them if they have.
//!
//! It looks, and waits for no events: those do not reach every mount, such as a folder of a Mac in a container, and an
//! editor that puts a new file in the place of the old one takes the watched file away.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::config::Options;
use crate::http::Shared;
use crate::sandbox::fixture::{Given, LoadError, Seed};

/// How long it is between two looks. What differs is loaded once it looks the same twice: a file may be half written.
const LOOK_EVERY: Duration = Duration::from_millis(150);

/// Up to which size a file's bytes are compared, and not only its size and time: some file systems keep whole seconds.
const COMPARED_MAX: u64 = 1 << 20;

/// Who looks.
pub(super) struct Watch {
    sources: Vec<String>,
    given: Given,
    /// What the files looked like when they were last loaded; nothing, if they must be loaded again.
    loaded: Option<Looks>,
}

/// What the files look like; or why they cannot be found.
type Looks = Result<Vec<(PathBuf, Look)>, String>;

/// What a file looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Look {
    Bytes(u64),
    Large { length: u64, modified: Option<SystemTime> },
    Unreadable(io::ErrorKind),
}

impl Watch {
    /// A watch of the files as they are now. Ends the process if there is none.
    pub(super) fn new(options: &Options) -> Watch {
        let sources = options.fixtures.clone();
        let files = Seed::files(&sources);
        if files.is_ok_and(|files| files.is_empty()) {
            let names = sources.join(", ");
            super::usage_error(&format!(
                "--watch has nothing to watch: {names} is built in; name files or folders with --fixtures"
            ));
        }
        let loaded = Some(look(&sources));
        Watch { sources, given: options.given(), loaded }
    }

    /// Looks from now on, on a thread that ends with the process.
    pub(super) fn start(self, shared: &Arc<Shared>) -> io::Result<()> {
        let shared = Arc::clone(shared);
        let thread = std::thread::Builder::new().name("stend-watch".to_owned());
        thread.spawn(move || self.run(&shared)).map(drop)
    }

    fn run(mut self, shared: &Shared) {
        let mut before = self.loaded.clone();
        loop {
            // There is no event to wait for.
            #[allow(clippy::disallowed_methods)]
            std::thread::sleep(LOOK_EVERY);
            let now = Some(look(&self.sources));
            if now == before && now != self.loaded {
                self.loaded.clone_from(&now);
                self.load(shared);
            }
            before = now;
        }
    }

    fn load(&mut self, shared: &Shared) {
        match Seed::load(&self.sources, self.given) {
            Ok(seed) => {
                shared.registry().set_origin(Arc::new(seed));
                tracing::info!(
                    "the fixtures have changed: new and reset sandboxes are made from them, as `default` is now"
                );
            }
            Err(LoadError::Changed) => self.loaded = None,
            Err(error) => {
                for line in error.to_string().lines() {
                    tracing::error!("{line}");
                }
                tracing::error!("the changed fixtures cannot be used: those from before stay");
            }
        }
    }
}

fn look(sources: &[String]) -> Looks {
    let files = Seed::files(sources).map_err(|error| error.to_string())?;
    let and_its_look = |file: PathBuf| {
        let look = look_at(&file);
        (file, look)
    };
    Ok(files.into_iter().map(and_its_look).collect())
}

fn look_at(file: &Path) -> Look {
    let look = || {
        let about = std::fs::metadata(file)?;
        // What is no file, such as a pipe, would wait to be read, or could be read only once.
        if about.len() > COMPARED_MAX || !about.is_file() {
            return Ok(Look::Large { length: about.len(), modified: about.modified().ok() });
        }
        let mut bytes = Vec::new();
        File::open(file)?.take(COMPARED_MAX).read_to_end(&mut bytes)?;
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Ok(Look::Bytes(hasher.finish()))
    };
    look().unwrap_or_else(|error: io::Error| Look::Unreadable(error.kind()))
}
