//! The TypeScript definitions are those of the core: `MIGFIT_BLESS=1 cargo test -p migfit-js --test types` writes them.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::Path;

use migfit::exports;
use migfit::gpu::Gpu;
use migfit::gpu::layout::LayoutReport;
use migfit::inspect::Inspection;
use migfit::matching::pools::Report;
use migfit::matching::{Advice, FitReport};
use migfit::problem::Problem;
use migfit::review::{Figures, Review};
use ts_rs::{Config, TS, TypeVisitor};

/// Declarations by name.
struct Declared<'a> {
    config: &'a Config,
    all: BTreeMap<String, String>,
}

impl TypeVisitor for Declared<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() || self.all.contains_key(&T::ident(self.config)) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let declared = format!("{docs}export {}\n", T::decl(self.config));
        self.all.insert(T::ident(self.config), declared);
        T::visit_dependencies(self);
    }
}

#[test]
fn the_types_are_those_of_the_core() {
    let config = Config::new();
    let mut declared = Declared { config: &config, all: BTreeMap::new() };
    declared.visit::<FitReport>();
    declared.visit::<Inspection>();
    declared.visit::<Advice>();
    declared.visit::<LayoutReport>();
    declared.visit::<Gpu>();
    declared.visit::<Problem>();
    declared.visit::<Report>();
    declared.visit::<Review>();
    declared.visit::<Figures>();
    declared.visit::<exports::Kind>();
    let made: Vec<&str> = declared.all.values().map(String::as_str).collect();
    let text = format!("// Written by a test from the core's definitions.\n\n{}", made.join("\n"));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("types.d.ts");
    if std::env::var_os("MIGFIT_BLESS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let stands = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(stands == text, "js/types.d.ts is not what the core defines: write it with MIGFIT_BLESS=1");
}
