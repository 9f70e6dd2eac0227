package io.concordat.bench.hostile;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.tile.TilePath;
import io.concordat.crypto.DecodeException;
import io.concordat.policies.PolicyReader;
import io.concordat.policies.PolicySignatures;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.refusal.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Bombs, smuggled addresses, paths and control characters, each with the reader it is aimed at. */
public final class HostileCorpus {
  private static final String JOB =
      """
      schema: job/1
      name: %s
      federation: cardio-demo
      dataset: %s
      analysis: {kind: statistics, columns: [%s]}
      """;

  private HostileCorpus() {}

  /** What reads files of strangers. */
  public enum Reader {
    JOB,
    POLICY,
    SIGNATURES,
    STATEMENT,
    WORK,
    TILE_PATH,
    CHECKPOINT;

    /** Whether the reader says no in the way it is meant to. */
    public boolean refuses(byte[] bytes) {
      try {
        switch (this) {
          case JOB -> JobReader.read("job.yaml", bytes).orThrow();
          case POLICY -> PolicyReader.read("policy.yaml", bytes).orThrow();
          case SIGNATURES -> PolicySignatures.read(bytes);
          case STATEMENT -> CanonicalJson.parseObject(bytes);
          case WORK -> WorkReply.read(bytes);
          case TILE_PATH -> TilePath.parse(new String(bytes, StandardCharsets.ISO_8859_1));
          case CHECKPOINT -> SignedCheckpoint.parse(new String(bytes, StandardCharsets.ISO_8859_1));
        }
        return false;
      } catch (RefusedException | DecodeException | LogFormatException refused) {
        return true;
      }
    }
  }

  /** One file. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Case(Reader reader, String name, byte[] bytes) {}

  /**
   * The corpus.
   *
   * @param address of a listener that nobody may call, {@code http://127.0.0.1:PORT}
   */
  public static List<Case> cases(String address) {
    List<Case> out = new ArrayList<>();
    for (Reader reader : List.of(Reader.JOB, Reader.POLICY)) {
      yaml(out, reader, address);
    }
    for (Reader reader : List.of(Reader.SIGNATURES, Reader.STATEMENT, Reader.WORK)) {
      json(out, reader, address);
    }
    jobs(out, address);
    paths(out);
    return out;
  }

