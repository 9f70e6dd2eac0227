#!/bin/sh
# Called by Maven: builds the C kernels into $2/META-INF/native, or says in one line why not and
# leaves the build as it is; the Java kernels need nothing from here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
jdk=$1
output=$2
work=$3

skip() {
  echo "concordat-native: $1; C kernels are left out, the Java kernels do the work"
  exit 0
}

command -v cmake >/dev/null 2>&1 || skip "no cmake found"
[ -f "$jdk/include/jni.h" ] || skip "no include/jni.h in $jdk"
mkdir -p "$work"
if ! cmake -S "$here" -B "$work" -DCONCORDAT_JDK="$jdk" -DCONCORDAT_OUTPUT="$output" \
    >"$work/configure.log" 2>&1; then
  grep -q "No CMAKE_C_COMPILER could be found\|is not able to compile" "$work/configure.log" &&
    skip "no C compiler found"
  cat "$work/configure.log"
  exit 1
fi
# A compiler that is there and fails is an error to see, not one to skip.
cmake --build "$work" >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
