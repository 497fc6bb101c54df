// One key per step of the waiting line. Every step is a button or a link too.
"use strict";

(() => {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (document.activeElement?.matches("input, textarea, select")) return;
    if (!/^[a-z]$/i.test(event.key)) return;
    const step = document.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
    if (!step) return;
    event.preventDefault();
    step.click();
  });
})();
