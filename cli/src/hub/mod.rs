//! `migfit hub`: what a model is, from the Hugging Face Hub or a mirror of it. Only the small files that say so are
//! fetched, never weights.

mod cache;
mod client;

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use migfit::problem::Problem;
use serde::Serialize;

use self::cache::Cache;
use self::client::{Client, Part};
use crate::report::{self, Failure};

pub(crate) use self::cache::cached;

const EXAMPLES: &str = "\
Examples:
  migfit hub ibm-granite/granite-7b-base && migfit fit ibm-granite/granite-7b-base
  HF_ENDPOINT=https://mirror.example migfit hub Qwen/Qwen3-8B
  HF_TOKEN=... migfit hub meta-llama/Llama-3.1-8B-Instruct

Environment:
  HF_ENDPOINT     base address of the Hub or a mirror [default: https://huggingface.co]
  HF_TOKEN        token for gated and private models
  HF_HUB_OFFLINE  1: nothing is fetched, only the cache is read
  MIGFIT_CACHE    the cache folder [default: migfit in XDG_CACHE_HOME or ~/.cache]
  SSL_CERT_FILE   certificates to trust instead of the built-in ones; HTTPS_PROXY is heeded";

/// Fetch what a model is from the Hugging Face Hub: its config, how it is packed, the sizes of its tensors.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Hub {
    /// The model's id: ORG/NAME.
    id: String,
    /// Branch, tag or commit.
    #[arg(long, default_value = "main")]
    revision: String,
    /// Read the cache only.
    #[arg(long)]
    offline: bool,
    /// Fetch again what is in the cache already.
    #[arg(long, conflicts_with = "offline")]
    refresh: bool,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

/// What was fetched and where it lies.
#[derive(Serialize)]
struct Answer {
    id: String,
    revision: String,
    folder: PathBuf,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    name: &'static str,
    bytes: u64,
    from: From,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum From {
    Hub,
    Cache,
}

/// The file without which there is no model.
const CONFIG: &str = "config.json";
/// Files that say more where they are there.
const INDEX: &str = "model.safetensors.index.json";
const SINGLE: &str = "model.safetensors";
/// The head of [`SINGLE`], as the cache keeps it.
pub(crate) const HEAD: &str = "model.safetensors.head";

impl Hub {
    pub(crate) fn run(&self) -> Result<String, Vec<Failure>> {
        let fetched = self.fetch().map_err(|problem| vec![Failure { file: self.id.clone(), problem }])?;
        if self.json {
            return report::json(&fetched);
        }
        let mut out = String::new();
        for file in &fetched.files {
            let from = match file.from {
                From::Hub => "fetched",
                From::Cache => "from the cache",
            };
            _ = writeln!(out, "{} ({} bytes, {from})", fetched.folder.join(file.name).display(), file.bytes);
        }
        _ = writeln!(out, "now: migfit fit {}", self.id);
        Ok(out)
    }

    fn fetch(&self) -> Result<Answer, Problem> {
        let cache = Cache::of(&self.id, &self.revision)?;
        let offline = self.offline || std::env::var("HF_HUB_OFFLINE").is_ok_and(|word| word == "1");
        let client = if offline { None } else { Some(Client::new()?) };
        let mut files = Vec::new();
        for name in [CONFIG, "hf_quant_config.json", INDEX, HEAD] {
            let covered = name == HEAD && files.iter().any(|file: &File| file.name == INDEX);
            if covered {
                continue;
            }
            match self.one(&cache, client.as_ref(), name)? {
                Some(file) => files.push(file),
                None if name == CONFIG => return Err(self.no_config(offline)),
                None => {}
            }
        }
        Ok(Answer { id: self.id.clone(), revision: self.revision.clone(), folder: cache.folder, files })
    }

    /// One file from the cache, else from the Hub; `None` where neither has it.
    fn one(
        &self,
        cache: &Cache,
        client: Option<&Client>,
        name: &'static str,
    ) -> Result<Option<File>, Problem> {
        let kept = if self.refresh { None } else { cache.size(name) };
        if let Some(bytes) = kept {
            return Ok(Some(File { name, bytes, from: From::Cache }));
        }
        let Some(client) = client else { return Ok(None) };
        let part = if name == HEAD { Part::Head(SINGLE) } else { Part::All(name) };
        let Some(bytes) = client.fetch(&self.id, &self.revision, part)? else { return Ok(None) };
        cache.keep(name, &bytes)?;
        Ok(Some(File { name, bytes: bytes.len() as u64, from: From::Hub }))
    }

    fn no_config(&self, offline: bool) -> Problem {
        if offline {
            return Problem::new("offline", "cache", "nothing", "the model's config.json, fetched before")
                .hint("run it once without --offline and HF_HUB_OFFLINE");
        }
        Problem::new("no-config", "model", "no config.json", "a model with a config.json")
            .hint("GGUF files and adapters have none: name the model that they were made from")
    }
}
