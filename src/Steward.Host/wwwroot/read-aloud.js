// <read-aloud>: reads the text in it aloud, word by word, and marks the word that is spoken. Without a voice there is no button.
customElements.define('read-aloud', class extends HTMLElement {
  connectedCallback() {
    if (!('speechSynthesis' in window)) return;
    this.button = document.createElement('button');
    this.button.className = 'btn';
    this.button.type = 'button';
    this.button.textContent = 'Read it aloud';
    this.button.addEventListener('click', () => this.reading ? this.stop() : this.read());
    this.querySelector('h2').after(this.button);
  }

  disconnectedCallback() { this.stop(); }

  stop() {
    speechSynthesis.cancel();
    this.reading = false;
    this.button.textContent = 'Read it aloud';
    this.mark(null);
  }

  async read() {
    this.reading = true;
    this.button.textContent = 'Stop reading';
    for (const part of this.querySelectorAll('li p:not(.soft), li ~ p, .moral')) {
      if (!this.reading) return;
      await this.say(part);
    }
    this.stop();
  }

  say(part) {
    const nodes = [], walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT, node => node.parentElement.closest('sup') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    let text = '';
    while (walk.nextNode()) { nodes.push([text.length, walk.currentNode]); text += walk.currentNode.data; }
    const words = new SpeechSynthesisUtterance(text);
    words.lang = part.closest('[lang]').lang;
    words.rate = 0.95;
    words.addEventListener('boundary', event => this.mark(nodes, event.charIndex, text));
    return new Promise(done => { words.onend = words.onerror = done; speechSynthesis.speak(words); });
  }

  mark(nodes, at, text) {
    if (!CSS.highlights) return;
    CSS.highlights.delete('spoken');
    if (!nodes) return;
    const [from, node] = nodes.findLast(([start]) => start <= at);
    const length = Math.max(1, text.slice(at).search(/[\s.,!?:]|$/));
    const range = new Range();
    range.setStart(node, Math.min(node.data.length, at - from));
    range.setEnd(node, Math.min(node.data.length, at - from + length));
    CSS.highlights.set('spoken', new Highlight(range));
  }
});
