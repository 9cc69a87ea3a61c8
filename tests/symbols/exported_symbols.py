#!/usr/bin/env python3
"""What the shared libraries show: only what the public headers mark with DKN_EXPORT.

Usage: exported_symbols.py INCLUDE_DIR MODELS LIBDKN [LIBDKN_IO] | --self-test
Also, LIBDKN in a folder of its own finds the MODELS beside it. Prints one line per symbol that is
shown and public nowhere, and the number of symbols; exits with 1 when something is wrong.
"""

import ctypes
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MARKED = re.compile(r'(?:class|struct) DKN_EXPORT (\w+)|DKN_EXPORT (?!\w+ \{)[^;{}()]*?\b(\w+)\(')
HIDDEN = re.compile(r'(?:class|struct) DKN_HIDDEN (\w+);')
# A member of namespace dkn or what the compiler makes of a class of it: what follows the namespace.
OURS = re.compile(r'_Z(?:T[VISTh]\w*?|GV)?N[KVRO]*3dkn(.*)')
# Instantiations of the standard library's templates, which are everywhere.
STANDARD = re.compile(r'_Z(?:T[VIS]|GV|Z)?N?[KVRO]*(?:S[tabsiod]|9__gnu_cxx)')
# The lock of a named critical section of OpenMP, which is one for the whole program.
CRITICAL = '.gomp_critical_user_dkn_'


def identifier(mangled):
    """The identifier that a part of a mangled name begins with, and the rest."""
    length = re.match(r'\d+', mangled)
    if not length:
        return '', mangled
    end = length.end() + int(length.group())
    return mangled[length.end():end], mangled[end:]


def names_of(include):
    """What the headers mark, as public and as hidden."""
    text = '\n'.join(path.read_text(encoding='utf-8') for path in sorted(include.rglob('*.h')))
    text = re.sub(r'^#.*$', '', text, flags=re.MULTILINE)
    public = {a or b for a, b in MARKED.findall(text)}
    return public, set(HIDDEN.findall(text))


def is_public(kind, symbol, public, hidden):
    """Whether a symbol of this letter of nm's may be shown."""
    ours = OURS.match(symbol)
    if ours:
        name, rest = identifier(ours.group(1))
        return name in public and identifier(rest)[0] not in hidden
    if symbol.startswith('_Z'):
        return kind in 'WVu' and STANDARD.match(symbol) is not None
    return symbol.startswith(CRITICAL) or symbol.startswith('dkn_') and symbol in public


def symbols_of(library):
    """Letter and mangled name of all that the library shows."""
    lines = subprocess.run(['nm', '-D', '--defined-only', str(library)], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    return [tuple(line.split()[-2:]) for line in lines]


def check_symbols(include, library):
    """Messages about the symbols that the library should not show."""
    public, hidden = names_of(include)
    shown = symbols_of(library)
    ours = sum(1 for _, symbol in shown if OURS.match(symbol) or symbol.startswith('dkn_'))
    print(f'{library.name}: {len(shown)} symbols, {ours} of dkn')
    if ours == 0:
        return [f'{library}: shows nothing of dkn']
    return [f'{library.name}: {symbol} is shown and not marked DKN_EXPORT'
            for kind, symbol in shown if not is_public(kind, symbol, public, hidden)]


def check_models(library, models):
    """Messages where the library does not find the models beside itself."""
    with tempfile.TemporaryDirectory() as name:
        prefix = pathlib.Path(name)
        (prefix / 'lib').mkdir()
        (prefix / 'share/dkn').mkdir(parents=True)
        (prefix / 'share/dkn/models').symlink_to(models.resolve())
        (prefix / 'share/dkn/models').rename(prefix / 'moved')
        copy = shutil.copy(library.resolve(), prefix / 'lib')
        os.environ.pop('DKN_MODELS', None)
        dkn = ctypes.CDLL(copy)
        buffer = ctypes.create_string_buffer(1 << 16)

        def listed():
            status = dkn.dkn_list_methods(buffer, ctypes.c_size_t(len(buffer)), None)
            return status == 0 and b'\nfdkn_x8\n' in buffer.value
        without = listed()
        (prefix / 'moved').rename(prefix / 'share/dkn/models')
        if not listed():
            return [f'{library.name} does not find the models beside it']
        if without:
            return [f'{library.name} finds models elsewhere: is DKN installed on this machine?']
    return []


# A symbol, its letter, and whether it may be shown by the headers below.
HEADER = '''
class DKN_EXPORT Image {
  struct DKN_HIDDEN Impl;
};
DKN_EXPORT std::unique_ptr<Model> LoadModel(const std::string& name);
DKN_EXPORT ChosenMethod
Choose(double scale);
DKN_EXPORT dkn_status dkn_filter(void);
void Internal();
'''
CASES = [
    ('T', '_ZN3dkn5ImageC1Eiii', True),
    ('T', '_ZNK3dkn5Image4sizeEv', True),
    ('V', '_ZTVN3dkn5ImageE', True),
    ('V', '_ZTIN3dkn5ImageE', True),
    ('T', '_ZN3dkn9LoadModelERKNSt7__cxx1112basic_stringIcEE', True),
    ('T', '_ZN3dkn6ChooseEd', True),
    ('T', 'dkn_filter', True),
    ('W', '_ZNSt6vectorIfSaIfEE17_M_realloc_insertIJfEEEvv', True),
    ('u', '_ZZNSt19_Sp_make_shared_tag5_S_tiEvE5__tag', True),
    ('B', '.gomp_critical_user_dkn_parallel_for', True),
    ('T', '_ZN3dkn8InternalEv', False),
    ('T', '_ZN3dkn15ReadSafetensorsERKNSt7__cxx1112basic_stringIcEE', False),
    ('W', '_ZN3dkn11ParallelForIZNS_6ChooseEdEUliE_EEviiRKT_', False),
    ('T', '_ZN3dkn5Image4Impl4WorkEv', False),
    ('V', '_ZTVN3dkn7SessionE', False),
    ('T', '_ZN5other5ImageEv', False),
    ('T', '_ZNSt6vectorIfE5clearEv', False),  # not an instantiation: defined, strong
    ('W', '_ZN8nlohmann4json5parseEv', False),
    ('T', 'dkn_private', False),
    ('T', 'helper', False),
]


def self_test():
    """Messages about cases that the check judges wrongly."""
    with tempfile.TemporaryDirectory() as name:
        (pathlib.Path(name) / 'a.h').write_text(HEADER, encoding='utf-8')
        public, hidden = names_of(pathlib.Path(name))
    return [f'{symbol}: expected {expected}' for kind, symbol, expected in CASES
            if is_public(kind, symbol, public, hidden) != expected]


def main():
    if sys.argv[1:] == ['--self-test']:
        messages = self_test()
    else:
        include, models, *libraries = map(pathlib.Path, sys.argv[1:])
        messages = [message for library in libraries
                    for message in check_symbols(include, library)]
        messages += check_models(libraries[0], models)
    print('\n'.join(messages) if messages else 'as it should be')
    return 1 if messages else 0


if __name__ == '__main__':
    sys.exit(main())
