// Live updates, search while typing, keys, and a guard against sending twice. Every page works without this file.
"use strict";

(() => {
  const body = document.body;
  const stale = document.getElementById("stale");
  let shown = Number(body.dataset.revision || 0);

  // Somebody types, chooses or signs here: hands off.
  const inUse = (area) => {
    const active = document.activeElement;
    if (active && area.contains(active) && active.matches("input, textarea, select, canvas")) return true;
    return isChanged(area);
  };
  const isChanged = (area) => {
    return [...area.querySelectorAll("input, textarea")].some((field) =>
      field.type === "radio" || field.type === "checkbox"
        ? field.checked !== field.defaultChecked
        : field.type !== "hidden" && field.value !== field.defaultValue);
  };

  // What eyes see change by itself is told to ears: by its headline, and once.
  const TOLD = ["outcome", "ladder", "outage", "attention"];
  const headline = (area) => area.querySelector("h2, strong, a")?.textContent.replace(/\s+/g, " ").trim() || "";

  const replace = (fresh) => {
    const news = [];
    for (const area of document.querySelectorAll("[data-live]")) {
      const next = fresh.getElementById(area.id);
      if (!next || next.outerHTML === area.outerHTML) continue;
      const header = area.closest("header, #outage, #cards-left") !== null;
      if ((body.hasAttribute("data-held") && !header) || inUse(area)) continue;
      const opened = [...area.querySelectorAll("details[open][id]")].map((details) => details.id);
      const focus = area.contains(document.activeElement) ? document.activeElement.id : "";
      const copy = document.importNode(next, true);
      if (TOLD.includes(area.id) && headline(copy) !== headline(area)) news.push(headline(copy));
      if (area.tagName === "DETAILS") copy.open = area.open;
      area.replaceWith(copy);
      for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
      if (focus) document.getElementById(focus)?.focus();
    }
    const told = document.getElementById("news");
    if (told && news.some((line) => line)) told.textContent = news.filter((line) => line).join(" — ");
  };

  // The session has ended: nobody's data stays on the screen. Only what somebody typed within the last minutes is left
  // alone; sending it leads to the sign-in page, which keeps it.
  const TYPED_LATELY_MS = 180000;
  let typedAt = -Infinity;
  let leaving = false;
  document.addEventListener("input", () => { typedAt = performance.now(); });
  const leave = () => {
    if (leaving) return;
    leaving = true;
    source?.close();
    const go = () => {
      if (performance.now() - typedAt > TYPED_LATELY_MS) { location.replace(body.dataset.path); return; }
      document.getElementById("signed-out").hidden = false;
      setTimeout(go, 5000);
    };
    go();
  };

  // What stands half filled in waits in the box while the counter is locked or somebody else uses it; never in the browser.
  const post = (path, fields) => {
    const sent = new URLSearchParams(fields);
    sent.set("csrf", body.dataset.csrf || "");
    return fetch(path, { method: "POST", credentials: "same-origin", redirect: "manual", keepalive: true, body: sent });
  };
  const halfFilled = () => {
    const fields = [];
    if (!isChanged(body)) return fields;
    for (const form of document.querySelectorAll("main form")) {
      if (form.method !== "post" || form.dataset.sent) continue;
      for (const field of form.elements) {
        if (!field.name || ["hidden", "password", "submit", "button"].includes(field.type)) continue;
        if (["radio", "checkbox"].includes(field.type) && !field.checked) continue;
        if (field.value && fields.length < 90) fields.push([`${form.getAttribute("action")}|${field.name}`, field.value]);
      }
    }
    return fields;
  };
  const keepDraft = async () => {
    const fields = halfFilled();
    if (!fields.length || !body.dataset.csrf) return true;
    const answer = await post("/drafts", [...fields, ["draft_path", body.dataset.path]]).catch(() => null);
    return answer?.status === 204;
  };
  const lock = async () => {
    if (leaving) return;
    if (!await keepDraft()) return leave();
    leaving = true;
    source?.close();
    location.replace(body.dataset.path);
  };
  const bringBack = async () => {
    if (!body.hasAttribute("data-draft")) return;
    const answer = await post("/drafts/take", [["draft_path", body.dataset.path]]).catch(() => null);
    if (answer?.status !== 200) return;
    for (const [name, value] of await answer.json()) {
      const at = name.indexOf("|");
      for (const form of document.querySelectorAll("main form")) {
        if (form.getAttribute("action") !== name.slice(0, at)) continue;
        const fields = [...form.elements].filter((field) => field.name === name.slice(at + 1) && field.type !== "hidden");
        for (const field of fields) {
          if (["radio", "checkbox"].includes(field.type)) { if (field.value === value) field.checked = true; } else field.value = value;
          for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
        }
        fields[0]?.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
    body.removeAttribute("data-draft");
    body.setAttribute("data-draft-shown", "");
  };
  bringBack();
  let kept = false;
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-leave]");
    if (!link || kept) return;
    event.preventDefault();
    await keepDraft();
    location.assign(link.href);
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    // a form that is being sent cannot be sent again: only what has to wait for the box is held up
    if (!form.matches("form[data-leave]") || kept || !halfFilled().length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await keepDraft();
    kept = true;
    form.requestSubmit();
  }, true);

  // Somebody who types is there, though nothing is sent yet.
  let heardAt = performance.now();
  document.addEventListener("input", () => {
    if (!body.dataset.csrf || performance.now() - heardAt < 60000) return;
    heardAt = performance.now();
    fetch("/active", { credentials: "same-origin", redirect: "manual" }).catch(() => { /* the stream says when the box is gone */ });
  });

  // A slip scanned beside this screen opens at once, unless somebody is typing or what was typed is shown again.
  const openSlip = () => {
    const slip = document.querySelector("form[data-open-now]");
    if (slip && !slip.dataset.sent && !body.hasAttribute("data-held") && !isChanged(body)) slip.requestSubmit();
  };

  const refresh = async () => {
    const answer = await fetch(body.dataset.path, { credentials: "same-origin", redirect: "manual", headers: { "X-Live": "1" } });
    if (answer.type === "opaqueredirect") return lock();
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    shown = Math.max(shown, Number(fresh.body.dataset.revision || 0));
    replace(fresh);
    openSlip();
  };

  // "Saved" is said once: a reload of the same address does not say it again.
  const here = new URL(location.href);
  if (here.searchParams.has("saved")) {
    here.searchParams.delete("saved");
    here.searchParams.delete("card");
    history.replaceState(null, "", here);
  }

  let wait = 1000;
  let asked = 0;
  let busy = false;
  const newer = async (revision) => {
    asked = Math.max(asked, revision);
    if (busy) return;
    busy = true;
    try {
      while (asked > shown) {
        const goal = asked;
        await refresh();
        if (shown < goal) shown = goal;
      }
    } catch { /* the stream says when the box is gone */ } finally { busy = false; }
  };

  // A page that is left gives its connection back at once: a browser has only six for one host.
  let source = null;
  window.addEventListener("pagehide", () => source?.close());
  const listen = () => {
    if (leaving) return;
    source = new EventSource("/events");
    let opened = false;
    source.addEventListener("open", () => { opened = true; wait = 1000; if (stale) stale.hidden = true; });
    source.addEventListener("revision", (event) => newer(Number(event.data)));
    source.addEventListener("signed-out", lock);
    source.addEventListener("error", () => {
      source.close();
      if (!opened) {
        if (stale) stale.hidden = false;
        refresh().catch(() => { /* not even a page: the box is gone for now */ });
      }
      setTimeout(listen, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, 30000);
    });
  };
  if (body.hasAttribute("data-live-updates")) listen();

  // Whatever takes longer than a moment says so, to eyes and to ears.
  const SLOW_MS = 1000;
  const progress = document.getElementById("progress");
  let slow = 0;
  const begin = () => {
    clearTimeout(slow);
    slow = setTimeout(() => { if (progress) progress.textContent = body.dataset.sending; }, SLOW_MS);
  };
  const done = () => {
    clearTimeout(slow);
    if (progress) progress.textContent = "";
  };

  // What the menu keeps for now and then closes like a menu.
  const more = document.getElementById("more-pages");
  document.addEventListener("click", (event) => { if (more?.open && !more.contains(event.target)) more.open = false; });
  more?.addEventListener("focusout", (event) => { if (event.relatedTarget && !more.contains(event.relatedTarget)) more.open = false; });
  more?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !more.open) return;
    more.open = false;
    more.querySelector("summary").focus();
  });

  // Sending twice: the second press does nothing; the server would notice as well.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    if (form.target !== "_blank") begin();
    const button = event.submitter;
    setTimeout(() => {
      if (button) { button.setAttribute("aria-busy", "true"); button.disabled = true; }
    });
  });
  openSlip();
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // Search while typing; the text travels in the body of a POST and stands in no address.
  const search = document.querySelector("[data-search]");
  if (search) {
    const input = search.querySelector("input[name=q]");
    let timer = 0;
    let latest = 0;
    const look = async () => {
      const mine = ++latest;
      begin();
      const asked = fetch(search.action, { method: "POST", credentials: "same-origin", redirect: "manual", body: new URLSearchParams(new FormData(search)) });
      const answer = await asked.finally(() => { if (mine === latest) done(); });
      if (!answer.ok || mine !== latest) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const results = fresh.getElementById("results");
      results?.querySelectorAll("[autofocus]").forEach((hit) => hit.removeAttribute("autofocus"));
      if (results) document.getElementById("results").replaceWith(document.importNode(results, true));
    };
    input.addEventListener("input", (event) => {
      clearTimeout(timer);
      if (event.isComposing || input.value.trim().length < 2) return;
      timer = setTimeout(() => look().catch(() => {}), 250);
    });
    input.addEventListener("keydown", (event) => {
      const first = document.querySelector("[data-arrows] button");
      if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const active = document.activeElement;
    const list = active?.closest("[data-arrows]");
    if (list && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const buttons = [...list.querySelectorAll("button")];
      const at = buttons.indexOf(active) + (event.key === "ArrowDown" ? 1 : -1);
      (at < 0 ? document.querySelector("input[name=q]") : buttons[Math.min(at, buttons.length - 1)])?.focus();
      return;
    }
    if (active?.matches("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    // 0 opens what else can be shown; the letter of a thing chooses it. At check-in the letter also receives the patient that has the
    // focus.
    const picker = document.querySelector("[data-picker]");
    if (event.key === "0" && picker) {
      event.preventDefault();
      picker.open = true;
      picker.querySelector("[data-key]")?.focus();
      picker.scrollIntoView({ block: "start" });
      return;
    }
    if (/^[a-z]$/.test(event.key) && !event.repeat) {
      const thing = document.querySelector(`[data-key="${event.key}"]`);
      if (!thing || thing.closest("details:not([open])")) return;
      event.preventDefault();
      if (!thing.matches("[type=radio]")) { thing.click(); return; }
      thing.checked = true;
      if (active?.matches(".hit")) active.click();
      return;
    }
    // A digit goes to the step with that number. A step of one plain button is pressed at once; any other opens, gets the
    // focus, and is pressed by the same digit again.
    if (/^[1-9]$/.test(event.key)) {
      const step = document.querySelector(`[data-step="${event.key}"]`);
      if (!step) return;
      event.preventDefault();
      if (step.tagName === "DETAILS") step.open = true;
      const main = step.querySelector("[data-do], .do input:not([type=hidden]), .do button");
      if (!main) { step.scrollIntoView({ block: "center" }); return; }
      const press = main.hasAttribute("data-once") || (main === active && main.matches("button, a"));
      if (press) { if (!event.repeat) main.click(); return; }
      main.focus();
      main.scrollIntoView({ block: "nearest" });
    }
  });

  document.querySelector("[aria-invalid=true]")?.focus();
})();
