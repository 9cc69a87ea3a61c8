// Runs in the report when its viewer is loaded: uses the page as a reader would, and gives what it
// sees, as JSON.
(async () => {
'use strict';
const seen = {};
const find = (selector) => document.querySelector(selector);
const texts = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent);
const WIDTH = 160;
const HEIGHT = 120;

// Until the page has drawn, and answered for a kernel.
async function settle() {
  await new Promise((resolve) => setTimeout(resolve, 60));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

// Through a copy: Chromium warns of canvases that are read again and again.
function rgb(canvas, x, y) {
  const copy = document.createElement('canvas');
  copy.width = copy.height = 1;
  const context = copy.getContext('2d', {willReadFrequently: true});
  context.drawImage(canvas, -Math.floor(x), -Math.floor(y));
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

// What the stage shows of a pixel.
function shown(x, y) {
  const canvas = find('.dkv-canvas');
  return rgb(canvas, (x + 0.5) / WIDTH * canvas.width, (y + 0.5) / HEIGHT * canvas.height);
}

async function pointer(type, x, y) {
  const box = find('.dkv-stage').getBoundingClientRect();
  find('.dkv-stage').dispatchEvent(new PointerEvent(type, {
    bubbles: true, button: type === 'pointermove' ? -1 : 0, pointerId: 1, pointerType: 'mouse',
    clientX: box.left + (x + 0.5) / WIDTH * box.width,
    clientY: box.top + (y + 0.5) / HEIGHT * box.height,
  }));
  await settle();
}

async function key(selector, name, options = {}) {
  find(selector).dispatchEvent(new KeyboardEvent('keydown', {key: name, ...options}));
  await settle();
}

async function choose(side, index) {
  const select = find(`select[aria-label^="${side}"]`);
  select.selectedIndex = index;
  select.dispatchEvent(new Event('change'));
  await settle();
}

async function click(selector) {
  find(selector).click();
  await settle();
}

function pixelState() {
  return {
    where: find('.dkv-where').textContent,
    parts: texts('.dkv-parts > span'),
    rows: [...document.querySelectorAll('.dkv-values tbody tr')].map(
        (row) => [...row.children].map((cell) => cell.textContent)),
    best: texts('.dkv-values .dkv-best td:first-child'),
  };
}

const wipe = () => Number(find('.dkv-divider').getAttribute('aria-valuenow'));

async function readPixels() {
  seen.heading = texts('h1, h3');
  seen.tags = texts('.dkv-stage .dkv-tag');
  seen.options = texts('select[aria-label^="A"] option');
  seen.start = find('.dkv-where').textContent;
  await pointer('pointermove', 100, 60);
  seen.hovered = pixelState();
  seen.weights = texts('.dkv-weights td');
  seen.sum = find('.dkv-sum').textContent;
  const loupe = find('.dkv-loupe');
  const cell = loupe.width / 9;
  seen.loupe = [rgb(loupe, 4.5 * cell, 4.5 * cell), rgb(loupe, 6.5 * cell, 4.5 * cell)];
  await pointer('pointermove', 5, 5);
  seen.unknown = pixelState();
}

async function moveAround() {
  await pointer('pointerdown', 48, 60);
  await pointer('pointermove', 128, 60);
  await pointer('pointerup', 128, 60);
  await pointer('pointermove', 80, 60);
  seen.dragged = [find('.dkv-divider').style.left, wipe(), find('.dkv-where').textContent];
  await pointer('pointerdown', 50, 20);
  await pointer('pointerup', 50, 20);
  await pointer('pointermove', 144, 108);
  seen.held = find('.dkv-where').textContent;
  await key('.dkv-stage', 'ArrowRight');
  await key('.dkv-stage', 'ArrowUp', {shiftKey: true});
  await key('.dkv-stage', 'ArrowUp', {shiftKey: true});
  seen.moved = find('.dkv-where').textContent;
  seen.spoken = find('.dkv [role=status]').textContent;
  await key('.dkv-stage', 'Escape');
  seen.freed = find('.dkv-where').textContent;
}

// Truth at the left and the second method at the right, then their errors.
async function lookAtColours() {
  await click('.dkv-check input:checked');  // no kernel in the way
  await key('.dkv-stage', 'ArrowDown', {shiftKey: true});
  await choose('A', 4);
  await choose('B', 3);
  await key('.dkv-divider', 'End');
  seen.ends = [wipe(), shown(10, 60), shown(158, 60), shown(3, 3)];
  seen.ticks = texts('.dkv-ticks span');
  await click('input[value=errors]');
  seen.errors = [shown(80, 60)];
  await key('.dkv-divider', 'Home');
  seen.errors.push(shown(80, 60), shown(3, 3));
  seen.errorTicks = texts('.dkv-ticks span');
  seen.label = find('.dkv-label').textContent;
  await click('.dkv-pair button');
  seen.swapped = shown(80, 60);
  await click('input[value=difference]');
  seen.difference = [shown(80, 60), ...texts('.dkv-stage .dkv-tag:not([hidden])')];
  await click('input[value=values]');
  await choose('B', 0);
  seen.guide = [shown(4, 60), shown(12, 60)];
  seen.images = document.images.length;
}

await settle();
await readPixels();
await moveAround();
await lookAtColours();
return JSON.stringify(seen);
})();
