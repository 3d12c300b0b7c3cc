//! What a family fills in while it reads a config.

use std::borrow::Cow;

use super::heads::Head;
use super::modules::{Block, Group, Split, Weight};
use super::{Assumption, Dims, Task};
use crate::problem::Problem;

/// The most layers that are read.
pub const MAX_LAYERS: u64 = 4096;

/// A model under construction.
#[derive(Debug)]
pub struct Builder {
    /// What it is used for; as the head says unless a family says otherwise.
    pub task: Task,
    /// What the architecture has behind its last layer.
    pub head: Head,
    /// Widths for activation formulas.
    pub dims: Dims,
    /// Blocks so far.
    pub blocks: Vec<Block>,
    /// Assumptions so far.
    pub assumptions: Vec<Assumption>,
}

impl Builder {
    /// A model without anything in it, with `head` behind its last layer.
    #[must_use]
    pub fn new(head: Head) -> Builder {
        Builder {
            task: head.task(),
            head,
            dims: Dims::default(),
            blocks: Vec::new(),
            assumptions: Vec::new(),
        }
    }

    /// A block that exists once. Its modules carry their whole name below `prefix`.
    pub fn once(&mut self, prefix: impl Into<Cow<'static, str>>, fill: impl FnOnce(&mut Block)) {
        let mut block = empty(prefix.into(), Vec::new());
        fill(&mut block);
        self.blocks.push(block);
    }

    /// `count` layers below `prefix`: `kind` says what each is, `fill` what a layer of that kind holds.
    /// Layers of one kind share a block, so the work does not grow with their number.
    ///
    /// # Errors
    /// `bad-field` where there are more than [`MAX_LAYERS`], or what `kind` and `fill` report.
    pub fn layers<K: PartialEq>(
        &mut self,
        prefix: impl Into<Cow<'static, str>>,
        count: u64,
        mut kind: impl FnMut(u64) -> Result<K, Problem>,
        mut fill: impl FnMut(&K, &mut Block) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let mut kinds: Vec<K> = Vec::new();
        let blocks = by_kind(prefix.into(), count, &mut |layer| {
            let found = kind(layer)?;
            Ok(kinds.iter().position(|known| *known == found).unwrap_or_else(|| {
                kinds.push(found);
                kinds.len().saturating_sub(1)
            }))
        })?;
        for (kind, mut block) in kinds.iter().zip(blocks) {
            fill(kind, &mut block)?;
            self.blocks.push(block);
        }
        Ok(())
    }

    /// The token embedding `path` and what the architecture has behind the last layer: the output matrix
    /// `lm_head` unless it is `tied`, or a classifier.
    pub fn vocabulary(&mut self, path: &'static str, rows: u64, width: u64, tied: bool) {
        self.dims.vocab_size = rows;
        let head = self.head;
        self.once("", |block| {
            let weight = Weight::Embedding { rows, width };
            block.push(path, Group::Embeddings, weight, Split::Vocabulary);
            if head != Head::Vocabulary {
                head.add(block, width);
            } else if !tied {
                block.linear("lm_head", Group::LmHead, (width, rows), false, Split::Vocabulary);
            }
        });
    }

    /// Notes something that the answer rests on and the file does not say.
    pub fn assume(&mut self, code: &'static str, text: impl Into<String>) {
        self.assumptions.push(Assumption { code: code.into(), text: text.into() });
    }
}

fn empty(prefix: Cow<'static, str>, layers: Vec<u32>) -> Block {
    Block { prefix, layers, modules: Vec::new(), caches: Vec::new() }
}

/// One empty block for each kind of layer, in the order in which `place` first names its place. Apart from
/// [`Builder::layers`], which exists once for each type of kind: this part need not.
fn by_kind(
    prefix: Cow<'static, str>,
    count: u64,
    place: &mut dyn FnMut(u64) -> Result<usize, Problem>,
) -> Result<Vec<Block>, Problem> {
    if count > MAX_LAYERS {
        return Err(Problem::new(
            "bad-field",
            format!("{prefix} (number of layers)"),
            count.to_string(),
            format!("at most {MAX_LAYERS}"),
        ));
    }
    let mut blocks: Vec<Block> = Vec::new();
    for layer in 0..count {
        let place = place(layer)?;
        let number = u32::try_from(layer).unwrap_or(u32::MAX);
        match blocks.get_mut(place) {
            Some(block) => block.layers.push(number),
            None => blocks.push(empty(prefix.clone(), vec![number])),
        }
    }
    Ok(blocks)
}
