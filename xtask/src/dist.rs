//! What is given away: the page, the policy module, the package and the command line, with what they weigh.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build::reproducible;
use crate::shell::{cargo, collect, root, run, say, target};
use crate::{npm, page, policy};

/// Builds everything into `dist` and prints the size of each file, plain and compressed.
///
/// # Errors
/// Where something cannot be built.
pub(crate) fn all() -> Result<()> {
    let mut files = Vec::new();
    collect(&page::build()?, &mut files)?;
    collect(&npm::build()?, &mut files)?;
    let modules = policy::build()?;
    files.extend([modules.wapc, modules.wasi]);
    files.push(command_line(None)?);
    files.sort_unstable();
    println!("{:>12} {:>12} {:>12}  file", "bytes", "gzip", "brotli");
    for file in files {
        let bytes = fs::read(&file)?;
        let name = file.strip_prefix(root()).unwrap_or(&file);
        println!("{:>12} {:>12} {:>12}  {}", bytes.len(), gzip(&bytes)?, brotli(&bytes)?, name.display());
    }
    Ok(())
}

/// Builds the command line into `dist/cli`, for `triple` where that is given.
///
/// # Errors
/// Where cargo fails or the program cannot be copied.
pub(crate) fn command_line(triple: Option<&str>) -> Result<PathBuf> {
    say("building migfit-cli");
    // Apart from the folder of other builds, whose flags differ: they would build each other anew.
    let built = target().join("dist");
    let mut command = cargo();
    command.args(["build", "--release", "--locked", "--package", "migfit-cli", "--target-dir"]).arg(&built);
    let mut release = built;
    if let Some(triple) = triple {
        command.args(["--target", triple]);
        release.push(triple);
    }
    run(reproducible(&mut command, &[])?)?;
    let windows = triple.map_or(cfg!(windows), |triple| triple.contains("windows"));
    let program = if windows { "migfit.exe" } else { "migfit" };
    let folder = root().join("dist").join("cli");
    fs::create_dir_all(&folder)?;
    let file = folder.join(program);
    fs::copy(release.join("release").join(program), &file).context(program)?;
    Ok(file)
}

/// Compressed as a web server would at its best setting.
fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed.len())
}
