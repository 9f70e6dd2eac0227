package io.concordat.crypto.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** The independent implementation's vectors, by case name. */
public final class Vectors {
  private static final Map<String, VectorCase> CASES = load();

  private Vectors() {}

  /** The case of this name. */
  public static VectorCase named(String name) {
    VectorCase found = CASES.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no vector case " + name);
    }
    return found;
  }

  /** All cases whose names begin so; at least one, or the test tests nothing. */
  public static List<VectorCase> under(String prefix) {
    List<VectorCase> found =
        CASES.values().stream().filter(c -> c.string("name").startsWith(prefix)).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException("no vector case begins with " + prefix);
    }
    return found;
  }

  private static Map<String, VectorCase> load() {
    try (InputStream packed = Vectors.class.getResourceAsStream("/vectors/sum_vectors.json.gz")) {
      if (packed == null) {
        throw new IllegalStateException("the vectors are not on the class path");
      }
      String text = new String(new GZIPInputStream(packed).readAllBytes(), StandardCharsets.UTF_8);
      Map<String, VectorCase> cases = new LinkedHashMap<>();
      for (VectorCase c : new VectorCase(VectorJson.parse(text)).cases("cases")) {
        cases.put(c.string("name"), c);
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
