#!/usr/bin/env python3
"""DKN and FDKN in PyTorch, as the paper tells them: a second opinion on our weights, and a peer.

Written from the paper (Fig. 2, Fig. 4, Tables 1 and 2, Appendix A) and docs/model_format.md without
a look at the C++: batch normalisation by itself, DKN as 16 passes over shifted images, samples by
grid_sample from patches of d x d pixels. What networks for any depth see besides follows
src/imaging/noise_level.h. Needs Debian's python3-torch, which Debian's own Python
sees: run it by /usr/bin/python3. Exits with 77 where there is no PyTorch.

Usage: dkn_torch.py compare --dkn DKN [MODEL.safetensors ...]
           Filters a small room of `dkn synth` by every model (of models/ where none is named) and
           exits with 1 where a result is farther than 1e-4 from that of `dkn filter`.
       dkn_torch.py time MODEL.safetensors --size WIDTHxHEIGHT --guide FILE --target FILE
                    [--threads N] [--seconds S]
           Files hold raw float32, channel by channel. Prints one line of JSON.
"""

import argparse
import json
import math
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

NOT_INSTALLED = 77
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / 'tests' / 'e2e'))
from files import Picture, npy_bytes, read_npy, read_png  # noqa: E402

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    print('PyTorch is not installed for ' + sys.executable, file=sys.stderr)
    sys.exit(NOT_INSTALLED)

EPSILON = 1e-5  # of batch normalisation
PHASES = 4      # FDKN splits images into 4 x 4
STRIDE = 4      # DKN with DownConv gives one result for 4 x 4 pixels
BEFORE = 25     # pixels that DKN sees left of and above a result's, of SIZE in a row
SIZE = 50
LEAST_RUNS, MOST_RUNS = 3, 200

# docs/model_format.md
DEFAULTS = {'kind': 'fdkn', 'kernel_size': '3', 'window': '15', 'residual': 'true', 'guide': 'rgb',
            'streams': 'two', 'weight_activation': 'sigmoid', 'mean_subtraction': 'true',
            'dkn_features': 'down_conv', 'window_rule': 'clamp', 'border_rule': 'replicate',
            'grid_scale': '1', 'tap_order': 'row_major', 'channel_order': 'rgb', 'levels': '1',
            'coarse_kernel_size': '1', 'target': 'values'}
TYPES = {'F32': torch.float32, 'F16': torch.float16, 'BF16': torch.bfloat16, 'I8': torch.int8}


def read_safetensors(path):
    """Metadata, and tensors as float32."""
    data = bytearray(pathlib.Path(path).read_bytes())
    start = 8 + struct.unpack_from('<Q', data)[0]
    header = json.loads(data[8:start])
    metadata = header.pop('__metadata__', {})
    tensors = {}
    for name, entry in header.items():
        begin, end = (start + offset for offset in entry['data_offsets'])
        values = torch.frombuffer(data[begin:end], dtype=TYPES[entry['dtype']])
        tensors[name] = values.to(torch.float32).reshape(entry['shape'])
    return metadata, tensors


def noise_level(image, apart=1):
    """The largest s that is the mean of min(d, 4 s), d the absolute second differences of pixels so
    far apart, each the middle of one of 32 bins to a power of 2; as a normal distribution's
    deviation."""
    before, at, after = slice(None, -2 * apart), slice(apart, -apart), slice(2 * apart, None)
    parts = [image[..., after] - 2 * image[..., at] + image[..., before],
             image[..., after, :] - 2 * image[..., at, :] + image[..., before, :]]
    bins = torch.cat([part.abs().flatten() for part in parts]).view(torch.int32) >> 18
    differences = ((bins << 18) + (1 << 17)).view(torch.float32).double() * (bins > 0)
    clipped_mean, last = differences.mean(), None
    while clipped_mean != last:
        last, clipped_mean = clipped_mean, differences.clamp(max=4 * clipped_mean).mean()
    return clipped_mean.item() / (0.7976 * math.sqrt(6))


