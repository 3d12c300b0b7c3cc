//! A verdict as a word and a shape, never only a colour.

use migfit::matching::Verdict;
use yew::prelude::*;

pub(crate) fn verdict(verdict: Verdict) -> Html {
    let (class, shape) = match verdict {
        Verdict::Fits => {
            ("verdict verdict--fits", html! { <path class="verdict__stroke" d="M2.5 8.5 6 12l7.5-8" /> })
        }
        Verdict::Tight => {
            ("verdict verdict--tight", html! { <path class="verdict__fill" d="M8 2 15 14H1Z" /> })
        }
        Verdict::Unknown => (
            "verdict verdict--unknown",
            html! { <path class="verdict__stroke" d="M5 5.5a3 3 0 1 1 4.2 2.7C8.4 8.6 8 9 8 10m0 3v.5" /> },
        ),
        Verdict::No => {
            ("verdict verdict--no", html! { <path class="verdict__stroke" d="m3.5 3.5 9 9m0-9-9 9" /> })
        }
    };
    html! {
        <span class={class}>
            <svg class="verdict__shape" viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">{ shape }</svg>
            { verdict.word() }
        </span>
    }
}
