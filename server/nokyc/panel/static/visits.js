/** Going from page to page without losing the phone: while it is on, the frame of the next page is put into this one.
 * What has no such frame (another side of the account, a sign-in) is loaded as usual. */

const frame = () => document.querySelector("#frame");
const base = document.querySelector("#phone").dataset.base;
const elsewhere = /^\/panel\/(test|operator|static|sign-in|settings\/sign-in)(\/|$)/; // the phone is on in the live account alone
let isOn = false;

/** From now on, or not any more. */
export function keepPage(on) {
  isOn = on;
}

export async function visit(url, { push = true } = {}) {
  const target = new URL(url, location.href);
  const leave = () => location.assign(target);
  let answer;
  let next;
  try {
    answer = await fetch(target, { headers: { Accept: "text/html" } });
    next = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return leave();
  }
  const fresh = next.querySelector("#frame");
  const isOurs = fresh && next.querySelector("#phone")?.dataset.base === base;
  if (!isOurs) return leave();
  if (push) history.pushState(null, "", answer.url);
  document.title = next.title;
  document.body.classList.remove("menu");
  frame().replaceWith(document.adoptNode(fresh));
  for (const script of next.querySelectorAll("head script[src]")) load(script.getAttribute("src"));
  window.htmx.process(frame());
  scrollTo(0, 0);
  document.dispatchEvent(new Event("panel:frame"));
  document.querySelector("#main").focus({ preventScroll: true });
}

/** Scripts that this page has not had yet. */
function load(src) {
  if (document.querySelector(`script[src="${src}"]`)) return;
  const script = document.createElement("script");
  script.src = src;
  document.head.append(script);
}

function isPage(url) {
  const isInside = url.origin === location.origin && (url.pathname === base || url.pathname.startsWith(`${base}/`));
  return isInside && !elsewhere.test(url.pathname) && !/\.csv$|\/(recording|audio)$/.test(url.pathname);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!isOn || event.defaultPrevented || event.button || !link || link.target || link.hasAttribute("download")) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href);
  if (!isPage(url) || (url.hash && url.pathname === location.pathname)) return;
  event.preventDefault();
  visit(url);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!isOn || event.defaultPrevented || form.method !== "get" || form.closest("#phone")) return;
  event.preventDefault();
  const url = new URL(form.getAttribute("action") || location.pathname, location.href);
  url.search = new URLSearchParams(new FormData(form));
  visit(url);
});

// Where a form leads that htmx has sent.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const to = event.detail.xhr.getResponseHeader("HX-Redirect");
  if (!isOn || !to || !isPage(new URL(to, location.href))) return;
  event.preventDefault();
  visit(to);
});

addEventListener("popstate", () => (isOn ? visit(location.href, { push: false }) : location.reload()));
