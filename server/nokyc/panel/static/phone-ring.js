/** The sound of a telephone that rings: 425 Hz, a second on and three off, made here. */

const HZ = 425;
const ON_SEC = 1;
const EVERY_MS = 4_000;
const VOLUME = 0.2;

export class Ring {
  #context = null;
  #timer = 0;

  /** While somebody clicks, since browsers let no page sound before. */
  prepare() {
    this.#context ??= new AudioContext();
    this.#context.resume().catch(() => {});
  }

  /** Ring, or be still. */
  ring(on) {
    if (on === Boolean(this.#timer)) return;
    clearInterval(this.#timer);
    this.#timer = 0;
    if (!on) return;
    this.#sound();
    this.#timer = setInterval(() => this.#sound(), EVERY_MS);
  }

  #sound() {
    if (this.#context?.state !== "running") return;
    const now = this.#context.currentTime;
    const tone = new OscillatorNode(this.#context, { frequency: HZ });
    const gain = new GainNode(this.#context, { gain: 0 });
    gain.gain.setTargetAtTime(VOLUME, now, 0.01);
    gain.gain.setTargetAtTime(0, now + ON_SEC, 0.02);
    tone.connect(gain).connect(this.#context.destination);
    tone.start(now);
    tone.stop(now + ON_SEC + 0.2);
  }
}
