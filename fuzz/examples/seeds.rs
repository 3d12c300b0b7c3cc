//! Writes the seeds of every target where `cargo fuzz` looks for them: `cargo run -p migfit-fuzz --example seeds`.

use std::fs;
use std::path::Path;

use migfit_fuzz::TARGETS;

fn main() -> std::io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for target in TARGETS {
        let folder = corpus.join(target.name);
        fs::create_dir_all(&folder)?;
        for (number, seed) in (target.seeds)().into_iter().enumerate() {
            fs::write(folder.join(format!("seed-{number}")), seed)?;
        }
        println!("{}", folder.display());
    }
    Ok(())
}
