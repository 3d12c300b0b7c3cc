//! Where fetched files are kept.

use std::path::PathBuf;

use migfit::problem::Problem;

/// The folder of one model at one revision.
pub(super) struct Cache {
    pub(super) folder: PathBuf,
}

impl Cache {
    /// # Errors
    /// `bad-id` for what is no id of a model, `bad-revision`, `no-cache` where no folder is known.
    pub(super) fn of(id: &str, revision: &str) -> Result<Cache, Problem> {
        check_id(id)?;
        let plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_' | '/');
        if revision.is_empty() || revision.contains("..") || !revision.chars().all(plain) {
            let expected = "a branch, a tag or a commit";
            return Err(Problem::new("bad-revision", "revision", format!("{revision:?}"), expected));
        }
        let root = root().ok_or_else(|| {
            Problem::new("no-cache", "cache folder", "nothing", "MIGFIT_CACHE, XDG_CACHE_HOME or HOME")
        })?;
        Ok(Cache { folder: root.join(id.replace('/', "--")).join(revision.replace('/', "--")) })
    }

    /// Bytes of a file that is kept.
    pub(super) fn size(&self, name: &str) -> Option<u64> {
        let kept = std::fs::metadata(self.folder.join(name)).ok()?;
        kept.is_file().then_some(kept.len())
    }

    /// Keeps a file; a reader sees the old one or the new one, never a half.
    pub(super) fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), Problem> {
        let half = self.folder.join(format!(".{name}.{}", std::process::id()));
        let kept = std::fs::create_dir_all(&self.folder)
            .and_then(|()| std::fs::write(&half, bytes))
            .and_then(|()| std::fs::rename(&half, self.folder.join(name)));
        kept.map_err(|error| {
            let place = self.folder.display().to_string();
            Problem::new("unwritable", place, error.to_string(), "a folder that can be written")
        })
    }
}

/// The folder of a model that was fetched before.
pub(crate) fn cached(id: &str) -> Option<PathBuf> {
    let cache = Cache::of(id, "main").ok()?;
    cache.size("config.json").map(|_| cache.folder)
}

fn root() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder("MIGFIT_CACHE")
        .or_else(|| folder("XDG_CACHE_HOME").map(|cache| cache.join("migfit")))
        .or_else(|| folder("HOME").map(|home| home.join(".cache/migfit")))
        .map(|root| root.join("hub"))
}

fn check_id(id: &str) -> Result<(), Problem> {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_');
    let part = |part: &str| {
        let dots = part.starts_with('.') || part.contains("..") || part.contains("--");
        !part.is_empty() && part.len() <= 96 && !dots && part.chars().all(plain)
    };
    let mut parts = id.split('/');
    let good = parts.next().is_some_and(part) && parts.next().is_none_or(part) && parts.next().is_none();
    if good {
        return Ok(());
    }
    Err(Problem::new("bad-id", "model", format!("{id:?}"), "an id such as ibm-granite/granite-7b-base"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_never_leaves_its_folder() {
        for good in ["gpt2", "ibm-granite/granite-7b-base", "Qwen/Qwen2.5-0.5B_x"] {
            assert_eq!(check_id(good), Ok(()), "{good}");
        }
        for bad in ["", "/", "a/", "/a", "a/b/c", "../a", "a/..", "a/.b", "a b", "a\\b", "é", "a--b/c"] {
            assert_eq!(check_id(bad).unwrap_err().code, "bad-id", "{bad}");
        }
        for bad in ["", "../x", "a..b", "x y", "a?b"] {
            assert_eq!(Cache::of("gpt2", bad).err().unwrap().code, "bad-revision", "{bad}");
        }
    }
}
