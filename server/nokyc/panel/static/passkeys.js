// Passkeys: a form with data-passkey asks the browser for one (WebAuthn), and sends what it said.
"use strict";

(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  // The options of the server with bytes in the place of base64url.
  function unpacked(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const each of [...(options.excludeCredentials || []), ...(options.allowCredentials || [])]) each.id = bytes(each.id);
    return options;
  }

  // The browser's answer the other way round.
  function packed(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
  }

  async function begin(form) {
    const refusal = form.querySelector(".refusal");
    refusal.replaceChildren();
    const asked = await fetch(form.dataset.ask, {
      method: "POST", headers: { "HX-Request": "true" }, body: new URLSearchParams(new FormData(form)),
    });
    if (!asked.ok) {
      if (asked.headers.get("content-type").startsWith("text/html")) refusal.innerHTML = await asked.text();
      else refusal.textContent = await asked.text();
      return;
    }
    try {
      const publicKey = unpacked(await asked.json());
      const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
      form.elements.credential.value = packed(credential);
    } catch (error) {
      refusal.textContent = error.name === "InvalidStateError" ? "This device has a passkey for you already."
        : "The browser has no passkey to offer, or was told not to.";
      return;
    }
    if (form.dataset.passkey === "create") form.dispatchEvent(new Event("made"));
    else form.submit();
  }

  for (const form of document.querySelectorAll("[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      begin(form);
    });
  }
})();
