//! Asking the Hub. Nothing is sent but the id, and the token where a reader gave one.

use std::rc::Rc;

use js_sys::{Array, JSON, Reflect};
use migfit::model::json::MAX_TEXT_BYTES;
use migfit::problem::Problem;
use migfit_errands::{Fetched, side_file};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ReferrerPolicy, Request, RequestCredentials, RequestInit, Response};

use super::{later, window};
use crate::outcome::hub::{self, Failure};

/// How long an answer may take, in milliseconds.
const PATIENCE: u32 = 20_000;

/// Where the Hub is: what the page's `<meta name="hub">` says, relative to the page.
pub(crate) fn hub() -> String {
    let document = window().and_then(|window| window.document());
    let meta = document.and_then(|document| document.query_selector("meta[name=hub]").ok().flatten());
    let base = meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default();
    base.trim_end_matches('/').to_owned()
}

/// A fetch under way; dropping it ends it.
pub(crate) struct Fetching(AbortController);

impl Drop for Fetching {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Fetches what is to be known of `id`.
pub(crate) fn fetch(
    id: String,
    token: String,
    then: impl FnOnce(Result<Fetched, Problem>) + 'static,
) -> Option<Fetching> {
    let stop = AbortController::new().ok()?;
    let fetching = Fetching(stop.clone());
    spawn_local(async move {
        let base = hub();
        let asked = Asked { token: token.trim().to_owned(), stop: Rc::new(stop) };
        let fetched = whole(&base, &id, &asked).await;
        // What was stopped by the reader is nobody's to hear; what was stopped because it took too long is.
        let late = matches!(fetched, Err(Fault::Failed(Failure::Late)));
        if late || !asked.stop.signal().aborted() {
            then(fetched.map_err(|fault| match fault {
                Fault::Failed(failure) => hub::problem(&base, &id, &failure, !asked.token.is_empty()),
                Fault::Said(problem) => problem,
            }));
        }
    });
    Some(fetching)
}

struct Asked {
    token: String,
    stop: Rc<AbortController>,
}

enum Fault {
    Failed(Failure),
    Said(Problem),
}

async fn whole(base: &str, id: &str, asked: &Asked) -> Result<Fetched, Fault> {
    let about = text(&hub::about(base, id), asked).await.map_err(Fault::Failed)?;
    let side = side_file(files(&about).map_err(Fault::Said)?.as_deref()).map_err(Fault::Said)?;
    let config = text(&hub::file(base, id, "config.json"), asked).await.map_err(Fault::Failed)?;
    let side = match side {
        Some(name) => {
            let text = text(&hub::file(base, id, name), asked).await.map_err(Fault::Failed)?;
            Some((name.to_owned(), text))
        }
        None => None,
    };
    Ok(Fetched { id: id.to_owned(), config, side, about })
}

/// The names of the files that the Hub's answer `about` a model lists, `None` where it lists none. Read by the browser,
/// which has a reader of JSON where this module has none.
fn files(about: &str) -> Result<Option<Vec<String>>, Problem> {
    let Ok(about) = JSON::parse(about) else {
        return Err(Problem::new("not-json", "answer of the Hub", "no JSON", "a JSON object"));
    };
    let field = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name)).unwrap_or_default();
    let listed = field(&about, "siblings");
    let name = |file: JsValue| field(&file, "rfilename").as_string();
    Ok(Array::is_array(&listed).then(|| Array::from(&listed).iter().filter_map(name).collect()))
}

async fn text(url: &str, asked: &Asked) -> Result<String, Failure> {
    let window = window().ok_or(Failure::Unreachable { offline: false })?;
    let unreachable = |_: JsValue| Failure::Unreachable { offline: !window.navigator().on_line() };
    let init = RequestInit::new();
    init.set_credentials(RequestCredentials::Omit);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(&asked.stop.signal()));
    let request = Request::new_with_str_and_init(url, &init).map_err(unreachable)?;
    if !asked.token.is_empty() {
        let bearer = format!("Bearer {}", asked.token);
        request.headers().set("Authorization", &bearer).map_err(unreachable)?;
    }
    let late = Rc::new(std::cell::Cell::new(false));
    let (stop, told) = (asked.stop.clone(), late.clone());
    let timer = later(PATIENCE, move || {
        told.set(true);
        stop.abort();
    });
    let answer = JsFuture::from(window.fetch_with_request(&request)).await;
    let failed = |value| if late.get() { Failure::Late } else { unreachable(value) };
    let response: Response = answer.map_err(failed)?.unchecked_into();
    if !response.ok() {
        let word = response.headers().get("X-Error-Code").ok().flatten().unwrap_or_default();
        return Err(Failure::Status(response.status(), word));
    }
    let body = JsFuture::from(response.text().map_err(unreachable)?).await.map_err(failed)?;
    drop(timer);
    let body = body.as_string().unwrap_or_default();
    if body.len() > MAX_TEXT_BYTES { Err(Failure::TooLarge) } else { Ok(body) }
}
