// <try-it>: a form that also takes dropped and pasted pictures, shows what was sent and swaps the answer in place.
// Without this script the form is sent as it is and the page comes back with the answer.
customElements.define('try-it', class extends HTMLElement {
  connectedCallback() {
    this.picture = this.querySelector('input[type=file]');
    this.drop = this.querySelector('.drop');
    this.addEventListener('submit', event => { event.preventDefault(); this.send(event.target, event.submitter); });
    this.picture.addEventListener('change', () => this.picture.files.length && this.drop.requestSubmit());
    for (const name of ['dragover', 'dragleave', 'drop'])
      this.drop.addEventListener(name, event => { event.preventDefault(); this.drop.classList.toggle('over', name === 'dragover'); });
    this.drop.addEventListener('drop', event => this.take(event.dataTransfer.files));
    this.paste = event => event.clipboardData?.files.length && this.take(event.clipboardData.files);
    document.addEventListener('paste', this.paste);
  }

  disconnectedCallback() { document.removeEventListener('paste', this.paste); }

  take(files) {
    if (!files.length) return;
    this.picture.files = files;
    this.drop.requestSubmit();
  }

  async send(form, submitter) {
    const answer = this.querySelector('.answer');
    this.setAttribute('aria-busy', 'true');
    try {
      const reply = await fetch(location.href, { method: 'POST', body: new FormData(form, submitter) });
      const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
      const next = page.querySelector('try-it .answer');
      if (next) answer.replaceChildren(...next.childNodes);
      else answer.textContent = `The server answered ${reply.status}. Reload the page and try again.`;
      const recent = page.querySelector('#recent')?.parentElement;
      if (recent) document.querySelector('#recent').parentElement.replaceWith(recent);
      if (form === this.drop) this.show();
    } catch {
      answer.textContent = 'The server cannot be reached. Try again in a moment.';
    } finally {
      this.removeAttribute('aria-busy');
    }
  }

  show() {
    const shown = this.drop.querySelector('img') ?? this.drop.appendChild(new Image());
    if (shown.src) URL.revokeObjectURL(shown.src);
    shown.alt = 'The picture that was sent';
    shown.src = URL.createObjectURL(this.picture.files[0]);
  }
});
