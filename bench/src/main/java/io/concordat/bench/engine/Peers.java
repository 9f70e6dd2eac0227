package io.concordat.bench.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What our figures are set beside.
 *
 * @param seal Microsoft SEAL as it is
 * @param hexl SEAL with Intel's HEXL inside
 */
record Peers(Optional<SealPeer> seal, Optional<SealPeer> hexl) {
  /** The peers' own figures. */
  List<Figure> figures() {
    List<Figure> out = new ArrayList<>();
    seal.ifPresent(peer -> schemes(out, "peer.seal", peer));
    hexl.ifPresent(peer -> schemes(out, "peer.seal-hexl", peer));
    seal.ifPresent(peer -> transforms(out, "peer.seal", "seal", peer));
    hexl.ifPresent(peer -> transforms(out, "peer.hexl", "hexl", peer));
    return out;
  }

  private static void schemes(List<Figure> out, String name, SealPeer peer) {
    for (String scheme : List.of("ckks", "bfv")) {
      String prefix = name + "-" + scheme;
      out.add(Figure.alone(prefix + ".encrypt", "values/s", peer.figure(scheme + "-encrypt")));
      out.add(Figure.alone(prefix + ".add", "values/s", peer.figure(scheme + "-add")));
      out.add(Figure.alone(prefix + ".bytes", "bytes/value", peer.figure(scheme + "-bytes")));
    }
  }

  private static void transforms(List<Figure> out, String name, String whose, SealPeer peer) {
    for (String direction : List.of("forward", "inverse")) {
      double microseconds = peer.figure(whose + "-ntt-" + direction);
      out.add(Figure.alone(name + ".ntt." + direction + ".8192", "us", microseconds));
    }
  }

  /** A rate of ours beside that of each peer, or alone. */
  List<Figure> rates(String name, String size, double rate, String scheme, String what) {
    List<Figure> out = new ArrayList<>();
    String figure = scheme + "-" + what;
    seal.ifPresent(peer ->
        out.add(
            Figure.rate(
                name + size,
                "values/s",
                rate,
                "SEAL " + words(scheme, what),
                peer.figure(figure))));
    hexl.ifPresent(peer ->
        out.add(
            Figure.rate(
                name + "-hexl" + size,
                "values/s",
                rate,
                "SEAL with HEXL " + words(scheme, what),
                peer.figure(figure))));
    return out;
  }

  private static String words(String scheme, String what) {
    String of = scheme.equals("ckks") ? "CKKS " : "BFV symmetric seeded ";
    return of
        + switch (what) {
          case "encrypt" -> "encode+encrypt";
          case "decrypt" -> "decrypt+decode";
          default -> what;
        };
  }

  /** Which peers took part. */
  String versions() {
    return seal.map(SealPeer::version).orElse("not built")
        + hexl.map(peer -> "; " + peer.version()).orElse("");
  }
}
