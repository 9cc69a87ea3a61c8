#!/usr/bin/env bash
# Everything of the paper that can run on two cores, from nothing to one page: each table and figure,
# our number beside the printed one, protocol, time and command.
#
# Usage: reproduce.sh [--data DIR] [--out DIR] [--only NAME]... [--shipped] [--quick] [--background] [--list]
#   --data DIR     the data sets (docs/datasets.md); default ../shared/data. What is not there is
#                  named on the page as not measured.
#   --out DIR      logs, results, weights, figures and reproduction.md; default build/reproduction
#   --only NAME    this step alone (--list has the names); may be given again
#   --shipped      begin with the sweeps' results that ship, experiments/train/*.results.jsonl, and
#                  train only what they lack
#   --quick        an image of each set and 20 training steps for a run or two of each sweep: that all
#                  is in its place, not figures; default --out build/reproduction_quick
#   --background   return at once and work on at the lowest priority: DIR/progress.txt tells
#
# It may be killed and started again: steps that are done stay so until their experiment, their
# command or dkn changes, and one that was cut short goes on within. The page is written after each.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; }

data=../shared/data
out=
shipped=
quick=
background=
list=
only=()
arguments=("$@")
while [[ $# -gt 0 ]]; do
  case $1 in
    --data) data=${2:?--data needs a folder}; shift 2 ;;
    --out) out=${2:?--out needs a folder}; shift 2 ;;
    --only) only+=("${2:?--only needs a name}"); shift 2 ;;
    --shipped) shipped=1; shift ;;
    --quick) quick=1; shift ;;
    --background) background=1; shift ;;
    --list) list=1; shift ;;
    -h | --help) usage; exit 0 ;;
    *) echo "reproduce.sh: unknown argument '$1'; --help tells all" >&2; exit 2 ;;
  esac
done
out=${out:-build/reproduction${quick:+_quick}}

# Each step: name | what of the paper | minutes on two cores, about | command.
# EVAL NAME measures experiments/NAME.json, FIGURES NAME draws its pictures too, SWEEP NAME trains
# experiments/train/NAME.json. The last column is run by this shell.
steps() {
  cat <<'STEPS'
table03|Table 3, upper half|420|EVAL table03
table03_last|Table 3, lower half|20|EVAL table03_last
classical|Table 3, classical rows, by two protocols|240|EVAL classical
protocols|Section 4.1, what protocols do to figures|30|EVAL protocols
ablation_x8|Table 3, without residual, without guide|30|EVAL ablation_x8
table04|Table 4|15|EVAL table04
table06|Table 6|60|EVAL table06
table11|Table 11|30|EVAL table11
table12|Table 12|60|EVAL table12
rivals_x8|Table 3, learned rivals trained by one schedule, 8x|60|SWEEP rivals_x8
rivals_x4|Table 3, the same, 4x|15|SWEEP rivals_x4
rivals_x16|Table 3, the same, 16x|15|SWEEP rivals_x16
last_x8|Table 3, lower half, trained|30|SWEEP last_x8
noisy_x4|Table 4, trained, 4x|30|SWEEP noisy_x4
noisy_x8|Table 4, trained, 8x|30|SWEEP noisy_x8
noisy_x16|Table 4, trained, 16x|30|SWEEP noisy_x16
table08|Table 8|1500|SWEEP table08
table09|Table 9|400|SWEEP table09
table10|Table 10|300|SWEEP table10
table13|Table 13|300|SWEEP table13
section5|Section 5|400|SWEEP section5
denoise|Section 4.2.1|20|EVAL denoise
fig06|Fig. 6|10|FIGURES fig06
fig07|Fig. 7|10|FIGURES fig07
fig08|Fig. 8|5|FIGURES fig08
fig10|Fig. 10|5|FIGURES fig10
fig11|Fig. 11|60|FIGURES restoration
fig12|Fig. 12|60|FIGURES texture
fig14|Fig. 14|10|SWEPT_FIGURES fig14
fig15|Fig. 15|60|FIGURES fig15
fig16|Fig. 16|10|FIGURES fig16
fig17|Fig. 17|1|INSPECT dkn_x8 dkn_x8_no_residual
STEPS
}

# What there is of the paper beside the steps.
not_here() {
  cat <<'TEXT'
## What cannot be run here

| paper | why |
|---|---|
| Tables 1 and 2, Fig. 2 to 5, 18 | architecture: `docs/paper_map.md` leads to code and tests |
| Table 5 | ToFMark is not ours to ship; `dkn eval` reads it (docs/datasets.md) |
| Table 7, Fig. 13 | the training of DeepLab v2 on Pascal VOC from ImageNet's weights takes a GPU |
| Tables 3, 8 to 13, columns of NYU v2 and Sintel | the sets are not ours to ship: where they lie in the data folder, they are measured. nyu_val, 40 pairs of NYU v2's training part that no training saw, stands in for the 449 |
| Table 11, column of a GPU | no GPU here |
| Section 5, perceptual loss | VGG-16's weights are not ours to ship: docs/training.md |
TEXT
}

