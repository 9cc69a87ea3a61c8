#!/usr/bin/env python3
"""Times `dkn` and other software on the same images and threads, and writes docs/performance.md.

Usage: run.py [--dkn build/dev/bin/dkn] [--size 640x480] [--threads 2] [--seconds 10]

Runs `dkn bench --json`, then each peer that is installed, one after the other, on an idle machine.
What stands between the two marks of docs/performance.md is replaced; the rest of it stays.
"""

import argparse
import array
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

NOT_INSTALLED = 77
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / 'tests' / 'e2e'))
from files import read_png  # noqa: E402

MODELS = ('fdkn_x8', 'dkn_x8')
TITLES = {'fdkn_x8': 'FDKN', 'dkn_x8': 'DKN'}
SEED = '1000'  # the room of `dkn bench`
BEGIN, END = '<!-- bench/peers/run.py: begin -->\n', '<!-- bench/peers/run.py: end -->\n'
# The Python that sees Debian's modules, which the one on PATH may not be.
DEBIAN_PYTHON = '/usr/bin/python3'
IDLE_LOAD = 0.5  # the most that other programs may load the machine before the run


class Session:
    """One measurement: the images, in a folder of its own, and what is the same for all."""

    def __init__(self, options, folder):
        self.dkn = str(pathlib.Path(options.dkn).resolve())
        self.size, self.threads, self.seconds = options.size, options.threads, options.seconds
        self.width, self.height = (int(n) for n in options.size.split('x'))
        self.folder = folder
        self.load = os.getloadavg()[0]
        self.missing = []

    def run(self, *command):
        """Standard output; None where the program says that it lacks something."""
        print('$', *command, file=sys.stderr)
        done = subprocess.run(command, cwd=self.folder, text=True, stdout=subprocess.PIPE)
        if done.returncode == NOT_INSTALLED:
            return None
        if done.returncode != 0:
            sys.exit(f'{command[0]} failed')
        return done.stdout

    def make_images(self):
        """guide.raw and target.raw: float32 in [0, 1], channel by channel."""
        self.run(self.dkn, 'synth', '-o', '.', '--seed', SEED, '--width', str(self.width),
                 '--height', str(self.height), '--scale', '1')
        rgb, _ = read_png(os.path.join(self.folder, 'room_rgb.png'))
        depth, _ = read_png(os.path.join(self.folder, 'room_truth.png'))
        farthest = max(depth.values)
        guide = [value / 255 for c in range(3) for value in rgb.values[c::3]]
        for name, values in (('guide.raw', guide),
                             ('target.raw', [value / farthest for value in depth.values])):
            with open(os.path.join(self.folder, name), 'wb') as file:
                array.array('f', values).tofile(file)

    def bench(self):
        """What `dkn bench` says of the machine, and its results."""
        text = self.run(self.dkn, 'bench', *MODELS, '--sizes', self.size, '--threads',
                        str(self.threads), '--seconds', str(self.seconds), '--json', 'bench.json')
        with open(os.path.join(self.folder, 'bench.json'), encoding='utf-8') as file:
            return text.splitlines()[0], json.load(file)

    def network_peer(self, name, command):
        """Results of `command(model)` for each model, {} where the peer is not installed."""
        results = {}
        for model in MODELS:
            try:
                text = self.run(*command(model))
            except FileNotFoundError:
                text = None
            if text is None:
                self.missing.append(name)
                return {}
            results[model] = json.loads(text)
        return results

    def images(self):
        return ('--size', self.size, '--threads', str(self.threads), '--seconds',
                str(self.seconds), '--guide', 'guide.raw', '--target', 'target.raw')

    def onnx_runtime(self):
        def command(model):
            self.run(self.dkn, 'export', model, '--onnx', model + '.onnx', '--width',
                     str(self.width), '--height', str(self.height))
            return ('node', str(HERE / 'onnx.mjs'), model + '.onnx', *self.images())
        return self.network_peer('ONNX Runtime', command)

    def pytorch(self):
        return self.network_peer('PyTorch', lambda model: (
            DEBIAN_PYTHON, '-B', str(HERE / 'dkn_torch.py'), 'time',
            str(ROOT / 'models' / (model + '.safetensors')), *self.images()))

    def ximgproc(self):
        """A list of results."""
        program = os.path.join(os.path.dirname(self.dkn), 'dkn_ximgproc')
        if not os.path.exists(program):
            self.missing.append("OpenCV's ximgproc (or the benchmarks are not built)")
            return []
        text = self.run(program, str(self.width), str(self.height), 'guide.raw', 'target.raw',
                        str(self.threads), str(self.seconds))
        # The bilateral solver prints lines of its own.
        return [json.loads(line) for line in text.splitlines() if line.startswith('{')]


def milliseconds(value):
    return f'{value:.1f}' if value < 100 else f'{value:.0f}'


