// What the tests can do with a softphone: open it, wait for its events, measure what it hears.
import { Softphone } from "/panel/static/softphone.js";
import { hash } from "/panel/static/softphone-line.js";

const PLAIN = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const events = [];
let news = () => {};

window.open_phone = (session) => {
  const phone = new Softphone(async () => session, { microphone: PLAIN });
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

// The strongest frequency of what is heard, in Hz, once anything is.
window.listen = async () => {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
  context.createMediaStreamSource(window.phone.speaker.srcObject).connect(analyser);
  const bins = new Float32Array(analyser.frequencyBinCount);
  for (;;) {
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    analyser.getFloatFrequencyData(bins);
    const loudest = bins.reduce((best, level, bin) => (level > bins[best] ? bin : best), 0);
    if (bins[loudest] < -40) continue;
    await context.close();
    return (loudest * context.sampleRate) / analyser.fftSize;
  }
};

window.hash_of = hash;
