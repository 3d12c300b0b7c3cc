//! Programs that serve models, as images and commands tell them.

use super::container::Container;
use super::words::Word;
use crate::engine::{Engine, Maker, for_version};

/// A program that serves models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Server {
    /// vLLM.
    Vllm,
    /// SGLang.
    Sglang,
    /// Hugging Face text-generation-inference.
    Tgi,
    /// TensorRT-LLM started by `trtllm-serve`.
    TensorRtLlm,
    /// NVIDIA Triton: its model repository says what it runs.
    Triton,
    /// Ollama.
    Ollama,
    /// llama.cpp.
    LlamaCpp,
    /// An NVIDIA NIM: it chooses engine, precision and parallelism itself.
    Nim,
}

/// How a server is told apart.
struct Row {
    server: Server,
    name: &'static str,
    maker: Option<Maker>,
    /// Programs and Python modules that are it: the whole word, or its last part behind `/`, or a module's beginning.
    commands: &'static [&'static str],
    /// What its images have in their names.
    images: &'static [&'static str],
    /// Last parts of the names of images whose tag is the version of the server.
    versioned: &'static [&'static str],
}

/// Rows in the order in which images are tried: an image of Triton may name the backend that it carries.
#[rustfmt::skip]
const ROWS: [Row; 8] = [
    Row { server: Server::Triton, name: "Triton", maker: None,
        commands: &["tritonserver", "launch_triton_server.py"], images: &["tritonserver"], versioned: &[] },
    Row { server: Server::Nim, name: "NIM", maker: None,
        commands: &[], images: &["nvcr.io/nim/"], versioned: &[] },
    Row { server: Server::Tgi, name: "TGI", maker: Some(Maker::Tgi),
        commands: &["text-generation-launcher", "text-generation-server"], images: &["text-generation-inference"], versioned: &["text-generation-inference"] },
    Row { server: Server::Sglang, name: "SGLang", maker: Some(Maker::Sglang),
        commands: &["sglang", "sglang.launch_server", "sglang.srt", "dynamo.sglang"], images: &["sglang"], versioned: &["sglang"] },
    Row { server: Server::TensorRtLlm, name: "TensorRT-LLM", maker: Some(Maker::TensorRtLlm),
        commands: &["trtllm-serve", "trtllm-llmapi-launch", "dynamo.trtllm"], images: &["tensorrt-llm", "tensorrtllm", "trtllm"], versioned: &["release"] },
    Row { server: Server::Vllm, name: "vLLM", maker: Some(Maker::Vllm),
        commands: &["vllm", "vllm.entrypoints", "dynamo.vllm"], images: &["vllm"], versioned: &["vllm-openai", "vllm"] },
    Row { server: Server::Ollama, name: "Ollama", maker: None,
        commands: &["ollama"], images: &["ollama"], versioned: &[] },
    Row { server: Server::LlamaCpp, name: "llama.cpp", maker: None,
        commands: &["llama-server", "llama-cli", "llama_cpp.server", "rpc-server", "local-ai"], images: &["llama.cpp", "llama-cpp", "llamacpp", "localai/localai"], versioned: &[] },
];

impl Server {
    /// Every server.
    pub const ALL: [Server; 8] = [
        Server::Vllm,
        Server::Sglang,
        Server::Tgi,
        Server::TensorRtLlm,
        Server::Triton,
        Server::Ollama,
        Server::LlamaCpp,
        Server::Nim,
    ];

    /// Its name: `TensorRT-LLM`.
    #[must_use]
    pub fn name(self) -> &'static str {
        ROWS.iter().find(|row| row.server == self).map_or("", |row| row.name)
    }

    /// Who makes it, where an engine profile stands for what it does with memory.
    #[must_use]
    pub fn maker(self) -> Option<Maker> {
        ROWS.iter().find(|row| row.server == self).and_then(|row| row.maker)
    }

    /// The engine profile of this version of it; of the newest where the version is not known.
    #[must_use]
    pub fn profile(self, version: Option<&str>) -> Option<&'static Engine> {
        for_version(self.maker()?, version.unwrap_or("999"))
    }

    /// The server that a word starts.
    pub(super) fn started_by(word: &Word) -> Option<Server> {
        let text = word.text.as_str();
        // `curl http://ollama` starts none.
        if text.contains("://") {
            return None;
        }
        let last = text.rsplit('/').next().unwrap_or(text);
        let within = |module: &str| {
            let rest = text.strip_prefix(module).filter(|_| module.contains('.'));
            rest.is_some_and(|rest| rest.starts_with(['.', ':']))
        };
        let is = |command: &&str| last == *command || within(command);
        ROWS.iter().find(|row| row.commands.iter().any(is)).map(|row| row.server)
    }

    /// The server of a container: what its words start, else what its image is.
    pub(super) fn of(container: &Container, words: &[Word]) -> Option<Server> {
        let image = image(container);
        let by_image = || ROWS.iter().find(|row| row.images.iter().any(|name| image.contains(name)));
        words
            .iter()
            .find_map(Server::started_by)
            .or(container.stated.server)
            .or_else(|| by_image().map(|row| row.server))
    }

    /// The version that the tag of the container's image is, or of the image that its command runs.
    pub(super) fn version(self, container: &Container) -> Option<String> {
        let mut words =
            container.command.iter().chain(&container.args).flat_map(|text| text.split_whitespace());
        let run = || words.find_map(|word| self.tagged(word));
        self.tagged(image(container)).or_else(run)
    }

    /// The version that the tag of `image` is.
    fn tagged(self, image: &str) -> Option<String> {
        let row = ROWS.iter().find(|row| row.server == self)?;
        let (name, tag) = image.rsplit_once(':')?;
        let last = name.rsplit('/').next()?;
        let number = tag.strip_prefix('v').unwrap_or(tag);
        let end = number.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(number.len());
        let number = number.get(..end)?;
        let major: String = number.chars().take_while(char::is_ascii_digit).collect();
        // NVIDIA tags its builds of others by year and month: 25.09.
        let own = row.versioned.contains(&last)
            && number.contains('.')
            && major.parse().is_ok_and(|major: u8| major < 20);
        own.then(|| number.to_owned())
    }
}

/// The image without its digest.
fn image(container: &Container) -> &str {
    container.image.split_once('@').map_or(container.image.as_str(), |(name, _)| name)
}