class Network:
    """Filters a target [1, 1, H, W], all measured and of the guide's size, by a guide
    [1, 3, H, W], values in [0, 1]."""

    def __init__(self, path):
        metadata, self.tensors = read_safetensors(path)
        fields = {**DEFAULTS, **metadata}
        if fields['dkn_features'] != 'down_conv':
            raise ValueError(f'{path}: this program knows DKN with DownConv only')
        self.fields = fields
        self.fast = fields['kind'] == 'fdkn'
        self.k, self.d = int(fields['kernel_size']), int(fields['window'])
        self.residual = fields['residual'] == 'true'
        self.levels, self.coarse = int(fields['levels']), int(fields['coarse_kernel_size'])
        self.fine_taps = self.k ** 2
        self.all_taps = self.fine_taps + (self.levels - 1) * self.coarse ** 2
        scale = float(fields['grid_scale'])
        origin = float(fields.get('grid_origin', -scale * (self.k - 1) / 2))
        rows, columns = torch.meshgrid(torch.arange(self.k), torch.arange(self.k), indexing='ij')
        if fields['tap_order'] == 'column_major':
            rows, columns = columns, rows
        # [taps, 2]: x and y of a tap without an offset, in pixels from the pixel itself.
        self.taps = scale * torch.stack([columns, rows], -1).reshape(-1, 2) + origin
        self.scale = scale

    def __call__(self, guide, target):
        with torch.inference_mode():
            if self.fast:
                return self.filter(guide, target, target)
            return self.shift_and_stitch(guide, target)

    def shift_and_stitch(self, guide, target):
        """Appendix A: a pass for each shift, whose results are stitched together."""
        result = torch.empty_like(target)
        for y in range(STRIDE):
            for x in range(STRIDE):
                pad = [n for shift in (x, y)
                       for n in (BEFORE - shift, SIZE - STRIDE - BEFORE + shift)]
                result[:, :, y::STRIDE, x::STRIDE] = self.filter(
                    F.pad(guide, pad), F.pad(target, pad), target, STRIDE, (x, y))
        return result

    def filter(self, guide, seen, target, stride=1, shift=(0, 0)):
        """One pass, for each `stride`th pixel of the target from `shift` (x, y) on. The network
        sees `guide` and `seen`."""
        heads = [self.heads(stream, image) for stream, image in self.inputs(guide, seen)]
        weights = self.combine([weights for weights, _ in heads if weights is not None])
        offsets = [offsets for _, offsets in heads if offsets is not None]
        offsets = math.prod(offsets[1:], start=offsets[0]) if offsets else None
        if self.fast:
            weights = F.pixel_shuffle(weights.flatten(1, 2), PHASES)
            offsets = F.pixel_shuffle(offsets, PHASES) if offsets is not None else None
        else:
            weights = weights[:, :, 0]
        size = weights.shape[2:]
        if self.levels == 1:
            samples = self.sample(target, stride, shift, size, offsets)
        else:
            samples = torch.cat([self.sample(target, stride, shift, size,
                                             offsets[:, :2 * self.fine_taps]),
                                 self.sample_levels(target, offsets[:, 2 * self.fine_taps:])], 1)
        average = (weights * samples).sum(1, keepdim=True)
        return target[:, :, shift[1]::stride, shift[0]::stride] + average if self.residual else average

    def inputs(self, guide, target):
        """The streams by name, with what each sees."""
        if self.fields['guide'] == 'luma':
            guide = (guide * torch.tensor([0.299, 0.587, 0.114]).reshape(1, 3, 1, 1)).sum(
                1, keepdim=True)
        elif self.fields['channel_order'] == 'bgr':
            guide = guide.flip(1)
        if self.fields['target'] != 'values':  # measured, 0 the ratio's logarithm, noises
            seen = [target, torch.ones_like(target), torch.zeros_like(target)]
            apart = {'noisy_measurement': (1,), 'correlated_noise': (1, 8)}
            for pixels in apart.get(self.fields['target'], ()):
                noise = math.log2(1 + 4096 * noise_level(target, pixels)) / 8
                seen.append(torch.full_like(target, noise))
            target = torch.cat(seen, 1)
        streams = {'ImageKernel': lambda: guide, 'DepthKernel': lambda: target,
                   'JointKernel': lambda: torch.cat([guide, target], 1)}
        return [(name, image()) for name, image in streams.items()
                if name + '.conv1.weight' in self.tensors]

    def heads(self, stream, values):
        """[1, taps, phases, h, w] weights and [1, 2 * taps * phases, h, w] offsets, or None."""
        if self.fast:
            values = F.pixel_unshuffle(values, PHASES)
        index = 1
        while f'{stream}.conv{index}.weight' in self.tensors:
            values = F.relu(self.normalised(f'{stream}.conv{index}', values))
            block = 1
            while index == 4 and f'{stream}.block{block}_conv1.weight' in self.tensors:
                inner = F.relu(self.normalised(f'{stream}.block{block}_conv1', values))
                values = F.relu(self.normalised(f'{stream}.block{block}_conv2', inner) + values)
                block += 1
            index += 1
        weights = self.convolve(stream + '.conv_weight', values)
        offsets = self.convolve(stream + '.conv_offset', values)
        if weights is not None:
            weights = weights.reshape(1, self.all_taps, -1, *weights.shape[2:])
        return weights, offsets

    def normalised(self, name, values):
        """A convolution, and batch normalisation where there is one."""
        values = self.convolve(name, values)
        if name + '_bn.weight' not in self.tensors:
            return values
        norm = [self.tensors[f'{name}_bn.{part}']
                for part in ('running_mean', 'running_var', 'weight', 'bias')]
        return F.batch_norm(values, *norm, eps=EPSILON)

    def convolve(self, name, values):
        """None where there is no such layer. FDKN pads, DKN's 2 x 2 kernels are DownConv."""
        if name + '.weight' not in self.tensors:
            return None
        weights = self.tensors[name + '.weight']
        size = weights.shape[2]
        return F.conv2d(values, weights, self.tensors[name + '.bias'],
                        stride=2 if not self.fast and size == 2 else 1,
                        padding=1 if self.fast and size == 3 else 0)

    def combine(self, streams):
        """Sections 3.1 and 3.2, "Weight regression"."""
        activation = {'sigmoid': torch.sigmoid, 'softmax': lambda x: x.softmax(1),
                      'linear': lambda x: x}[self.fields['weight_activation']]
        fine = math.prod(activation(weights[:, :self.fine_taps]) for weights in streams)
        coarse = math.prod(torch.sigmoid(weights[:, self.fine_taps:]) for weights in streams)
        if not self.residual:
            product = torch.cat([fine, coarse], 1)
            return product / product.sum(1, keepdim=True)
        if self.fields['mean_subtraction'] == 'true':
            fine = fine - fine.mean(1, keepdim=True)
        return torch.cat([fine, coarse], 1)

    def sample(self, target, stride, shift, size, offsets):
        """Appendix A: patches of d x d pixels around every `stride`th pixel from `shift` on, k * k
        samples from each. [1, taps, h, w]."""
        radius, count = self.d // 2, size[0] * size[1]
        mode = 'replicate' if self.fields['border_rule'] == 'replicate' else 'constant'
        padded = F.pad(target, [radius] * 4, mode=mode)[:, :, shift[1]:, shift[0]:]
        patches = F.unfold(padded, self.d, stride=stride)
        patches = patches[0].t().reshape(count, 1, self.d, self.d)
        positions = self.taps.expand(count, -1, -1)
        if offsets is not None:
            offsets = offsets.reshape(-1, 2, count).permute(2, 0, 1)
            if self.fields['window_rule'] == 'clamp':
                limit = (self.d - self.k) / 2
                offsets = offsets.clamp(-limit, limit)
            positions = positions + self.scale * offsets
        grid = (positions / max(radius, 1)).reshape(count, self.k, self.k, 2)
        samples = F.grid_sample(patches, grid, mode='bilinear', padding_mode='zeros',
                                align_corners=True)
        return samples.reshape(count, -1).t().reshape(1, -1, *size)


    def sample_levels(self, target, offsets):
        """The target's coarser levels, each the means of 2 x 2 pixels of the one before, for every
        pixel of the target; with the residual, from the pixel's own value. [1, taps, H, W]."""
        height, width = target.shape[2:]
        limit = (self.d - self.coarse) / 2
        samples, level, tap = [], target, 0
        for index in range(1, self.levels):
            level = F.pad(level, [0, level.shape[3] % 2, 0, level.shape[2] % 2], mode='replicate')
            level = F.avg_pool2d(level, 2)
            places = [(torch.arange(size) + 0.5) / 2 ** index - 0.5 for size in (height, width)]
            for row in range(self.coarse):
                for column in range(self.coarse):
                    x, y = offsets[0, 2 * tap:2 * tap + 2].clamp(-limit, limit)
                    x = x + places[1][None, :] + column - (self.coarse - 1) / 2
                    y = y + places[0][:, None] + row - (self.coarse - 1) / 2
                    grid = torch.stack([2 * x / (level.shape[3] - 1) - 1,
                                        2 * y / (level.shape[2] - 1) - 1], -1)[None]
                    samples.append(F.grid_sample(level, grid, mode='bilinear',
                                                 padding_mode='border', align_corners=True))
                    tap += 1
        samples = torch.cat(samples, 1)
        return samples - target if self.residual else samples


