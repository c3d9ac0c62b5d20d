// <name-heaps>: names and pictures set aside are sent as they are said. Without this script every button sends the form,
// with all that was typed.
customElements.define('name-heaps', class extends HTMLElement {
  connectedCallback() {
    [this.form, this.sending] = [this.querySelector('form'), Promise.resolve()];
    this.addEventListener('click', event => { const picture = event.target.closest('.thumb'); if (picture) { event.preventDefault(); this.aside(picture); } });
    this.addEventListener('change', event => { if (event.target.dataset.heap) this.name(event.target); });
    this.keys = event => this.key(event);
    document.addEventListener('keydown', this.keys);
    // Leaving before the last answer came would lose it.
    this.leave = event => { if (this.waiting) event.preventDefault(); };
    addEventListener('beforeunload', this.leave);
  }

  disconnectedCallback() { document.removeEventListener('keydown', this.keys); removeEventListener('beforeunload', this.leave); }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if (event.key === 'Enter' && at.dataset?.heap) { event.preventDefault(); this.name(at); return this.next(at); }
    if (at.matches('input, textarea, select')) return;
    if (event.key === 'n') { event.preventDefault(); this.next(at.closest?.('.heap')?.querySelector('input')); }
    if (event.key === 'u') this.querySelector('[value=undo]').click();
    if (event.key === '?') { const help = this.querySelector('details'); help.open = !help.open; }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && at.matches('.thumb')) { event.preventDefault(); const all = [...this.querySelectorAll('.thumb')]; all[all.indexOf(at) + step]?.focus(); }
  }

  next(from) {
    const all = [...this.querySelectorAll('[data-heap]')], start = all.indexOf(from) + 1;
    const free = [...all.slice(start), ...all.slice(0, start)].find(one => !one.value.trim());
    (free ?? this.querySelector('[value=done]')).focus();
    (free?.closest('.heap') ?? this).scrollIntoView({ block: 'nearest' });
  }

  name(field) {
    if (field.value === field.defaultValue) return;
    const name = field.value;
    this.send(`heaps/${field.dataset.heap}/name`, { name }, () => {
      field.defaultValue = name;
      const names = this.querySelector('datalist');
      if (name && ![...names.options].some(one => one.value === name)) names.append(new Option('', name));
    }, () => { if (field.value === name) field.value = field.defaultValue; });
  }

  aside(picture) {
    const to = picture.getAttribute('aria-pressed') !== 'true';
    const mark = on => { picture.setAttribute('aria-pressed', on); picture.value = `aside ${picture.dataset.picture} ${on ? 0 : 1}`; };
    mark(to);
    this.send(`pictures/${picture.dataset.picture}/aside`, { aside: to }, () => {}, () => mark(!to));
  }

  // One after the other; what could not be sent is tried again, what was refused is taken back and said. Whatever goes wrong
  // with one, the next ones are still sent.
  send(what, body, done, refused) {
    this.waiting = (this.waiting ?? 0) + 1;
    this.sending = this.sending.then(async () => {
      const reply = await this.reply(what, body), said = await reply.json();
      if (reply.ok) { done(); this.show(said); } else { refused(); this.say(said.detail); }
    }).catch(error => { refused(); this.say(`That was not kept: ${error.message}`); }).finally(() => this.waiting--);
  }

  // The server's word, however long the line is cut.
  async reply(what, body) {
    for (;;) {
      try {
        const reply = await fetch(`${this.dataset.at}/${what}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
        if (reply.status < 500) return reply;
      } catch (error) {
        // What fetch throws when nobody answers; anything else is our own mistake.
        if (!(error instanceof TypeError)) throw error;
      }
      this.say('Not sent yet: the server cannot be reached. It is tried again.');
      await new Promise(later => setTimeout(later, 1000));
    }
  }

  show(view) {
    for (const heap of view.heaps) {
      const card = this.querySelector(`#heap-${heap.number}`);
      if (!card) continue;
      card.querySelector('.count').textContent = heap.pictures.toLocaleString('en');
      card.querySelector('.aside').hidden = card.querySelector('[value^=split]').hidden = heap.aside === 0;
      card.querySelector('.aside span').textContent = heap.aside.toLocaleString('en');
    }
    this.querySelector('progress').value = view.named;
    this.querySelector('[role=status]').textContent = `${view.named.toLocaleString('en')} of ${view.sorting.pictures.toLocaleString('en')} pictures named`;
    this.say(view.waiting ? `${view.waiting} ${view.waiting === 1 ? 'heap' : 'heaps'} without a name.` : 'Every heap has a name.');
  }

  say(text) { this.querySelector('.said').textContent = text; }
});
