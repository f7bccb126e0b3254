/** The panel's phone: what the softphone module does, shown in words, on every page. Loaded when it is opened. */

const KEPT = "nokyc-phone"; // in sessionStorage: the number as which this tab's phone is on
const STATES = { off: "Off", connecting: "Signing in …", ready: "Ready" };
const ENDS = {
  local: "You hung up.", remote: "They hung up.", declined: "Declined.", busy: "The line is busy.",
  no_answer: "Nobody answered.", canceled: "Given up.", no_microphone: "There is no microphone.",
  media: "No audio came about.", lost: "The connection was lost.",
};
const REFUSALS = {
  402: "The balance is too low.", 403: "Calls there are not allowed.", 404: "Nobody goes there.",
  480: "The number is paused.", 484: "This is no number: write it like +33612345678.",
};
const MICROPHONE = {
  NotAllowedError: "The browser does not let this page use the microphone. Allow it beside the address, and try again.",
  NotFoundError: "There is no microphone on this device.",
  NotReadableError: "The microphone is in use by another program.",
  SecurityError: "Browsers give the microphone to https pages only.",
};
const ERRORS = {
  session: "The platform cannot be reached. It is tried again.",
  unauthorized: "The sign-in was refused. It is tried again.",
  unavailable: "The phone service does not answer. It is tried again.",
  speaker: "The browser waits for a click before it plays sound.",
  media: "Audio could not be set up.",
};

const dock = document.querySelector("#phone");
const { Ring } = await import(dock.dataset.ring);
const { keepPage } = await import(dock.dataset.visits);
const sheet = dock.querySelector("#phone-sheet");
const tab = dock.querySelector("[data-phone]");
const light = dock.querySelector("[data-light]");
const at = (name) => sheet.querySelector(name);
const ring = new Ring();
let phone = null;
let timer = 0;
let title = "";

await fill();

/** Open or close the phone; with a number, ready to call it. */
export function toggle(open = sheet.hidden, to = null, own = null) {
  sheet.hidden = !open;
  tab.setAttribute("aria-expanded", String(open));
  if (!open || !at("[data-own]")) return;
  if (own && !phone) choose(own);
  if (to) at("[data-to]").value = to;
  (phone && !phone.current ? at("[data-to]") : at("button:not([hidden])")).focus();
}

async function fill() {
  const answer = await fetch(dock.dataset.part, { headers: { "HX-Request": "true" } });
  sheet.innerHTML = answer.ok ? await answer.text() : '<p class="wrong">The phone cannot be opened just now.</p>';
  if (!at("[data-own]")) return;
  sheet.addEventListener("click", ({ target }) => {
    const doing = target.closest("[data-do]")?.dataset.do;
    if (doing) DOINGS[doing]();
    const key = target.closest("[data-key]")?.dataset.key;
    if (key) phone?.current?.press(key);
  });
  at("[data-dialling]").addEventListener("submit", (event) => {
    event.preventDefault();
    dial(at("[data-to]").value);
  });
  const kept = sessionStorage.getItem(KEPT);
  if (!kept) return;
  choose(kept);
  if (at("[data-own]").value === kept) turnOn();
}

function choose(own) {
  const select = at("[data-own]");
  if ([...select.options].some(({ value }) => value === own)) select.value = own;
}

const DOINGS = {
  on: () => turnOn(),
  off: () => turnOff(),
  answer: () => phone.current?.answer(),
  decline: () => phone.current?.decline(),
  hangup: () => phone.current?.hangUp(),
  mute: () => {
    phone.current?.mute(!phone.current.muted);
    show();
  },
  keys: () => {
    at("[data-keys]").hidden = !at("[data-keys]").hidden;
    at('[data-do="keys"]').setAttribute("aria-expanded", String(!at("[data-keys]").hidden));
  },
};

async function turnOn() {
  const own = at("[data-own]").value;
  ring.prepare();
  say("connecting");
  wrong("");
  try {
    const { Softphone } = await import(dock.dataset.module);
    phone = new Softphone(() => session(own));
  } catch {
    return say("off");
  }
  sessionStorage.setItem(KEPT, own);
  phone.addEventListener("registered", () => { wrong(""); show(); });
  for (const type of ["incoming", "ringing", "established"]) phone.addEventListener(type, show);
  phone.addEventListener("ended", ({ detail }) => ended(detail));
  phone.addEventListener("error", ({ detail }) => failed(detail));
  keepPage(true);
  phone.start();
  show();
}

