// Search over an index of sections that was made with the site; it is fetched when somebody first looks for something.
const MOST = 12;
const box = document.querySelector("dialog.search");
const field = box.querySelector("input");
const list = box.querySelector("ol");
const note = box.querySelector("[role=status]");
let rows;
let waiting = false;

window.searchIndex = (content) => {
  rows = content.map(([path, anchor, page, title, text]) => ({
    path, anchor, page, title, text, head: `${page} ${title}`.toLowerCase(), body: text.toLowerCase(),
  }));
  look();
};

function open() {
  if (box.open) return;
  box.showModal();
  field.select();
  if (rows || waiting) return;
  waiting = true;
  const script = document.createElement("script");
  script.src = document.documentElement.dataset.index;
  document.head.append(script);
}

function score(row, words) {
  let sum = 0;
  for (const word of words) {
    const at = row.head.search(new RegExp(`\\b${RegExp.escape?.(word) ?? word.replace(/[^\w]/g, "\\$&")}`));
    const inBody = row.body.indexOf(word);
    if (at < 0 && !row.head.includes(word) && inBody < 0) return 0;
    if (at >= 0) sum += row.title.toLowerCase().includes(word) || !row.title ? 12 : 5;
    else if (row.head.includes(word)) sum += 3;
    if (inBody >= 0) sum += 1 + 1 / (1 + inBody / 200);
  }
  if ((row.title || row.page).toLowerCase() === words.join(" ")) sum += 20;
  return row.path.startsWith("decisions") ? sum / 3 : sum;
}

function look() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  list.replaceChildren();
  if (!words.length || !rows) {
    note.textContent = words.length ? "Loading…" : "Type a word: an operation, a field, an error code, a command.";
    return;
  }
  const found = rows
    .map((row) => [score(row, words), row])
    .filter(([points]) => points)
    .sort(([a], [b]) => b - a)
    .slice(0, MOST);
  note.textContent = found.length ? "" : "Nothing found.";
  list.append(...found.map(([, row], n) => entry(row, words, n)));
  select(0);
}

function entry(row, words, n) {
  const { root, suffix } = document.documentElement.dataset;
  const base = root.endsWith(".html") ? root.replace(/index\.html$/, "") : `${root}/`;
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  item.id = `found-${n}`;
  const link = document.createElement("a");
  link.href = `${base}${row.path}${suffix}${row.anchor && `#${row.anchor}`}`;
  link.tabIndex = -1;
  link.append(text("b", row.title || row.page), text("span", row.title ? row.page : ""), excerpt(row, words));
  item.append(link);
  return item;
}

function excerpt(row, words) {
  const at = Math.max(0, Math.min(...words.map((word) => row.body.indexOf(word)).map((n) => (n < 0 ? Infinity : n))));
  const begin = Number.isFinite(at) ? Math.max(0, at - 40) : 0;
  const shown = (begin ? "…" : "") + row.text.slice(begin, begin + 130);
  const line = document.createElement("small");
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[^\w]/g, "\\$&")).join("|")})`, "ig");
  shown.split(pattern).forEach((part, n) => line.append(n % 2 ? text("mark", part) : part));
  return line;
}

function text(tag, words) {
  const element = document.createElement(tag);
  element.textContent = words;
  return element;
}

function select(n) {
  const items = [...list.children];
  items.forEach((item, m) => item.setAttribute("aria-selected", String(m === n)));
  items[n]?.scrollIntoView({ block: "nearest" });
  if (items[n]) field.setAttribute("aria-activedescendant", items[n].id);
  else field.removeAttribute("aria-activedescendant");
}

const chosen = () => [...list.children].findIndex((item) => item.getAttribute("aria-selected") === "true");

for (const button of document.querySelectorAll("[data-search]")) {
  button.hidden = false;
  button.addEventListener("click", open);
}
field.addEventListener("input", look);
field.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const count = list.children.length;
  if (step && count) {
    event.preventDefault();
    select((chosen() + step + count) % count);
  }
});
box.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const link = list.children[chosen()]?.querySelector("a");
  if (link) {
    box.close();
    location.href = link.href;
  }
});
box.addEventListener("click", (event) => {
  if (event.target === box || event.target.closest("a")) box.close();
});
addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const asked = (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) || (event.key === "k" && (event.ctrlKey || event.metaKey));
  if (!asked || typing) return;
  event.preventDefault();
  open();
});
look();
