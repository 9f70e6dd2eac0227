package io.concordat.compliancedocs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Writes the computed parts into the documents. {@code
 * io.concordat.compliancedocs.GenerateDocuments ROOT}, the root of the repository.
 */
public final class GenerateDocuments {
  /**
   * One computed part of one document.
   *
   * @param file from the repository's root
   */
  record Place(String file, GeneratedPart part, Supplier<String> content) {
    /** The document's text with this part as this version computes it. */
    String applied(String written) {
      return part.replaceIn(written, content.get());
    }
  }

  static final List<Place> PLACES =
      List.of(
          new Place(
              "compliance-docs/cryptography-statement.md",
              new GeneratedPart("parameters"),
              ParameterTables::all),
          new Place(
              "docs/wire-formats.md",
              new GeneratedPart("statement types"),
              ProtocolTables::statements),
          new Place("docs/refusals.md", new GeneratedPart("refusals"), ProtocolTables::refusals));

  private GenerateDocuments() {}

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments.length == 0 ? "." : arguments[0]);
    for (Place place : PLACES) {
      Path file = root.resolve(place.file());
      Files.writeString(file, place.applied(Files.readString(file)));
    }
  }
}
