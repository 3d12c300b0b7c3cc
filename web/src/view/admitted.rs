//! What the admission policy answers about one object, word for word, and what it changes in it.

use migfit_errands::{Admitted, Line, Side};
use yew::prelude::*;

use super::copy::Copy;
use crate::texts::policy as texts;

pub(crate) fn admitted(answer: &Admitted) -> Html {
    let (class, word) = if answer.accepted {
        ("admitted__status admitted__status--accepted", texts::ACCEPTED)
    } else {
        ("admitted__status admitted__status--refused", texts::DENIED)
    };
    html! {
        <div class="admitted">
            <h4 class="admitted__title">{ texts::ADMISSION }</h4>
            <p class={class}><strong>{ word }</strong></p>
            if let Some(message) = &answer.message { <pre class="code admitted__message" tabindex="0">{ message }</pre> }
            if !answer.warnings.is_empty() {
                <ul class="admitted__warnings">{ for answer.warnings.iter().map(|warning| html! {
                    <li><span class="admitted__word">{ texts::WARNING }</span>{ " " }{ warning }</li>
                }) }</ul>
            }
            if !answer.changes.is_empty() { { changes(&answer.changes) } }
            if !answer.audit.is_empty() {
                <details class="fold">
                    <summary>{ texts::AUDIT }</summary>
                    <dl class="admitted__audit">{ for answer.audit.iter().map(|(key, value)| html! {
                        <div><dt><code>{ key }</code></dt><dd>{ value }</dd></div>
                    }) }</dl>
                </details>
            }
        </div>
    }
}

/// Signs stand before the lines, so that the colours are not needed.
fn changes(lines: &[Line]) -> Html {
    let text: String = lines.iter().map(|line| format!("{}{}\n", sign(line.side), line.text)).collect();
    html! {
        <>
            <div class="admitted__tools">
                <h4 class="admitted__title">{ texts::CHANGES }</h4>
                <Copy text={AttrValue::from(text)} what={texts::CHANGES} />
            </div>
            <pre class="code diff" tabindex="0" role="region" aria-label={texts::CHANGES}>{ for lines.iter().map(line) }</pre>
        </>
    }
}

const fn sign(side: Side) -> &'static str {
    match side {
        Side::Both => "  ",
        Side::Before => "- ",
        Side::After => "+ ",
        Side::Gap => "…",
    }
}

fn line(line: &Line) -> Html {
    let text = format!("{}{}\n", sign(line.side), line.text);
    match line.side {
        Side::Both | Side::Gap => html! { <span>{ text }</span> },
        Side::Before => html! { <del class="diff__before">{ text }</del> },
        Side::After => html! { <ins class="diff__after">{ text }</ins> },
    }
}
