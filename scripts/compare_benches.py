#!/usr/bin/env python3
"""Compares the times of two builds of the command, in turns.

Usage: compare_benches.py BASE_DKN NEW_DKN [--rounds N] [--limit SHARE] [DKN_BENCH_ARGUMENT...]
       compare_benches.py --self-test

Each round runs `dkn bench` of both, one after the other, in turns which first: a machine that gets slower or
faster meanwhile does it to both. For each case the ratio of a round's two times, new to base, is taken; printed are
their median and how they spread. A case is slower where the median is above 1 + SHARE (0.05) and the sign test says
that so many ratios above 1 come by chance less than once in a hundred: of 9 rounds, 9; of 15, 13. Without
arguments of `dkn bench`: two networks at 640x480, a second a case. Exit status 1 where a case is slower, 2 for wrong
arguments.
"""

import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile

RARE = 0.01
USUAL = ("fdkn_x8", "dkn_x8", "--sizes", "640x480", "--seconds", "1")  # arguments of dkn bench


def chance(above, rounds):
    """That of so many ratios, as likely above 1 as below, at least `above` are above."""
    return sum(math.comb(rounds, k) for k in range(above, rounds + 1)) / 2 ** rounds


def least_rounds():
    return next(n for n in range(1, 64) if chance(n, n) <= RARE)


def times(dkn, arguments):
    """Milliseconds by case: method, precision and size."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "times.json"
        subprocess.run([dkn, "bench", "--json", path, *arguments], check=True, stdout=subprocess.DEVNULL)
        cases = json.loads(path.read_text(encoding="utf-8"))
    return {f"{case['model']} {case['precision']} {case['width']}x{case['height']}": case["median_ms"]
            for case in cases}


def ratios(base, new, arguments, rounds):
    """By case, new to base, of each round. Cases that only one of the builds has are left out."""
    found = {}
    for number in range(rounds):
        if number % 2 == 0:
            of_base = times(base, arguments)
            of_new = times(new, arguments)
        else:
            of_new = times(new, arguments)
            of_base = times(base, arguments)
        for case in of_base.keys() & of_new.keys():
            found.setdefault(case, []).append(of_new[case] / of_base[case])
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return found


def is_slower(case_ratios, limit):
    above = sum(ratio > 1.0 for ratio in case_ratios)
    return statistics.median(case_ratios) > 1.0 + limit and chance(above, len(case_ratios)) <= RARE


def report(found, limit):
    """Prints a line a case; the cases that are slower."""
    slower = []
    for case, case_ratios in sorted(found.items()):
        quarters = statistics.quantiles(case_ratios, n=4)
        if is_slower(case_ratios, limit):
            slower.append(case)
        print(f"{case}: {statistics.median(case_ratios):.3f} of the base's time, half of the rounds "
              f"{quarters[0]:.3f} to {quarters[2]:.3f}{', slower' if case in slower else ''}")
    return slower


# A build whose times drift by a factor of three; the file beside it counts the calls of both.
FAKE = """#!/usr/bin/env python3
import json, pathlib, random, sys
count = pathlib.Path({count!r})
calls = int(count.read_text()) + 1 if count.exists() else 1
count.write_text(str(calls))
noise = random.Random(calls)
drift = 1.0 + 2.0 * ((calls - 1) // 2 % 5) / 4.0
times = [{{"model": model, "precision": "fp32", "width": 640, "height": 480,
          "median_ms": factor * drift * noise.uniform(0.98, 1.02)}} for model, factor in {factors!r}.items()]
pathlib.Path(sys.argv[sys.argv.index("--json") + 1]).write_text(json.dumps(times))
"""


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        def fake(name, factors):
            path = pathlib.Path(folder) / name
            path.write_text(FAKE.format(count=folder + "/count", factors=factors), encoding="utf-8")
            path.chmod(0o755)
            return str(path)

        base = fake("base", {"same": 10.0, "slow": 10.0, "fast": 10.0, "a little": 10.0, "gone": 1.0})
        new = fake("new", {"same": 10.0, "slow": 12.0, "fast": 8.0, "a little": 10.3, "added": 1.0})
        found = ratios(base, new, [], 9)
        assert set(found) == {f"{name} fp32 640x480" for name in ("same", "slow", "fast", "a little")}, found
        assert report(found, 0.05) == ["slow fp32 640x480"]
        assert report(ratios(base, base, [], 9), 0.05) == []
    assert least_rounds() == 7 and chance(9, 9) <= RARE < chance(8, 9)
    assert chance(13, 15) <= RARE < chance(12, 15)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", metavar="BASE_DKN")
    parser.add_argument("new", metavar="NEW_DKN")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--limit", type=float, default=0.05)
    options, arguments = parser.parse_known_args()
    if options.rounds < least_rounds():
        parser.error(f"{options.rounds} rounds decide nothing, expected {least_rounds()} or more")
    found = ratios(options.base, options.new, arguments or USUAL, options.rounds)
    if not found:
        parser.error("the builds have no case in common")
    return 1 if report(found, options.limit) else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        self_test()
    else:
        sys.exit(main())
