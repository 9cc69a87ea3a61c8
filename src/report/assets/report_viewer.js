// A viewer for each image: two pictures with a wipe between them.

// The value of a picture, which may be smaller than the guide, at a pixel of the guide.
function valueAt(picture, pixel, data) {
  const {width, height, values} = picture.values;
  const x = Math.floor(pixel.x * width / data.width);
  const y = Math.floor(pixel.y * height / data.height);
  return values[y * width + x];
}

function newCanvas(width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

// Values in the palette's 256 colours, grey where they are not known.
function paint(values, width, height, low, high, palette) {
  const canvas = newCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  const scale = high > low ? 255 / (high - low) : 0;
  for (let i = 0; i < values.length; ++i) {
    const known = Number.isFinite(values[i]);
    const step = Math.round(Math.min(255, Math.max(0, (values[i] - low) * scale)));
    for (let c = 0; c < 3; ++c) {
      image.data[4 * i + c] = known ? palette[3 * step + c] : 128;
    }
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

async function guideCanvas(data) {
  const image = new Image();
  image.src = data.guide;
  await image.decode();
  const canvas = newCanvas(data.width, data.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas;
}

class Viewer {
  constructor(section) {
    this.section = section;
    this.wipe = 0.5;
    this.pinned = false;
    this.pixel = null;
    this.painted = new Map();
  }

  find(selector) {
    return this.section.querySelector(selector);
  }

  async load() {
    this.data = JSON.parse(this.find('.image-data').textContent);
    const {data} = this;
    this.palettes = {};
    for (const [name, base64] of Object.entries(data.palettes)) {
      this.palettes[name] = fromBase64(base64);
    }
    this.canvases = {guide: await guideCanvas(data)};
    this.pictures = [{name: 'guide', kind: 'guide'}].concat(await Promise.all(
        data.pictures.map(async (picture) => ({...picture, values: await decodeValues(picture)}))));
    this.canvases.input = this.canvasOf(this.pictures.find(({kind}) => kind === 'input'), false);
    this.kernels = await Promise.all(data.kernels.map(decodeKernels));
    this.find('.place').replaceWith(document.getElementById('viewer').content.cloneNode(true));
    this.stage = this.find('.stage');
    this.stage.style.aspectRatio = `${data.width} / ${data.height}`;
    this.stage.classList.toggle('pixels', data.width < 500);
    this.inspector = new Inspector(this, this.find('.inspector'));
    this.fillSelects();
    this.listen();
    this.draw();
    this.inspect({x: data.start[0], y: data.start[1]});
    this.section.dataset.loaded = 'true';
  }

  // The picture, or the map of its errors, in colour. The guide has no errors.
  canvasOf(picture, errors) {
    const key = `${picture.name} ${picture.kind} ${errors}`;
    if (picture.kind === 'guide') {
      return this.canvases.guide;
    }
    if (!this.painted.has(key)) {
      const {data} = this;
      const {width, height, values} = picture.values;
      this.painted.set(key, errors ?
          paint(this.errorsOf(picture), data.width, data.height, 0, data.errorLimit,
                this.palettes.errors) :
          paint(values, width, height, data.depth[0], data.depth[1], this.palettes.depth));
    }
    return this.painted.get(key);
  }

  errorsOf(picture) {
    const {width, height} = this.data;
    const truth = this.pictures.find(({kind}) => kind === 'truth').values.values;
    return truth.map((value, i) => {
      const pixel = {x: i % width, y: Math.floor(i / width)};
      return Math.abs(valueAt(picture, pixel, this.data) - value);
    });
  }

  fillSelects() {
    const methods = this.pictures.filter(({kind}) => kind === 'method');
    const scores = methods.map(({score}) => (score === null ? Infinity : score));
    const best = this.pictures.indexOf(methods[scores.indexOf(Math.min(...scores))] || methods[0]);
    const input = this.pictures.findIndex(({kind}) => kind === 'input');
    for (const [side, index] of [['left', input], ['right', best]]) {
      const select = this.find(`select.${side}`);
      select.append(...this.pictures.map(({name}) => new Option(name)));
      select.selectedIndex = index;
    }
  }

  draw() {
    const errors = this.find('.errors').checked;
    for (const side of ['left', 'right']) {
      const picture = this.pictures[this.find(`select.${side}`).selectedIndex];
      const source = this.canvasOf(picture, errors);
      const canvas = this.find(`canvas.${side}`);
      canvas.width = this.data.width;
      canvas.height = this.data.height;
      const context = canvas.getContext('2d');
      context.imageSmoothingEnabled = false;
      context.drawImage(source, 0, 0, canvas.width, canvas.height);
      const {metric, unit} = this.data;
      const score = picture.score === undefined || picture.score === null ? '' :
          `  ${metric} ${Number(picture.score.toPrecision(4))} ${unit}`;
      this.find(`.tag.${side}`).textContent = picture.name + score;
    }
    this.drawBar(errors);
    this.setWipe(this.wipe);
  }

  drawBar(errors) {
    const {data} = this;
    const [low, high] = errors ? [0, data.errorLimit] : data.depth;
    const ramp = Float32Array.from({length: 256}, (_, i) => i);
    const palette = errors ? this.palettes.errors : this.palettes.depth;
    this.find('.bar canvas').getContext('2d').drawImage(paint(ramp, 256, 1, 0, 255, palette), 0, 0);
    this.find('.bar .low').textContent = this.inspector.format(low);
    this.find('.bar .high').textContent = this.inspector.format(high);
    this.find('.bar .label').textContent = errors ?
        `${data.unit}, |result − truth|, to the worst method's 98th percentile` : data.unit;
  }

  // `share` of the width shows the left picture.
  setWipe(share) {
    this.wipe = Math.min(1, Math.max(0, share));
    const percent = `${100 * this.wipe}%`;
    this.find('canvas.right').style.clipPath = `inset(0 0 0 ${percent})`;
    this.find('.divider').style.left = percent;
    this.find('.tag.left').style.opacity = this.wipe < 0.04 ? 0 : 1;
    this.find('.tag.right').style.opacity = this.wipe > 0.96 ? 0 : 1;
    this.find('.wipe').value = String(Math.round(1000 * this.wipe));
  }

  inspect(pixel) {
    const {width, height} = this.data;
    this.pixel = {
      x: Math.min(width - 1, Math.max(0, pixel.x)),
      y: Math.min(height - 1, Math.max(0, pixel.y)),
    };
    const cursor = this.find('.cursor');
    cursor.style.left = `${100 * (this.pixel.x + 0.5) / width}%`;
    cursor.style.top = `${100 * (this.pixel.y + 0.5) / height}%`;
    cursor.classList.toggle('pinned', this.pinned);
    this.inspector.show(this.pixel, this.pinned);
  }

  // The share of the stage's width and the pixel under a pointer.
  under(event) {
    const box = this.stage.getBoundingClientRect();
    const shareX = (event.clientX - box.left) / box.width;
    const shareY = (event.clientY - box.top) / box.height;
    return {
      share: shareX,
      pixel: {x: Math.floor(shareX * this.data.width), y: Math.floor(shareY * this.data.height)},
    };
  }

  listen() {
    for (const selector of ['select.left', 'select.right', '.errors']) {
      this.find(selector).addEventListener('change', () => this.draw());
    }
    this.find('.swap').addEventListener('click', () => {
      const [left, right] = [this.find('select.left'), this.find('select.right')];
      [left.selectedIndex, right.selectedIndex] = [right.selectedIndex, left.selectedIndex];
      this.draw();
    });
    this.find('.wipe').addEventListener('input', (event) => {
      this.setWipe(Number(event.target.value) / 1000);
    });
    this.listenToPointer();
    this.stage.addEventListener('keydown', (event) => this.onKey(event));
  }

  // Moving inspects, dragging wipes, a click holds the pixel or frees it.
  listenToPointer() {
    let start = null;
    let dragging = false;
    this.stage.addEventListener('pointerdown', (event) => {
      start = event.button === 0 ? event : null;
      dragging = false;
    });
    this.stage.addEventListener('pointermove', (event) => {
      if (!start && !this.pinned) {
        this.inspect(this.under(event).pixel);
      }
    });
    window.addEventListener('pointermove', (event) => {
      dragging = dragging || (start && Math.abs(event.clientX - start.clientX) > 3);
      if (start && dragging) {
        this.setWipe(this.under(event).share);
      }
    });
    this.stage.addEventListener('pointerup', (event) => {
      if (start && !dragging) {
        this.pinned = !this.pinned;
        this.inspect(this.under(event).pixel);
      }
    });
    for (const type of ['pointerup', 'pointercancel']) {
      window.addEventListener(type, () => {
        start = null;
      });
    }
  }

  onKey(event) {
    const step = event.shiftKey ? 10 : 1;
    const moves = {ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step],
                   ArrowDown: [0, step]};
    if (event.key === 'Escape') {
      this.pinned = false;
      this.inspect(this.pixel);
    } else if (moves[event.key]) {
      event.preventDefault();
      this.pinned = true;
      const [x, y] = moves[event.key];
      this.inspect({x: this.pixel.x + x, y: this.pixel.y + y});
      this.inspector.speak();
    }
  }
}

function main() {
  const root = document.documentElement;
  const fail = (message, section) => {
    root.dataset.error = message;
    const place = section && section.querySelector('.place');
    if (place) {
      place.textContent = `This picture cannot be shown: ${message}`;
    }
  };
  window.addEventListener('error', (event) => fail(event.message));
  window.addEventListener('unhandledrejection', (event) => fail(String(event.reason)));
  const seen = new IntersectionObserver((entries) => {
    for (const {isIntersecting, target} of entries) {
      if (isIntersecting) {
        seen.unobserve(target);
        target.querySelector('.place').textContent = 'Loading';
        if (typeof DecompressionStream === 'undefined') {
          fail('the browser is older than 2023 (it has no DecompressionStream)', target);
        } else {
          new Viewer(target).load().catch((reason) => fail(String(reason), target));
        }
      }
    }
  }, {rootMargin: '600px'});
  document.querySelectorAll('section.viewer').forEach((section) => seen.observe(section));
  root.dataset.ready = 'true';
}

main();
