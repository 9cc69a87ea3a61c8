#!/usr/bin/env python3
"""The other commands as a user runs them. Usage: commands_test.py DKN [unittest options]"""

import csv
import json
import math
import os
import re
import shutil
import signal
import subprocess

import command
from command import ROOT, CommandTest, main, rmse
from files import Picture, npy_bytes, png_bytes, read_png


class InfoTest(CommandTest):
    def test_images(self):
        self.put("depth.png", png_bytes(Picture.of(8, 6, lambda x, y: 7000 * x), 16))
        text = self.succeed("info", "depth.png")
        for line in ("size: 8 x 6", "channels: 1", "type: uint16", "values: 0 to 49000",
                     "zeros: 6", "not finite: 0"):
            self.assertIn(line + "\n", text)
        self.put("depth.npy", npy_bytes(Picture(2, 2, 1, [0.5, math.nan, -2.0, math.inf])))
        text = self.succeed("info", "depth.npy")
        for line in ("type: float32", "values: -2 to 0.5", "not finite: 2"):
            self.assertIn(line + "\n", text)

    def test_models_by_name_and_by_file(self):
        path = os.path.join(ROOT, "models", "fdkn_x8.safetensors")
        for name in ("fdkn_x8", path):
            text = self.succeed("info", name)
            self.assertTrue(os.path.samefile(path, text.split("\n")[0]), text)
            self.assertRegex(text, r"\nparameters: [1-9]\d+\n")
            self.assertIn("\nkind: fdkn\n", text)

    def test_methods_tell_their_parameters(self):
        text = self.succeed("info", "guided")
        self.assertRegex(text, r"^guided: the guided filter.*\n")
        self.assertRegex(text, r"\n\| radius +\| 3 +\| 0 +\| 1000 +\| pixels +\| windows are 2 radius \+ 1 pixels wide +\|\n")
        self.assertIn("no parameters", self.succeed("info", "bicubic"))

    def test_failures(self):
        self.refuse("info", "absent.png", naming="absent.png")
        self.put("damaged.safetensors", b"damaged")
        self.refuse("info", "damaged.safetensors", naming="damaged.safetensors")


