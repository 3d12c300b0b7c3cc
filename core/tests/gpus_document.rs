//! `docs/gpus.md` is written from the catalog: `MIGFIT_BLESS=1 cargo test -p migfit --test gpus_document`.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::fmt::Write as _;

use migfit::gpu::{Cloud, Figure, Gpu, Profile, catalog, instances};
use migfit::source::Source;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/gpus.md");

#[test]
fn the_document_says_what_the_catalog_says() {
    let document = document();
    if std::env::var_os("MIGFIT_BLESS").is_some() {
        std::fs::write(PATH, &document).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(PATH).unwrap_or_default(),
        document,
        "docs/gpus.md is not what the catalog says: run with MIGFIT_BLESS=1"
    );
}

fn document() -> String {
    let mut out = String::from(
        "# GPUs and MIG profiles\n\n\
         Written from the catalog (`core/src/gpu/facts`) by the test `gpus_document`; do not edit.\n\n\
         *Memory* is what a driver reported, or NVIDIA's documents state; `about` marks an estimate, \
         `at least` a bound. *Promised* is the smallest value that any source gives, and what a verdict \
         rests on. A figure without a source is left out.\n\n\
         ## GPUs\n\n\
         | GPU | key | memory | promised | SMs | bandwidth | links | generation | native formats | sources |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for gpu in catalog() {
        _ = writeln!(out, "{}", overview(gpu));
    }
    out.push_str("\n## MIG profiles\n");
    for gpu in catalog().iter().filter(|gpu| gpu.has_mig()) {
        out.push_str(&profiles(gpu));
    }
    out.push_str("\n## Names\n\n| GPU | node label `nvidia.com/gpu.product` | cloud accelerator | PCI device ids |\n|---|---|---|---|\n");
    for gpu in catalog() {
        let ids: Vec<String> = gpu.pci.iter().map(|pci| format!("0x{:04X} {}", pci.id, pci.board)).collect();
        let (labels, clouds) = (gpu.product_labels.join(", "), gpu.cloud_names.join(", "));
        _ = writeln!(out, "| {} | {labels} | {clouds} | {} |", gpu.short_name, ids.join(", "));
    }
    out.push_str(
        "\n## Instance types of the clouds\n\n| cloud | instance type | GPUs | source |\n|---|---|---|---|\n",
    );
    for row in instances() {
        let cloud = match row.cloud {
            Cloud::Aws => "AWS",
            Cloud::Gcp => "Google Cloud",
            Cloud::Azure => "Azure",
        };
        let gpu = &row.gpu().unwrap().short_name;
        _ = writeln!(out, "| {cloud} | {} | {} x {gpu} | {} |", row.name, row.count, source(&row.source));
    }
    out
}

fn overview(gpu: &Gpu) -> String {
    let formats = gpu.formats();
    let named =
        [("bf16", formats.bf16), ("fp8", formats.fp8), ("nvfp4", formats.nvfp4), ("mxfp4", formats.mxfp4)];
    let native: Vec<&str> = named.iter().filter(|(_, native)| *native).map(|(name, _)| *name).collect();
    format!(
        "| {} | `{}` | {} | {} ({}) | {} | {} | {} | {} | {} | {} |",
        gpu.short_name,
        gpu.key,
        gpu.memory,
        gpu.memory.floor,
        gpu.memory.basis,
        gpu.sms.map_or("not found".to_owned(), |sms| sms.to_string()),
        rate(gpu.bandwidth),
        rate(gpu.nvlink),
        gpu.architecture.word(),
        native.join(", "),
        sources(&gpu.sources)
    )
}

fn profiles(gpu: &Gpu) -> String {
    let mut out = format!(
        "\n### {}\n\n{} compute slices, {} memory slices.\n\n\
         | profile | memory | MiB | promised MiB | SMs | slices of memory | starts | most | `-cgi` | sources |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
        gpu.name, gpu.compute_slices, gpu.memory_slices
    );
    for profile in gpu.profiles.iter() {
        _ = writeln!(out, "{}", row(gpu, profile));
    }
    out
}

fn row(gpu: &Gpu, profile: &Profile) -> String {
    let starts: Vec<String> = profile.placements.starts.iter().map(ToString::to_string).collect();
    let found = |number: Option<u64>| number.map_or("not found".to_owned(), |number| number.to_string());
    format!(
        "| {} | {} | {} | {} ({}) | {} | {}/{} | {} ({}) | {} | {} | {} |",
        profile.name,
        profile.memory,
        found(profile.memory.shown.map(|memory| memory.whole_mib())),
        profile.memory.floor.whole_mib(),
        profile.memory.basis,
        found(profile.sms.map(u64::from)),
        profile.memory_slices,
        gpu.memory_slices,
        starts.join(", "),
        profile.placements.confidence.word(),
        profile.max_instances,
        found(profile.smi_id.map(u64::from)),
        sources(&profile.sources)
    )
}

fn rate(figure: Option<Figure>) -> String {
    match figure {
        Some(Figure { value, source: read }) => format!("{} GB/s ({})", value / 1_000_000_000, source(&read)),
        None => "not found".to_owned(),
    }
}

fn sources(sources: &[Source]) -> String {
    let names: Vec<String> = sources.iter().map(source).collect();
    names.join("; ")
}

fn source(source: &Source) -> String {
    format!("{}, {}", source.title, source.version)
}
