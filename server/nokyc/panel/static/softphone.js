/**
 * A softphone for browsers: SIP over WebSocket (RFC 7118) and audio over WebRTC, without dependencies.
 *
 *   const phone = new Softphone(fetchSession);     // an async function: the answer of POST …/browser_sessions
 *   phone.addEventListener("incoming", ({ detail }) => detail.call.answer());
 *   phone.start();
 *   const call = phone.call("+33612345678");
 *
 * Events: `registered`, and with a `call` in their detail `incoming`, `ringing`, `established`, `ended` (`reason`,
 * `status`, `text`); `error` (`code`, `error`, and `call` if it is about one). One call at a time: who else calls
 * hears busy.
 */

import { ALLOW, Line, branch, tagOf, token, uriOf } from "./softphone-line.js?v=d60e3057d9";

const GATHER_MS = 2_000; // a STUN server may not answer; what was found until then is offered
const REASONS = { 408: "no_answer", 480: "no_answer", 486: "busy", 487: "canceled", 600: "busy", 603: "declined" };

export class Softphone extends EventTarget {
  #line;
  #current = null;

  /** `microphone`: constraints for getUserMedia's `audio`; `speaker`: the <audio> element that plays the far end. */
  constructor(fetchSession, { microphone = true, speaker = new Audio() } = {}) {
    super();
    speaker.autoplay = true;
    this.microphone = microphone;
    this.speaker = speaker;
    this.#line = new Line(fetchSession, this, (request) => this.#receive(request));
  }

  /** Sign in, and stay signed in. */
  start() {
    this.#line.start();
  }

  /** Hang up and sign out. */
  async stop() {
    this.#current?.hangUp();
    await this.#line.stop();
  }

  get registered() {
    return this.#line.registered;
  }

  /** The call that rings or goes on, or null. */
  get current() {
    return this.#current;
  }

