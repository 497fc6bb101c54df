// The patient's tablet: notices what the desk does, asks whether anybody is there, reads aloud, and stays on its pages. Keeps nothing.
"use strict";

(() => {
  const body = document.body;
  const LOOK_EVERY_MS = 2000;
  const TELL_EVERY_MS = 20000;

  // A page that was kept by the browser is not shown again: it may be another patient's by now.
  addEventListener("pageshow", (event) => { if (event.persisted) location.replace("/tablet"); });

  // The desk hands a form over, or takes it back: the tablet shows it at once.
  let leaving = false;
  const leave = () => { if (!leaving) { leaving = true; location.replace("/tablet"); } };
  const look = async () => {
    if (!body.dataset.state || leaving) return;
    const answer = await fetch("/tablet/state", { credentials: "same-origin", redirect: "manual", cache: "no-store" }).catch(() => null);
    if (!answer) return;
    if (answer.type === "opaqueredirect") { leave(); return; }
    if (answer.ok && await answer.text() !== body.dataset.state) leave();
  };
  setInterval(look, LOOK_EVERY_MS);

  // Nobody touches it: what was typed is kept first, then it asks.
  let touched = performance.now();
  let told = touched;
  const touch = () => {
    touched = performance.now();
    if (touched - told < TELL_EVERY_MS || !body.dataset.state) return;
    told = touched;
    fetch("/tablet/state?active=1", { credentials: "same-origin", redirect: "manual", cache: "no-store" }).catch(() => null);
  };
  for (const kind of ["pointerdown", "pointermove", "keydown", "input", "scroll"]) addEventListener(kind, touch, { passive: true });
  const idle = Number(body.dataset.idle) * 1000;
  const form = document.getElementById("answer");
  if (idle > 0) {
    setInterval(() => {
      if (leaving || performance.now() - touched < idle) return;
      leaving = true;
      const button = document.getElementById("idle");
      if (form && button) form.requestSubmit(button); else location.replace("/tablet/still-there");
    }, 1000);
  }

  // The countdown of "are you still there?".
  const seconds = document.getElementById("seconds");
  if (seconds) {
    let left = Number(seconds.dataset.countdown);
    setInterval(() => {
      left -= 1;
      seconds.textContent = String(Math.max(0, left));
      if (left > 0 || leaving) return;
      leaving = true;
      document.getElementById("put-away").requestSubmit();
    }, 1000);
  }

  // The box is asked first whether it is there, so that no page of the browser's own ever stands on the tablet: what was typed stays
  // until it answers. A button pressed twice counts once.
  const offline = document.getElementById("offline");
  const reached = async () => {
    for (;;) {
      const answer = await fetch("/tablet/state", { credentials: "same-origin", redirect: "manual", cache: "no-store" }).catch(() => null);
      if (offline) offline.hidden = answer !== null;
      if (answer) return;
      await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
    }
  };
  let sending = false;
  document.addEventListener("submit", async (event) => {
    const sent = event.target;
    if (sent.dataset.reached) { delete sent.dataset.reached; return; }
    event.preventDefault();
    if (sending) return;
    sending = true;
    leaving = true;
    const by = event.submitter;
    await reached();
    sent.dataset.reached = "1";
    sent.requestSubmit(by);
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    leaving = true;
    await reached();
    location.assign(link.href);
  });

  // The browser's own way back stays inside: it does what the page's button does.
  history.pushState(null, "", location.href);
  addEventListener("popstate", () => {
    history.pushState(null, "", location.href);
    document.getElementById("back")?.click();
  });

  // Read aloud, only with a voice that lives on the tablet itself: answers are never sent to a service.
  const button = document.getElementById("read-aloud");
  const main = document.querySelector("[data-say]");
  if (!button || !main || !("speechSynthesis" in window)) return;
  const language = document.documentElement.lang.slice(0, 2);
  const voice = () => speechSynthesis.getVoices().find((one) => one.localService && one.lang.slice(0, 2) === language);
  const offer = () => { button.hidden = !voice(); };
  const words = () => {
    const copy = main.cloneNode(true);
    for (const aside of copy.querySelectorAll("rt, rp, noscript, script, option, [hidden]")) aside.remove();
    return [...copy.querySelectorAll("h1, p, label, li, dt, dd, button, a")]
      .filter((part) => !part.querySelector("h1, p, label, li, dt, dd, button, a"))
      .map((part) => part.textContent.trim()).filter(Boolean).join("\n");
  };
  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) { speechSynthesis.cancel(); return; }
    const said = new SpeechSynthesisUtterance(words());
    said.voice = voice();
    said.lang = said.voice.lang;
    said.rate = 0.9;
    speechSynthesis.speak(said);
  });
  speechSynthesis.addEventListener?.("voiceschanged", offer);
  addEventListener("pagehide", () => speechSynthesis.cancel());
  offer();
})();
