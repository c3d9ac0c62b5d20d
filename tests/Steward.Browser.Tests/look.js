// What a careful person would see on the page, as data.
() => {
  const shown = element => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const name = element => `${element.tagName.toLowerCase()}${element.id ? '#' + element.id : ''}${element.name ? `[name=${element.name}]` : ''} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
  // A mixed colour is told as color(srgb 0.5 …), others as rgb(128, …).
  const parse = colour => { const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number), unit = colour.startsWith('color(') ? 255 : 1; return { r: r * unit, g: g * unit, b: b * unit, a }; };
  const light = ({ r, g, b }) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const over = (top, under) => ({ r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1 });
  const ground = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.a > 0) layers.push(colour);
      if (colour.a === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 });
  };
  const contrast = element => {
    const under = ground(element), text = over(parse(getComputedStyle(element).color), under);
    const [high, low] = [light(text), light(under)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const texts = [...document.querySelectorAll('body *')].filter(element => !element.closest('svg, option') && shown(element) && [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()));
  const inputs = [...document.querySelectorAll('input:not([type=hidden]), select, textarea')];
  const wide = innerWidth - (innerWidth - document.documentElement.clientWidth);
  return {
    title: document.title,
    h1: document.querySelectorAll('h1').length,
    main: document.querySelectorAll('main').length,
    lang: document.documentElement.lang,
    tooWide: document.documentElement.scrollWidth > wide ? [`${document.documentElement.scrollWidth} px of ${wide}`, ...[...document.querySelectorAll('main *')].filter(element => shown(element) && element.getBoundingClientRect().right > wide + 1).slice(0, 3).map(name)] : [],
    unlabelled: inputs.filter(input => shown(input) && !(input.labels?.length || input.ariaLabel || input.getAttribute('aria-labelledby'))).map(name)
      .concat([...document.querySelectorAll('button, a[href]')].filter(element => shown(element) && !(element.textContent.trim() || element.ariaLabel || element.querySelector('img[alt]:not([alt=""])'))).map(name))
      .concat([...document.querySelectorAll('img:not([alt]), svg:not([aria-hidden]):not([role=img])')].filter(shown).map(name)),
    faint: texts.filter(element => contrast(element) < 4.5).map(element => `${name(element)} ${contrast(element).toFixed(2)}`),
    links: [...document.querySelectorAll('a[href]')].map(link => link.href).filter(href => href.startsWith(location.origin)),
    bytes: performance.getEntriesByType('resource').filter(entry => ['script', 'link', 'css'].includes(entry.initiatorType) && /\.(js|css)(\?|$)/.test(entry.name)).map(entry => [entry.name, entry.encodedBodySize]),
  };
}