EVAL() {
  "$DKN" eval "experiments/$1.json" --data "$data" --results "$out/$1.results.jsonl" \
    --markdown "$out/$name.table.md" ${quick:+--limit 1}
}

FIGURES() {
  "$DKN" eval "experiments/$1.json" --data "$data" --results "$out/$1.results.jsonl" \
    --markdown "$out/$name.table.md" --figures "$out/$name" ${quick:+--limit 1}
}

# Of weights that a step before has trained.
SWEPT_FIGURES() {
  sed "s#build/reproduction/#$out/#" "experiments/$1.json" >"$out/$1.json"
  "$DKN" eval "$out/$1.json" --data "$data" --results "$out/$1.results.jsonl" \
    --markdown "$out/$name.table.md" --figures "$out/$name" \
    ${quick:+--limit 1 --methods "weights from guide,weights from both"}
}

SWEEP() {
  local small=()
  if [[ -n $quick ]]; then
    case $1 in
      table08) small=("DKN, weights from guide, 3x3" "DKN, weights from both, 3x3") ;;
      table13) small=("FDKN, 10 pairs") ;;
      rivals_* | last_* | noisy_*) small=(DJFR) ;;
      *) small=("FDKN, ") ;;
    esac
    small=(--steps 20 --limit 1 --only "${small[@]}")
  fi
  "$TRAIN" sweep "experiments/train/$1.json" --data "$data" --work "$out/$1.sweep" \
    --results "$out/$1.results.jsonl" --markdown "$out/$name.table.md" "${small[@]}"
}

INSPECT() {
  local model
  [[ -z $quick ]] || set -- fdkn_x8
  mkdir -p "$out/$name"
  echo "Kernels of a pixel at an edge of the shipped example, with and without residual connection," \
       "are in $name/." >"$out/$name.table.md"
  for model in "$@"; do
    "$DKN" inspect examples/room_rgb.png examples/room_depth.png --at 330,360 \
      --model "$model" -o "$out/$name/$model.png"
  done
}

wanted() { # NAME
  local one
  [[ ${#only[@]} -gt 0 ]] || return 0
  for one in "${only[@]}"; do [[ $one == "$1" ]] && return 0; done
  return 1
}

# Every step's file is there, also those that nobody asked for today.
while IFS='|' read -r name _ _ command; do
  read -r verb of <<<"$command"
  case $verb in
    SWEEP) of=experiments/train/$of.json ;;
    INSPECT) continue ;;
    *) of=experiments/$of.json ;;
  esac
  [[ -f $of ]] || { echo "reproduce.sh: step $name needs $of, which is not there" >&2; exit 1; }
done < <(steps)

if [[ -n $list ]]; then
  steps | awk -F'|' '{printf "%-14s %-45s %5d min\n", $1, $2, $3}'
  exit 0
fi
for one in "${only[@]}"; do
  steps | grep -q "^$one|" || { echo "reproduce.sh: no step '$one'; --list has them" >&2; exit 2; }
done
[[ -d $data ]] || { echo "reproduce.sh: $data is no folder; --data DIR says where the data sets are" >&2; exit 2; }

mkdir -p "$out"
if [[ -n $background ]]; then
  rest=()
  for one in "${arguments[@]}"; do [[ $one == --background ]] || rest+=("$one"); done
  nohup setsid nice -n 19 "$0" "${rest[@]}" >>"$out/progress.txt" 2>&1 </dev/null &
  echo "at work as process $!; tail -f $out/progress.txt; kill -- -$! ends it, and the same command goes on"
  exit 0
fi

exec 9>"$out/lock"
flock -n 9 || { echo "reproduce.sh: another one is at work in $out" >&2; exit 1; }

