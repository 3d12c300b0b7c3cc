// Before the first paint, so that a reader who chose dark never sees a flash of light.
try {
  const chosen = localStorage.getItem("migfit-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is off or holds something else: the system's colours stay.
}
// What a link shows is not what an empty page shows.
if (location.hash.length > 1) document.documentElement.dataset.linked = "";
