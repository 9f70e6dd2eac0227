package io.concordat.bench.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One program's part of a Markdown page, between two comments that readers do not see.
 *
 * @param name letters and hyphens, unique on the page
 */
public record Section(String name) {
  public Section {
    if (!name.matches("[a-z][a-z-]*")) {
      throw new IllegalArgumentException("a section's name is letters and hyphens: " + name);
    }
  }

  /** Replaces the section in a file, or appends it. */
  public void write(Path file, String markdown) throws IOException {
    Files.writeString(file, in(Files.exists(file) ? Files.readString(file) : "", markdown));
  }

  /** The page with this section's text. */
  public String in(String page, String markdown) {
    String begin = "<!-- begin " + name + " -->\n";
    String end = "<!-- end " + name + " -->\n";
    String section = begin + markdown.strip() + "\n" + end;
    int from = page.indexOf(begin);
    if (from < 0) {
      return page.isEmpty() ? section : page.stripTrailing() + "\n\n" + section;
    }
    int to = page.indexOf(end, from);
    if (to < 0) {
      throw new IllegalArgumentException("the page lacks " + end.strip());
    }
    return page.substring(0, from) + section + page.substring(to + end.length());
  }
}
