//! Draws an outcome. One component a file, each with a stylesheet of the same name.

mod advised;
mod answer;
mod app;
mod assumptions;
mod bar;
mod bench;
mod card;
mod chart;
mod compare;
mod copy;
mod device_rows;
mod device_table;
mod docs;
mod figure;
mod gpu_list;
mod header;
mod intake;
mod intake_status;
mod later;
mod model_input;
mod model_search;
mod parameters;
mod plan;
mod planned;
mod planner;
mod policy;
mod problem;
mod results;
mod reviewed;
mod setting;
mod settings;
mod size;
mod verdict;

pub(crate) use app::App;

use crate::state::Action;

/// What a component calls when a reader does something.
pub(crate) type Act = yew::Callback<Action>;
