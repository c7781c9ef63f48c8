// Passkeys: asks the browser, and sends what it answers in a plain form. Pages work without it by other ways.
(() => {
  "use strict";

  if (!window.PublicKeyCredential) return;

  const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const askServer = async (form) => {
    const answer = await fetch(form.dataset.options, { method: "POST", body: new URLSearchParams({ csrf_token: form.elements.csrf_token.value }) });
    if (!answer.ok) throw new Error("options");
    return answer.json();
  };

  const register = async (options) => {
    const made = await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        user: { ...options.user, id: toBytes(options.user.id) },
        excludeCredentials: (options.excludeCredentials || []).map((each) => ({ ...each, id: toBytes(each.id) })),
      },
    });
    return {
      response: { attestationObject: toText(made.response.attestationObject), clientDataJSON: toText(made.response.clientDataJSON) },
      made,
    };
  };

  const signIn = async (options) => {
    const made = await navigator.credentials.get({ publicKey: { ...options, challenge: toBytes(options.challenge), allowCredentials: [] } });
    const { authenticatorData, clientDataJSON, signature, userHandle } = made.response;
    return {
      response: {
        authenticatorData: toText(authenticatorData),
        clientDataJSON: toText(clientDataJSON),
        signature: toText(signature),
        userHandle: userHandle ? toText(userHandle) : null,
      },
      made,
    };
  };

  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    const said = form.querySelector("[data-passkey-said]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const options = await askServer(form);
        const { made, response } = await (form.dataset.passkey === "new" ? register : signIn)(options);
        form.elements.answer.value = JSON.stringify({ id: made.id, rawId: toText(made.rawId), type: made.type, clientExtensionResults: {}, response });
        form.submit();
      } catch {
        said.textContent = said.dataset.failed;
      }
    });
  }
})();
