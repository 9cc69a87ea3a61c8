#!/usr/bin/env python3
"""Checks who includes whom: the layers (see CONTRIBUTING.md) and the table of dependencies.

Usage: check_layers.py [--root DIR] | --self-test
Prints one line per violation and exits with 1 when there are any.
"""

import argparse
import pathlib
import re
import sys
import tempfile

# Bottom to top. A folder includes from itself and from rows below its own.
ROWS = [
    ['core'],
    ['imaging', 'net'],
    ['dkn', 'filters', 'rivals', 'sensors'],
    ['pipeline'],
    ['segmentation'],
    ['synth', 'io', 'export'],
    ['data', 'figures'],
    ['eval'],
    ['report'],
    ['train', 'bench', 'serve'],
    ['cli', 'bindings'],
]
TOPS = ROWS[-1]  # beside src
ROW = {folder: i for i, folders in enumerate(ROWS) for folder in folders}

# The folder that implements each public header, include/dkn/NAME.
PUBLIC = {
    'architecture.h': 'dkn',
    'dkn.h': 'pipeline',  # the C interface
    'error.h': 'core',
    'export.h': 'core',
    'filter_image.h': 'pipeline',
    'filter_parameter.h': 'core',
    'frame.h': 'core',
    'image.h': 'core',
    'io.h': 'io',
    'joint_filter.h': 'core',
    'model.h': 'dkn',
    'opencv.h': 'io',
    'orientations.h': 'pipeline',
    'placement.h': 'pipeline',
    'precision.h': 'core',  # what the processor supports is found out in net
    'progress.h': 'core',
    'registration.h': 'imaging',
    'registry.h': 'pipeline',
    'invalid_values.h': 'imaging', 'resample.h': 'imaging',
    'threads.h': 'core',
    'segmenter.h': 'segmentation',
    'upsample.h': 'pipeline',
    'upsample_files.h': 'io',
    'upsampler.h': 'pipeline',
}

# Headers beyond the standard library's (beginning of the name) and the folders that may include them.
LIBRARY = ['core', 'imaging', 'net', 'dkn', 'filters', 'rivals', 'pipeline', 'segmentation']
THIRD_PARTY = {
    'oneapi/dnnl/': ['net', 'train'],
    'hwy/': LIBRARY,
    'dlfcn.h': ['pipeline', 'cli'],
    'fcntl.h': list(ROW),
    'poll.h': list(ROW),
    'signal.h': ['train'],
    'spawn.h': ['train'],
    'link.h': ['pipeline'],
    'linux/videodev2.h': ['io'],
    'mpi.h': ['train'],
    'malloc.h': ['io', 'train', 'bench', 'cli'],
    'omp.h': list(ROW),
    'unistd.h': list(ROW),
    'sys/': list(ROW),
    'nlohmann/': list(ROW),
    'Eigen/': ['filters'],
    'png.h': ['io'],
    'zlib.h': ['io'],
    'jpeglib.h': ['io'],
    'jerror.h': ['io'],
    'tiffio.h': ['io'],
    'webp/': ['io'],
    'Imf': ['io'],
    'cairo.h': ['figures'],
    'onnx/': ['export'],
    'httplib.h': ['serve'],
    'netinet/': ['serve'],
    'arpa/': ['serve'],
    'hdf5': ['data'],
    'H5': ['data'],
    'CLI/': ['train', 'cli'],
    'spdlog/': ['train', 'cli'],
    'torch/': ['train'],
    'c10/': ['train'],
    'ATen/': ['train'],
    'pybind11/': ['bindings'],
}
# The same by the file's name; test_x.h is what several tests of a folder share.
TESTS = ('*_test.cpp', 'test_*.h')
BY_NAME = {
    'gtest/': TESTS,
    'gmock/': TESTS,
    'benchmark/': ('*_bench.cpp',),
    # The adapter dkn/opencv.h, and files that another encoder than ours makes.
    'opencv2/': ('opencv_test.cpp', 'bmp_test.cpp', 'exr_test.cpp', 'jpeg_test.cpp',
                 'webp_test.cpp'),
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)
STANDARD = re.compile(r'^(c?[a-z_]+[0-9]*)$')  # <vector>, <cstdint>: no folder, no ending