def table(header, rows):
    lines = [header, ['---'] * len(header), *rows]
    return '\n'.join('| ' + ' | '.join(line) + ' |' for line in lines) + '\n'


def precisions(ours):
    return list(dict.fromkeys(result['precision'] for result in ours))


def networks_table(ours, peers):
    """The same networks here and elsewhere, with each time as a multiple of ours in fp32."""
    times = {('dkn', p): {r['model']: r['median_ms'] for r in ours if r['precision'] == p}
             for p in precisions(ours)}
    for peer in peers:
        times[peer[MODELS[0]]['peer'], 'fp32'] = {m: peer[m]['median_ms'] for m in MODELS}
    header = ['program', 'precision']
    for model in MODELS:
        header += [f'{TITLES[model]} ({model}), ms', 'times `dkn` in fp32']
    rows = []
    for (program, precision), by_model in times.items():
        row = [f'`{program}`' if program == 'dkn' else program, precision]
        for model in MODELS:
            row += [milliseconds(by_model[model]),
                    f'{by_model[model] / times["dkn", "fp32"][model]:.2f}']
        rows.append(row)
    return table(header, rows)


def ratios(ours, peers):
    """A line for each network, precision of ours, and peer."""
    lines = []
    for model in MODELS:
        for result in (r for r in ours if r['model'] == model):
            faster = [f'{peer[model]["median_ms"] / result["median_ms"]:.1f} times as fast as '
                      f'{peer[model]["peer"]} in fp32' for peer in peers]
            if faster:
                lines.append(f'- {TITLES[model]} in {result["precision"]} is ' +
                             ' and '.join(faster) + '.')
    return '\n'.join(lines) + '\n'


def bench_table(ours):
    rows = [[r['model'], r['precision'], milliseconds(r['median_ms']),
             milliseconds(r['floor_ms']), f'{r["median_ms"] / r["floor_ms"]:.2f}',
             f'{r["peak_rss_mb"]:.0f}', f'{r["rmse_change_percent"]:+.3f} %'] for r in ours]
    return table(['model', 'precision', 'ms', 'bare convolutions, ms', 'whole / bare', 'peak, MB',
                  'RMSE change'], rows)


def filters_table(filters):
    rows = [[f['peer'], milliseconds(f['median_ms']), f'`{f["method"]}`',
             milliseconds(f['dkn_median_ms']), f'{f["median_ms"] / f["dkn_median_ms"]:.2f}',
             f'{f["rmse"]:.4f}', f'{f["dkn_rmse"]:.4f}', f'{f["rms_difference"]:.4f}']
            for f in filters]
    return table(['filter', 'ms', 'ours', 'ms', 'ours is so many times as fast', 'RMSE',
                  'RMSE of ours', 'RMS of their difference'], rows)


def report(session, machine, ours, peers, filters):
    version = session.run(session.dkn, '--version').strip()
    parts = [f'`dkn` {version} and peers in one run: {session.width} x {session.height}, '
             f'{session.threads} threads of {os.cpu_count()} processors; {machine}.\n']
    if session.load > IDLE_LOAD:
        parts.append('**Not idle**: other programs used the machine (load average '
                     f'{session.load:.1f} before the run), so these times are too long, by unequal '
                     'factors.\n')
    parts.append(networks_table(ours, peers))
    if peers:
        parts.append(ratios(ours, peers))
    parts += ['What `dkn bench` says of our own:\n', bench_table(ours)]
    if filters:
        parts += ['Classical filters, theirs and ours in turns, on the same guide and its depth made '
                  'smaller by 8 and enlarged; errors of a range of 1, 32 pixels from the border:\n',
                  filters_table(filters)]
    if session.missing:
        parts.append('Not installed: ' + ', '.join(session.missing) + '.\n')
    return '\n'.join(parts)


def replace_between_marks(path, text):
    page = path.read_text(encoding='utf-8')
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        sys.exit(f'{path} lacks the marks {BEGIN.strip()} and {END.strip()}')
    pattern = re.escape(BEGIN) + '.*' + re.escape(END)
    path.write_text(re.sub(pattern, lambda _: f'{BEGIN}\n{text}\n{END}', page, flags=re.DOTALL),
                    encoding='utf-8')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--dkn', default='build/dev/bin/dkn')
    parser.add_argument('--size', default='640x480')
    parser.add_argument('--threads', type=int, default=os.cpu_count())
    parser.add_argument('--seconds', type=float, default=10.0)
    parser.add_argument('--output', type=pathlib.Path, default=ROOT / 'docs' / 'performance.md')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix='dkn_peers_') as folder:
        session = Session(options, folder)
        session.make_images()
        machine, ours = session.bench()
        peers = [peer for peer in (session.onnx_runtime(), session.pytorch()) if peer]
        text = report(session, machine, ours, peers, session.ximgproc())
    replace_between_marks(options.output, text)


if __name__ == '__main__':
    main()
