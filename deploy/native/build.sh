#!/usr/bin/env bash
# Builds the native executables and puts them, with all that belongs beside them, into one folder.
# Called by `./concordat native`, which finds JDK and Maven and has the ordinary build ready.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
to=$root/.concordat/native
logs=$root/.concordat/native-build
wanted="aggregator silo-node client"
quick=

say()  { printf '%s\n' "$*" >&2; }
fail() { say "concordat: $1"; shift; for line in "$@"; do say "  $line"; done; exit 3; }
usage() {
  cat <<'X'
Usage: ./concordat native [--to DIR] [--only aggregator|silo-node|client|bench]... [--quick] [--check]

Builds native executables of aggregator, silo node and command line: each starts in a fraction of a second and needs no
Java. They, PyTorch's libraries, the ring kernel and the systemd units are put into one folder.

      --to DIR      where to (default: .concordat/native)
      --only NAME   build this one only; repeatable. What was built before stays. bench is the engine's figures, and is
                    built when named only
      --quick       compile without optimising: for trying things out
      --check       build nothing: only say whether all that a build needs is there
  -h, --help        show this help

Needs GRAALVM_HOME (GraalVM 25 or Mandrel 25) with a C compiler and zlib's headers, or docker or podman; about 8 GB of
free memory and, for each executable, some minutes.

Examples:
  GRAALVM_HOME=/opt/mandrel-25 ./concordat native
  ./concordat native --only silo-node --to /opt/concordat
  ./concordat demo --native

Exit status: 0 done, 2 wrong usage, 3 something is missing or the build failed.
X
}

only=
check=
while [ $# -gt 0 ]; do
  case $1 in
    --to)    [ $# -ge 2 ] || { usage >&2; exit 2; }; to=$2; shift 2 ;;
    --only)  case ${2:-} in aggregator|silo-node|client|bench) only="$only $2"; shift 2 ;; *) usage >&2; exit 2 ;; esac ;;
    --quick) quick=-Ob; shift ;;
    --check) check=1; shift ;;
    -h|--help) usage; exit 0 ;;
    *) say "concordat native: unknown option $1"; usage >&2; exit 2 ;;
  esac
done
[ -z "$only" ] || wanted=$only

how=()
if [ -n "${GRAALVM_HOME:-}" ]; then
  [ -x "$GRAALVM_HOME/bin/native-image" ] || fail "GRAALVM_HOME is $GRAALVM_HOME, and there is no bin/native-image in it" \
    "point it at a GraalVM 25 (graalvm.org) or Mandrel 25 (github.com/graalvm/mandrel), or unset it to build in a container"
  version=$("$GRAALVM_HOME/bin/native-image" --version 2>/dev/null | head -1 || true)
  case $version in
    *" 25."*|*" 25 "*) ;;
    *) fail "native-image in GRAALVM_HOME says '$version'; version 25 is needed" ;;
  esac
  command -v gcc >/dev/null || fail "no C compiler: native-image links with gcc" "install it (Debian: apt-get install gcc zlib1g-dev)"
  echo '#include <zlib.h>' | gcc -E - >/dev/null 2>&1 || fail "zlib's headers are missing" "install them (Debian: apt-get install zlib1g-dev)"
  how=(-Dquarkus.native.container-build=false)
  with="$version"
else
  engine=
  for candidate in docker podman; do
    if $candidate info >/dev/null 2>&1; then engine=$candidate; break; fi
  done
  [ -n "$engine" ] || fail "nothing here builds native executables" \
    "either set GRAALVM_HOME to a GraalVM 25 (graalvm.org) or Mandrel 25 (github.com/graalvm/mandrel)" \
    "or install docker or podman: the build then runs in Quarkus' builder container"
  how=(-Dquarkus.native.container-build=true -Dquarkus.native.container-runtime=$engine)
  with="$engine"
fi

free=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null || echo 8)
[ "${free:-8}" -ge 5 ] || say "concordat: only $free GB of memory are free; a build takes up to 6 and may fail"

if [ -n "$check" ]; then say "concordat: native executables can be built here, with $with"; exit 0; fi

