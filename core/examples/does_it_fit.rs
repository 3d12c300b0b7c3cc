//! Does this model fit that slice? `cargo run -p migfit --example does_it_fit`

use migfit::engine::Serving;
use migfit::matching::{self, Verdict};
use migfit::problem::Problem;
use migfit::{catalog, gpu};

fn main() -> Result<(), Vec<Problem>> {
    print!("{}", answer()?);
    Ok(())
}

pub(crate) fn answer() -> Result<String, Vec<Problem>> {
    // The text of any `config.json` does as well: `migfit::model::read(text)?`.
    let model = catalog::find("meta-llama/Llama-3.1-8B-Instruct")?.model()?;
    let serving = Serving { max_model_len: Some(8192), sequences: 4, ..Serving::default() };
    let mut said = String::new();
    for device in ["H100-80GB 1g.20gb", "H100-80GB 3g.40gb"] {
        let report = matching::fit(&model, &serving, &[gpu::device(device)?])?;
        for offer in report.offers {
            let verdict = match offer.verdict {
                Verdict::Fits => "yes",
                Verdict::Tight => "yes, by less than the estimate's own error",
                Verdict::No => "no",
                Verdict::Unknown => "nobody knows",
            };
            let (need, usable) = (offer.estimate.total, offer.usable);
            said += &format!("{device}: {verdict}, {need} of {usable}\n");
            for reason in offer.reasons {
                said += &format!("  {}\n", reason.text);
            }
        }
    }
    Ok(said)
}