def run_dkn(dkn, folder, *arguments):
    subprocess.run([dkn, *arguments], cwd=folder, check=True)


def make_room(dkn, folder):
    """Guide and target, as files for `dkn filter` and as tensors."""
    run_dkn(dkn, folder, 'synth', '-o', '.', '--width', '120', '--height', '88')
    run_dkn(dkn, folder, 'upsample', 'room_rgb.png', 'room_depth.png', '-o', 'target.png',
            '--model', 'bicubic')
    rgb, _ = read_png(folder + '/room_rgb.png')
    depth, _ = read_png(folder + '/target.png')
    low, high = min(depth.values), max(depth.values)
    # From 0 to 1, which `dkn filter` takes as it is; with noise, as some networks leave clean depth.
    noise = (0.02 * torch.randn(len(depth.values), generator=torch.manual_seed(1))).tolist()
    target = Picture(depth.width, depth.height, 1,
                     [min(max((v - low) / (high - low) + n, 0.0), 1.0)
                      for v, n in zip(depth.values, noise)])
    pathlib.Path(folder, 'target.npy').write_bytes(npy_bytes(target))
    shape = (1, depth.height, depth.width, -1)
    return (torch.tensor(rgb.values).reshape(shape).permute(0, 3, 1, 2) / 255,
            torch.tensor(target.values).reshape(shape).permute(0, 3, 1, 2))


