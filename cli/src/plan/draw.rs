//! A GPU as text: its memory slices, the instances on them, who sits there, what is stranded.

use migfit::planning::{Content, Holder, PlannedGpu, Seat};

/// Three lines: slice numbers, instances, holders. `·` is free, `×` is stranded.
pub(crate) fn picture(gpu: &PlannedGpu<'_>) -> String {
    let cells: Vec<(usize, String, String)> = gpu
        .cells()
        .iter()
        .map(|cell| {
            let seat = match cell.content {
                Content::Seat(at) => gpu.seats.get(at),
                Content::Free | Content::Stranded => None,
            };
            let (what, who) = match (seat, cell.content) {
                (Some(seat), _) => (device(seat), holder(&seat.holder)),
                (None, Content::Stranded) => ("×".to_owned(), String::new()),
                (None, Content::Free | Content::Seat(_)) => ("·".to_owned(), String::new()),
            };
            (usize::from(cell.size.max(1)), what, who)
        })
        .collect();
    let wide = |(size, what, who): &(usize, String, String)| {
        (what.chars().count().max(who.chars().count()) + 1).div_ceil(*size)
    };
    let width = cells.iter().map(wide).max().unwrap_or(0).max(3);
    let slices: usize = cells.iter().map(|(size, ..)| size).sum();
    let numbers: String = (0..slices).map(|slice| format!(" {slice:<pad$}", pad = width - 1)).collect();
    let row = |text: &dyn Fn(&(usize, String, String)) -> String| -> String {
        let cells = cells.iter().map(|cell| format!("|{:<pad$}", text(cell), pad = width * cell.0 - 1));
        cells.collect::<String>() + "|"
    };
    let whats = row(&|(_, what, _)| what.clone());
    let whos = row(&|(_, _, who)| who.clone());
    format!("{}\n{whats}\n{whos}\n", numbers.trim_end())
}

fn device(seat: &Seat<'_>) -> String {
    seat.device.profile.map_or("whole".to_owned(), |profile| profile.name.to_string())
}

/// `chat #0`, and `chat #0.1` for the second device of a replica.
pub(crate) fn holder(holder: &Holder) -> String {
    match holder {
        Holder::Replica { workload, number, rank: 0 } => format!("{workload} #{number}"),
        Holder::Replica { workload, number, rank } => format!("{workload} #{number}.{rank}"),
        Holder::Stranger(name) => format!("({name})"),
        Holder::Nobody => "idle".to_owned(),
    }
}
