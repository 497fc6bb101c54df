// A signature by finger, pen or mouse, kept as strokes of whole numbers in a 600 x 200 field.
"use strict";

(() => {
  const canvas = document.getElementById("sign");
  const kept = document.getElementById("strokes");
  const form = kept?.form;
  if (!canvas || !kept || !form) return;
  document.getElementById("sign-on-screen").hidden = false;
  const pen = canvas.getContext("2d");
  const began = performance.now();
  let strokes = kept.value;
  let last = null;

  const draw = () => {
    pen.clearRect(0, 0, 600, 200);
    pen.lineWidth = 3;
    pen.lineCap = "round";
    pen.lineJoin = "round";
    pen.strokeStyle = "#101820";
    if (strokes) pen.stroke(new Path2D(strokes));
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const clamp = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
    return [clamp((event.clientX - box.left) / box.width * 600, 600), clamp((event.clientY - box.top) / box.height * 200, 200)];
  };
  const add = (mark, [x, y]) => {
    const next = `${strokes}${mark}${x} ${y}`;
    if (next.length > 20000) return;
    strokes = next;
    last = [x, y];
    kept.value = strokes;
    document.getElementById("signed-after").value = String(Math.round(performance.now() - began));
    draw();
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    add("M", at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const point = at(event);
    if (Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) >= 2) add("L", point);
  });
  const lift = () => { last = null; };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  document.getElementById("sign-clear").addEventListener("click", () => { strokes = ""; kept.value = ""; lift(); draw(); });
  draw();

  // What the claim would lack; a hint, never a lock.
  const missing = document.querySelector("[data-missing]");
  const value = (name) => form.elements[name]?.value.trim() ?? "";
  const look = () => { missing.hidden = (value("address") || value("workplace")) && (value("phone") || value("other_contact")); };
  if (missing) { form.addEventListener("input", look); look(); }
})();
