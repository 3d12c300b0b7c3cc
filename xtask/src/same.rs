//! Whether what is given away depends on the folder that it is built in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell::{root, run, say};

/// What is compared: the command of this program that builds it, and the file.
const BUILT: [(&str, &str); 2] = [("policy", "dist/policy/migfit-policy.wasm"), ("cli", "dist/cli/migfit")];

/// Clones the last commit into two folders whose names are not equally long, builds there, and compares byte by byte.
///
/// # Errors
/// Where something cannot be built, or differs.
pub(crate) fn all() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("migfit-same-{}", std::process::id()));
    let places = [folder.join("here"), folder.join("some").join("where-else")];
    let made = places.iter().try_for_each(|place| build(place));
    let compared = made.and_then(|()| compare(&places));
    fs::remove_dir_all(&folder).ok();
    compared
}

fn build(place: &Path) -> Result<()> {
    say(&format!("cloning into {}", place.display()));
    run(Command::new("git").args(["clone", "--quiet"]).arg(root()).arg(place))?;
    for (word, _) in BUILT {
        let mut xtask = Command::new("cargo");
        xtask.args(["xtask", word]).current_dir(place);
        // A clone that took the target folder of this checkout would find everything built.
        run(xtask.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_MANIFEST_DIR"))?;
    }
    Ok(())
}

fn compare(places: &[PathBuf; 2]) -> Result<()> {
    for (_, file) in BUILT {
        let [one, other] = places.each_ref().map(|place| fs::read(place.join(file)).context(file));
        let (one, other) = (one?, other?);
        if one != other {
            bail!("{file} differs between folders: {} bytes and {} bytes", one.len(), other.len());
        }
        println!("{file}: the same {} bytes", one.len());
    }
    Ok(())
}