progress() { # Maven's and native-image's lines -> one line that moves on a terminal, one line a step in a pipe
  local line step started=$SECONDS
  while IFS= read -r line; do
    case $line in
      \[[1-8]/8\]*) step=${line%%...*} ;;
      *"Building Concordat :: "*) step=${line#*"Concordat :: "}; step="[0/8] ${step%% *}" ;;
      *) continue ;;
    esac
    if [ -t 2 ]; then printf '\r\033[K  %s  %d s' "$step" "$((SECONDS - started))" >&2
    else case $step in \[0*) ;; *) say "  $step  $((SECONDS - started)) s" ;; esac; fi
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
}

mkdir -p "$logs" "$to/lib"
to=$(cd "$to" && pwd)
built=()
for module in $wanted; do
  started=$SECONDS
  log=$logs/$module.log
  case $module in
    aggregator) name=concordat-aggregator ;;
    silo-node)  name=concordat-silo ;;
    client)     name=concordat ;;
    bench)      name=concordat-bench ;;
  esac
  say "concordat: building $name with $with (log: ${log#"$root"/})"
  # Without the Vector API's kernel: an executable takes the C kernel, and the incubator module would only grow it.
  if [ $module = bench ]; then
    # The engine's classes alone, from the ordinary build.
    CONCORDAT_NATIVE_ARGS=$quick sh "$root/client/native-image.sh" "$root/bench/target" $name io.concordat.bench.engine.EngineBench 2>&1 | tee "$log" | progress ||
      fail "the build of $name failed" "the whole log: $log"
  elif ! (cd "$root" && CONCORDAT_NATIVE_ARGS=$quick mvn -B -ntp -Dquick -DskipTests -Dspotless.check.skip=true -Dconcordat.no-vector -Dnative \
      "${how[@]}" ${quick:+-Dquarkus.native.additional-build-args-append=$quick} -pl "$module" -am package 2>&1 | tee "$log" | progress; exit "${PIPESTATUS[0]}"); then
    grep -E '^\[ERROR\]|^Error|Fatal error|BUILD FAILURE' "$log" | head -20 >&2 || true
    fail "the build of $name failed" "the whole log: $log"
  fi
  case $module in
    client) made=$root/client/target/concordat ;;
    bench)  made=$root/bench/target/concordat-bench ;;
    *)      made=$(ls "$root/$module"/target/*-runner | head -1) ;;
  esac
  install -m 755 "$made" "$to/.$name.new"
  mv -f "$to/.$name.new" "$to/$name" # also over one that runs: the old one keeps its file
  built+=("$(printf '  %-22s %4d MB, built in %4d s, %s' "$name" "$(($(stat -c %s "$made") / 1000000))" "$((SECONDS - started))" \
    "$(sed -n 's/.*Peak RSS: *\([0-9.]*[A-Z]*\).*/at most \1 of memory/p' "$log" | tail -1)")")
done

# Beside the executables: the ring kernel and SQLite's library, so that nothing is unpacked when a service starts.
for library in "$root"/native/target/classes/META-INF/native/linux-x86_64/*.so; do
  [ ! -e "$library" ] || install -m 755 "$library" "$to/lib/"
done
sqlite=$(ls "$root"/aggregator/target/quarkus-app/lib/main/org.xerial.sqlite-jdbc-*.jar 2>/dev/null | head -1 || true)
if [ -n "$sqlite" ]; then
  (cd "$logs" && "$JAVA_HOME/bin/jar" --extract --file "$sqlite" org/sqlite/native/Linux/x86_64/libsqlitejdbc.so)
  install -m 755 "$logs/org/sqlite/native/Linux/x86_64/libsqlitejdbc.so" "$to/lib/"
fi
case " $wanted " in
  *" silo-node "*)
    if [ ! -d "$to/djl/pytorch" ]; then
      say "concordat: laying out PyTorch's libraries, 450 MB (a silo without neural models needs none: remove djl/ there)"
      app=$root/silo-node/target/quarkus-app
      "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -cp "$app/app/*:$app/lib/main/*:$app/lib/boot/*" \
        io.concordat.silonode.training.PyTorch "$to/djl.new" >"$logs/djl.log" 2>&1 || fail "PyTorch could not be laid out" "see $logs/djl.log"
      mv "$to/djl.new" "$to/djl"
    fi ;;
esac
[ ! -d "$root/deploy/systemd" ] || { rm -rf "$to/systemd"; cp -r "$root/deploy/systemd" "$to/systemd"; }

say "concordat: in $to"
printf '%s\n' "${built[@]}" >&2
say "try next: ./concordat demo --native      docs/hospital-it.md says how to install them"
