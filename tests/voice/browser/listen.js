// What a page hears can be measured, and what its microphone hears is not cleaned: to noise suppression a tone is noise.
const PLAIN = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const devices = navigator.mediaDevices;
if (devices) {
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = (wanted) => open({ ...wanted, audio: PLAIN });
}
let heard = null;
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...how) {
    super(...how);
    this.addEventListener("track", ({ track }) => { heard = new MediaStream([track]); });
  }
};

// The strongest tone of what is heard, once it is as loud as before: its frequency, and its amplitude in steps of 16 bits.
const WINDOW_GAIN = 0.42; // of the analyser's Blackman window
window.heardTone = async () => {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
  context.createMediaStreamSource(heard).connect(analyser);
  const bins = new Float32Array(analyser.frequencyBinCount);
  for (let before = -Infinity, now = before; ; before = now) {
    await new Promise((resolve) => { setTimeout(resolve, 250); }); // longer than what the analyser looks at
    analyser.getFloatFrequencyData(bins);
    const loudest = bins.reduce((best, level, bin) => (level > bins[best] ? bin : best), 0);
    now = bins[loudest];
    if (now < -40 || Math.abs(now - before) > 1) continue;
    await context.close();
    const level = (2 * 32768 * 10 ** (now / 20)) / WINDOW_GAIN;
    return { hz: (loudest * context.sampleRate) / analyser.fftSize, level };
  }
};
