#!/bin/sh
# Builds a native executable of a plain Java program from the classes and libraries that Maven has put below TARGET.
# usage: native-image.sh TARGET NAME MAINCLASS
#   GRAALVM_HOME            GraalVM 25 or Mandrel; without it a container engine builds, as Quarkus' own builds do
#   CONCORDAT_BUILDER_IMAGE the image for that; without it the one that a service's build has brought
#   CONCORDAT_NATIVE_ARGS   more arguments, -Ob for a quick build
set -eu
target=$1
name=$2
main=$3
cd "$target"

# The Vector API's kernel stays out, also where an earlier build has left its jar.
path=classes
for jar in lib/*.jar; do
  case $jar in *concordat-vector-*) ;; *) path=$path:$jar ;; esac
done

# No class runs while it is built but those that GraalVM or a library names: our static state is made when the program
# starts. The serial collector is what a command line wants. http is for the services' health, on this machine only.
set -- --no-fallback --gc=serial -H:+ReportExceptionStackTraces --enable-native-access=ALL-UNNAMED \
  --enable-url-protocols=http,https ${CONCORDAT_NATIVE_ARGS:-} -cp "$path" -o "$name" "$main"

if [ -n "${GRAALVM_HOME:-}" ]; then
  if [ ! -x "$GRAALVM_HOME/bin/native-image" ]; then
    echo "native-image.sh: $GRAALVM_HOME/bin/native-image is missing: is GRAALVM_HOME a GraalVM 25 or Mandrel?" >&2
    exit 3
  fi
  exec "$GRAALVM_HOME/bin/native-image" "$@"
fi
for engine in docker podman; do
  if $engine info > /dev/null 2>&1; then
    image=${CONCORDAT_BUILDER_IMAGE:-$($engine images --format '{{.Repository}}:{{.Tag}}' | grep 'mandrel-builder-image' | head -1)}
    if [ -z "$image" ]; then
      echo "native-image.sh: $engine has no builder image yet: build aggregator or silo node first, or set CONCORDAT_BUILDER_IMAGE" >&2
      exit 3
    fi
    exec $engine run --rm -v "$PWD:/project:z" -w /project --user "$(id -u):$(id -g)" "$image" "$@"
  fi
done
echo "native-image.sh: set GRAALVM_HOME to a GraalVM 25 or Mandrel, or install docker or podman" >&2
exit 3