def folder_of_header(name):
    """The folder that "dkn/x.h" or "src/folder/x.h" belongs to, or None."""
    parts = name.split('/')
    if parts[0] == 'dkn' and len(parts) == 2:
        return PUBLIC.get(parts[1])
    if parts[0] in ('src', *TOPS) and len(parts) > 1:
        folder = parts[1] if parts[0] == 'src' else parts[0]
        return folder if folder in ROW else None
    return None


def check_own(folder, name, public):
    """What is wrong with including our header `name` from `folder`, or None."""
    if public and not name.startswith('dkn/'):
        return 'a public header includes public headers only'
    below = folder_of_header(name)
    if below is None:
        return 'belongs to no layer; a new public header needs a line in scripts/check_layers.py'
    if below != folder and ROW[below] >= ROW[folder]:
        return f'{folder} may include only from itself and rows below its own, not from {below}'
    return None


def check_foreign(path, folder, name, public):
    """What is wrong with including `name`, which is not ours, from `folder`, or None."""
    if STANDARD.match(name):
        return None
    if public:
        if path.name == 'opencv.h' and name.startswith('opencv2/'):
            return None
        if path.name == 'dkn.h' and name == 'stddef.h':  # it is C
            return None
        return 'a public header includes only the standard library and public headers'
    for prefix, patterns in BY_NAME.items():
        if name.startswith(prefix):
            fits = any(path.match(pattern) for pattern in patterns)
            return None if fits else f'is for files {", ".join(patterns)} only'
    for prefix, folders in THIRD_PARTY.items():
        if name.startswith(prefix):
            return None if folder in folders else f'is for {", ".join(folders)} only'
    return 'is not in the table of dependencies in scripts/check_layers.py'


def check_file(root, path):
    """Messages about the includes of one file."""
    parts = path.relative_to(root).parts
    public = parts[0] == 'include'
    if public:
        folder = PUBLIC.get(parts[-1])
    else:
        folder = parts[1] if parts[0] == 'src' else parts[0]
    relative = '/'.join(parts)
    if folder not in ROW:
        return [f'{relative}: belongs to no layer; see scripts/check_layers.py']
    messages = []
    for quote, name in INCLUDE.findall(path.read_text(encoding='utf-8')):
        ours = name.split('/')[0] in ('src', 'dkn', *TOPS)
        if ours:
            problem = check_own(folder, name, public)
        elif quote == '"' and '/' not in name:
            problem = 'is relative; write "src/folder/x.h" or "dkn/x.h"'
        else:
            problem = check_foreign(path, folder, name, public)
        if problem:
            messages.append(f'{relative}: {name}: {problem}')
    return messages


def check(root):
    """Messages about every source file under `root`."""
    files = [p for top in ('src', 'include', *TOPS) for p in (root / top).rglob('*')
             if p.suffix in ('.h', '.cpp')]
    if not files:
        return ['no source files found']
    return [message for path in sorted(files) for message in check_file(root, path)]


