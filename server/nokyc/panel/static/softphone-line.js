/** SIP over WebSocket for softphone.js: the connection, transactions over it, messages, digest authentication. */

const REGISTER_SEC = 300;
const REFRESH_MS = 120_000; // keeps proxies from closing a quiet socket, and finds out that it is dead
const ANSWER_MS = 32_000; // how long a far end may be silent: timers B and F of RFC 3261
const BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];
const EXPIRES_SOON_MS = 10 * 60_000; // a session that ends so soon is not used any more
export const ALLOW = "INVITE, ACK, BYE, CANCEL, INFO, OPTIONS, UPDATE";
const PHRASES = {
  200: "OK", 180: "Ringing", 405: "Method Not Allowed", 480: "Temporarily Unavailable", 481: "No Such Call",
  486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here", 603: "Decline",
};

/** The connection: registered as long as it is wanted, opened again when it breaks, with transactions over it. */
export class Line {
  session = null;
  registered = false;
  #fetchSession;
  #phone;
  #receive;
  #socket = null;
  #wanted = false;
  #tries = 0;
  #timer = 0;
  #host = `${token()}.invalid`; // nobody can connect to a browser (RFC 7118 5)
  #callId = token() + token();
  #seq = 0;
  #waiting = new Map(); // by branch and method: who is told of the answers

  constructor(fetchSession, phone, receive) {
    this.#fetchSession = fetchSession;
    this.#phone = phone;
    this.#receive = receive;
    addEventListener("online", () => this.#wanted && !this.registered && this.#connect());
  }

  start() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#connect();
  }

  async stop() {
    this.#wanted = false;
    clearTimeout(this.#timer);
    if (this.registered) await this.#register(0);
    this.#drop();
  }

  uri(number = this.session.username) {
    return `sip:${encodeURIComponent(number).replaceAll("%2B", "+")}@${this.session.domain}`;
  }

  /** Send a request; `told` hears each answer, 408 if none comes, 503 if the connection breaks. */
  transact(request, told) {
    const key = `${request.branch} ${request.method}`;
    let isOver = false;
    const fail = (status) => {
      clearTimeout(timer);
      this.#waiting.delete(key);
      if (!isOver) told({ status, reason: "", isOurs: true, get: () => null, all: () => [] });
    };
    const timer = setTimeout(fail, ANSWER_MS, 408);
    this.#waiting.set(key, {
      told: (response) => {
        clearTimeout(timer);
        told(response);
        if (response.status < 200 || isOver) return;
        isOver = true;
        // A 200 to an INVITE may come again.
        if (request.method === "INVITE") setTimeout(() => this.#waiting.delete(key), ANSWER_MS);
        else this.#waiting.delete(key);
      },
      lost: () => fail(503),
    });
    this.send(request);
  }

  /** Send a request that is no INVITE; its final answer. */
  ask(request) {
    return new Promise((resolve) => this.transact(request, (response) => response.status >= 200 && resolve(response)));
  }

  send({ method, uri, from, to, callId, seq, branch, extra, body }) {
    const headers = [
      ["Via", `SIP/2.0/WSS ${this.#host};branch=${branch}`], ["Max-Forwards", 70], ["From", from], ["To", to],
      ["Call-ID", callId], ["CSeq", `${seq} ${method}`], ["User-Agent", "NoKYC softphone"], ...extra,
    ];
    if (method !== "ACK" && method !== "CANCEL") headers.push(["Contact", `<${this.#contact()}>`]);
    this.#write(`${method} ${uri} SIP/2.0`, headers, body);
  }

  reply(request, status, { tag = null, headers = [], body = "" } = {}) {
    const copied = ["via", "record-route"].flatMap((name) => request.all(name).map((value) => [name, value]));
    const to = request.get("to");
    copied.push(["From", request.get("from")], ["To", tag && !tagOf(to) ? `${to};tag=${tag}` : to]);
    copied.push(["Call-ID", request.get("call-id")], ["CSeq", request.get("cseq")], ["Allow", ALLOW]);
    if (status < 300) copied.push(["Contact", `<${this.#contact()}>`]);
    this.#write(`SIP/2.0 ${status} ${PHRASES[status]}`, [...copied, ...headers], body);
  }

  /** The header that answers a 401 or 407 (RFC 7616, RFC 8760); null if that cannot be. */
  async authorize(response, { method, uri }) {
    const [asked, answer] = response.status === 401 ? ["www-authenticate", "Authorization"]
      : response.status === 407 ? ["proxy-authenticate", "Proxy-Authorization"] : [];
    const challenge = asked && response.all(asked).map(parametersOf)
      .find(({ algorithm = "MD5" }) => algorithm === "MD5" || (algorithm === "SHA-256" && crypto.subtle));
    if (!challenge) return null;
    const { realm, nonce, algorithm = "MD5", opaque } = challenge;
    const { username, password } = this.session;
    const cnonce = token();
    const ha1 = await hash(algorithm, `${username}:${realm}:${password}`);
    const ha2 = await hash(algorithm, `${method}:${uri}`);
    const proof = await hash(algorithm, `${ha1}:${nonce}:00000001:${cnonce}:auth:${ha2}`);
    const value = `username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${proof}", `
      + `algorithm=${algorithm}, qop=auth, nc=00000001, cnonce="${cnonce}"${opaque ? `, opaque="${opaque}"` : ""}`;
    return [answer, `Digest ${value}`];
  }