  /** Call a number. Throws if there is a call already, or no connection. */
  call(number) {
    if (this.#current) throw new Error("there is a call already");
    if (!this.#line.registered) throw new Error("not registered");
    this.#current = new Call(this, this.#line, { direction: "outbound", number });
    this.#current.place();
    return this.#current;
  }

  /** For calls and the line alone. */
  emit(type, detail = {}) {
    if (type === "ended" && detail.call === this.#current) this.#current = null;
    if (type === "registered") this.#current?.check();
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #receive(request) {
    if (this.#current?.id === request.get("call-id")) return this.#current.receive(request);
    if (request.method === "ACK") return;
    if (request.method === "OPTIONS") return this.#line.reply(request, 200);
    if (request.method !== "INVITE" || tagOf(request.get("to"))) return this.#line.reply(request, 481);
    if (this.#current) return this.#line.reply(request, 486, { tag: token() });
    if (!request.body) return this.#line.reply(request, 488, { tag: token() });
    const number = /sips?:(\+?\d+)[@;]/i.exec(request.get("from"))?.[1] ?? null;
    this.#current = new Call(this, this.#line, { direction: "inbound", number, invite: request });
    this.#current.ring();
  }
}

/** One call. `direction`, `number` (null: withheld), `display` (who calls, in words, or null), `state` (ringing,
 * established, ended), `muted`, `startedAt`. */
class Call {
  state = "ringing";
  muted = false;
  startedAt = null;
  #phone;
  #line;
  #invite;
  #connection = null;
  #microphone = null;
  #tag = token();
  #dialog = null; // once the far end has a tag: `remote` (From or To with it), `target`, `routes`
  #seq = 0;
  #ack = null;
  #isAnswered = false; // the far end's SDP has been set, or ours sent
  #isProvisional = false;
  #isRinging = false;
  #digits = Promise.resolve();

  constructor(phone, line, { direction, number, invite = null }) {
    const display = /^\s*"((?:[^"\\]|\\.)*)"\s*</.exec(invite?.get("from") ?? "")?.[1].replace(/\\(.)/g, "$1") || null;
    Object.assign(this, { direction, number, display, id: invite?.get("call-id") ?? token() + token() });
    this.#phone = phone;
    this.#line = line;
    this.#invite = invite;
  }

  /** Take an incoming call. */
  async answer() {
    if (this.direction !== "inbound" || this.state !== "ringing" || this.#connection) return;
    if (!(await this.#open())) return this.#refuse(480, "no_microphone");
    const connection = this.#connection;
    try {
      await connection.setRemoteDescription({ type: "offer", sdp: this.#invite.body });
      await connection.setLocalDescription();
      await gathered(connection);
    } catch (error) {
      if (this.state !== "ended") this.#tell("media", error);
      return this.#refuse(488, "media");
    }
    if (this.state !== "ringing") return;
    const { sdp } = connection.localDescription;
    this.#reply(this.#invite, 200, [["Content-Type", "application/sdp"]], sdp);
    this.#establish();
  }

  /** Refuse an incoming call, for all of the number's devices. */
  decline() {
    if (this.direction === "inbound") this.#refuse(603, "declined");
  }

  /** End it, whatever its state. */
  hangUp() {
    if (this.state === "established") {
      this.#line.ask(this.#request("BYE"));
      this.#end("local");
    } else if (this.direction === "inbound") {
      this.decline();
    } else if (this.state === "ringing") {
      if (this.#isProvisional) this.#cancel(); // before, there is nothing that could be cancelled (RFC 3261 9.1)
      this.#end("canceled");
    }
  }

  /** Whether the far end hears the microphone. */
  mute(muted = true) {
    this.muted = muted;
    for (const track of this.#microphone?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  /** Press keys: 0 to 9, *, # and A to D, one after the other. */
  press(keys) {
    for (const key of keys.toUpperCase()) {
      if (!/[0-9*#A-D]/.test(key)) throw new Error("no such key");
      const headers = [["Content-Type", "application/dtmf-relay"]];
      this.#digits = this.#digits.then(
        () => this.state === "established" &&
          this.#line.ask(this.#request("INFO", headers, `Signal=${key}\r\nDuration=160\r\n`)),
      );
    }
  }

  /** Loss, jitter and more of the audio (RTCStatsReport). */
  stats() {
    return this.#connection?.getStats();
  }

  // --- for the phone

  ring() {
    const from = this.#invite.get("from");
    const routes = this.#invite.all("record-route");
    this.#dialog = { remote: from, target: uriOf(this.#invite.get("contact") ?? from), routes };
    this.#reply(this.#invite, 180);
    this.#phone.emit("incoming", { call: this });
  }

  async place() {
    if (!(await this.#open())) return this.#end("no_microphone");
    const connection = this.#connection;
    try {
      await connection.setLocalDescription();
      await gathered(connection);
    } catch (error) {
      if (this.state !== "ended") this.#tell("media", error);
      return this.#end("media");
    }
    if (this.state !== "ended") this.#send();
  }

  /** The connection broke. A call that goes on is found again; one that rings is given up by the platform. */
  lost() {
    if (this.state === "ringing") this.#end("lost");
  }

  /** After a reconnect: a question in the dialog shows whether it holds, and where we are now. */
  async check() {
    if (this.state !== "established") return;
    const { status } = await this.#line.ask(this.#request("OPTIONS"));
    if (status === 481) this.#end("lost");
  }

  receive(request) {
    switch (request.method) {
      case "ACK":
      case "INVITE": // the same again, or a new offer: the connection stays as it was agreed on
        return this.state === "established" && request.method === "INVITE" ? this.#reply(request, 488) : undefined;
      case "CANCEL":
        this.#reply(request, 200);
        return this.#refuse(487, "canceled");
      case "BYE":
        this.#reply(request, 200);
        return this.#end("remote");
      case "INFO":
      case "OPTIONS":
      case "UPDATE":
        return this.#reply(request, request.method === "UPDATE" && request.body ? 488 : 200);
      default:
        return this.#reply(request, 405, [["Allow", ALLOW]]);
    }
  }

  /** Microphone and connection; false if that cannot be, and the reason has been told. */
  async #open() {
    const connection = new RTCPeerConnection({ iceServers: this.#line.session.ice_servers });
    this.#connection = connection;
    connection.ontrack = ({ streams, track }) => {
      this.#phone.speaker.srcObject = streams[0] ?? new MediaStream([track]);
      this.#phone.speaker.play().catch((error) => this.#tell("speaker", error));
    };
    connection.onconnectionstatechange = () => {
      if (connection.connectionState !== "failed" || this.state !== "established") return;
      this.#line.ask(this.#request("BYE"));
      this.#end("media");
    };
    try {
      this.#microphone = await navigator.mediaDevices.getUserMedia({ audio: this.#phone.microphone });
    } catch (error) {
      this.#tell("microphone", error);
      return false;
    }
    if (this.state === "ended") this.#close();
    else for (const track of this.#microphone.getAudioTracks()) connection.addTrack(track, this.#microphone);
    this.mute(this.muted);
    return true;
  }

  /** The INVITE; again with `authorization` when it was asked for. */
  #send(authorization = null) {
    const headers = [["Content-Type", "application/sdp"], ["Allow", ALLOW], ...(authorization ? [authorization] : [])];
    const request = this.#request("INVITE", headers, this.#connection.localDescription.sdp);
    this.#invite = request;
    this.#line.transact(request, (response) => this.#progress(request, response, authorization !== null));
  }

  async #progress(request, response, isAuthorized) {
    const { status } = response;
    if (status < 200) return this.#early(response);
    if (status < 300) return this.#accepted(request, response);
    if (!response.isOurs) this.#line.send({ ...request, method: "ACK", to: response.get("to"), extra: [], body: "" });
    if (this.state === "ended") return;
    const authorization = isAuthorized ? null : await this.#line.authorize(response, request);
    if (this.state === "ended") return;
    if (authorization) this.#send(authorization);
    else this.#end(REASONS[status] ?? "refused", response);
  }

  #early(response) {
    const isFirst = !this.#isProvisional;
    this.#isProvisional = true;
    if (this.state === "ended") return isFirst ? this.#cancel() : undefined;
    if (response.body) this.#take(response.body);
    if (response.status >= 180 && !this.#isRinging) {
      this.#isRinging = true;
      this.#phone.emit("ringing", { call: this });
    }
  }

  async #accepted(request, response) {
    if (this.#ack) return this.#line.send(this.#ack); // the 200 came again
    const routes = response.all("record-route").reverse();
    this.#dialog = { remote: response.get("to"), target: uriOf(response.get("contact") ?? request.uri), routes };
    this.#ack = { ...this.#request("ACK"), seq: request.seq };
    this.#line.send(this.#ack);
    const isTaken = this.state !== "ended" && (await this.#take(response.body));
    if (isTaken && this.state !== "ended") return this.#establish();
    this.#line.ask(this.#request("BYE")); // it was hung up meanwhile, or there is no audio
    this.#end("media", response);
  }

  /** Their answer, once: a 183 and the 200 after it say the same. */
  async #take(sdp) {
    if (this.#isAnswered) return true;
    this.#isAnswered = true;
    try {
      await this.#connection.setRemoteDescription({ type: "answer", sdp });
      return true;
    } catch (error) {
      this.#isAnswered = false;
      if (this.state !== "ended") this.#tell("media", error);
      return false;
    }
  }

  #cancel() {
    const cancel = { ...this.#invite, method: "CANCEL", extra: [], body: "" };
    this.#line.transact(cancel, () => {});
  }

  #refuse(status, reason) {
    if (this.state !== "ringing") return;
    this.#reply(this.#invite, status);
    this.#end(reason);
  }

  #establish() {
    this.state = "established";
    this.startedAt = new Date();
    this.#phone.emit("established", { call: this });
  }

  #end(reason, { status = null, reason: text = "" } = {}) {
    if (this.state === "ended") return;
    this.state = "ended";
    this.#close();
    this.#phone.emit("ended", { call: this, reason, status, text });
  }

  #close() {
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    this.#connection?.close();
    this.#phone.speaker.srcObject = null;
  }

  #tell(code, error) {
    this.#phone.emit("error", { code, error, call: this });
  }

  #reply(request, status, headers = [], body = "") {
    this.#line.reply(request, status, { tag: this.#tag, headers, body });
  }

  #request(method, extra = [], body = "") {
    this.#seq += 1;
    const uri = this.#dialog?.target ?? this.#line.uri(this.number);
    const own = this.direction === "inbound" ? this.#invite.get("to") : `<${this.#line.uri()}>`;
    const from = tagOf(own) ? own : `${own};tag=${this.#tag}`;
    const to = this.#dialog?.remote ?? `<${uri}>`;
    const headers = [...(this.#dialog?.routes ?? []).map((route) => ["Route", route]), ...extra];
    return { method, uri, from, to, callId: this.id, seq: this.#seq, branch: branch(), extra: headers, body };
  }
}

/** All candidates are in the description, or as many as came in time: there is no trickling over SIP here. */
function gathered(connection) {
  return new Promise((resolve) => {
    const look = () => connection.iceGatheringState === "complete" && resolve();
    connection.addEventListener("icegatheringstatechange", look);
    setTimeout(resolve, GATHER_MS);
    look();
  });
}
