// Colours, language tabs, copying, and where the reader is. Without it all code stands one below the other.
const root = document.documentElement;

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It holds for this page then.
  }
}

// Colours
const themeSwitch = document.querySelector("[data-theme-switch]");
const darkByDefault = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : darkByDefault.matches);
const showTheme = () => themeSwitch.setAttribute("aria-pressed", String(isDark()));
themeSwitch.hidden = false;
themeSwitch.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  keep("docs-theme", root.dataset.theme);
  showTheme();
});
darkByDefault.addEventListener("change", showTheme);
showTheme();

// Languages
const samples = [...document.querySelectorAll("[data-sample]")];

function show(language) {
  for (const sample of samples) {
    for (const tab of sample.querySelectorAll("[role=tab]")) {
      const chosen = tab.dataset.language === language;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
  }
  root.dataset.lang = language;
}

function choose(tab) {
  const before = tab.getBoundingClientRect().top;
  show(tab.dataset.language);
  keep("docs-language", tab.dataset.language);
  scrollBy({ top: tab.getBoundingClientRect().top - before, behavior: "instant" });
}

for (const sample of samples) {
  const list = sample.querySelector("[role=tablist]");
  list.hidden = false;
  for (const panel of sample.querySelectorAll(".of-language")) {
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `${panel.id}-tab`);
  }
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) choose(tab);
  });
  list.addEventListener("keydown", (event) => {
    const tabs = [...list.children];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    choose(next);
    next.focus();
  });
}
const known = samples[0] ? [...samples[0].querySelectorAll("[role=tab]")].map((tab) => tab.dataset.language) : [];
if (known.length) show(known.includes(root.dataset.lang) ? root.dataset.lang : known[0]);

// Copying
for (const block of document.querySelectorAll("pre.code")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(block.textContent.trimEnd());
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(block);
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => (button.textContent = "Copy"), 1600);
  });
  const box = document.createElement("div");
  box.className = "code-box";
  block.replaceWith(box);
  box.append(block, button);
}

// Where the reader is
const links = new Map();
for (const link of document.querySelectorAll(".contents a, .side li ul a")) {
  links.set(decodeURIComponent(link.hash.slice(1)), link);
}
const headings = [...document.querySelectorAll("main h2[id], main h3[id]")].filter((heading) => links.has(heading.id));

function follow() {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 130);
  const here = passed.at(-1) ?? headings[0];
  for (const [id, link] of links) {
    if (here && id === here.id) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  }
}
if (headings.length) {
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      follow();
    });
  }, { passive: true });
  follow();
}
const side = document.querySelector(".side");
const current = side.querySelector("[aria-current=page]");
if (current) side.scrollTop = current.offsetTop - side.clientHeight / 3;
side.addEventListener("click", (event) => {
  if (event.target.closest("a[href]") && location.hash === "#menu") history.replaceState(null, "", location.pathname);
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash === "#menu") location.hash = "#content";
});
