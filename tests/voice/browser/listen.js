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

// The strongest frequency of what is heard, in Hz, once anything is.
window.heardHz = async () => {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
  context.createMediaStreamSource(heard).connect(analyser);
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
