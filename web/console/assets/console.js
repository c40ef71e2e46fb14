// Improves pages that work without it: keys, live updates in place, drafts that save
// themselves. Texts are the page's own, in its language.
"use strict";
(() => {
  const live = document.getElementById("live");
  if (!live) return;
  const say = live.dataset;
  const lang = document.documentElement.lang;
  const clock = (t) => t.toLocaleTimeString(lang === "da" ? "da-DK" : "en-GB", { hour: "2-digit", minute: "2-digit" });
  const loaded = clock(new Date());

  // Announcements: politely, the latest of each 10 seconds.
  const box = document.getElementById("announce");
  let next = "", waiting = false;
  function announce(text) {
    next = text;
    if (waiting) return;
    waiting = true;
    box.textContent = next;
    setTimeout(() => {
      waiting = false;
      if (box.textContent !== next) announce(next);
    }, 10000);
  }

  // The connection, in words.
  const line = document.getElementById("connection");
  function connected(ok, text) {
    if (line.textContent === text) return;
    line.textContent = text;
    line.className = ok ? "" : "lost";
    if (!ok) announce(text);
  }

  // What is new waits behind a pill: the list never moves by itself.
  const pill = document.getElementById("pill");
  const waitingTickets = new Set();
  function show(text) {
    if (!pill) return;
    pill.firstElementChild.textContent = text;
    pill.hidden = false;
    announce(text);
  }

  const page = document.querySelector("[data-ticket][data-event]");
  const list = document.querySelector(".rows") || document.getElementById("empty");
  const stale = new Set();
  let fetching = 0;

  function changed(id) {
    if (page) {
      if (id === page.dataset.ticket) show(say.changed);
      return;
    }
    if (document.getElementById("row-" + id)) {
      stale.add(id);
      clearTimeout(fetching);
      fetching = setTimeout(refresh, 500);
    } else if (list) {
      waitingTickets.add(id);
      const n = waitingTickets.size;
      show((n === 1 ? say.newOne : say.newOther).replace("%d", n));
    }
  }

  // Rows are put in place of the old ones: order, scroll and focus stay.
  async function refresh() {
    const ids = [...stale].slice(0, 25);
    ids.forEach((id) => stale.delete(id));
    try {
      const answer = await fetch("/console/rows?ids=" + ids.join(","), { credentials: "same-origin" });
      if (answer.status === 401) { connected(false, say.expired); return; }
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString("<ol>" + await answer.text() + "</ol>", "text/html");
      for (const row of fresh.querySelectorAll("li[data-ticket]")) {
        const old = document.getElementById(row.id);
        if (!old) continue;
        const here = old.classList.contains("here");
        const focused = old.contains(document.activeElement);
        old.replaceChildren(...row.childNodes);
        old.classList.add("changed");
        old.classList.toggle("here", here);
        if (focused) old.querySelector("a").focus({ preventScroll: true });
      }
    } catch { /* the stream tells that the connection is lost */ }
    if (stale.size) fetching = setTimeout(refresh, 500);
  }

  function listen() {
    const source = new EventSource("/console/events" + (page ? "?ticket=" + encodeURIComponent(page.dataset.ticket) : ""));
    let lost = false;
    source.onopen = () => {
      if (lost) { // what was missed is not known: look at all that is shown
        document.querySelectorAll(".row[data-ticket]").forEach((row) => stale.add(row.dataset.ticket));
        if (stale.size) refresh();
        announce(say.again);
      }
      lost = false;
      connected(true, say.back.replace("%s", clock(new Date())));
    };
    source.onerror = async () => {
      lost = true;
      connected(false, say.lost.replace("%s", loaded));
      if (source.readyState !== EventSource.CLOSED) return;
      try {
        const answer = await fetch("/console/rows?ids=", { credentials: "same-origin" });
        if (answer.status === 401) { connected(false, say.expired); return; }
      } catch { /* not there yet */ }
      setTimeout(listen, 5000);
    };
    source.addEventListener("ticket", (e) => changed(JSON.parse(e.data).ticket));
    source.addEventListener("readers", (e) => {
      const readers = document.getElementById("readers");
      if (!readers) return;
      const names = JSON.parse(e.data).readers;
      readers.hidden = !names;
      readers.textContent = names ? names + " " + say.reading : "";
      if (names) announce(readers.textContent);
    });
    addEventListener("pagehide", () => source.close());
  }
  listen();

  // Drafts save themselves two seconds after the last key.
  const form = document.querySelector("form[data-draft]");
  if (form) {
    const state = document.getElementById("draft-state");
    let timer = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        try {
          const answer = await fetch(form.dataset.draft, {
            method: "POST", credentials: "same-origin", body: new URLSearchParams(new FormData(form)),
          });
          state.textContent = answer.ok ? say.saved.replace("%s", await answer.text()) : answer.status === 401 ? say.expired : state.textContent;
        } catch { /* it is sent again with the next key */ }
      }, 2000);
    });
    form.addEventListener("submit", () => clearTimeout(timer));
  }

  // Keys: off by a switch, and dead in fields.
  function press(key) {
    const target = document.querySelector('[data-key="' + key + '"]');
    if (target) target.click();
    return !!target;
  }
  document.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && press("preview")) e.preventDefault();
  });
  if (say.keys !== "true") return;

  const rows = () => [...document.querySelectorAll("details[open] .row, .rows > .row")].filter((r, i, all) => r.offsetParent && all.indexOf(r) === i);
  function move(step) {
    const all = rows();
    if (!all.length) return false;
    const at = all.findIndex((r) => r.classList.contains("here"));
    const to = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
    all.forEach((r) => r.classList.toggle("here", r === to));
    to.querySelector("a.title").focus();
    return true;
  }
  const places = { i: "/console", p: "/console/planning", m: "/console/mail", r: "/console/roadmap" };
  let going = 0;
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    if (e.target.closest("input, textarea, select, [contenteditable]")) return;
    let done = true;
    if (Date.now() - going < 1500 && places[e.key]) {
      const link = document.querySelector('nav a[href="' + places[e.key] + '"]');
      going = 0;
      if (link) link.click(); else done = e.key === "i" && (location.href = "/console", true);
    } else if (e.key === "g") going = Date.now();
    else if (e.key === "j") done = move(1);
    else if (e.key === "k") done = move(-1);
    else if (e.key === "?") location.href = "/console/keys";
    else if (e.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) search.focus(); else done = false;
    } else if ("urnspthyxa".includes(e.key)) done = press(e.key);
    else done = false;
    if (done) e.preventDefault();
  });
})();
