// Runs in the report, after its own script: uses the page as a reader would, and leaves what it sees
// in the attribute data-test of the root element, as JSON.
(() => {
'use strict';
const seen = {};
const find = (selector) => document.querySelector(selector);
const texts = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent);

// Through a copy: Chromium warns of canvases that are read again and again.
function rgb(canvas, x, y) {
  const copy = document.createElement('canvas');
  copy.width = copy.height = 1;
  const context = copy.getContext('2d', {willReadFrequently: true});
  context.drawImage(canvas, -x, -y);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

function pointer(type, shareX, shareY) {
  const box = find('.stage').getBoundingClientRect();
  find('.stage').dispatchEvent(new PointerEvent(type, {
    bubbles: true, button: type === 'pointermove' ? -1 : 0, pointerId: 1,
    clientX: box.left + shareX * box.width, clientY: box.top + shareY * box.height,
  }));
}

function key(name, options = {}) {
  find('.stage').dispatchEvent(new KeyboardEvent('keydown', {key: name, ...options}));
}

function choose(selector, index) {
  find(selector).selectedIndex = index;
  find(selector).dispatchEvent(new Event('change'));
}

function pixelState() {
  return {
    where: find('.where').textContent,
    rows: [...document.querySelectorAll('.values tbody tr')].map(
        (row) => [...row.children].map((cell) => cell.textContent)),
    best: texts('.values .best td:first-child'),
  };
}

function usePage() {
  seen.heading = texts('h1, h3');
  seen.tags = texts('.tag');
  seen.options = texts('select.left option');
  seen.start = find('.where').textContent;

  const wipe = find('.wipe');
  wipe.value = '250';
  wipe.dispatchEvent(new Event('input'));
  seen.wiped = [find('canvas.right').style.clipPath, find('.divider').style.left];
  pointer('pointermove', 100.5 / 160, 60.5 / 120);
  seen.hovered = pixelState();
  seen.weights = texts('.weights td');
  seen.sum = find('.sum').textContent;
  const loupe = find('.loupe.guide');
  seen.loupe = [rgb(loupe, 187, 187), rgb(loupe, 187 + 2 * Math.round(374 / 9), 187)];
  pointer('pointermove', 5.5 / 160, 5.5 / 120);
  seen.unknown = pixelState();

  pointer('pointerdown', 0.3, 0.5);
  pointer('pointermove', 0.8, 0.5);
  pointer('pointerup', 0.8, 0.5);
  pointer('pointermove', 0.5, 0.5);
  seen.dragged = [find('.divider').style.left, wipe.value, find('.where').textContent];
  pointer('pointerdown', 50.5 / 160, 20.5 / 120);
  pointer('pointerup', 50.5 / 160, 20.5 / 120);
  pointer('pointermove', 0.9, 0.9);
  seen.held = find('.where').textContent;
  key('ArrowRight');
  key('ArrowUp', {shiftKey: true});
  key('ArrowUp', {shiftKey: true});
  seen.moved = find('.where').textContent;
  seen.spoken = find('.spoken').textContent;
  key('Escape');
  seen.freed = find('.where').textContent;

  // Truth at the left and the second method at the right, then their errors.
  choose('select.left', 4);
  choose('select.right', 3);
  const left = find('canvas.left');
  const right = find('canvas.right');
  seen.depths = [rgb(left, 10, 60), rgb(left, 159, 60), rgb(left, 3, 3)];
  find('.errors').click();
  seen.errors = [rgb(left, 80, 60), rgb(right, 80, 60), rgb(right, 3, 3)];
  seen.bar = texts('.bar span');
  find('.swap').click();
  seen.swapped = [rgb(left, 80, 60), rgb(right, 80, 60)];
  find('.errors').click();
  choose('select.left', 0);
  seen.guide = [rgb(left, 4, 60), rgb(left, 12, 60)];
  seen.images = document.images.length;
}

// Chromium's virtual time runs ahead while nothing is to do on this thread; this keeps it busy until
// the page has decoded its pictures.
let ticks = 0;
const timer = setInterval(() => {
  for (let i = 0, x = 0; i < 3e6; ++i) {
    x = Math.sin(x + i);
  }
  const loaded = find('section.viewer').dataset.loaded;
  if (loaded || document.documentElement.dataset.error || ++ticks === 300) {
    clearInterval(timer);
    if (loaded) {
      usePage();
    }
    document.documentElement.dataset.test = JSON.stringify(seen);
  }
}, 5);
})();
