#!/usr/bin/env python3
"""Checks that every path in docs/paper_map.md exists.

A path is text in backticks without spaces that names a folder of the repository's root ("src/...")
or ends like a file of ours ("x.cpp"); it is taken from the root.

Usage: check_paper_map.py [--root DIR] | --self-test
Prints one line per path that is gone and exits with 1 when there are any.
"""

import argparse
import pathlib
import re
import sys
import tempfile

FOLDERS = ('bench', 'cli', 'cmake', 'docs', 'examples', 'experiments', 'include', 'models',
           'scripts', 'src', 'tests')
ENDINGS = ('.cpp', '.h', '.json', '.md', '.py', '.safetensors', '.sh', '.txt')
BACKTICKS = re.compile(r'`([^`\s]+)`')


def check(root):
    """Messages about the paths in root/docs/paper_map.md."""
    paper_map = root / 'docs' / 'paper_map.md'
    if not paper_map.is_file():
        return ['docs/paper_map.md is absent']
    texts = BACKTICKS.findall(paper_map.read_text(encoding='utf-8'))
    paths = [t for t in texts if t.split('/')[0] in FOLDERS or t.endswith(ENDINGS)]
    if not paths:
        return ['docs/paper_map.md: holds no path in backticks']
    return [f'docs/paper_map.md: {p} does not exist' for p in paths if not (root / p).exists()]


def self_test():
    """Messages about cases that the check judges wrongly."""
    cases = [
        ('Eq. (3) | `src/a.h` | `a_k * b_k`, `n1/n2`', []),
        ('`src/` and `src/a.h`', []),
        ('`src/b.h`', ['src/b.h']),
        ('`src/a.h` `src/c_test.cpp` `b.h` `tests/e2e`', ['src/c_test.cpp', 'b.h', 'tests/e2e']),
        ('no paths', ['no path in backticks']),
    ]
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        if not check(root):
            wrong.append('an absent map passes')
        (root / 'docs').mkdir()
        (root / 'src').mkdir()
        (root / 'src' / 'a.h').touch()
        for text, expected in cases:
            (root / 'docs' / 'paper_map.md').write_text(text, encoding='utf-8')
            messages = check(root)
            if len(messages) != len(expected) or any(e not in m for e, m in zip(expected, messages)):
                wrong.append(f'{text!r} gives {messages}, expected {expected}')
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--root', type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument('--self-test', action='store_true')
    arguments = parser.parse_args()
    messages = self_test() if arguments.self_test else check(arguments.root)
    print('\n'.join(messages) if messages else 'every path exists')
    return 1 if messages else 0


if __name__ == '__main__':
    sys.exit(main())