class HelpTest(CommandTest):
    def test_every_command_gives_an_example(self):
        text = self.succeed("--help")
        self.assertIn("example", text)
        commands = re.findall(r"^  (\w+) ", text[text.index("Subcommands:"):], re.MULTILINE)
        self.assertGreaterEqual(set(commands), {"upsample", "filter", "info", "inspect", "compare",
                                              "eval", "bench", "export", "synth", "tune"})
        for command in commands:
            self.assertIn("Example: dkn %s " % command, self.succeed(command, "--help"))

    def test_a_misspelt_command_is_told_and_gets_no_help(self):
        for more in ((), ("--help",), ("-o", "out")):
            self.refuse("sinth", *more, naming="'sinth' is no command; did you mean synth?")
        self.refuse("sharpen", "--help", naming="'sharpen' is no command; there are upsample, ")
        self.refuse("", naming="see --help")

    def test_numbers_out_of_range_are_told_shortly(self):
        for command, option, value, numbers in (("filter", "--iterations", "0", "1 to 1000"),
                                                ("upsample", "--threads", "-1", "0 to 1024"),
                                                ("synth", "--count", "1.5", "1 to 1000000000"),
                                                ("filter", "--threads", "100000", "0 to 1024"),
                                                ("bench", "--threads", "99999999999", "0 to 1024")):
            self.refuse(command, "a", "b", "-o", "c", option + "=" + value,
                        naming="%s: '%s', expected an integer from %s" % (option, value, numbers))

    def test_what_filters_frames_loads_none_of_the_other_commands_libraries(self):
        needed = subprocess.run(["ldd", command.DKN], check=True, capture_output=True, text=True).stdout
        self.assertIn("libdnnl", needed)
        for library in ("libhdf5", "libcairo", "libonnx", "libprotobuf", "libssl", "libcurl"):
            self.assertNotIn(library, needed)

    def test_without_its_module_the_program_filters_and_tells_what_is_missing(self):
        os.makedirs(self.path("bin"))
        shutil.copy(command.DKN, self.path("bin/dkn"))
        done = subprocess.run([self.path("bin/dkn"), "info"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("dkn: the program is not whole", done.stderr)
        self.assertIn("dkn_commands.so", done.stderr)
        done = subprocess.run([self.path("bin/dkn"), "upsample", "--help"], capture_output=True, text=True)
        self.assertIn("Example: dkn upsample ", done.stdout)

    def test_version(self):
        self.assertRegex(self.succeed("--version"), r"\A\d+\.\d+\.\d+(-rc\d+)?\n\Z")


class BenchTest(CommandTest):
    def test_tables_files_and_plot(self):
        text = self.succeed("bench", "fdkn_x8", "guided", "--precision", "fp32", "--sizes",
                            "64x48,50x38", "--seconds", "0", "--threads", "1", "--json", "b.json",
                            "--plot", "b.png")
        self.assertRegex(text, r"peaks: \d+ GFLOP/s in fp32")
        results = json.loads(self.get("b.json"))
        self.assertEqual([(r["model"], r["width"], r["height"]) for r in results],
                         [(model, w, h) for model in ("fdkn_x8", "guided")
                          for w, h in ((64, 48), (50, 38))])
        for result in results:
            self.assertEqual((result["threads"], result["precision"]), (1, "fp32"))
            self.assertGreater(result["median_ms"], 0)
            self.assertEqual(result["rmse_change_percent"], 0)
            for floor in ("floor_ms", "arithmetic_floor_ms"):
                self.assertEqual(result[floor] is None, result["model"] == "guided")
            for ratio in ("whole_to_floor", "whole_to_arithmetic_floor"):
                self.assertEqual(ratio in result, result["model"] == "fdkn_x8")
        self.assertEqual(read_png(self.path("b.png"))[0].channels, 3)

    def test_failures(self):
        for size in ("64", "64x", "0x4", "64x48x2", "x48"):
            self.refuse("bench", "--sizes", size, naming="'%s'" % size)
        self.refuse("bench", "no_such_method", naming="no_such_method")


class SynthTest(CommandTest):
    SMALL = ("--width", "48", "--height", "32", "--scale", "4")

    def test_rooms_have_colour_truth_and_depth(self):
        self.succeed("synth", "-o", "a/b", "--seed", "5", "--count", "2", *self.SMALL)
        names = ["room_%d_%s.png" % (seed, part) for seed in (5, 6)
                 for part in ("depth", "rgb", "truth")]
        self.assertEqual(sorted(os.listdir(self.path("a/b"))), names)
        for name in names:
            picture, bits = read_png(self.path("a/b/" + name))
            part = name[len("room_5_"):-len(".png")]
            self.assertEqual(picture.size, (12, 8) if part == "depth" else (48, 32))
            self.assertEqual((picture.channels, bits), (3, 8) if part == "rgb" else (1, 16))
        self.assertNotEqual(self.get("a/b/room_5_rgb.png"), self.get("a/b/room_6_rgb.png"))

    def test_the_seed_tells_the_room(self):
        self.succeed("synth", "-o", "a", "--seed", "6", "--name", "x", *self.SMALL)
        self.succeed("synth", "-o", "b", "--seed", "5", "--count", "2", *self.SMALL)
        for part in ("depth", "rgb", "truth"):
            self.assertEqual(self.get("a/x_%s.png" % part), self.get("b/room_6_%s.png" % part))

    def test_a_sensor_measures_the_truth(self):
        self.succeed("synth", "-o", "a", "--sensor", "time_of_flight", "--sensor-figure", "all.png",
                     *self.SMALL)
        self.assertEqual(sorted(os.listdir(self.path("a"))),
                         ["room_%s.png" % part for part in ("depth", "measured", "rgb", "truth")])
        truth, _ = read_png(self.path("a/room_truth.png"))
        measured, bits = read_png(self.path("a/room_measured.png"))
        self.assertEqual((measured.size, measured.channels, bits), (truth.size, 1, 16))
        pairs = [pair for pair in zip(measured.values, truth.values) if pair[0] != 0]
        self.assertGreater(len(pairs), 48 * 32 // 2)
        self.assertTrue(any(a != b for a, b in pairs))
        # Most pixels are no edges, and off by millimetres.
        self.assertGreater(sum(abs(a - b) < 30 for a, b in pairs), 0.7 * len(pairs))
        figure, _ = read_png(self.path("all.png"))
        self.assertEqual(figure.channels, 3)
        self.refuse("synth", "-o", "a", "--sensor", "sonar", *self.SMALL, naming="sonar")

    def test_pictures_of_the_same_room(self):
        self.succeed("synth", "-o", "a", "--pictures", "plain,noflash,noisy,flash,nir", "--electrons", "20",
                     "--texture-size", "0.5", *self.SMALL)
        pictures = {}
        for part in ("rgb", "plain", "noflash", "noisy", "flash", "nir"):
            pictures[part], bits = read_png(self.path("a/room_%s.png" % part))
            self.assertEqual((pictures[part].size, bits), ((48, 32), 8))
            self.assertEqual(pictures[part].channels, 1 if part == "nir" else 3)

        def apart(a, b):
            return sum(abs(x - y) for x, y in zip(pictures[a].values, pictures[b].values)) / (48 * 32 * 3)
        self.assertLess(apart("rgb", "noflash"), 5)  # noise of 1 %, other samples
        for other, least in (("plain", 1), ("noisy", 5), ("flash", 5)):
            self.assertGreater(apart("noflash", other), least, other)
        self.refuse("synth", "-o", "a", "--pictures", "sepia", *self.SMALL, naming="sepia")
        self.refuse("synth", "-o", "a", "--texture-size", "0", *self.SMALL, naming="0.01 to 100")

    def test_failures(self):
        self.refuse("synth", "-o", "a", "--width", "50", "--height", "32", naming="50 x 32")
        self.put("file", b"x")
        self.refuse("synth", "-o", "file/a", *self.SMALL, naming="file/a")


class CompareTest(CommandTest):
    ROOM = ("room_rgb.png", "room_depth.png", "out.png")

    def setUp(self):
        super().setUp()
        self.succeed("synth", "-o", ".", "--width", "96", "--height", "64", "--scale", "4")
        self.upsample("room_depth.png", "out.png", guide="room_rgb.png")

    def test_figure_and_errors(self):
        text = self.succeed("compare", *self.ROOM, "--truth", "room_truth.png", "-o", "figure.png")
        bicubic, result = (float(re.search("RMSE %s +([0-9.]+)\n" % name, text).group(1))
                           for name in ("bicubic", "result"))
        expected = rmse(read_png(self.path("out.png"))[0], read_png(self.path("room_truth.png"))[0])
        self.assertAlmostEqual(result, expected, delta=1e-3 * expected)
        self.assertAlmostEqual(bicubic, result, delta=0.5)  # out.png is rounded
        figure, _ = read_png(self.path("figure.png"))
        self.assertGreater(figure.width, 3 * 96)
        self.assertGreater(len(set(figure.values)), 50)

    def test_without_truth_is_a_figure_alone(self):
        self.assertEqual(self.succeed("compare", *self.ROOM, "-o", "figure.png"), "")
        self.assertGreater(read_png(self.path("figure.png"))[0].width, 3 * 96)

    def test_failures(self):
        self.refuse("compare", "room_rgb.png", "room_depth.png", "room_depth.png", "-o", "f.png",
                  naming="24 x 16")
        self.refuse("compare", *self.ROOM, "--truth", "absent.png", "-o", "f.png",
                  naming="absent.png")
        self.refuse("compare", *self.ROOM, "-o", "absent/f.png", naming="absent/f.png")


class EvalTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.succeed("synth", "-o", "rooms", "--count", "2", "--width", "96", "--height", "64")
        os.mkdir(self.path("data"))
        os.mkdir(self.path("data/rooms"))
        for seed in (0, 1):
            for part, name in (("rgb", "color"), ("truth", "depth")):
                shutil.copy(self.path("rooms/room_%d_%s.png" % (seed, part)),
                            self.path("data/rooms/%d_%s.png" % (seed, name)))
        self.put_experiment()

    def put_experiment(self, **changes):
        experiment = {
            "title": "Rooms",
            "protocol": {"scale": 8, "down": "bicubic", "up": "bicubic", "border": 6,
                         "normalization": "input"},
            "sets": [{"label": "rooms", "folder": "rooms", "unit": "cm", "unit_per_step": 0.1}],
            "methods": [{"label": "baseline", "filter": "bicubic"}],
        }
        experiment.update(changes)
        self.put("experiment.json", json.dumps(experiment).encode())

    ARGUMENTS = ("eval", "experiment.json", "--data", "data")

    def check_problem(self, naming):
        """The table appears, then the problem and last the line that every failure has."""
        done = self.run_dkn(*self.ARGUMENTS)
        self.assertGreater(done.returncode, 0)
        self.assertIn("| baseline", done.stdout)
        self.assertIn(naming, done.stderr)
        self.assertTrue(done.stderr.splitlines()[-1].startswith("dkn: "), done.stderr)
        return done.stdout

    def test_table_and_json(self):
        text = self.succeed(*self.ARGUMENTS, "--json", "results.json")
        mean, images = re.search(r"\| baseline +\| ([0-9.]+) \+- [0-9.]+ \((\d+)\)", text).groups()
        self.assertEqual(images, "2")
        (result,) = json.loads(self.get("results.json"))
        self.assertEqual((result["method"], result["dataset"], result["images"], result["unit"]),
                         ("baseline", "rooms", 2, "cm"))
        self.assertAlmostEqual(result["value"], float(mean), delta=0.001)
        self.assertGreater(result["value"], 0)
        self.assertIn("(1)", self.succeed(*self.ARGUMENTS, "--limit", "1"))

    def test_tuning_finds_what_eval_confirms(self):
        guided = {"label": "GF", "filter": "guided"}
        self.put_experiment(methods=[guided],
                            tune=[{"method": "GF", "try": {"epsilon": [1, 0.0001], "radius": [2]}}])
        text = self.succeed("tune", "experiment.json", "--data", "data", "-o", "best.json")
        (best,) = json.loads(self.get("best.json"))
        self.assertEqual((best["method"], best["filter"]), ("GF", "guided"))
        self.assertIn("best: GF", text)
        self.put_experiment(methods=[guided, dict(guided, label="tuned", set=best["set"])])
        self.succeed(*self.ARGUMENTS, "--json", "results.json")
        before, after = (result["value"] for result in json.loads(self.get("results.json")))
        self.assertAlmostEqual(after / before, best["score"], places=6)
        text = self.succeed("tune", "experiment.json", "GF", "--data", "data", "--set", "radius=1,3",
                            "--search", "grid")
        self.assertEqual(len(re.findall(r"^\| (?:1|3|as it is) ", text, re.M)), 3)
        self.refuse("tune", "experiment.json", "--data", "data", naming="has nothing to try")
        self.refuse("tune", "experiment.json", "--data", "data", "--set", "radius=1", naming="METHOD")
        self.refuse("tune", "experiment.json", "GF", "--data", "data", "--set", "radius=x",
                    naming="'radius' cannot be 'x'")

    def test_results_that_begin_anew_do_not_take_the_experiments_place(self):
        kept = self.get("experiment.json")
        method = json.loads(kept)["methods"][0]["label"]
        for command in (("eval", "experiment.json"),
                        ("tune", "experiment.json", method, "--set", "fidelity=1")):
            self.refuse(*command, "--data", "data", "--results", "experiment.json", "--fresh",
                        naming="--results would take the place of experiment.json")
            self.assertEqual(self.get("experiment.json"), kept)

    def test_every_format_has_the_result(self):
        files = {"--markdown": "t.md", "--csv": "t.csv", "--latex": "t.tex", "--json": "t.json"}
        text = self.succeed(*self.ARGUMENTS, *sum(files.items(), ()))
        self.assertEqual(self.get("t.md").decode(), text)
        (line,) = csv.DictReader(self.get("t.csv").decode().splitlines())
        (result,) = json.loads(self.get("t.json"))
        self.assertEqual(float(line["value"]), result["value"])
        self.assertIn("baseline & %.2f" % result["value"], self.get("t.tex").decode().replace(
            "\\textbf{", "").replace("}", ""))

    def test_a_run_that_was_killed_goes_on(self):
        methods = [{"label": "baseline", "filter": "bicubic"}, {"label": "guided", "filter": "guided"}]
        self.put_experiment(methods=methods)
        whole = self.succeed(*self.ARGUMENTS, "--json", "whole.json")
        lines = self.get("experiment.results.jsonl").splitlines(True)
        self.assertEqual(len(lines), 4)
        # As a program that was killed in the middle of a line leaves it; the values that it kept are
        # told apart from new ones by a change.
        first = json.loads(lines[0])
        first["values"]["rmse"] += 1.0
        self.put("experiment.results.jsonl", json.dumps(first).encode() + b"\n" + lines[1][:30])
        resumed = self.succeed(*self.ARGUMENTS, "--json", "resumed.json")
        values = [[item["value"] for item in json.loads(self.get(name))]
                  for name in ("whole.json", "resumed.json")]
        self.assertAlmostEqual(values[1][0], values[0][0] + 0.5)  # one of two images
        self.assertEqual(values[1][1], values[0][1])
        self.assertEqual(len(self.get("experiment.results.jsonl").splitlines()), 4)
        self.assertNotEqual(resumed, whole)
        self.assertEqual(self.succeed(*self.ARGUMENTS, "--fresh"), whole)

    def test_figures_and_report_are_drawn(self):
        self.succeed(*self.ARGUMENTS, "--figures", "figures", "--report", "page.html", "--show",
                     "rooms/1")
        self.assertEqual(sorted(os.listdir(self.path("figures"))), ["rooms_1.png"])
        page = self.get("page.html").decode()
        self.assertIn("baseline", page)
        self.assertNotRegex(page, r'(src|href)="https?:')
        done = self.run_dkn(*self.ARGUMENTS, "--report", "other.html", "--show", "rooms/7")
        self.assertGreater(done.returncode, 0)
        self.assertIn("'rooms/7'", done.stderr)
        self.assertFalse(os.path.exists(self.path("other.html")))

    def test_rows_and_sets_are_chosen_by_label(self):
        methods = [{"label": "baseline", "filter": "bicubic"}, {"label": "a, b", "filter": "guided"}]
        self.put_experiment(methods=methods)
        self.assertNotIn("baseline", self.succeed(*self.ARGUMENTS, "--methods", "a, b"))
        self.assertIn("baseline", self.succeed(*self.ARGUMENTS, "--methods", "a, b,baseline"))
        self.refuse(*self.ARGUMENTS, "--sets", "room", naming="'rooms'")

    def test_a_damaged_image_is_named_and_the_rest_measured(self):
        whole = self.get("data/rooms/1_depth.png")
        self.put("data/rooms/1_depth.png", whole[:len(whole) // 2])
        self.assertIn("(1)", self.check_problem("1_depth.png"))

    def test_what_is_missing_is_named(self):
        os.remove(self.path("data/rooms/0_color.png"))
        self.check_problem("0_depth.png")
        shutil.rmtree(self.path("data/rooms"))
        self.check_problem("data/rooms")

    def test_figures_above_their_limit_fail(self):
        method = {"label": "baseline", "filter": "bicubic", "at_most": {"rooms": 0.001}}
        self.put_experiment(methods=[method])
        self.check_problem("expected at most 0.001")

    def test_unknown_methods_and_fields_fail(self):
        self.put_experiment(methods=[{"label": "baseline", "filter": "absent"}])
        self.check_problem("'absent'")
        self.put_experiment(subtitle="x")
        self.refuse(*self.ARGUMENTS, naming="'subtitle'")
        self.refuse("eval", "absent.json", "--data", "data", naming="absent.json")


class ProgressTest(CommandTest):
    def test_a_slow_filter_tells_the_time_left_and_can_be_ended(self):
        self.put_guide(320, 240)
        self.put("depth.png", png_bytes(Picture.of(80, 60, lambda x, y: 1000 + x), 16))
        main_end, terminal = os.openpty()
        process = subprocess.Popen(
            [command.DKN, "upsample", "guide.png", "depth.png", "-o", "out.png", "--model", "tgv",
             "--set", "iterations=20000"], cwd=self.folder, stderr=terminal)
        os.close(terminal)
        told = b""
        while not re.search(rb"\d+ %, \d+ s left", told):
            told += os.read(main_end, 1000)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), 130)
        os.close(main_end)
        self.assertEqual(sorted(self.contents()), ["depth.png", "guide.png"])


if __name__ == "__main__":
    main()
