//! A layout as text for a terminal.

use super::Layout;
use super::room::span;

impl Layout<'_> {
    /// Memory slices from left to right, one cell a slice, and below them what stands there; `·` is
    /// free, `×` is stranded. Lines end with a newline.
    #[must_use]
    pub fn draw(&self) -> String {
        let slices = self.gpu.memory_slices;
        let width = self.cell_width();
        let mut numbers = String::new();
        for slice in 0..slices {
            numbers.push_str(&format!(" {slice:<width$}"));
        }
        format!("{}\n{}\n", numbers.trim_end(), self.bar(width))
    }

    /// Wide enough for the longest name within its slices, and for a slice number.
    fn cell_width(&self) -> usize {
        let needed = self.instances.iter().map(|instance| {
            let size = usize::from(instance.profile.placements.size).max(1);
            let name = instance.profile.name.to_string().len();
            (name + 1).div_ceil(size).saturating_sub(1)
        });
        needed.max().unwrap_or(0).max(2)
    }

    fn bar(&self, width: usize) -> String {
        let stranded = self.stranded_slices();
        let mut bar = String::new();
        let mut slice = 0;
        while slice < self.gpu.memory_slices {
            let here = self.instances.iter().find(|instance| instance.start == slice);
            let (name, size) = match here {
                Some(instance) => {
                    (instance.profile.name.to_string(), instance.profile.placements.size.max(1))
                }
                None if stranded & span(slice, 1) != 0 => ("×".to_owned(), 1),
                None => ("·".to_owned(), 1),
            };
            let room = (width + 1) * usize::from(size) - 1;
            bar.push_str(&format!("|{name:<room$}"));
            slice = slice.saturating_add(size);
        }
        bar.push('|');
        bar
    }
}
