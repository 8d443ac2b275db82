// Passkeys on our pages: asks the API what to sign, the browser to sign it, and sends the form with what it signed.
// Everything else on these pages works without a script.

const ASK = "mutation { passkeyOptions { options errors { code message } } }";
const MAKE = "mutation { enrolPasskey(input: {}) { options errors { code message } } }";
const PROVE = "/account/prove?next=/account";

/** Returns what the browser is to sign. Whoever signs in is nobody yet, whatever cookie there is. */
async function optionsFor(kind) {
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: kind === "sign-in" ? "omit" : "same-origin",
    headers: { accept: "application/graphql-response+json", "content-type": "application/json" },
    body: JSON.stringify({ query: kind === "create" ? MAKE : ASK }),
  });
  const { data, errors } = await response.json();
  const payload = data ? Object.values(data)[0] : null;
  const refused = errors?.[0] ?? payload?.errors[0];
  if (refused?.code === "STEP_UP_REQUIRED") location.assign(PROVE);
  if (refused) throw new Error(refused.message);
  return JSON.parse(payload.options);
}

async function credentialFor(kind, more = {}) {
  const asked = await optionsFor(kind);
  asked.challenge = bytes(asked.challenge);
  for (const named of [...(asked.excludeCredentials ?? []), ...(asked.allowCredentials ?? [])]) named.id = bytes(named.id);
  if (kind === "create") {
    asked.user.id = bytes(asked.user.id);
    return written(await navigator.credentials.create({ publicKey: asked, ...more }));
  }
  return written(await navigator.credentials.get({ publicKey: asked, ...more }));
}

/** Returns a credential as JSON (WebAuthn level 3, `toJSON`, which not every browser has). */
function written({ id, rawId, type, response }) {
  const sent = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) sent[name] = text(response[name]);
  }
  return JSON.stringify({ id, rawId: text(rawId), type, response: sent });
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
}

function text(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function serve(form) {
  const [button, alert] = [form.querySelector("button"), form.querySelector("[role=alert]")];
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    alert.hidden = button.disabled = true;
    try {
      form.elements.credential.value = await credentialFor(form.dataset.passkey);
      form.submit();
    } catch (error) {
      alert.textContent = error.name === "NotAllowedError" ? "Nothing was signed: try again." : error.message;
      alert.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}

if (globalThis.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(serve);