async function turnOff() {
  sessionStorage.removeItem(KEPT);
  const before = phone;
  phone = null;
  keepPage(false);
  show();
  await before.stop();
}

async function session(number) {
  const body = new URLSearchParams({ csrf: at('[name="csrf"]').value, number });
  const answer = await fetch(dock.dataset.session, { method: "POST", body, headers: { "HX-Request": "true" } });
  if (answer.ok) return answer.json();
  const refusal = new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent.trim();
  throw new Error(refusal || "refused");
}

function dial(text) {
  const digits = text.replace(/[^\d+]/g, "");
  wrong("");
  if (!/^\+\d{3,15}$/.test(digits)) return wrong(REFUSALS[484]);
  try {
    phone.call(digits);
  } catch {
    return wrong("The phone is not signed in yet.");
  }
  show();
}

function ended({ reason, status, text, call }) {
  const refused = reason === "refused" ? REFUSALS[status] ?? `It was refused: ${text || status}.` : null;
  at("[data-keys]").hidden = true;
  show();
  // A missing microphone was told in more words already.
  if (reason === "no_microphone" && !at("[data-wrong]").hidden) return;
  at("[data-said]").textContent = refused ?? ENDS[reason] ?? reason;
  if (call.direction === "inbound" && reason === "canceled") at("[data-said]").textContent = "You missed a call.";
}

function failed({ code, error }) {
  const told = code === "microphone" ? MICROPHONE[error?.name] ?? "The microphone cannot be used." : ERRORS[code];
  const isOurs = code === "session" && error instanceof Error && error.name === "Error";
  wrong(isOurs ? error.message : told ?? code);
  show();
}

/** Everything on the sheet, as things stand. */
function show() {
  const call = phone?.current ?? null;
  const rings = call?.direction === "inbound" && call.state === "ringing";
  const talks = call?.state === "established";
  say(!phone ? "off" : call ? (rings ? "rings" : talks ? "talks" : "calls") : phone.registered ? "ready" : "connecting");
  const visible = {
    on: !phone, off: phone && !call, answer: rings, decline: rings, mute: talks, keys: talks, hangup: call && !rings,
  };
  for (const [name, is] of Object.entries(visible)) at(`[data-do="${name}"]`).hidden = !is;
  at("[data-own]").disabled = Boolean(phone);
  at("[data-dialling]").hidden = !phone || Boolean(call);
  at("[data-call]").hidden = !call;
  at("[data-hint]").textContent = rings ? "Who is declined is led to your agent, or can leave a message."
    : talks ? "It goes on while you look at other pages."
      : phone ? "It rings here while a page of the panel is open."
      : "It rings here while this page is open. Your browser will ask for the microphone.";
  at('[data-do="mute"]').setAttribute("aria-pressed", String(Boolean(call?.muted)));
  if (call) about(call);
  announce(rings ? call : null);
  clearInterval(timer);
  if (talks) timer = setInterval(tick, 500);
  tick();
}

function about(call) {
  at("[data-who]").textContent = call.number ?? "Withheld number";
  at("[data-about]").textContent = call.display ?? "";
}

/** Make somebody look: sound, the title, and the sheet itself. */
function announce(call) {
  ring.ring(Boolean(call));
  dock.classList.toggle("is-ringing", Boolean(call));
  if (call && !title) title = document.title;
  if (call) {
    document.title = `☎ ${call.number ?? "Withheld number"} calls`;
    if (sheet.hidden) toggle(true);
  } else if (title) {
    document.title = title;
    title = "";
  }
}

function tick() {
  const started = phone?.current?.startedAt;
  const seconds = started ? Math.max(0, Math.floor((Date.now() - started) / 1000)) : 0;
  at("[data-timer]").textContent = started ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
}

function say(state) {
  const call = phone?.current;
  const words = {
    rings: "Somebody calls", calls: "Calling …", talks: call?.muted ? "Talking, you are muted" : "Talking", ...STATES,
  };
  at("[data-said]").textContent = words[state];
  light.dataset.light = state;
  light.textContent = state === "off" ? "" : words[state];
  sheet.dataset.state = state;
}

function wrong(text) {
  at("[data-wrong]").textContent = text;
  at("[data-wrong]").hidden = !text;
}

// A page that really goes takes the call with it.
addEventListener("beforeunload", (event) => { if (phone?.current) event.preventDefault(); });
