#!/bin/sh
# Called by Maven with: the JDK, where to lay META-INF/native, a working folder. Builds the C kernels,
# or says in one line why not and lets the build go on; the Java kernels need nothing from here.
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
  log=$(cat "$work/configure.log")
  case $log in
    *"No CMAKE_C_COMPILER could be found"*) skip "no C compiler found" ;;
    *"unable to find a build program"*) skip "no make found" ;;
  esac
  printf '%s\n' "$log"
  exit 1
fi
# A compiler that is there and fails is an error to see, not one to skip.
cmake --build "$work" >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
