// One slide at a time: arrows, space, Home, End, a click or a swipe; F for full screen, N for the notes, R to read aloud.
const slides = [...document.querySelectorAll('section')];
const notes = document.getElementById('notes'), where = document.getElementById('where');
let now = Math.min(slides.length - 1, Math.max(0, (parseInt(location.hash.slice(1), 10) || 1) - 1));
function show(next) {
  now = Math.min(slides.length - 1, Math.max(0, next));
  slides.forEach((slide, i) => { slide.hidden = i !== now; });
  notes.textContent = slides[now].dataset.notes;
  where.textContent = `${now + 1} / ${slides.length}`;
  history.replaceState(null, '', `#${now + 1}`);
  speechSynthesis?.cancel();
}
function read() {
  const words = new SpeechSynthesisUtterance(slides[now].dataset.notes.split('\n').slice(1).join('. ') || slides[now].dataset.notes);
  words.lang = document.documentElement.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
}
const keys = {
  ArrowRight: () => show(now + 1), ArrowDown: () => show(now + 1), PageDown: () => show(now + 1), ' ': () => show(now + 1), Enter: () => show(now + 1),
  ArrowLeft: () => show(now - 1), ArrowUp: () => show(now - 1), PageUp: () => show(now - 1), Home: () => show(0), End: () => show(slides.length - 1),
  f: () => document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(), n: () => { notes.hidden = !notes.hidden; }, r: read,
};
addEventListener('keydown', event => {
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); act(); }
});
let from = 0;
addEventListener('pointerdown', event => { from = event.clientX; });
addEventListener('pointerup', event => { if (!event.target.closest('a')) show(now + (event.clientX - from > 40 ? -1 : 1)); });
show(now);
