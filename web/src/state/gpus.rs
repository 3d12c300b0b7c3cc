//! Which GPUs are judged.

use migfit::gpu::{Device, Gpu, catalog};
use migfit::order;

/// Keys of the catalog, sorted. Never empty for long: an empty choice is answered with what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gpus(Vec<&'static str>);

/// What most data centres have, shown first.
const COMMON: [&str; 4] = ["a100-40gb", "a100-80gb", "h100-80gb-sxm", "h200-141gb"];

impl Default for Gpus {
    fn default() -> Gpus {
        Gpus::of(COMMON)
    }
}

impl Gpus {
    /// The GPUs of these keys; keys that the catalog lacks are left out.
    pub fn of<'a>(keys: impl IntoIterator<Item = &'a str>) -> Gpus {
        let wanted: Vec<&str> = keys.into_iter().collect();
        Gpus::those(|key| wanted.contains(&key))
    }

    /// Every GPU of the catalog.
    #[must_use]
    pub fn all() -> Gpus {
        Gpus::those(|_| true)
    }

    fn those(wanted: impl Fn(&str) -> bool) -> Gpus {
        let keys = catalog().iter().map(|gpu| gpu.key.as_ref());
        let mut found: Vec<&'static str> = keys.filter(|key| wanted(key)).collect();
        order::sort(&mut found);
        Gpus(found)
    }

    /// No GPU.
    #[must_use]
    pub fn none() -> Gpus {
        Gpus(Vec::new())
    }

    /// Whether `gpu` is judged.
    #[must_use]
    pub fn has(&self, gpu: &Gpu) -> bool {
        self.place(gpu).is_ok()
    }

    /// The same choice with `gpu` in or out.
    #[must_use]
    pub fn toggled(&self, gpu: &'static Gpu) -> Gpus {
        let mut next = self.clone();
        match self.place(gpu) {
            Ok(place) => _ = next.0.remove(place),
            Err(place) => next.0.insert(place, gpu.key.as_ref()),
        }
        next
    }

    /// Where `gpu` stands, else where it would.
    fn place(&self, gpu: &Gpu) -> Result<usize, usize> {
        self.0.binary_search(&gpu.key.as_ref())
    }

    /// The keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Each whole GPU and each of its profiles, in the order of the catalog.
    #[must_use]
    pub fn devices(&self) -> Vec<Device<'static>> {
        catalog().iter().filter(|gpu| self.has(gpu)).flat_map(Device::all_of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_choice_is_in_the_catalog() {
        assert_eq!(Gpus::default().count(), COMMON.len());
        assert_eq!(Gpus::default().devices()[0].label(), "A100-40GB");
    }

    #[test]
    fn a_gpu_goes_in_and_out() {
        let gpu = &catalog()[0];
        let one = Gpus::none().toggled(gpu);
        assert!(one.has(gpu));
        assert_eq!(one.toggled(gpu), Gpus::none());
        assert_eq!(Gpus::of(["a100-40gb", "no-such-card"]), one);
        assert_eq!(Gpus::all().count(), catalog().len());
    }
}
