// What the page tells about one pixel: the pictures' values and errors there, and the kernel.

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// As many digits as the errors deserve.
function formatter(limit) {
  const digits = Math.min(6, Math.max(0, Math.ceil(-Math.log10(limit / 200))));
  return (value) => (Number.isFinite(value) ? value.toFixed(digits) : '–');
}

function cell(row, tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  row.append(element);
  return element;
}

class Inspector {
  // `viewer` has data, pictures and kernels, all decoded.
  constructor(viewer, element) {
    this.viewer = viewer;
    this.element = element;
    this.find = (selector) => element.querySelector(selector);
    this.format = formatter(viewer.data.errorLimit);
    const select = this.find('.method');
    for (const field of viewer.kernels) {
      select.append(new Option(field.method));
    }
    select.addEventListener('change', () => this.show(this.pixel, this.pinned));
    this.find('.kernel').hidden = viewer.kernels.length === 0;
  }

  show(pixel, pinned) {
    this.pixel = pixel;
    this.pinned = pinned;
    this.find('.where').textContent = `x ${pixel.x}, y ${pixel.y}` +
        (pinned ? ' (held; click or Escape frees it)' : '');
    this.showValues();
    if (this.viewer.kernels.length > 0) {
      this.showKernel();
    }
  }

  // For who moves by keys and listens.
  speak() {
    const values = [...this.find('.values tbody').rows].map(
        (row) => `${row.cells[0].textContent} ${row.cells[1].textContent}`);
    this.find('.spoken').textContent = `x ${this.pixel.x}, y ${this.pixel.y}: ${values.join(', ')}`;
  }

  showValues() {
    const {data, pictures} = this.viewer;
    const body = this.find('.values tbody');
    const truth = pictures.find((picture) => picture.kind === 'truth');
    const rows = pictures.filter((picture) => picture.values).map((picture) => {
      const value = valueAt(picture, this.pixel, data);
      const error = picture.kind === 'truth' ? NaN : value - valueAt(truth, this.pixel, data);
      return {picture, value, error};
    });
    const errors = rows.filter((row) => row.picture.kind === 'method')
        .map((row) => Math.abs(row.error));
    const least = Math.min(...errors);
    body.replaceChildren(...rows.map(({picture, value, error}) => {
      const row = document.createElement('tr');
      cell(row, 'td', picture.name).title = picture.name;
      cell(row, 'td', this.format(value));
      cell(row, 'td', Number.isFinite(error) ? (error >= 0 ? '+' : '') + this.format(error) : '');
      const best = picture.kind === 'method' && errors.length > 1 && Math.abs(error) === least;
      row.className = best ? 'best' : '';
      return row;
    }));
  }

  showKernel() {
    const field = this.viewer.kernels[this.find('.method').selectedIndex];
    const kernel = field.at(this.pixel.x, this.pixel.y);
    const largest = Math.max(1e-9, ...kernel.taps.map((tap) => Math.abs(tap.weight)));
    const reach = Math.max(3, ...kernel.taps.map((tap) => Math.max(Math.abs(tap.x),
                                                                  Math.abs(tap.y))));
    // Few sizes of the cut-out, so that it does not breathe while the mouse moves.
    const radius = [4, 8, 16, 32, 64, 128].find((size) => size >= reach + 0.5) || 256;
    for (const name of ['guide', 'input']) {
      this.drawLoupe(this.find(`.loupe.${name}`), name, kernel, radius, largest);
    }
    this.showWeights(field, kernel, largest);
    const sum = kernel.taps.reduce((total, tap) => total + tap.weight, 0);
    // Of weights in 8 bits: one decimal, and no "-0.0".
    this.find('.sum').textContent = `sum of weights ${(Math.round(10 * sum) / 10 + 0).toFixed(1)}`;
    const elsewhere = kernel.x !== this.pixel.x || kernel.y !== this.pixel.y;
    const nth = ['', '', 'second', 'third'][field.every] || `${field.every}th`;
    this.find('.note').textContent = field.every === 1 ? '' :
        `The page keeps the kernels of every ${nth} column and row` +
        (elsewhere ? `; this is the one at x ${kernel.x}, y ${kernel.y}.` : '.');
  }

  drawLoupe(canvas, kind, kernel, radius, largest) {
    const context = canvas.getContext('2d');
    const scale = canvas.width / (2 * radius + 1);
    const left = kernel.x - radius;
    const top = kernel.y - radius;
    const source = this.viewer.canvases[kind];
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#808080';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = false;
    const {width, height} = this.viewer.data;
    context.drawImage(source, 0, 0, source.width, source.height, -left * scale, -top * scale,
                      width * scale, height * scale);
    const centre = (offset) => (radius + 0.5 + offset) * scale;
    context.lineWidth = 2;
    context.strokeStyle = '#000';
    context.strokeRect(radius * scale - 1, radius * scale - 1, scale + 2, scale + 2);
    context.strokeStyle = '#fff';
    context.strokeRect(radius * scale, radius * scale, scale, scale);
    for (const tap of kernel.taps) {
      const size = 3 + 16 * Math.sqrt(Math.abs(tap.weight) / largest);
      context.beginPath();
      context.arc(centre(tap.x), centre(tap.y), size, 0, 2 * Math.PI);
      context.globalAlpha = 0.8;
      context.fillStyle = tap.weight >= 0 ? '#ff9a1f' : '#3b82f6';
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = '#fff';
      context.stroke();
    }
  }

  showWeights(field, kernel, largest) {
    const body = this.find('.weights tbody');
    const rows = [];
    for (let y = 0; y < field.size; ++y) {
      const row = document.createElement('tr');
      for (let x = 0; x < field.size; ++x) {
        const tap = kernel.taps[y * field.size + x];
        const element = cell(row, 'td', tap.weight.toFixed(2));
        const share = Math.round(70 * Math.abs(tap.weight) / largest);
        element.style.background =
            `color-mix(in srgb, var(${tap.weight >= 0 ? '--plus' : '--minus'}) ${share}%, transparent)`;
        element.title = `at ${tap.x.toFixed(2)}, ${tap.y.toFixed(2)} px`;
      }
      rows.push(row);
    }
    this.find('.weights').hidden = field.size > 7;
    body.replaceChildren(...rows);
  }
}
