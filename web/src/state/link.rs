//! The link is the saved state: `v=1&context=8192&gpus=h200-141gb&model=<deflated, base64url>`.
//!
//! Readable and editable but for the model. A link comes from anybody: every value is checked, what
//! is unknown is left out, and a small link cannot unfold into a large text.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use form_urlencoded::Serializer;
use migfit::problem::Problem;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::compact::compact;
use super::{Column, Field, Form, Gpus, Kept, MAX_CARD, MAX_KEPT, MAX_NAME, ModelInput, Page, State, Table};

/// The version that is written. Readers of every version that was ever written stay.
const VERSION: &str = "1";

/// The longest link that is written and read, in bytes: servers and messengers cut longer ones.
pub const MAX_LINK: usize = 32 << 10;

/// The largest text that a link may unfold into.
const MAX_UNFOLDED: usize = 1 << 20;

/// A link, and whether all of the state is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What stands behind the `#`; empty for an untouched page.
    pub fragment: String,
    /// Whether the model had to be left out because it is too large.
    pub without_model: bool,
}

/// Writes `state`. Only what differs from an untouched page is in it.
#[must_use]
pub fn write(state: &State) -> Link {
    let settings = settings(state);
    let open = model(&state.model.text).map(|model| format!("model={model}"));
    let kept: Vec<String> = state.kept.iter().map(with).collect();
    let parts = || std::iter::once(settings.clone()).chain(kept.iter().cloned()).chain(open.clone());
    let whole = joined(parts());
    if whole.len() <= MAX_LINK {
        return Link { fragment: whole, without_model: false };
    }
    Link { fragment: joined(std::iter::once(settings)), without_model: true }
}

/// The parts that say something, behind the version; nothing where none does.
fn joined(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { String::new() } else { format!("v={VERSION}&{}", parts.join("&")) }
}

/// A model of the comparison: a link in the link.
fn with(kept: &Kept) -> String {
    let mut inner = Serializer::new(String::new());
    served(&kept.model.name, &kept.form, &mut inner);
    if let Some(model) = model(&kept.model.text) {
        inner.append_pair("model", &model);
    }
    let mut out = Serializer::new(String::new());
    out.append_pair("with", &inner.finish());
    out.finish()
}

fn served(name: &str, form: &Form, out: &mut Serializer<String>) {
    if !name.is_empty() {
        out.append_pair("name", name);
    }
    for (field, value) in form.changed() {
        out.append_pair(field.key(), value);
    }
}

/// The link of an untouched `page`.
#[must_use]
pub fn of_page(page: Page) -> String {
    write(&State { page, ..State::default() }).fragment
}

fn settings(state: &State) -> String {
    let mut out = Serializer::new(String::new());
    if state.page != Page::default() {
        out.append_pair("page", state.page.key());
    }
    served(&state.model.name, &state.form, &mut out);
    if state.gpus == Gpus::all() {
        out.append_pair("gpus", "all");
    } else if state.gpus != Gpus::default() {
        out.append_pair("gpus", &state.gpus.keys().collect::<Vec<_>>().join(" "));
    }
    for (key, text) in [("device", &state.device), ("card", &state.card)] {
        if let Some(text) = text {
            out.append_pair(key, text);
        }
    }
    table(&state.table, &mut out);
    out.finish()
}

fn table(table: &Table, out: &mut Serializer<String>) {
    let sign = if table.descending { "-" } else { "" };
    if (table.column, table.descending) != (Column::Device, false) {
        out.append_pair("sort", &format!("{sign}{}", table.column.key()));
    }
    if !table.filter.is_empty() {
        out.append_pair("filter", &table.filter);
    }
    for (key, on) in [("fitting", table.fitting), ("exact", table.exact)] {
        if on {
            out.append_pair(key, "yes");
        }
    }
}

fn model(text: &str) -> Option<String> {
    if text.trim().is_empty() || text.len() > MAX_UNFOLDED {
        return None;
    }
    Some(Base64UrlUnpadded::encode_string(&compress_to_vec(compact(text).as_bytes(), 9)))
}

