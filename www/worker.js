// What works beside the page: the module that the worker is named after, asked one thing at a time. To stop it, the
// page ends the worker.
const ready = import(`./${self.name}.js`).then(async (module) => {
  await module.default({ module_or_path: new URL(`./${self.name}_bg.wasm`, import.meta.url) });
  return module.asked;
});

onmessage = async ({ data: { asked, file } }) => {
  try {
    const text = file && (await file.text());
    (await ready)(asked, (report) => postMessage(report), text);
  } catch (error) {
    postMessage(String(error));
  }
};
