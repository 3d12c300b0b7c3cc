//! Draws an outcome. One component a file, each with a stylesheet of the same name.

mod admitted;
mod advised;
mod answer;
mod app;
mod assumptions;
mod bar;
mod bench;
mod card;
mod card_choices;
mod card_drag;
mod card_picture;
mod chart;
mod chart_data;
mod compare;
mod copy;
mod device_rows;
mod device_table;
mod docs;
mod export_fields;
mod exporter;
mod exports;
mod field;
mod figure;
mod fold;
mod gpu_list;
mod header;
mod heard;
mod hit;
mod intake;
mod intake_status;
mod later;
mod layers;
mod model_input;
mod model_search;
mod parameters;
mod plan;
mod plan_fields;
mod planned;
mod planner;
mod policy;
mod policy_fields;
mod problem;
mod readings;
mod results;
mod reviewed;
mod setting;
mod settings;
mod size;
mod verdict;
mod working;

pub(crate) use app::App;

use crate::state::Action;

/// What a component calls when a reader does something.
pub(crate) type Act = yew::Callback<Action>;