/// Reads what stands behind the `#`.
///
/// # Errors
/// `too-large`, `unknown-version` or `bad-link`. Values of known keys that do not mean anything here
/// are kept as typed where a form shows them, else left out.
pub fn read(fragment: &str) -> Result<State, Problem> {
    let fragment = fragment.trim_start_matches('#');
    if fragment.len() > MAX_LINK {
        let found = format!("{} bytes", fragment.len());
        return Err(Problem::new("too-large", "link", found, format!("at most {MAX_LINK} bytes")));
    }
    let mut state = State::default();
    if fragment.is_empty() {
        return Ok(state);
    }
    let pairs = || form_urlencoded::parse(fragment.as_bytes());
    let version = pairs().find(|(key, _)| key == "v").map(|(_, value)| value.into_owned());
    if version.as_deref() != Some(VERSION) {
        let found = version.map_or("no version".to_owned(), |version| format!("version {version:?}"));
        return Err(Problem::new("unknown-version", "link", found, format!("version {VERSION}"))
            .hint("the link may be cut off, or made by a newer page: reload and try again"));
    }
    for (key, value) in pairs() {
        take(&mut state, &key, &value)?;
    }
    Ok(state)
}

fn take(state: &mut State, key: &str, value: &str) -> Result<(), Problem> {
    match key {
        "page" => state.page = Page::of_key(value).unwrap_or_default(),
        "name" => state.model.name = value.chars().take(MAX_NAME).collect(),
        "gpus" if value == "all" => state.gpus = Gpus::all(),
        "gpus" => state.gpus = Gpus::of(value.split(' ')),
        "device" => state.device = Some(value.chars().take(MAX_NAME).collect()),
        "card" => state.card = Some(value.chars().take(MAX_CARD).collect()),
        "filter" => state.table.filter = value.chars().take(MAX_NAME).collect(),
        "fitting" => state.table.fitting = value == "yes",
        "exact" => state.table.exact = value == "yes",
        "sort" => sort(&mut state.table, value),
        "with" if state.kept.len() < MAX_KEPT => state.kept.push(kept(value)?),
        "with" => {}
        "model" => state.model = ModelInput { text: unfold(value)?.into(), ..state.model.clone() },
        key => {
            if let Some(field) = Field::ALL.into_iter().find(|field| field.key() == key) {
                state.form.set(field, value);
            }
        }
    }
    Ok(())
}

/// A model of the comparison. A link in it is not read again.
fn kept(value: &str) -> Result<Kept, Problem> {
    let mut inner = State::default();
    for (key, value) in form_urlencoded::parse(value.as_bytes()).filter(|(key, _)| key != "with") {
        take(&mut inner, &key, &value)?;
    }
    Ok(inner.open())
}

fn sort(table: &mut Table, value: &str) {
    let (descending, key) = value.strip_prefix('-').map_or((false, value), |key| (true, key));
    if let Some(column) = Column::ALL.into_iter().find(|column| column.key() == key) {
        (table.column, table.descending) = (column, descending);
    }
}

