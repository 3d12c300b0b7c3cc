//! What would make this model fit? `cargo run -p migfit --example make_it_fit`

use migfit::engine::Serving;
use migfit::matching;
use migfit::problem::Problem;
use migfit::{catalog, gpu};

fn main() -> Result<(), Vec<Problem>> {
    print!("{}", answer()?);
    Ok(())
}

pub(crate) fn answer() -> Result<String, Vec<Problem>> {
    let model = catalog::find("meta-llama/Llama-3.1-8B-Instruct")?.model()?;
    let device = gpu::device("H100-80GB 2g.20gb")?;
    let serving = Serving { max_model_len: Some(32_768), ..Serving::default() };
    // Each way was tried before it is given; the one that costs a user least stands first.
    let ways = matching::advise(&model, &serving, &device)?;
    Ok(ways.iter().map(|way| format!("{}: {} left\n", way.changes.join(" and "), way.spare)).collect())
}
