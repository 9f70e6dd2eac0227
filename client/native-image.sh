#!/bin/sh
# Builds a native executable of a plain Java program from the classes and libraries that Maven has put below TARGET.
# usage: native-image.sh TARGET NAME MAINCLASS
#   GRAALVM_HOME            GraalVM 25 or Mandrel; without it a container engine builds, as Quarkus' own builds do
#   CONCORDAT_BUILDER_IMAGE another builder image for that
#   CONCORDAT_NATIVE_ARGS   more arguments, -Ob for a quick build
set -eu
target=$1
name=$2
main=$3
image=${CONCORDAT_BUILDER_IMAGE:-quay.io/quarkus/ubi9-quarkus-mandrel-builder-image:jdk-25}
cd "$target"

# The Vector API's kernel stays out, also where an earlier build has left its jar.
path=classes
for jar in lib/*.jar; do
  case $jar in *concordat-vector-*) ;; *) path=$path:$jar ;; esac
done

# No class runs while it is built but those that GraalVM or a library names: our static state is made when the program
# starts. The serial collector is what a command line wants.
set -- --no-fallback --gc=serial -H:+ReportExceptionStackTraces --enable-native-access=ALL-UNNAMED \
  --enable-url-protocols=https ${CONCORDAT_NATIVE_ARGS:-} -cp "$path" -o "$name" "$main"

if [ -n "${GRAALVM_HOME:-}" ]; then
  if [ ! -x "$GRAALVM_HOME/bin/native-image" ]; then
    echo "native-image.sh: $GRAALVM_HOME/bin/native-image is missing: is GRAALVM_HOME a GraalVM 25 or Mandrel?" >&2
    exit 3
  fi
  exec "$GRAALVM_HOME/bin/native-image" "$@"
fi
for engine in docker podman; do
  if command -v $engine > /dev/null; then
    exec $engine run --rm -v "$PWD:/project:z" -w /project --user "$(id -u):$(id -g)" "$image" "$@"
  fi
done
echo "native-image.sh: set GRAALVM_HOME to a GraalVM 25 or Mandrel, or install docker or podman" >&2
exit 3