def compare(arguments):
    dkn = str(pathlib.Path(arguments.dkn).resolve())
    models = [pathlib.Path(m).resolve() for m in arguments.models]
    worst = 0.0
    with tempfile.TemporaryDirectory(prefix='dkn_torch_') as folder:
        guide, target = make_room(dkn, folder)
        for model in models or sorted(ROOT.glob('models/*.safetensors')):
            run_dkn(dkn, folder, 'filter', 'room_rgb.png', 'target.npy', '-o', 'out.npy',
                    '--model', str(model), '--precision', 'fp32')
            ours = torch.tensor(read_npy(folder + '/out.npy').values)
            theirs = Network(model)(guide, target).flatten()
            difference = (ours - theirs).abs().max().item()
            print(f'{model.stem}: {difference:.1e} at most, '
                  f'{(ours - target.flatten()).abs().max().item():.2f} from the input')
            worst = max(worst, difference)
    return 1 if worst > 1e-4 else 0


def measure(arguments):
    torch.set_num_threads(arguments.threads)
    width, height = (int(n) for n in arguments.size.split('x'))
    images = [torch.frombuffer(bytearray(pathlib.Path(path).read_bytes()), dtype=torch.float32)
              .reshape(1, channels, height, width)
              for path, channels in ((arguments.guide, 3), (arguments.target, 1))]
    network = Network(arguments.model)
    network(*images)
    times, start = [], time.perf_counter()
    while len(times) < LEAST_RUNS or (time.perf_counter() - start < arguments.seconds and
                                      len(times) < MOST_RUNS):
        begin = time.perf_counter()
        network(*images)
        times.append(1e3 * (time.perf_counter() - begin))
    print(json.dumps({'peer': 'PyTorch ' + torch.__version__, 'width': width, 'height': height,
                      'threads': arguments.threads, 'median_ms': statistics.median(times),
                      'runs': len(times)}))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser('compare', help='Compare with `dkn filter`')
    command.add_argument('models', nargs='*')
    command.add_argument('--dkn', required=True)
    command.set_defaults(run=compare)
    command = commands.add_parser('time', help='Time one model')
    command.add_argument('model')
    for name in ('--size', '--guide', '--target'):
        command.add_argument(name, required=True)
    command.add_argument('--threads', type=int, default=1)
    command.add_argument('--seconds', type=float, default=2.0)
    command.set_defaults(run=measure)
    arguments = parser.parse_args()
    return arguments.run(arguments)


if __name__ == '__main__':
    sys.exit(main())