# A tree of one-line files: path, include, and what the message about it holds ('' for none).
CASES = [
    ('include/dkn/image.h', '<cstddef>', ''),
    ('include/dkn/resample.h', '"dkn/image.h"', ''),
    ('include/dkn/opencv.h', '<opencv2/core.hpp>', ''),
    ('include/dkn/dkn.h', '<stddef.h>', ''),
    ('src/core/a.cpp', '"src/core/a.h"', ''),
    ('src/imaging/a.cpp', '"src/core/a.h"', ''),
    ('src/imaging/a_test.cpp', '<gtest/gtest.h>', ''),
    ('src/io/test_a.h', '<gtest/gtest.h>', ''),
    ('src/imaging/a_bench.cpp', '<benchmark/benchmark.h>', ''),
    ('src/net/a.cpp', '<oneapi/dnnl/dnnl.hpp>', ''),
    ('src/train/a.cpp', '<torch/torch.h>', ''),
    ('src/export/a.cpp', '<onnx/onnx_pb.h>', ''),
    ('cli/a.cpp', '"src/eval/a.h"', ''),
    ('bindings/python/a.cpp', '<pybind11/pybind11.h>', ''),
    ('bindings/python/b.cpp', '"bindings/python/a.h"', ''),
    ('bindings/python/c.cpp', '"cli/a.h"', 'not from cli'),
    ('cli/c.cpp', '<pybind11/pybind11.h>', 'is for bindings only'),
    ('include/dkn/precision.h', '<stddef.h>', 'only the standard library'),
    ('include/dkn/error.h', '<nlohmann/json.hpp>', 'only the standard library'),
    ('include/dkn/joint_filter.h', '"dkn/resample.h"', 'not from imaging'),
    ('include/dkn/model.h', '"src/dkn/a.h"', 'public headers only'),
    ('include/dkn/upsample.h', '<opencv2/core.hpp>', 'only the standard library'),
    ('include/dkn/unheard_of.h', '<vector>', 'no layer'),
    ('src/dkn/d.cpp', '"src/export/a.h"', 'not from export'),
    ('src/core/b.cpp', '"src/imaging/a.h"', 'not from imaging'),
    ('src/imaging/b.cpp', '"src/net/a.h"', 'not from net'),
    ('src/dkn/b.cpp', '"src/filters/a.h"', 'not from filters'),
    ('src/filters/b.cpp', '"dkn/upsample.h"', 'not from pipeline'),
    ('src/eval/b.cpp', '"src/train/a.h"', 'not from train'),
    ('src/io/b.cpp', '"cli/a.h"', 'not from cli'),
    ('src/io/c.cpp', '"file.h"', 'is relative'),
    ('src/dkn/c.cpp', '<oneapi/dnnl/dnnl.hpp>', 'is for net, train only'),
    ('src/io/opencv_test.cpp', '<opencv2/core.hpp>', ''),
    ('src/figures/c.cpp', '<opencv2/core.hpp>', 'is for files opencv_test.cpp'),
    ('src/io/f.cpp', '<opencv2/core.hpp>', 'is for files opencv_test.cpp'),
    ('src/figures/d.cpp', '<cairo.h>', ''),
    ('src/report/c.cpp', '<cairo.h>', 'is for figures only'),
    ('src/io/d.cpp', '<ImfHeader.h>', ''),
    ('src/eval/e.cpp', '<ImfHeader.h>', 'is for io only'),
    ('src/eval/f.cpp', '<png.h>', 'is for io only'),
    ('src/dkn/e.cpp', '<onnx/onnx_pb.h>', 'is for export only'),
    ('src/eval/d.cpp', '<torch/torch.h>', 'is for train only'),
    ('src/core/d.cpp', '<gtest/gtest.h>', 'is for files *_test.cpp'),
    ('src/core/e.cpp', '<boost/any.hpp>', 'not in the table'),
    ('src/attic/a.cpp', '<vector>', 'no layer'),
]


def self_test():
    """Messages about cases that the check judges wrongly."""
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        if not check(root):
            return ['an empty tree passes']
        for path, include, _ in CASES:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(f'#include {include}\n', encoding='utf-8')
        found = check(root)
    wrong = []
    for path, include, expected in CASES:
        messages = [m for m in found if m.startswith(path + ':')]
        if len(messages) != (1 if expected else 0) or any(expected not in m for m in messages):
            wrong.append(f'{path} including {include}: {messages}, expected [{expected!r}]')
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--root', type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument('--self-test', action='store_true')
    arguments = parser.parse_args()
    messages = self_test() if arguments.self_test else check(arguments.root)
    print('\n'.join(messages) if messages else 'no violations')
    return 1 if messages else 0


if __name__ == '__main__':
    sys.exit(main())
