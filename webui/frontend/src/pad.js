// Handwriting on a canvas; it travels as a PNG in a hidden field. Signing works without it.
export function beginPad(part) {
  const pad = part.querySelector("[data-pad]");
  const form = part.closest("form");
  if (!pad || part.dataset.begun) return;
  part.dataset.begun = "yes";
  const drawn = part.querySelector("[data-drawn]");
  const pen = pad.getContext("2d");
  let down = false;
  Object.assign(pen, { lineWidth: 2.5, lineCap: "round", lineJoin: "round" });

  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [((event.clientX - box.left) * pad.width) / box.width, ((event.clientY - box.top) * pad.height) / box.height];
  };
  pad.addEventListener("pointerdown", (event) => {
    down = true;
    pad.setPointerCapture(event.pointerId);
    pen.strokeStyle = getComputedStyle(pad).color;
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!down) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  pad.addEventListener("pointerup", () => {
    down = false;
    drawn.value = pad.toDataURL("image/png");
    drawn.dispatchEvent(new Event("input", { bubbles: true }));
  });
  part.querySelector("[data-clear]").addEventListener("click", () => { pen.clearRect(0, 0, pad.width, pad.height); drawn.value = ""; });
  form.querySelectorAll("[name=stored]").forEach((box) => pad.addEventListener("pointerdown", () => { box.checked = false; }));
}
