import init, { mount } from "./migfit_web.js";

const app = document.getElementById("app");
try {
  await init({ module_or_path: new URL("./migfit_web_bg.wasm", import.meta.url) });
  app.replaceChildren();
  mount(app);
} catch (error) {
  const message = document.createElement("p");
  message.className = "loading";
  message.setAttribute("role", "alert");
  message.textContent = `The calculator could not start (${error}). Reload the page; it needs a browser with WebAssembly.`;
  app.replaceChildren(message);
}

// After the page stands: it works without, only not offline.
navigator.serviceWorker?.register("./sw.js").catch(() => {});
