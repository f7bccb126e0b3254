// What pages do beyond HTML: dialogs, copying, local times, the palette, and listening for news.
"use strict";

const find = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];

// Times in the zone of whoever looks at them.
function localTimes(root) {
  const now = new Date();
  for (const element of all("time[datetime]:not([data-local])", root)) {
    const at = new Date(element.dateTime);
    const parts = { day: "numeric", month: "short" };
    if (at.getFullYear() !== now.getFullYear() || "day" in element.dataset) parts.year = "numeric";
    if (!("day" in element.dataset)) Object.assign(parts, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    if ("second" in element.dataset) parts.second = "2-digit";
    element.textContent = new Intl.DateTimeFormat("en-GB", parts).format(at);
    element.title = at.toISOString().replace(".000Z", "Z");
    element.dataset.local = "";
  }
}

// How long a call goes on already: the server says how long it was, and we count on.
function countUp() {
  for (const element of all("[data-elapsed]")) {
    element.began ??= Date.now() - 1000 * element.dataset.elapsed;
    const seconds = Math.floor((Date.now() - element.began) / 1000);
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    const rest = String(seconds % 60).padStart(2, "0");
    element.textContent = hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
  }
}

// What our clocks differ from UTC at a time that was chosen: summer time may begin before it.
function noteOffset(field) {
  const at = field.value ? new Date(field.value) : new Date();
  find(`[data-offset="${field.name}"]`, field.form).value = at.getTimezoneOffset();
}

document.addEventListener("input", (event) => {
  if (event.target.type === "datetime-local") noteOffset(event.target);
}, true);

function prepare(root) {
  localTimes(root);
  countUp();
  for (const box of all(".bubbles", root)) box.scrollTop = box.scrollHeight;
  for (const field of all("input[data-offset]", root)) noteOffset(find(`[name="${field.dataset.offset}"]`, field.form));
}

async function copy(button) {
  const text = button.dataset.copy || find("pre, code", button.parentElement).textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const range = document.createRange();
    range.selectNodeContents(find("pre, code", button.parentElement));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
  button.classList.add("is-done");
  setTimeout(() => button.classList.remove("is-done"), 1200);
}

// The palette.
const palette = () => find("#palette");
function openPalette() {
  if (!palette() || palette().open) return;
  document.body.classList.remove("menu");
  palette().showModal();
  const input = find("input", palette());
  input.value = "";
  input.dispatchEvent(new Event("opened"));
  input.focus();
}

function chooseHit(step) {
  const hits = all("#hits a");
  if (!hits.length) return;
  const now = hits.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  const next = hits[(now + step + hits.length) % hits.length];
  hits.forEach((hit) => hit.setAttribute("aria-selected", String(hit === next)));
  find("input", palette()).setAttribute("aria-activedescendant", next.id);
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
  } else if (palette()?.open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    chooseHit(event.key === "ArrowDown" ? 1 : -1);
  } else if (palette()?.open && event.key === "Enter") {
    event.preventDefault();
    find('#hits a[aria-selected="true"]')?.click();
  } else if (event.key === "/" && !event.target.closest("input, textarea, select, dialog")) {
    event.preventDefault();
    const filter = find(".filters input, .filters select");
    if (filter) filter.focus();
    else openPalette();
  } else if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && event.target.matches("textarea")) {
    event.target.form?.requestSubmit();
  }
});

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-open], [data-close], [data-copy], [data-palette], [data-menu], [data-add],"
    + " [data-phone], [data-dial]");
  if (!target) {
    if (event.target === palette()) palette().close();
    return;
  }
  if ("open" in target.dataset) find("#" + target.dataset.open).showModal();
  else if ("close" in target.dataset) target.closest("dialog").close();
  else if ("copy" in target.dataset) copy(target);
  else if ("palette" in target.dataset) openPalette();
  else if ("phone" in target.dataset) openPhone();
  else if ("dial" in target.dataset) openPhone(true, target.dataset.dial, target.dataset.from);
  else if ("menu" in target.dataset) {
    const open = document.body.classList.toggle("menu");
    target.setAttribute("aria-expanded", String(open));
  } else if ("add" in target.dataset) {
    const rows = find("#" + target.dataset.add);
    const n = rows.children.length;
    const row = rows.lastElementChild.cloneNode(true);
    for (const field of all("input", row)) {
      field.name = field.name.replace(/^w\d+/, "w" + n);
      if (field.type === "checkbox") field.checked = false;
    }
    rows.append(row);
    find("input", row).focus();
  }
});

// A file chosen into a text field, and filters that apply as they are chosen.
document.addEventListener("change", async (event) => {
  const field = event.target;
  if (field.matches("[data-into]") && field.files.length) {
    find("#" + field.dataset.into).value = await field.files[0].text();
  } else if (field.matches(".filters select")) {
    field.form.requestSubmit();
  } else if (field.matches("[data-shows]")) {
    for (const part of all("[data-of]", field.form)) part.hidden = part.dataset.of !== field.value;
  }
});

// A small file as base64 in a hidden field beside it.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("[data-base64]") || !field.files.length) return;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    find("#" + field.dataset.base64).value = reader.result.slice(reader.result.indexOf(",") + 1);
  });
  reader.readAsDataURL(field.files[0]);
});

// A refusal stands beside the field that it is about; one about none stands at the form's end.
function placeRefusal(box) {
  const form = box.closest("form");
  for (const field of all("[aria-invalid]", form)) field.removeAttribute("aria-invalid");
  const param = find("[data-param]", box)?.dataset.param.replace(/\[\d+\]/g, "");
  const field = param && (all("[name]", form).find((each) => each.name === param && each.type !== "hidden")
    || all("[data-base64]", form).find((each) => find("#" + each.dataset.base64).name === param));
  if (!field) return form.append(box);
  (field.closest("label") || field).after(box);
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

// Empty filters stay out of the address.
document.addEventListener("submit", (event) => {
  if (event.target.matches(".filters")) for (const field of event.target.elements) field.disabled = !field.value;
});

document.addEventListener("htmx:afterSwap", (event) => {
  prepare(event.target);
  if (event.target.matches(".refusal")) placeRefusal(event.target);
  if (event.target.id === "once") {
    for (const open of all("dialog[open]")) open.close();
    find("#once-sheet").showModal();
  }
  if (event.target.id === "hits") chooseHit(1);
});
document.addEventListener("close", (event) => {
  const back = find("#once [data-back]");
  if (event.target.id === "once-sheet" && back) location.assign(back.href);
}, true);

// News of the account: parts of the page that show them ask for themselves again.
if (document.body.dataset.news) {
  const stream = new EventSource(document.body.dataset.news);
  const waiting = new Set();
  stream.addEventListener("news", (event) => {
    const family = JSON.parse(event.data).type.split(".")[0];
    if (!waiting.size) setTimeout(() => {
      for (const name of waiting) document.body.dispatchEvent(new Event("news-" + name));
      waiting.clear();
    }, 250);
    waiting.add(family);
  });
  addEventListener("pagehide", () => stream.close());
}

// The phone is loaded when somebody opens it, and in a tab in which it was on before.
async function openPhone(...how) {
  const { toggle } = await import(find("[data-phone]").dataset.phone);
  toggle(...how);
}
if (sessionStorage.getItem("nokyc-phone") && find("[data-phone]")) import(find("[data-phone]").dataset.phone);

setInterval(countUp, 1000);

function arrive() {
  const here = new URL(location.href);
  if (here.searchParams.has("done")) {
    here.searchParams.delete("done");
    history.replaceState(null, "", here);
  }
  prepare(document);
}
document.addEventListener("panel:frame", arrive);
arrive();
