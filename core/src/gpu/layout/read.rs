//! Reading a layout that a person wrote: `3g.40gb@4, 2x1g.10gb`.

use super::{Instance, Layout};
use crate::gpu::{Gpu, Profile, ProfileName, layout::Set};
use crate::problem::Problem;

impl<'a> Layout<'a> {
    /// Reads instances separated by commas or spaces: `3g.40gb@4` at a start, `3g.40gb` or just `3g`
    /// where the driver puts it, `2x1g.10gb` twice. Those with a start are placed first, the others in
    /// the order given. `nothing` is the empty layout.
    ///
    /// # Errors
    /// A [`Problem`] for what is not a profile of the GPU, and for an instance that finds no place; its
    /// hint says whether another order works.
    pub fn parse(gpu: &'a Gpu, text: &str) -> Result<Layout<'a>, Problem> {
        let mut placed = Layout::empty(gpu);
        let mut floating = Vec::new();
        let items = text.split([',', ' ', '\n']).map(str::trim);
        for item in items.filter(|item| !matches!(*item, "" | "nothing")) {
            let (count, profile, start) = item_of(gpu, item)?;
            match start {
                Some(start) => {
                    let instance = Instance { profile, start };
                    placed = placed.with(instance).ok_or_else(|| placed.refuse(instance))?;
                }
                None => floating.extend(std::iter::repeat_n(profile, count)),
            }
        }
        placed.create_all(&floating)
    }

    /// The layout after `profiles` are created in this order without starts.
    ///
    /// # Errors
    /// A [`Problem`] of code `no-placement` for the first that finds no place.
    pub fn create_all(&self, profiles: &[&'a Profile]) -> Result<Layout<'a>, Problem> {
        let mut layout = self.clone();
        for profile in profiles {
            layout = layout.create(profile).ok_or_else(|| self.no_room(&layout, profile, profiles))?;
        }
        Ok(layout)
    }

    fn no_room(&self, reached: &Layout<'a>, profile: &Profile, wanted: &[&'a Profile]) -> Problem {
        let starts: Vec<String> = profile.placements.starts.iter().map(ToString::to_string).collect();
        let problem = Problem::new(
            "no-placement",
            format!("layout of {}", self.gpu.short_name),
            format!("`{}` beside {reached}", profile.name),
            format!(
                "start {} free, and no more than {} of this profile",
                starts.join(" or "),
                profile.max_instances
            ),
        );
        match self.place(wanted) {
            Some(layout) => problem.hint(format!("all of it fits as {layout}")),
            None => problem.hint("no order and no placement holds all of it"),
        }
    }
}

/// `2x1g.10gb@4` as count, profile and start. A start is for one instance.
fn item_of<'a>(gpu: &'a Gpu, item: &str) -> Result<(usize, &'a Profile, Option<u8>), Problem> {
    let (count, rest) = match item.split_once(['x', '*']) {
        // Not the `x` in `1g.24gb+gfx`.
        Some((count, rest)) if rest.starts_with(|first: char| first.is_ascii_alphanumeric()) => {
            (count.parse().map_err(|_| misread(gpu, item))?, rest)
        }
        Some(_) | None => (1, item),
    };
    let (name, start) = match rest.split_once('@') {
        Some((name, start)) => (name, Some(start.parse().map_err(|_| misread(gpu, item))?)),
        None => (rest, None),
    };
    if count > 32 || (start.is_some() && count != 1) {
        return Err(misread(gpu, item));
    }
    Ok((count, profile_of(gpu, name)?, start))
}

/// A full name, or `3g` for the classic profile of three slices.
fn profile_of<'a>(gpu: &'a Gpu, name: &str) -> Result<&'a Profile, Problem> {
    let short = name.strip_suffix('g').and_then(|slices| slices.parse::<u8>().ok());
    let classic = short
        .and_then(|slices| gpu.profiles.iter().find(|p| p.name.slices == slices && Set::Classic.has(gpu, p)));
    match classic {
        Some(profile) => Ok(profile),
        None => gpu.profile(ProfileName::parse(name)?),
    }
}

fn misread(gpu: &Gpu, item: &str) -> Problem {
    Problem::new(
        "layout-item",
        format!("layout of {}", gpu.short_name),
        format!("`{item}`"),
        "a profile, with a start as in `3g.40gb@4` or a count up to 32 as in `2x1g.10gb`",
    )
}
