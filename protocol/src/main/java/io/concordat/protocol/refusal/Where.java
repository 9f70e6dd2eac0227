package io.concordat.protocol.refusal;

import java.util.Optional;

/**
 * A place in a file. Line and column count from 1; 0 stands for "the whole file".
 *
 * @param field path of the field from the outermost object, or empty
 */
public record Where(String file, int line, int column, String field) {
  public Where {
    if (line < 0 || column < 0) {
      throw new IllegalArgumentException("line and column count from 1");
    }
  }

  /** A field of something that has no lines, such as a job that came as a statement. */
  public static Where field(String field) {
    return new Where("", 0, 0, field);
  }

  public Optional<String> fieldPath() {
    return field.isEmpty() ? Optional.empty() : Optional.of(field);
  }

  /** {@code file:line:column field}, leaving out what is not known. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(file);
    if (line > 0) {
      out.append(':').append(line).append(':').append(column);
    }
    if (!field.isEmpty()) {
      out.append(out.isEmpty() ? "" : " ").append(field);
    }
    return out.toString();
  }
}
