package io.concordat.compliancedocs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the computed parts into the documents. {@code
 * io.concordat.compliancedocs.GenerateDocuments [FOLDER]}, the folder being this module's.
 */
public final class GenerateDocuments {
  static final String STATEMENT = "cryptography-statement.md";

  private static final GeneratedPart PARAMETERS = new GeneratedPart("parameters");

  private GenerateDocuments() {}

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments.length == 0 ? "." : arguments[0]).resolve(STATEMENT);
    Files.writeString(file, statement(Files.readString(file)));
  }

  /** The cryptography statement with its tables as this version gives them. */
  static String statement(String written) {
    return PARAMETERS.replaceIn(written, ParameterTables.all());
  }
}
