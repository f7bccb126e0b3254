// What the tests can do with a softphone: open it, wait for its events, measure what it hears.
import { Softphone } from "/panel/static/softphone.js";
import { hash } from "/panel/static/softphone-line.js";

const events = [];
let news = () => {};

window.open_phone = (session) => {
  const phone = new Softphone(async () => session);
  for (const type of ["registered", "incoming", "ringing", "established", "ended", "error"]) {
    phone.addEventListener(type, ({ detail }) => {
      const { call, reason, status, code, error } = detail;
      events.push({ type, reason, status, code, error: error && String(error), number: call?.number });
      news();
    });
  }
  window.phone = phone;
  phone.start();
};

// The next event of a type; each is given once.
window.next = async (type) => {
  for (;;) {
    const at = events.findIndex((event) => event.type === type);
    if (at >= 0) return events.splice(at, 1)[0];
    await new Promise((resolve) => { news = resolve; });
  }
};

window.hash_of = hash;
