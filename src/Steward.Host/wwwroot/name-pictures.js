// <name-pictures>: one key names a picture, and the next one is there already: some are leased, loaded and decoded ahead,
// answers go out behind. Without this script every button sends the form and the page comes back with the next picture.
customElements.define('name-pictures', class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector('form');
    this.picture = this.querySelector('.look');
    if (!this.picture) return;
    [this.sent, this.sending, this.waiting, this.gaps] = [new Set(), Promise.resolve(), 0, []];
    const guess = this.querySelector('.guess');
    this.ahead = [{ number: Number(this.querySelector('[name=item]').value), image: this.picture, guess: guess?.value, confidence: parseFloat(guess?.querySelector('small').textContent) / 100 }];
    this.querySelector('[data-do=zoom]').hidden = false;
    this.addEventListener('submit', event => { event.preventDefault(); this.press(event.submitter); });
    this.addEventListener('click', event => { if (event.target.closest('[data-do=zoom], .look')) this.picture.classList.toggle('near'); });
    this.keys = event => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.matches('input, textarea, select')) return;
      if (event.key === '?') { const help = this.querySelector('details'); help.open = !help.open; return; }
      const button = event.key === 'Enter' && !event.target.closest('button, a, summary') ? this.querySelector('.guess') : [...this.form.querySelectorAll('button kbd')].find(key => key.textContent === event.key.toLowerCase())?.parentElement;
      if (button) { event.preventDefault(); if (button.dataset.do) button.click(); else this.press(button); }
    };
    document.addEventListener('keydown', this.keys);
    // Leaving before the last answer came would lose it.
    this.leave = event => { if (this.waiting) event.preventDefault(); };
    addEventListener('beforeunload', this.leave);
    this.clock = setInterval(() => { if (!this.waiting) this.count(); }, 5000);
    this.later(() => this.fill());
  }

  disconnectedCallback() { document.removeEventListener('keydown', this.keys); removeEventListener('beforeunload', this.leave); clearInterval(this.clock); }

  press(button) {
    const [item, deed] = [this.ahead[0], button.name === 'label' ? 'answer' : button.value];
    if (deed === 'undo' || deed === 'finish') return this.later(async () => this.shown(await this.post(deed), deed));
    if (!item) return;
    this.ahead.shift();
    this.sent.add(item.number);
    this.time();
    this.show();
    this.waiting++;
    this.later(async () => {
      try { this.progress(await this.keep(`items/${item.number}/${deed}`, { label: button.value })); } finally { this.waiting--; }
      if (!this.ahead.length) await this.fill();
    });
    // Beside the answers, not behind them.
    if (this.ahead.length < 7 && !this.filling) this.filling = this.fill().catch(() => {}).finally(() => { this.filling = null; });
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
    const turn = await this.post('next?ahead=10');
    for (const item of turn.items)
      if (!this.sent.has(item.number) && !this.ahead.some(one => one.number === item.number)) this.ahead.push(this.load(item));
    this.progress(turn.queue);
    if (this.ahead.length || this.waiting) this.show();
    else location.reload();
  }

  load(item) {
    item.image = Object.assign(new Image(), { src: `${this.dataset.at}/items/${item.number}/picture`, alt: 'The picture to name', className: 'look' });
    item.image.decode().catch(() => {});
    return item;
  }

  show() {
    const item = this.ahead[0];
    this.form.classList.toggle('waits', !item);
    if (!item || this.picture === item.image) return;
    this.picture.replaceWith(item.image);
    this.picture = item.image;
    this.picture.classList.remove('near');
    for (const button of this.querySelectorAll('[name=label]')) {
      const guessed = button.value === item.guess;
      button.classList.toggle('guess', guessed);
      button.querySelector('small').textContent = guessed ? `${Math.round(item.confidence * 100)} %` : '';
    }
    this.querySelector('[name=item]').value = item.number;
    this.say('');
  }

  shown(reply, deed) {
    if (deed === 'finish') return location.reload();
    const back = reply.items.map(item => this.load(item));
    this.sent.delete(back[0]?.number);
    this.ahead = [...back, ...this.ahead.filter(item => item.number !== back[0]?.number)];
    this.progress(reply.queue);
    this.show();
  }

  // The median of the last twenty; longer than a minute was a break.
  time() {
    const now = performance.now();
    if (this.last && now - this.last < 60000) this.gaps = [...this.gaps.slice(-19), now - this.last];
    this.last = now;
  }

  progress(queue) {
    this.querySelector('progress').value = queue.answered;
    this.querySelector('[role=status]').textContent = `${queue.answered} of ${queue.items} named`;
    const [left, pace] = [queue.items - queue.answered, [...this.gaps].sort((a, b) => a - b)[this.gaps.length >> 1]];
    this.querySelector('.pace').textContent = `${left} ${left === 1 ? 'picture' : 'pictures'} left.${pace ? ` ${(pace / 1000).toFixed(1)} s each, so about ${Math.max(1, Math.round(left * pace / 60000))} min.` : ''}`;
    if (queue.state !== 'open') location.reload();
  }

  say(text) { this.querySelector('.said').textContent = text; }

  count() { this.later(async () => this.progress((await this.ask('?limit=1')).queue)); }

  // What could not be sent is sent again until it is there: an answer twice is one answer.
  async keep(what, body) {
    for (let wait = 500; ; wait = Math.min(5000, wait * 2)) {
      try { return await this.post(what, body); } catch (error) { if (error.refused) throw error; }
      this.say(`${this.waiting} ${this.waiting === 1 ? 'answer is' : 'answers are'} not sent yet: the server cannot be reached. They are kept and sent again.`);
      await new Promise(later => setTimeout(later, wait));
    }
  }

  post(what, body = {}) { return this.ask('/' + what, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }); }

  async ask(what, how) {
    const reply = await fetch(this.dataset.at + what, how);
    if (reply.status >= 500) throw new Error('The server cannot answer at the moment.');
    const said = await reply.json();
    if (!reply.ok) throw Object.assign(new Error(said.detail), { refused: true });
    return said;
  }
});
