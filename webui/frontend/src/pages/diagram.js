// Draws a BPMN file in its frame and colours it by where the instance stands; the bpmn.io mark stays visible.
import Viewer from "bpmn-js/lib/NavigatedViewer";

/** One node is chosen everywhere: on the drawing, in the lists, in the rail. */
function choose(node) {
  document.querySelectorAll(".node-chosen").forEach((each) => each.classList.remove("node-chosen"));
  document.querySelectorAll(`[data-node="${CSS.escape(node)}"]`).forEach((each) => { each.classList.add("node-chosen"); each.scrollIntoView({ block: "nearest" }); });
  document.querySelectorAll("[data-diagram]").forEach((each) => each.dispatchEvent(new CustomEvent("choose", { detail: node })));
}

async function draw(frame) {
  const viewer = new Viewer({ container: frame });
  try {
    const answer = await fetch(frame.dataset.diagram, { headers: { Accept: "application/xml" } });
    if (!answer.ok) throw new Error(`${answer.status} for ${frame.dataset.diagram}`);
    await viewer.importXML(await answer.text());
  } catch (problem) {
    frame.dataset.state = "failed";
    frame.textContent = frame.dataset.failed;
    frame.closest("figure")?.querySelector("details")?.setAttribute("open", "");
    console.warn(problem);
    return;
  }
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const overlays = viewer.get("overlays");
  canvas.zoom("fit-viewport", "auto");
  for (const [node, mark] of Object.entries(JSON.parse(frame.dataset.marks || "{}"))) {
    if (!registry.get(node)) continue;
    canvas.addMarker(node, `mark-${mark.state}`);
    if (mark.note) {
      const html = document.createElement("div");
      html.className = "diagram-note";
      html.textContent = mark.note;
      overlays.add(node, { position: { bottom: 8, left: 0 }, html });
    }
  }
  frame.dataset.state = "drawn";
  viewer.get("eventBus").on("element.click", ({ element }) => choose(element.id));
  frame.addEventListener("choose", ({ detail }) => {
    registry.filter((each) => canvas.hasMarker(each, "mark-chosen")).forEach((each) => canvas.removeMarker(each, "mark-chosen"));
    const element = registry.get(detail);
    if (!element) return;
    canvas.addMarker(element, "mark-chosen");
    canvas.scrollToElement?.(element);
  });
}

const begin = (root) => root.querySelectorAll("[data-diagram]:not([data-begun])").forEach((frame) => {
  frame.dataset.begun = "yes";
  // a closed tab has no size to fit into: wait until the frame is seen
  new IntersectionObserver((entries, observer) => { if (entries.some((each) => each.isIntersecting)) { observer.disconnect(); draw(frame); } }).observe(frame);
});
begin(document);
document.addEventListener("click", (event) => {
  const named = event.target.closest?.("[data-node]");
  if (named && !named.closest("[data-diagram]")) choose(named.dataset.node);
});
document.addEventListener("htmx:load", (event) => begin(event.target));
