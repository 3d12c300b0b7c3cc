//! Texts of the page that tells how the others work.

/// Heading.
pub const TITLE: &str = "How it is worked out";

/// What is counted, in order: name and meaning.
pub const TERMS: [(&str, &str); 6] = [
    (
        "Weights",
        "Every matrix of the model, listed from its config.json to the parameter, in the number format in which it is \
         served. Packed weights are counted module by module, with their scales.",
    ),
    (
        "KV cache",
        "Keys and values of the sequences asked for, in whole blocks of the engine's pool, layer by layer: full, \
         windowed, latent, recurrent. The sequences are held at the same time, each as long as the context.",
    ),
    (
        "Activations",
        "The transient peak that the engine measures before it lays out the cache: the larger of a forward pass over one \
         batch and of sampling. An estimate.",
    ),
    ("CUDA graphs", "One graph for each batch size that the engine captures; none with enforce eager."),
    ("Other", "What the engine holds outside its framework's allocator."),
    (
        "CUDA context",
        "What the driver takes for a process. No engine counts it: it has to find room outside the engine's share.",
    ),
];

/// Heading of the verdicts.
pub const VERDICTS: &str = "What a verdict means";

/// Each verdict: the need beside the engine's share of the device.
pub const VERDICT_MEANINGS: [&str; 4] = [
    "The need is within the share, and more than the error of the estimate is to spare.",
    "The need is within the share, but less is to spare than the estimate may be wrong by: the errors of its terms together.",
    "The architecture is not known. It was counted as a plain decoder, and nothing is promised.",
    "The need is more than the share, or the CUDA context finds no room beside it. The reason stands in the table.",
];

/// Heading of the memory of devices.
pub const MEMORY: &str = "Memory of a device";
/// Where it comes from.
pub const MEMORY_TEXT: &str = "A profile's name is a label: a 1g.10gb holds less than 10 GB. What counts here is the memory \
    that was measured on such a device or stated by its maker, and where only a lower bound is known, that bound.";

/// Heading of the engines.
pub const ENGINES: &str = "Engines and their constants";
/// Head of the names of constants.
pub const CONSTANT: &str = "Constant";
/// Head of the figures.
pub const VALUE: &str = "Value";
/// Head of the sources.
pub const SOURCE: &str = "Source";
/// The share that an engine takes.
pub const SHARE: &str = "default share of the device";
/// Outside the framework's allocator.
pub const NON_TORCH: &str = "outside the allocator";
/// The same with several devices.
pub const NON_TORCH_PARALLEL: &str = "the same with several devices";
/// One graph.
pub const GRAPH: &str = "one CUDA graph, for each layer";
/// The context.
pub const CONTEXT: &str = "CUDA context";

/// Heading of what leaves the browser.
pub const PRIVACY: &str = "What leaves the browser";
/// What leaves it.
pub const PRIVACY_TEXT: [&str; 2] = [
    "Nothing that is pasted, dropped or picked. There is no server behind this page; the browser is forbidden to ask \
     anything of anybody but the place the page came from and the Hub. The Hub is asked when a model is fetched by \
     its id: it learns the id, and the token where one is given.",
    "The link holds the state behind its #, which browsers do not send. Whoever gets the link sees the model in it.",
];

/// Heading of the keyboard.
pub const KEYBOARD: &str = "By keyboard";
/// How the keyboard works.
pub const KEYBOARD_TEXT: &str = "Everything is reached by Tab in the order in which it stands. \
    Space opens a figure, the arrow keys move within a list, and the browser's Back undoes a change.";