if [[ -n $shipped ]]; then
  cp -n experiments/train/*.results.jsonl "$out"
fi

# The programs: built once, from these sources.
DKN=${DKN:-build/train/bin/dkn}
TRAIN=${TRAIN:-build/train/bin/dkn-train}
if [[ $DKN == build/train/bin/dkn ]]; then
  echo "building"
  { cmake --preset train && cmake --build --preset train; } >"$out/build.log" 2>&1 9>&- ||
    { tail -20 "$out/build.log"; echo "reproduce.sh: the build failed; scripts/setup.sh installs what it needs" >&2; exit 1; }
fi

# What a step depends on: its command, the program, and what it reads of the repository.
key_of() { # COMMAND
  local of
  of=$(awk '{print $2}' <<<"$1")
  { echo "$1 $quick $data"; sha256sum "$DKN" "$TRAIN" | cut -d' ' -f1
    cat "experiments/$of.json" "experiments/train/$of.json" 2>/dev/null || true; } |
    sha256sum | cut -d' ' -f1
}

is_done() { # NAME COMMAND
  [[ -f $out/$1.done && $(<"$out/$1.done") == "$(key_of "$2")" ]]
}

# The time that the steps that are left take: that of the list, by how much longer or shorter the
# steps that are done took.
time_left() {
  local name minutes command listed=0 took=0 left=0
  while IFS='|' read -r name _ minutes command; do
    wanted "$name" || continue
    if is_done "$name" "$command"; then
      listed=$((listed + minutes * 60))
      took=$((took + $(<"$out/$name.seconds")))
    else
      left=$((left + minutes * 60))
    fi
  done < <(steps)
  [[ $listed -gt 0 ]] && left=$((left * took / listed))
  echo "$((left / 3600)) h $((left / 60 % 60)) min left"
}

# A step's command as one would type it.
as_typed() { # COMMAND
  local verb of
  read -r verb of <<<"$1"
  case $verb in
    EVAL) echo "dkn eval experiments/$of.json --data DIR" ;;
    FIGURES | SWEPT_FIGURES) echo "dkn eval experiments/$of.json --data DIR --figures FOLDER" ;;
    SWEEP) echo "dkn-train sweep experiments/train/$of.json --data DIR" ;;
    INSPECT) echo "dkn inspect RGB DEPTH --at X,Y --model MODEL -o PICTURE" ;;
  esac
}

# The table of a sweep that is not done.
so_far() { # NAME
  "$DKN" eval "experiments/train/$1.json" --results "$out/$1.results.jsonl" \
    --markdown "$out/$1.so_far.md" >/dev/null
  sed 1G "$out/$1.so_far.md"
}

page() {
  local name what command
  {
    echo "# The paper's tables and figures, run here"
    echo
    echo "Made by \`scripts/reproduce.sh${quick:+ --quick}\` with dkn $("$DKN" --version) on $(nproc) processors" \
         "($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1))."
    [[ -z $quick ]] || echo "**A quick run: an image of each set, 20 training steps. Its figures mean nothing.**"
    while IFS='|' read -r name what _ command; do
      printf '\n## %s\n\n' "$what"
      if is_done "$name" "$command" && [[ -f $out/$name.table.md ]]; then
        sed 1G "$out/$name.table.md"
        printf '\n`%s`, %s s' "$(as_typed "$command")" "$(<"$out/$name.seconds")"
        [[ -d $out/$name ]] && printf '; pictures: %s' "$(cd "$out/$name" && echo *)"
        echo
      elif [[ -f $out/$name.failed ]]; then
        printf 'Failed: `%s`\n' "$(tail -1 "$out/$name.log" | tr -d '`')"
      elif [[ $command == SWEEP* && -f $out/$name.results.jsonl ]]; then
        so_far "$name" || true
        printf '\nNot all of it has been run yet: `scripts/reproduce.sh --only %s`\n' "$name"
      else
        printf 'Not run yet: `scripts/reproduce.sh --only %s`\n' "$name"
      fi
    done < <(steps)
    printf '\n'
    not_here
  } >"$out/reproduction.md.new"
  mv "$out/reproduction.md.new" "$out/reproduction.md"
}

# Runs the step as a process of its own, so that it can be ended with all that it started.
step() { # NAME COMMAND
  local name=$1 start=$SECONDS before=0 status=0
  [[ -f $out/$name.seconds && ! -f $out/$name.done ]] && before=$(<"$out/$name.seconds")
  rm -f "$out/$name.done" "$out/$name.failed"
  # shellcheck disable=SC2086
  ( exec 9>&-; $2 ) >"$out/$name.log" 2>&1 &
  child=$!
  while kill -0 "$child" 2>/dev/null; do
    sleep 1
    echo $((before + SECONDS - start)) >"$out/$name.seconds"
  done
  wait "$child" || status=$?
  child=
  if [[ $status -eq 0 ]]; then
    key_of "$2" >"$out/$name.done"
  else
    touch "$out/$name.failed"
  fi
  return "$status"
}

child=
trap '[[ -z $child ]] || { pkill -P "$child"; kill "$child"; } 2>/dev/null; exit 143' INT TERM
failed=0
page
while IFS='|' read -r name what _ command <&3; do
  wanted "$name" || continue
  if is_done "$name" "$command"; then
    continue
  fi
  echo "$(date '+%F %T') $name ($what): about $(time_left)"
  step "$name" "$command" || { failed=$((failed + 1)); echo "$name failed: $(tail -1 "$out/$name.log")"; }
  page
done 3< <(steps)
echo "$(date '+%F %T') done; $out/reproduction.md"
[[ $failed -eq 0 ]] || { echo "reproduce.sh: $failed steps failed; the page says which" >&2; exit 1; }
