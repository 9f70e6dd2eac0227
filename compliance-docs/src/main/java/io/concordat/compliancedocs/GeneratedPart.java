package io.concordat.compliancedocs;

/**
 * A computed part of a document, between two marker lines.
 *
 * @param name what the markers call it
 */
record GeneratedPart(String name) {
  private String begin() {
    return "<!-- generated: " + name + "; by GenerateDocuments, do not edit -->\n";
  }

  private String end() {
    return "<!-- end of generated: " + name + " -->";
  }

  /** The document with this content between the markers, which must stand in it once. */
  String replaceIn(String document, String content) {
    int from = document.indexOf(begin());
    int to = document.indexOf(end());
    if (from < 0 || to < from || document.indexOf(begin(), from + 1) >= 0) {
      throw new IllegalArgumentException(
          "expected once, in this order: " + begin() + " ... " + end());
    }
    return document.substring(0, from + begin().length()) + content + document.substring(to);
  }
}
