// Handwriting on a canvas; it travels as a PNG in a hidden field. Signing works without it.
const form = document.querySelector("[data-signature]");
const pad = form?.querySelector("[data-pad]");

if (pad) {
  const drawn = form.querySelector("[data-drawn]");
  const pen = pad.getContext("2d");
  let down = false;
  let used = false;
  Object.assign(pen, { lineWidth: 2.5, lineCap: "round", lineJoin: "round" });

  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [((event.clientX - box.left) * pad.width) / box.width, ((event.clientY - box.top) * pad.height) / box.height];
  };
  pad.addEventListener("pointerdown", (event) => {
    down = used = true;
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
  addEventListener("pointerup", () => { down = false; });
  form.querySelector("[data-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, pad.width, pad.height);
    used = false;
  });
  form.addEventListener("submit", () => { drawn.value = used ? pad.toDataURL("image/png") : ""; });
}