  async #connect() {
    clearTimeout(this.#timer);
    this.#drop();
    try {
      const left = this.session ? new Date(this.session.expires_at) - Date.now() : 0;
      if (left < EXPIRES_SOON_MS) this.session = await this.#fetchSession();
      if (this.#socket || !this.#wanted) return; // somebody else was quicker, or it is not needed any more
      this.#socket = new WebSocket(this.session.websocket_url, "sip");
    } catch (error) {
      this.#phone.emit("error", { code: "session", error });
      return this.#later();
    }
    const socket = this.#socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#register(REGISTER_SEC);
    socket.onmessage = ({ data }) => this.#read(typeof data === "string" ? data : new TextDecoder().decode(data));
    socket.onclose = () => socket === this.#socket && this.#lost();
  }

  async #register(seconds) {
    const socket = this.#socket;
    const [uri, own] = [`sip:${this.session.domain}`, `<${this.uri()}>`];
    const make = (extra = []) => ({
      method: "REGISTER", uri, from: `${own};tag=${token()}`, to: own, callId: this.#callId, seq: ++this.#seq,
      branch: branch(), extra: [["Expires", seconds], ...extra], body: "",
    });
    const first = make();
    let response = await this.ask(first);
    const authorization = await this.authorize(response, first);
    if (authorization) response = await this.ask(make([authorization]));
    if (socket !== this.#socket || !this.#wanted) return;
    if (response.status !== 200) {
      const isRefused = [401, 403].includes(response.status);
      if (isRefused) this.session = { ...this.session, expires_at: 0 }; // the next try gets a new one
      this.#phone.emit("error", { code: isRefused ? "unauthorized" : "unavailable", status: response.status });
      return this.#lost();
    }
    this.#timer = setTimeout(() => this.#register(REGISTER_SEC), REFRESH_MS);
    this.#tries = 0;
    if (this.registered) return;
    this.registered = true;
    this.#phone.emit("registered");
  }

  #lost() {
    this.#drop();
    this.#later();
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.registered = false;
    this.#phone.current?.lost();
    for (const { lost } of [...this.#waiting.values()]) lost();
  }

  #later() {
    clearTimeout(this.#timer);
    if (!this.#wanted) return;
    const wait = BACKOFF_MS[Math.min(this.#tries++, BACKOFF_MS.length - 1)];
    this.#timer = setTimeout(() => this.#connect(), wait * (0.75 + Math.random() / 2));
  }

  #contact() {
    return `sip:${this.session.username}@${this.#host};transport=ws`;
  }

  #write(start, headers, body) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const length = new TextEncoder().encode(body).length;
    const lines = [...headers, ["Content-Length", length]].map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.send(`${start}\r\n${lines.join("")}\r\n${body}`);
  }

  #read(text) {
    const message = parse(text);
    if (!message) return;
    if (message.method) return this.#receive(message);
    const key = `${/;\s*branch=([^;,\s]+)/i.exec(message.get("via"))?.[1]} ${message.get("cseq").split(/\s+/)[1]}`;
    this.#waiting.get(key)?.told(message);
  }
}

/** A message; null for what is none, such as a keep-alive. */
function parse(text) {
  const end = text.indexOf("\r\n\r\n");
  const [start, ...lines] = text.slice(0, end).replace(/\r\n[ \t]+/g, " ").split("\r\n");
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(start);
  const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(start);
  if (end < 0 || !(request || response)) return null;
  const headers = lines.map((line) => /^([^:]*):(.*)$/.exec(line) ?? ["", "", ""])
    .map(([, name, value]) => [name.trim().toLowerCase(), value.trim()]);
  const all = (name) => headers.filter(([each]) => each === name).flatMap(([, value]) => value.split(/,\s*(?=<)/));
  const get = (name) => all(name)[0] ?? null;
  if (["via", "from", "to", "call-id", "cseq"].some((name) => !get(name))) return null;
  const [, method, uri] = request ?? [];
  const [, status, reason] = response ?? [];
  return { method, uri, status: Number(status), reason, all, get, body: text.slice(end + 4) };
}

export const tagOf = (address) => /;\s*tag=([^;\s]+)/i.exec(address.replace(/<[^>]*>/, ""))?.[1] ?? null;
export const uriOf = (address) => /<([^>]*)>/.exec(address)?.[1] ?? address.split(";")[0].trim();
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const branch = () => `z9hG4bK${token()}`;

export function token() {
  return hex(crypto.getRandomValues(new Uint8Array(8)));
}

function parametersOf(challenge) {
  const pairs = challenge.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g);
  return Object.fromEntries([...pairs].map(([, name, quoted, plain]) => [name.toLowerCase(), quoted ?? plain]));
}

export async function hash(algorithm, text) {
  const bytes = new TextEncoder().encode(text);
  return hex(algorithm === "MD5" ? md5(bytes) : await crypto.subtle.digest(algorithm, bytes));
}

/** RFC 1321, for servers that know nothing better: WebCrypto has no MD5. */
function md5(bytes) {
  const blocks = new DataView(new ArrayBuffer(((bytes.length + 72) >> 6) << 6));
  new Uint8Array(blocks.buffer).set([...bytes, 0x80]);
  blocks.setUint32(blocks.byteLength - 8, bytes.length * 8, true);
  const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  for (let at = 0; at < blocks.byteLength; at += 64) {
    let [a, b, c, d] = state;
    for (let step = 0; step < 64; step += 1) {
      const round = step >> 4;
      const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
      const word = [step, 5 * step + 1, 3 * step + 5, 7 * step][round] % 16;
      const sine = Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32);
      const sum = (a + mixed + sine + blocks.getUint32(at + 4 * word, true)) | 0;
      const shift = shifts[4 * round + (step % 4)];
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    for (const [index, value] of [a, b, c, d].entries()) state[index] += value;
  }
  const digest = new DataView(new ArrayBuffer(16));
  for (const [index, value] of state.entries()) digest.setUint32(4 * index, value, true);
  return digest.buffer;
}