  private static void add(List<Case> out, Reader reader, String name, String text) {
    out.add(new Case(reader, name, text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void yaml(List<Case> out, Reader reader, String address) {
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      laughs.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "x"));
    }
    add(out, reader, "a billion laughs", laughs.toString());
    add(out, reader, "an anchor that holds itself", "a: &a [*a]\n");
    add(out, reader, "deep flow lists", "a: " + "[".repeat(10_000) + "]".repeat(10_000));
    add(out, reader, "deep flow maps", "{a: ".repeat(5_000) + "1" + "}".repeat(5_000));
    StringBuilder indented = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      indented.append(" ".repeat(i)).append("a:\n");
    }
    add(out, reader, "deep indentation", indented.toString());
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      keys.append("k").append(i).append(": 1\n");
    }
    add(out, reader, "thirty thousand keys", keys.toString());
    add(out, reader, "one key many times", "name: x\n".repeat(3_000));
    add(out, reader, "a scalar without end", "name: " + "x".repeat(4 << 20));
    add(out, reader, "unclosed quotes", "name: \"" + "\\\"".repeat(10_000));
    add(
        out,
        reader,
        "a tag that makes objects",
        "!!javax.script.ScriptEngineManager [" + url(address) + "]");
    add(out, reader, "a tag that loads classes", "a: !!java.net.URL [\"" + address + "/x\"]\n");
    add(out, reader, "a tag directive", "%TAG ! " + address + "/\n---\na: !x 1\n");
    add(out, reader, "a merge key", "a: &a {b: 1}\nc: {<<: *a}\n");
    add(out, reader, "two documents", "a: 1\n---\nb: 2\n");
    add(out, reader, "complex keys", "? [a, b]\n: 1\n");
    add(out, reader, "an included file", "include: file:///etc/passwd\nurl: " + address + "\n");
    out.add(new Case(reader, "zeros, compressed", gzip(new byte[20 << 20])));
    out.add(
        new Case(reader, "bytes that are no text", new byte[] {(byte) 0xff, (byte) 0xfe, 0, 0}));
    out.add(new Case(reader, "zeros", new byte[1 << 20]));
    add(out, reader, "a null character", "name: \"a\\0b\"\n\u0000");
  }

  private static String url(String address) {
    return "!!java.net.URLClassLoader [[!!java.net.URL [\"" + address + "/\"]]]";
  }

  private static void json(List<Case> out, Reader reader, String address) {
    add(out, reader, "deep lists", "[".repeat(100_000));
    add(out, reader, "deep objects", "{\"a\":".repeat(100_000));
    add(out, reader, "an endless number", "{\"a\":" + "9".repeat(500_000) + "}");
    add(out, reader, "an endless exponent", "{\"a\":1e999999999}");
    add(out, reader, "an endless string", "{\"a\":\"" + "x".repeat(9 << 20) + "\"}");
    add(out, reader, "one member many times", "{" + "\"a\":1,".repeat(50_000) + "\"a\":1}");
    add(out, reader, "escapes without end", "{\"a\":\"" + "\\u0041".repeat(100_000));
    add(out, reader, "half a surrogate", "{\"a\":\"\\ud800\"}");
    add(out, reader, "an address", "{\"$ref\":\"" + address + "/schema\",\"a\":null}");
    out.add(new Case(reader, "zeros, compressed", gzip(new byte[20 << 20])));
    out.add(new Case(reader, "an overlong slash", new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"'}));
  }

  /** Whole job files but for one value: what a reader takes as text must stay text. */
  private static void jobs(List<Case> out, String address) {
    for (String name :
        List.of(
            "\"x\\nERROR forged line of a log\"",
            "\"x\\r\\nSet-Cookie: a=b\"",
            "\"\\e[2J\\e[1;1Hcleared\"",
            "\"x\\u202Egpj.exe\"",
            "\"" + "x".repeat(10_000) + "\"")) {
      add(
          out,
          Reader.JOB,
          "name " + name.substring(0, Math.min(30, name.length())),
          job(name, "heart", "age"));
    }
    for (String dataset :
        List.of(
            "../../etc/passwd",
            "/etc/passwd",
            address + "/heart",
            "\"heart\\0.csv\"",
            "heart;drop")) {
      add(out, Reader.JOB, "dataset " + dataset, job("x", dataset, "age"));
    }
    add(
        out,
        Reader.JOB,
        "a field for an address",
        job("x", "heart", "age") + "callback: " + address + "\n");
    add(
        out,
        Reader.JOB,
        "a field for a file",
        job("x", "heart", "age") + "records: file:///etc/passwd\n");
  }

  private static String job(String name, String dataset, String column) {
    return JOB.formatted(name, dataset, column);
  }

  private static void paths(List<Case> out) {
    for (String path :
        List.of(
            "tile/0/../../../etc/passwd",
            "tile/entries/x001/../000",
            "tile/0/000\u0000",
            "tile//000",
            "/tile/0/000",
            "tile/0/%2e%2e/000",
            "tile/0/" + "x999/".repeat(100_000) + "000")) {
      add(out, Reader.TILE_PATH, path.substring(0, Math.min(30, path.length())), path);
    }
    add(
        out,
        Reader.CHECKPOINT,
        "signatures without end",
        "a\n1\nAA==\n\n" + "\u2014 a AAAA\n".repeat(100_000));
    add(
        out,
        Reader.CHECKPOINT,
        "a size beyond numbers",
        "a\n" + "9".repeat(100_000) + "\nAA==\n\n");
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    } catch (IOException memory) {
      throw new UncheckedIOException(memory);
    }
    return out.toByteArray();
  }
}
