// <sign-vote>: a vote signed in the browser. The key is made here by WebCrypto, is not extractable and stays in this
// browser's store; the server gets the public half. Without WebCrypto (no TLS, not this machine) the command stays.
const ask = (store, what) => new Promise((done, fail) => {
  const request = what(store);
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

const keys = async mode => {
  const opening = indexedDB.open('steward', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('keys');
  const db = await ask(opening, request => request);
  return db.transaction('keys', mode).objectStore('keys');
};

const call = async (path, body) => {
  const reply = await fetch(path, body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const said = await reply.json();
  if (!reply.ok) throw new Error([said.detail, said.try].filter(Boolean).join(' '));
  return said;
};

const base64 = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const bytes = base64 => Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
const utf8 = text => new TextEncoder().encode(text);

// DSSE v1: the type is signed too.
const encode = (type, body) => new Uint8Array([...utf8(`DSSEv1 ${utf8(type).length} ${type} ${body.length} `), ...body]);

// The key of this person in this browser that the server knows and that is not revoked.
async function keyOf(person) {
  const known = await call('/api/me/keys');
  const mine = await ask(await keys('readonly'), store => store.get(person));
  if (mine && known.some(key => key.hint === mine.hint && !key.revokedAt)) return mine;
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const lines = base64(await crypto.subtle.exportKey('spki', pair.publicKey)).match(/.{1,64}/g).join('\n');
  const { hint } = await call('/api/me/keys', { name: 'browser', pem: `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n` });
  const made = { key: pair.privateKey, hint };
  await ask(await keys('readwrite'), store => store.put(made, person));
  return made;
}

customElements.define('sign-vote', class extends HTMLElement {
  connectedCallback() {
    if (!window.crypto?.subtle) return;
    const form = this.querySelector('form');
    form.hidden = false;
    this.querySelector('details').open = false;
    form.addEventListener('submit', event => { event.preventDefault(); this.vote(form, event.submitter.value); });
  }

  async vote(form, decision) {
    const { project, number, seal, voter } = this.dataset;
    const { party, reason } = Object.fromEntries(new FormData(form));
    const status = form.querySelector('[role=status]');
    const buttons = form.querySelectorAll('button');
    buttons.forEach(button => button.disabled = true);
    status.textContent = 'Signing…';
    try {
      const at = `/api/projects/${project}/signoffs/${number}`;
      const { payloadType, payload } = await call(`${at}/statement?${new URLSearchParams({ party, decision, reason })}`);
      // Only what this page shows is signed.
      const said = JSON.parse(new TextDecoder().decode(bytes(payload))).predicate;
      if (said.seal !== seal || said.voter !== voter || said.decision !== decision.toLowerCase() || said.party !== party || said.reason !== reason)
        throw new Error('What the server wants signed is not what this page shows. Open the page again.');
      const { key, hint } = await keyOf(voter);
      const sig = base64(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, encode(payloadType, bytes(payload))));
      await call(`${at}/votes`, { payloadType, payload, signatures: [{ keyid: hint, sig }] });
      location.reload();
    } catch (error) {
      status.textContent = error.message;
      buttons.forEach(button => button.disabled = false);
    }
  }
});
