#!/usr/bin/env python3
"""Writes man pages and bash completions of programs, from what their --help tells and nothing else.

Usage: command_pages.py OUT VERSION PROGRAM...

OUT/man1/NAME.1, and NAME-COMMAND.1 for each of its commands; OUT/completions/NAME.
"""

import dataclasses
import pathlib
import re
import subprocess
import sys


@dataclasses.dataclass
class Entry:
    """An option, an argument or a command."""

    name: str  # "-o,--output TEXT REQUIRED"
    text: str

    @property
    def options(self):
        """["-o", "--output"]"""
        return self.name.split()[0].split(",")

    @property
    def choices(self):
        found = re.search(r":\{([^}]*)\}", self.name)
        return found[1].split(",") if found else []


class Help:
    """What `PROGRAM [COMMAND] --help` prints, in its parts."""

    def __init__(self, program, *command):
        text = subprocess.run([program, *command, "--help"], check=True, capture_output=True,
                              text=True).stdout
        self.name = " ".join([pathlib.Path(program).name, *command])
        self.sections = {"Positionals": [], "Options": [], "Subcommands": []}
        lines = text.splitlines()
        usage = next(i for i, line in enumerate(lines) if line.startswith("Usage: "))
        self.summary = " ".join(lines[:usage])
        self.usage = lines[usage].removeprefix("Usage: ").removeprefix(str(program)).split()
        self.usage = self.usage[len(command):]
        section, self.footer = None, []
        for line in lines[usage + 1:]:
            entry = re.match(r"  (\S.*?)(?:  +(.*))?$", line)
            if line.rstrip(":") in self.sections and line.endswith(":"):
                section = self.sections[line[:-1]]
            elif section is not None and entry and not self.footer:
                section.append(Entry(entry[1], entry[2] or ""))
            elif section and line.startswith("   ") and not self.footer:
                section[-1].text = f"{section[-1].text} {line.strip()}".strip()
            elif line.strip() or self.footer:
                self.footer.append(line)
        if not self.sections["Options"]:
            raise SystemExit(f"command_pages.py: {self.name} --help tells no options")

    @property
    def flags(self):
        return [option for entry in self.sections["Options"] for option in entry.options]

    @property
    def commands(self):
        return [entry.name for entry in self.sections["Subcommands"]]


def roff(text):
    """As troff's text: no line begins a request, and hyphens of options stay."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.M)


def man_page(help_, version, others):
    title = help_.name.replace(" ", "-")
    parts = [f'.TH {roff(title).upper()} 1 "" "dkn {version}" "User Commands"', ".SH NAME",
             f"{roff(title)} \\- {roff(help_.summary)}", ".SH SYNOPSIS",
             f".B {roff(help_.name)}", roff(" ".join(help_.usage))]
    for section, heading in (("Positionals", "ARGUMENTS"), ("Options", "OPTIONS"),
                             ("Subcommands", "COMMANDS")):
        if help_.sections[section]:
            parts.append(f".SH {heading}")
        for entry in help_.sections[section]:
            name, *value = entry.name.split(" ", 1)
            parts += [".TP", f"\\fB{roff(name)}\\fR" + "".join(f" \\fI{roff(v)}\\fR" for v in value),
                      roff(entry.text)]
    if help_.footer:
        parts += [".SH NOTES", ".nf", *(roff(line) for line in help_.footer), ".fi"]
    if others:
        parts += [".SH SEE ALSO", roff(", ".join(f"{name}(1)" for name in others))]
    return "\n".join(parts) + "\n"


def completion(whole, helps):
    """`helps`: of each of the program's commands by name, and of itself as "" where it works without."""
    program = whole.name
    function = "_" + re.sub(r"\W", "_", program)
    cases = []
    for name, help_ in helps.items():
        options = help_.sections["Options"]
        flags = " ".join(help_.flags)
        values = "\n".join(
            f"        {'|'.join(entry.options)}) words=\"{' '.join(entry.choices)}\";;"
            for entry in options if entry.choices)
        cases.append(f"""    {name or '*'})
      case "$before" in
{values}
        *) [[ $word == -* ]] && words="{flags}";;
      esac;;""")
    commands = " ".join(name for name in helps if name)
    first = "" if not commands else f"""  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "{commands} {' '.join(whole.flags)}" -- "$word"))
    return
  fi
"""
    return f"""# bash completion of {program}, by scripts/command_pages.py; file names where there is no word.
{function}() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" words=""
  COMPREPLY=()
{first}  case "{'${COMP_WORDS[1]}' if commands else ''}" in
{chr(10).join(cases)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F {function} {program}
"""


def main(out, version, *programs):
    man, completions = pathlib.Path(out) / "man1", pathlib.Path(out) / "completions"
    for folder in (man, completions):
        folder.mkdir(parents=True, exist_ok=True)
    for path in programs:
        whole = Help(path)
        helps = {name: Help(path, name) for name in whole.commands}
        program = whole.name
        pages = [program, *(f"{program}-{name}" for name in helps)]
        for page, help_ in zip(pages, [whole, *helps.values()]):
            others = [other for other in (pages if page == program else pages[:1]) if other != page]
            (man / f"{page}.1").write_text(man_page(help_, version, others), encoding="utf-8")
        # A program that does something without a command too has options of its own.
        own = {"": whole} if not helps or whole.sections["Positionals"] else {}
        (completions / program).write_text(completion(whole, {**helps, **own}), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
