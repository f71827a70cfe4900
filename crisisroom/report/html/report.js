"use strict";
(() => {
  const root = document.getElementById("tl");
  const bar = document.getElementById("tl-bar");
  if (!root || !bar) return;
  const rows = [...root.querySelectorAll("li[data-t]")];
  if (!rows.length) return;
  const all = rows.map((row) => ({
    row, t: +row.dataset.t, who: row.dataset.w, lane: row.classList[0],
    key: row.classList.contains("key"), words: null,
  }));
  const hours = [...root.querySelectorAll("details.hour")].map((box) => ({
    box, open: box.open, of: box.querySelectorAll("li[data-t]").length, day: null,
  }));
  let heading = null;
  for (const part of root.children) {
    if (part.matches("h3.day")) heading = part;
    else for (const hour of hours) if (hour.box === part) hour.day = heading;
  }
  const days = [...root.querySelectorAll("h3.day")];
  const pick = (id) => document.getElementById(id);
  const text = pick("tl-text"), who = pick("tl-who"), key = pick("tl-key");
  const boxes = [...bar.querySelectorAll("input[data-lane]")];
  const drawings = [...root.querySelectorAll("#tl-over svg")].map(measure);
  const first = Math.min(...drawings.map((one) => one.since), all[0].t);
  const last = Math.max(...drawings.map((one) => one.until), all[all.length - 1].t + 1);
  const span = { from: first, to: last };
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: root.dataset.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const day = new Intl.DateTimeFormat("en-GB", {
    timeZone: root.dataset.zone, day: "numeric", month: "short",
  });
  const full = new Intl.DateTimeFormat("en-GB", {
    timeZone: root.dataset.zone, weekday: "short", day: "numeric", month: "short",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const SVG = "http://www.w3.org/2000/svg", BINS = 120, TALL = 22, LEAST = 120;

  function measure(svg) {
    const base = svg.querySelector(".lane").previousElementSibling;
    return {
      svg, left: +base.getAttribute("x1"), right: +base.getAttribute("x2"),
      since: +svg.dataset.since, until: +svg.dataset.until,
      ticks: svg.querySelector(".ticks"), still: [...svg.querySelector(".ticks").childNodes],
      lanes: [...svg.querySelectorAll(".lane")].map((g) => ({
        g, name: g.classList[1], base: +g.dataset.base,
      })),
    };
  }
  const exact = new Intl.DateTimeFormat("en-GB", {
    timeZone: root.dataset.zone, hourCycle: "h23", year: "numeric", month: "numeric",
    day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  });
  function ahead(t) {  // how many seconds the zone is ahead of UTC then
    const is = {};
    for (const { type, value } of exact.formatToParts(t * 1000)) is[type] = +value;
    return Date.UTC(is.year, is.month - 1, is.day, is.hour, is.minute, is.second) / 1000 - Math.floor(t);
  }
  const whole = () => span.from === first && span.to === last;
  const drawn = { from: drawings[0].since, to: drawings[0].until };
  const view = () => (whole() ? drawn : span);  // all of it is drawn without what came long after
  const made = (name, values) => {
    const one = document.createElementNS(SVG, name);
    for (const key in values) one.setAttribute(key, values[key]);
    return one;
  };

  function draw(shown) {
    const sums = {}, { from, to: end } = view();
    for (const one of shown) {
      const bin = Math.floor(((one.t - from) / (end - from)) * BINS);
      if (bin < 0 || bin >= BINS) continue;
      (sums[one.lane] ||= new Array(BINS).fill(0))[bin] += 1;
    }
    const most = Math.max(1, ...Object.values(sums).flat());
    for (const to of drawings) {
      const wide = (to.right - to.left) / BINS;
      for (const lane of to.lanes) {
        const heap = (sums[lane.name] || []).flatMap((count, bin) => {
          if (!count) return [];
          const tall = 4 + (TALL - 4) * Math.sqrt(count / most);
          return [made("rect", {
            x: to.left + bin * wide, y: lane.base - tall, class: "heap",
            width: Math.max(wide - 0.5, 0.5), height: tall,
          })];
        });
        lane.g.replaceChildren(...heap);
      }
      ticks(to);
    }
  }

  function ticks(to) {
    if (whole()) {
      to.ticks.replaceChildren(...to.still);
      return;
    }
    const long = span.to - span.from, most = to.right - to.left < 460 ? 4 : 9;
    const steps = [60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];
    const step = steps.find((one) => long / one <= most) || long / most;
    const top = 2, bottom = to.lanes[to.lanes.length - 1].base + 4, parts = [];
    const there = span.from + ahead(span.from);
    for (let local = Math.ceil(there / step) * step; ; local += step) {
      const guess = local - ahead(span.from), t = local - ahead(guess);
      if (t >= span.to) break;
      const x = to.left + ((t - span.from) / long) * (to.right - to.left);
      parts.push(made("line", { x1: x, x2: x, y1: top, y2: bottom, class: "grid" }));
      if (x < to.left + 18 || x > to.right - 14) continue;
      const word = made("text", { x, y: bottom + 17, class: "tick", "text-anchor": "middle" });
      word.textContent = (local % 86400 ? clock : day).format(t * 1000);
      parts.push(word);
    }
    to.ticks.replaceChildren(...parts);
  }

  const words = (one) => (one.words ??= one.row.textContent.toLowerCase());

  function show() {
    const find = text.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const lanes = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.lane));
    const quiet = whole() && !find.length && !who.value && !key.checked && lanes.size === boxes.length;
    const beside = [];
    const fits = new Map(hours.map((hour) => [hour.box, 0]));
    let count = 0;
    for (const one of all) {
      const plain = lanes.has(one.lane) && (!who.value || one.who === who.value) &&
        (!key.checked || one.key) && find.every((part) => words(one).includes(part));
      if (plain) beside.push(one);
      const fit = plain && one.t >= span.from && one.t < span.to;
      one.row.hidden = !fit;
      if (!fit) continue;
      count += 1;
      const box = one.row.closest("details");
      fits.set(box, fits.get(box) + 1);
    }
    const some = new Set();
    for (const hour of hours) {
      const left = fits.get(hour.box);
      hour.box.hidden = !left;
      hour.box.open = quiet ? hour.open : count <= 400;
      if (left) some.add(hour.day);
    }
    for (const day of days) day.hidden = !some.has(day);
    pick("tl-none").hidden = count > 0;
    const size = all.length.toLocaleString("en");
    pick("tl-said").textContent = quiet ? `${size} entries` : `${count.toLocaleString("en")} of ${size} entries`;
    pick("tl-span").textContent = said();
    draw(beside);
  }

  function said() {
    if (whole()) return "the whole time";
    return `${full.format(span.from * 1000)} to ${full.format(span.to * 1000)}`;
  }
  function zoom(times) {
    const { from, to } = view();
    const long = Math.min(last - first, Math.max(LEAST, (to - from) * times));
    move((from + to) / 2 - long / 2, long);
  }
  function step(by) {
    const { from, to } = view();
    move(from + (to - from) * by, to - from);
  }
  function move(from, long) {
    span.from = Math.round(Math.max(first, Math.min(from, last - long)));
    span.to = Math.round(Math.min(last, span.from + long));
    show();
  }
  const acts = {
    in: () => zoom(0.5),
    out: () => zoom(2),
    back: () => step(-0.5),
    on: () => step(0.5),
    all: () => move(first, last - first),
  };
  const keys = { "+": "in", "=": "in", "-": "out", ArrowLeft: "back", ArrowRight: "on", 0: "all" };

  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (button) acts[button.dataset.do]();
  });
  let waits = 0;
  bar.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(show, 120);
  });
  for (const place of [bar, pick("tl-over")]) {
    place.addEventListener("keydown", (event) => {
      const typing = event.target.matches("input[type=search], select");
      if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
      event.preventDefault();
      acts[keys[event.key]]();
    });
  }

  for (const to of drawings) {
    let from = null, mark = null;
    const at = (event) => {
      const box = to.svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * to.svg.viewBox.baseVal.width;
      const share = Math.min(1, Math.max(0, (x - to.left) / (to.right - to.left)));
      return { x: to.left + share * (to.right - to.left), t: view().from + share * (view().to - view().from) };
    };
    to.svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      from = at(event);
      mark = made("rect", { x: from.x, y: 2, width: 0, height: to.svg.viewBox.baseVal.height - 26, class: "brush" });
      to.svg.append(mark);
      to.svg.setPointerCapture(event.pointerId);
    });
    to.svg.addEventListener("pointermove", (event) => {
      if (!from) return;
      const here = at(event);
      mark.setAttribute("x", Math.min(from.x, here.x));
      mark.setAttribute("width", Math.abs(from.x - here.x));
    });
    const over = (event) => {
      if (!from) return;
      const here = at(event), start = from;
      mark.remove();
      from = mark = null;
      if (event.type === "pointerup" && Math.abs(here.x - start.x) > 6) {
        const low = Math.min(here.t, start.t), high = Math.max(here.t, start.t);
        move(low, Math.max(LEAST, high - low));
      }
    };
    to.svg.addEventListener("pointerup", over);
    to.svg.addEventListener("pointercancel", over);
  }

  function clear() {
    text.value = who.value = "";
    key.checked = false;
    for (const box of boxes) box.checked = true;
    acts.all();
  }
  function reveal() {
    const target = /^#e\d+$/.test(location.hash) && document.querySelector(location.hash);
    if (!target) return;
    if (target.hidden) clear();
    target.closest("details").open = true;
    target.scrollIntoView({ block: "center" });
  }
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => {
    for (const box of document.querySelectorAll("main details")) box.open = true;
  });
  bar.hidden = false;
  pick("tl-said").textContent = `${all.length.toLocaleString("en")} entries`;
  pick("tl-span").textContent = said();
  if (location.hash) reveal();
})();
