//! Draws an outcome. One component a file, each with a stylesheet of the same name.

mod advised;
mod answer;
mod app;
mod assumptions;
mod bar;
mod card;
mod chart;
mod copy;
mod device_table;
mod figure;
mod gpu_list;
mod header;
mod model_input;
mod parameters;
mod problem;
mod setting;
mod settings;
mod verdict;

pub(crate) use app::App;

use crate::state::Action;

/// What a component calls when a reader does something.
pub(crate) type Act = yew::Callback<Action>;
