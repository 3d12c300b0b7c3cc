//! One file per architecture family: what its layers hold and keep.

mod decoders;
mod experts;
mod generic;

use super::build::Builder;
use super::config::Config;
use crate::problem::Problem;

/// Fills a builder from a config of its family.
type Build = fn(&Config, &mut Builder) -> Result<(), Problem>;

/// The tables of every kind of family. A `model_type` stands in one of them.
const TABLES: [&[(&str, Build)]; 2] = [decoders::FAMILIES, experts::FAMILIES];

/// Builds the model of `config`: by its family, or as a generic decoder where the family is unknown.
/// Answers whether the family is known.
///
/// # Errors
/// What the family reports; `not-a-model` where no language dimension can be read.
pub fn build(config: &Config, builder: &mut Builder) -> Result<bool, Problem> {
    match family(&config.model_type) {
        Some(build) => build(config, builder).map(|()| true),
        None => generic::build(config, builder).map(|()| false),
    }
}

fn family(model_type: &str) -> Option<Build> {
    TABLES.iter().find_map(|table| {
        let row = table.binary_search_by_key(&model_type, |(name, _)| name).ok()?;
        table.get(row).map(|(_, build)| *build)
    })
}

#[cfg(test)]
mod tests {
    use super::TABLES;

    #[test]
    fn every_table_is_sorted_and_no_model_type_stands_twice() {
        let mut names: Vec<&str> = TABLES.iter().flat_map(|table| table.iter().map(|row| row.0)).collect();
        for table in TABLES {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0));
        }
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