fn unfold(value: &str) -> Result<String, Problem> {
    let bad = |found: &str| {
        Problem::new("bad-link", "link: model", found, "a model as this page writes it")
            .hint("the link may be cut off: copy it again, or paste the config.json itself")
    };
    let packed = Base64UrlUnpadded::decode_vec(value).map_err(|_| bad("text that is not base64"))?;
    let bytes = decompress_to_vec_with_limit(&packed, MAX_UNFOLDED)
        .map_err(|_| bad("bytes that do not unfold, or unfold into more than 1 MiB"))?;
    String::from_utf8(bytes).map_err(|_| bad("bytes that are not text"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::examples::GRANITE_7B_BASE;

    fn full() -> State {
        let text = r#"{"model_type":"llama"}"#.into();
        let model = ModelInput { text, name: "a & b".to_owned(), ..ModelInput::default() };
        let mut state = State { model, ..State::default() };
        state.form.set(Field::Context, "8,192");
        state.form.set(Field::KvDtype, "fp8");
        state.gpus = Gpus::of(["h200-141gb", "a30-24gb"]);
        state.device = Some("A30-24GB 1g.6gb+me".to_owned());
        state.card = Some("1g.6gb+me@0, 2g.12gb@2".to_owned());
        state.table = Table {
            column: Column::Spare,
            descending: true,
            filter: "3g".to_owned(),
            fitting: true,
            exact: true,
        };
        state
    }

    #[test]
    fn what_is_written_reads_back() {
        let link = write(&full());
        assert!(!link.without_model);
        assert_eq!(read(&link.fragment), Ok(full()));
        assert_eq!(read(&format!("#{}", link.fragment)), Ok(full()));
        let all = State { gpus: Gpus::all(), ..State::default() };
        assert_eq!(write(&all).fragment, "v=1&gpus=all");
        assert_eq!(read("v=1&gpus=all"), Ok(all));
    }

    #[test]
    fn kept_models_travel_with_the_link() {
        let state = full().apply(crate::state::Action::Keep);
        let state = state.apply(crate::state::Action::Set(Field::Context, "4096".to_owned()));
        let link = write(&state);
        assert!(link.fragment.contains("&with=name%3Da"), "{}", link.fragment);
        assert_eq!(read(&link.fragment), Ok(state));
        let nested = read("v=1&with=with%3Dwith%253Dname%26context%3D12").unwrap();
        assert_eq!((nested.kept.len(), nested.kept[0].form.get(Field::Context)), (1, "12"));
        let many = format!("v=1{}", "&with=context%3D1".repeat(20));
        assert_eq!(read(&many).unwrap().kept.len(), MAX_KEPT);
        assert_eq!(
            read("v=1&with=model%3D%253Cscript%253E").map_err(|problem| problem.code),
            Err("bad-link")
        );
    }

    #[test]
    fn an_untouched_page_has_no_link() {
        assert_eq!(write(&State::default()).fragment, "");
        assert_eq!(read(""), Ok(State::default()));
    }

    #[test]
    fn links_of_version_1_stay_readable() {
        let link = "v=1&name=a+%26+b&context=8%2C192&kv=fp8&gpus=a30-24gb+h200-141gb&device=A30-24GB+1g.6gb%2Bme\
                    &card=1g.6gb%2Bme%400%2C+2g.12gb%402\
                    &sort=-spare&filter=3g&fitting=yes&exact=yes&model=q1bKzU9JzYkvqSxIVbJSyslJzE1UqgUA";
        assert_eq!(read(link), Ok(full()));
    }

    #[test]
    fn a_model_takes_a_fifth_of_its_text_or_less_and_keeps_its_meaning() {
        let state = State::default().apply(crate::state::Action::Text(GRANITE_7B_BASE.into()));
        let link = write(&state);
        assert!(link.fragment.len() < 420, "{}", link.fragment.len());
        let read = read(&link.fragment).unwrap();
        assert_eq!(migfit::model::read(&read.model.text), migfit::model::read(GRANITE_7B_BASE));
    }

    #[test]
    fn hostile_links_get_a_message_and_nothing_else() {
        let code = |fragment: &str| read(fragment).map_err(|problem| problem.code).map(|_| ());
        assert_eq!(code("model=AAAA"), Err("unknown-version"));
        assert_eq!(code("v=2"), Err("unknown-version"));
        assert_eq!(code("v=1&model=%3Cscript%3E"), Err("bad-link"));
        assert_eq!(code("v=1&model=AAAA"), Err("bad-link"));
        assert_eq!(code(&format!("v=1&name={}", "a".repeat(MAX_LINK))), Err("too-large"));
        let bomb = Base64UrlUnpadded::encode_string(&compress_to_vec(&vec![b' '; MAX_UNFOLDED + 1], 9));
        assert_eq!(code(&format!("v=1&model={bomb}")), Err("bad-link"));
        assert_eq!(code("v=1&gpus=no-such&sort=evil&unknown=1&fitting=maybe"), Ok(()));
    }

    #[test]
    fn a_model_too_large_for_a_link_is_left_out_and_said() {
        let mut number = 1_u64;
        let noise: String = std::iter::repeat_with(|| {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            format!("{number:x}")
        })
        .take(8000)
        .collect();
        let mut state = full();
        state.model.text = noise.into();
        let link = write(&state);
        assert!(link.without_model);
        assert_eq!(read(&link.fragment).unwrap().model.text.len(), 0);
    }
}
