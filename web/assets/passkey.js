// Passkeys: asks the browser to make or to show one, and hands in what it gives with the form. Nothing is kept in the browser by this page.
"use strict";

(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const PATIENCE_MS = 120000;

  const keys = (known) => known.split(" ").filter((id) => id).map((id) => ({ type: "public-key", id: bytes(id) }));

  const make = (asked) => navigator.credentials.create({ publicKey: {
    challenge: bytes(asked.challenge),
    rp: { id: asked.place, name: asked.site },
    user: { id: bytes(asked.user), name: asked.account, displayName: asked.account },
    pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    excludeCredentials: keys(asked.known),
    attestation: "none",
    timeout: PATIENCE_MS,
  } });

  const show = (asked) => navigator.credentials.get({ publicKey: {
    challenge: bytes(asked.challenge),
    rpId: asked.place,
    allowCredentials: keys(asked.known),
    userVerification: "required",
    timeout: PATIENCE_MS,
  } });

  const parts = {
    make: ({ response }) => ({
      client_data: response.clientDataJSON,
      authenticator_data: response.getAuthenticatorData(),
      public_key: response.getPublicKey(),
    }),
    show: ({ rawId, response }) => ({
      passkey: rawId,
      client_data: response.clientDataJSON,
      authenticator_data: response.authenticatorData,
      signature: response.signature,
      user_handle: response.userHandle ?? new ArrayBuffer(0),
    }),
  };

  const can = isSecureContext && "PublicKeyCredential" in window && "getPublicKey" in AuthenticatorAttestationResponse.prototype;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!can) continue;
    const part = form.parentElement;
    part.hidden = false;
    if (part.nextElementSibling?.matches("[data-passkey-unable]")) part.nextElementSibling.hidden = true;
    const asked = form.dataset;
    const button = form.querySelector("[data-passkey-go]");
    const said = form.querySelector("[data-passkey-said]");
    const why = (error) => {
      if (error.name === "InvalidStateError") return asked.exists;
      return error.name === "SecurityError" || /certificate/i.test(error.message) ? asked.untrusted : asked.stopped;
    };
    button.addEventListener("click", async () => {
      button.disabled = true;
      said.hidden = true;
      try {
        const given = await (asked.passkey === "make" ? make : show)(asked);
        for (const [name, part] of Object.entries(parts[asked.passkey](given))) form.elements[name].value = text(part);
        form.requestSubmit();
      } catch (error) {
        said.firstElementChild.textContent = why(error);
        said.hidden = false;
        button.disabled = false;
      }
    });
  }
})();
