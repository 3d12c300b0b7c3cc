//! How a container starts its server, read from its command line, its variables and what the object says.

mod reader;

use super::container::Container;
use super::server::Server;
use crate::engine::Serving;
use crate::problem::Problem;

/// How a container starts its server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// The server, where it is recognised. The settings below are defaults where it is not.
    pub server: Option<Server>,
    /// Its version, where the image's tag is one.
    pub version: Option<String>,
    /// The model that is named: an id, or the text as written where that is none.
    pub model: Option<String>,
    /// Why the name, or its absence, does not say which model it is.
    pub hidden: Option<Problem>,
    /// The settings that are named; what is left out is left to the engine.
    pub serving: Serving,
    /// The method that is named for packing weights (`--quantization`). A packed checkpoint is served as it is;
    /// what packing an unpacked one takes is not worked out.
    pub quantization: Option<String>,
    /// Devices that the layers are shared out to (`--pipeline-parallel-size`).
    pub pipeline_parallel: u64,
    /// Copies of the model (`--data-parallel-size`).
    pub data_parallel: u64,
    /// Whether the ranks may run in other pods as well.
    pub several_nodes: bool,
    /// Settings that change the need and are not worked out, or whose value is known only at run time.
    /// With any of them an estimate proves nothing.
    pub open: Vec<String>,
    /// Whether batches may use LoRA adapters; `serving` has their number.
    pub adapters: bool,
    /// The smaller model that drafts, by id, where `serving` says that one does.
    pub draft: Option<String>,
}

impl Launch {
    /// Whether the server is vLLM, whose memory is worked out from its own figures.
    #[must_use]
    pub fn is_vllm(&self) -> bool {
        self.server == Some(Server::Vllm)
    }

    /// `engine`, the name of the profile that the launch is judged by, and why it is that one where the name alone
    /// does not tell.
    #[must_use]
    pub fn judged_as(&self, engine: &str) -> String {
        let number = engine.rsplit(' ').next().unwrap_or_default();
        match &self.version {
            Some(version)
                if version
                    .strip_prefix(number)
                    .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit())) =>
            {
                engine.to_owned()
            }
            Some(version) => format!("{engine} for the image's {version}"),
            None => format!("{engine}, the newest: the image states no version"),
        }
    }
}

/// Reads how `container` starts its server.
///
/// # Errors
/// `bad-flag`, one for each flag or variable with a value that the server would refuse.
pub fn launch(container: &Container) -> Result<Launch, Vec<Problem>> {
    reader::read(container)
}

impl Launch {
    fn new(container: &Container, server: Option<Server>) -> Launch {
        Launch {
            server,
            version: server.and_then(|server| server.version(container)),
            model: None,
            hidden: None,
            serving: Serving::default(),
            quantization: None,
            pipeline_parallel: 1,
            data_parallel: 1,
            several_nodes: container.stated.several_nodes,
            open: container.stated.open.clone(),
            adapters: false,
            draft: None,
        }
    }

    /// The id of the engine profile: that of the version, of the newest where none is stated.
    fn profile(&self) -> Option<&'static str> {
        self.server?.profile(self.version.as_deref()).map(|profile| profile.id)
    }
}
