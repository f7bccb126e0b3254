// Recordings and voicemails: playing, seeking by click and keys, speed. The server draws the waveform.
"use strict";

(() => {
  const SPEEDS = [1, 1.5, 2, 0.75];
  const STEP_SEC = 5;

  function text(seconds) {
    const whole = Math.floor(seconds);
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, "0")];
    return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
  }

  function wire(box) {
    box.dataset.player = "wired";
    const part = (name) => box.querySelector(name);
    const [audio, play, wave, clock, speed] = ["audio", "[data-play]", ".wave", "[data-clock]", "[data-speed]"].map(part);
    const length = () => (Number.isFinite(audio.duration) ? audio.duration : Number(box.dataset.seconds)) || 1;
    audio.controls = false;
    for (const each of [play, wave, clock, speed]) each.hidden = false;

    const show = () => {
      const share = Math.min(1, audio.currentTime / length());
      wave.style.setProperty("--played", `${100 * share}%`);
      clock.textContent = `${text(audio.currentTime)} / ${text(length())}`;
      wave.setAttribute("aria-valuemax", String(Math.round(length())));
      wave.setAttribute("aria-valuenow", String(Math.round(audio.currentTime)));
      wave.setAttribute("aria-valuetext", `${text(audio.currentTime)} of ${text(length())}`);
    };
    const seek = (seconds) => {
      audio.currentTime = Math.max(0, Math.min(length(), seconds));
      show();
    };
    const toggle = () => (audio.paused ? audio.play().catch(() => {}) : audio.pause());
    const at = (event) => {
      const { left, width } = wave.getBoundingClientRect();
      return ((event.clientX - left) / width) * length();
    };

    play.addEventListener("click", toggle);
    wave.addEventListener("pointerdown", (event) => {
      wave.setPointerCapture(event.pointerId);
      seek(at(event));
    });
    wave.addEventListener("pointermove", (event) => event.buttons && seek(at(event)));
    wave.addEventListener("keydown", (event) => {
      const now = audio.currentTime;
      const to = {
        ArrowRight: now + STEP_SEC, ArrowUp: now + STEP_SEC, ArrowLeft: now - STEP_SEC, ArrowDown: now - STEP_SEC,
        PageUp: now + 6 * STEP_SEC, PageDown: now - 6 * STEP_SEC, Home: 0, End: length(),
      }[event.key];
      if (event.key === " " || event.key === "Enter") toggle();
      else if (to === undefined) return;
      else seek(to);
      event.preventDefault();
    });
    speed.addEventListener("click", () => {
      audio.playbackRate = SPEEDS[(SPEEDS.indexOf(audio.playbackRate) + 1) % SPEEDS.length];
      speed.textContent = `${audio.playbackRate}×`;
    });
    for (const type of ["timeupdate", "loadedmetadata", "seeked"]) audio.addEventListener(type, show);
    for (const type of ["play", "pause", "ended"]) audio.addEventListener(type, () => {
      box.classList.toggle("is-playing", !audio.paused);
      play.setAttribute("aria-label", audio.paused ? "Play" : "Pause");
    });
    audio.addEventListener("error", () => { part(".wrong").hidden = false; });
    show();
  }

  function wireAll() {
    for (const box of document.querySelectorAll('[data-player=""]')) wire(box);
  }

  document.addEventListener("panel:frame", wireAll);
  document.addEventListener("htmx:afterSwap", wireAll);
  wireAll();
})();
