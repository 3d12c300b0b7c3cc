//! A drawing turned into a picture of pixels.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use super::save::save_blob;
use super::window;

/// Pixels for one of the drawing's, so that it is sharp on dense screens and in print.
const DENSITY: u32 = 2;

/// Hands `svg`, of this size, to the browser as a PNG file to save.
pub(crate) fn save_png(name: &'static str, svg: &str, (width, height): (u32, u32)) -> Option<()> {
    let image = HtmlImageElement::new().ok()?;
    let drawn = image.clone();
    let loaded = Closure::once_into_js(move || _ = paint(name, &drawn, (width, height)));
    image.set_onload(Some(loaded.unchecked_ref()));
    // An address of its own would have to be allowed by the page's policy; a picture of data is.
    let encoded = js_sys::encode_uri_component(svg);
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{}", String::from(encoded)));
    Some(())
}

fn paint(name: &'static str, image: &HtmlImageElement, (width, height): (u32, u32)) -> Option<()> {
    let canvas = window()?.document()?.create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
    canvas.set_width(width * DENSITY);
    canvas.set_height(height * DENSITY);
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    let (across, down) = (f64::from(width * DENSITY), f64::from(height * DENSITY));
    context.draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, across, down).ok()?;
    let done = Closure::once_into_js(move |blob: Option<Blob>| {
        _ = blob.and_then(|blob| save_blob(name, &blob));
    });
    canvas.to_blob(done.unchecked_ref()).ok()
}
