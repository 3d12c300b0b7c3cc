//! A labelled field with a line of help: of one line, of several, or a list to choose from.

use yew::prelude::*;

/// What a field is called, and what belongs there; empty help takes no room.
#[derive(Clone, Copy)]
pub(crate) struct Of<'a> {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    pub(crate) help: &'a str,
}

/// A field of one line.
pub(crate) fn line(of: Of, value: &str, oninput: Callback<InputEvent>) -> Html {
    let control = html! {
        <input id={of.id} type="text" autocomplete="off" spellcheck="false" value={value.to_owned()} {oninput}
            aria-describedby={described(of)} />
    };
    field(of, control)
}

/// A field of several lines.
pub(crate) fn area(of: Of, rows: &'static str, value: &str, oninput: Callback<InputEvent>) -> Html {
    let control = html! {
        <textarea id={of.id} class="field__text" {rows} autocomplete="off" spellcheck="false" value={value.to_owned()}
            {oninput} aria-describedby={described(of)} />
    };
    field(of, control)
}

/// A list to choose from: values, each with what a reader sees.
pub(crate) fn choice(of: Of, choices: &[(&str, &str)], value: &str, onchange: Callback<Event>) -> Html {
    let control = html! {
        <select id={of.id} {onchange} aria-describedby={described(of)}>
            { for choices.iter().map(|(key, word)| html! {
                <option value={(*key).to_owned()} selected={*key == value}>{ *word }</option>
            }) }
        </select>
    };
    field(of, control)
}

fn field(of: Of, control: Html) -> Html {
    html! {
        <div class="field">
            <label class="field__label" for={of.id}>{ of.label }</label>
            { control }
            if !of.help.is_empty() { <p id={format!("{}-help", of.id)} class="help">{ of.help }</p> }
        </div>
    }
}

fn described(of: Of) -> Option<String> {
    (!of.help.is_empty()).then(|| format!("{}-help", of.id))
}
