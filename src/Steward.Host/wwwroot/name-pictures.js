// <name-pictures>: one key names a picture, and the next one is there already: some are leased and loaded ahead, answers
// go out behind. Without this script every button sends the form and the page comes back with the next picture.
customElements.define('name-pictures', class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector('form');
    this.picture = this.querySelector('.look');
    if (!this.picture) return;
    [this.sent, this.sending] = [new Set(), Promise.resolve()];
    this.ahead = [{ number: Number(this.querySelector('[name=item]').value), image: this.picture }];
    this.addEventListener('submit', event => { event.preventDefault(); this.press(event.submitter); });
    this.keys = event => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.matches('input, textarea, select')) return;
      const button = [...this.form.querySelectorAll('kbd')].find(key => key.textContent === event.key)?.parentElement;
      if (button) { event.preventDefault(); this.press(button); }
    };
    document.addEventListener('keydown', this.keys);
    this.clock = setInterval(() => this.count(), 5000);
    this.later(() => this.fill());
  }

  disconnectedCallback() { document.removeEventListener('keydown', this.keys); clearInterval(this.clock); }

  press(button) {
    const [item, deed] = [this.ahead[0], button.name === 'label' ? 'answer' : button.value];
    if (deed === 'undo' || deed === 'finish') return this.later(async () => this.shown(await this.post(deed), deed));
    if (!item) return;
    this.ahead.shift();
    this.sent.add(item.number);
    this.show();
    this.later(async () => {
      this.progress(await this.post(`items/${item.number}/${deed}`, { label: button.value }));
      this.sent.delete(item.number);
      if (this.ahead.length < 3) await this.fill();
    });
  }

  // One after the other, in the order of the keys.
  later(deed) {
    this.sending = this.sending.then(deed).catch(async error => {
      this.say(error.message);
      this.sent.clear();
      this.ahead = [];
      await this.fill().catch(() => {});
    });
  }

  async fill() {
    const turn = await this.post('next?ahead=5');
    for (const item of turn.items)
      if (!this.sent.has(item.number) && !this.ahead.some(one => one.number === item.number)) this.ahead.push(this.load(item));
    this.progress(turn.queue);
    if (this.ahead.length || this.sent.size) this.show();
    else location.reload();
  }

  load(item) {
    item.image = Object.assign(new Image(), { src: `${this.dataset.at}/items/${item.number}/picture`, alt: 'The picture to name', className: 'look' });
    item.image.decode().catch(() => {});
    return item;
  }

  show() {
    const item = this.ahead[0];
    if (!item || this.picture === item.image) return;
    this.picture.replaceWith(item.image);
    this.picture = item.image;
    this.querySelector('.guess').textContent = `${item.guess}, ${Math.round(item.confidence * 100)} % sure.`;
    this.querySelector('details').open = false;
    this.say('');
  }

  shown(reply, deed) {
    if (deed === 'finish') return location.reload();
    const back = reply.items.map(item => this.load(item));
    this.ahead = [...back, ...this.ahead.filter(item => item.number !== back[0]?.number)];
    this.progress(reply.queue);
    this.show();
  }

  progress(queue) {
    this.querySelector('progress').value = queue.answered;
    this.querySelector('[role=status]').textContent = `${queue.answered} of ${queue.items} named`;
    if (queue.state !== 'open') location.reload();
  }

  say(text) { this.querySelector('.said').textContent = text; }

  async count() { this.later(async () => this.progress((await this.ask('?limit=1')).queue)); }

  post(what, body = {}) { return this.ask('/' + what, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }); }

  async ask(what, how) {
    const reply = await fetch(this.dataset.at + what, how);
    const said = await reply.json();
    if (!reply.ok) throw new Error(said.detail);
    return said;
  }
});
