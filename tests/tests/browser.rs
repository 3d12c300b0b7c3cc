//! The browser that the tests of the page use, tried on a page of its own.

use std::fs;

use migfit_tests::browser::{Browser, Site};

const PAGE: &str = r#"<!doctype html>
<html lang="en"><title>tried</title><link rel="icon" href="data:,">
<label for="config">Model</label><textarea id="config"></textarea>
<label>File<input type="file"></label>
<button aria-label="Count letters">Count</button><button>Fail</button>
<p id="answer"></p>
<script src="page.js"></script>"#;

const SCRIPT: &str = r#"
    const [config, answer] = [document.getElementById("config"), document.getElementById("answer")];
    const say = (text) => setTimeout(() => { answer.textContent = text; }, 100);
    config.addEventListener("input", () => say(`typed ${config.value}`));
    config.addEventListener("drop", async (event) => {
        event.preventDefault();
        const [file] = event.dataTransfer.files;
        say(`dropped ${file.name}: ${await file.text()}`);
    });
    const [count, fail] = document.querySelectorAll("button");
    count.addEventListener("click", () => say(`${config.value.length} letters`));
    fail.addEventListener("click", () => { console.error("as told"); throw new Error("as asked"); });
"#;

#[test]
fn a_page_is_read_typed_into_and_seen() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("index.html"), PAGE).unwrap();
    fs::write(folder.path().join("page.js"), SCRIPT).unwrap();
    let site = Site::serve(folder.path()).unwrap();
    let browser = Browser::start().unwrap();
    browser.open(site.url()).unwrap();
    assert_eq!(site.asked(), ["/some/where/", "/some/where/page.js"]);

    let config = browser.by_role("textbox", "Model").unwrap();
    config.type_text("ab").unwrap();
    assert_eq!(browser.wait_for_text("#answer", "ab").unwrap(), "typed ab");
    config.clear().unwrap();
    config.paste("{\n  \"é\": 1\n}").unwrap();
    assert_eq!(config.value().unwrap(), "{\n  \"é\": 1\n}");
    browser.wait_for_text("#answer", "typed {").unwrap();
    let count = browser.by_role("button", "Count letters").unwrap();
    assert_eq!(count.text().unwrap(), "Count");
    count.click().unwrap();
    assert_eq!(browser.wait_for_text("#answer", "letters").unwrap(), "12 letters");
    config.drop_file("config.json", "[]").unwrap();
    assert_eq!(browser.wait_for_text("#answer", "dropped").unwrap(), "dropped config.json: []");

    assert_eq!(browser.console_errors().unwrap(), Vec::<String>::new());
    browser.by_role("button", "Fail").unwrap().click().unwrap();
    let errors = browser.console_errors().unwrap();
    let [told, asked] = &errors[..] else { panic!("{errors:?}") };
    assert!(told.contains("as told") && asked.ends_with("Error: as asked"), "{errors:?}");

    let picture = folder.path().join("page.png");
    browser.screenshot(&picture).unwrap();
    let bytes = fs::read(&picture).unwrap();
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 1_000, "{} bytes", bytes.len());
}
