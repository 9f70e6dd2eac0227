package io.concordat.silonode.node;

import io.concordat.protocol.refusal.Code;
import java.util.Optional;

/** A write that failed, in words that an operator can act on. */
final class DiskWords {
  private DiskWords() {}

  /** What to say of a step that could not be stored. */
  static String of(RuntimeException failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      Optional<String> full = full(String.valueOf(cause.getMessage()));
      if (full.isPresent()) {
        return full.get();
      }
    }
    return "The last step could not be stored: " + failed.getMessage();
  }

  /** What to do, if the message of a failure says that the disk is full; SQLite has its own. */
  static Optional<String> full(String message) {
    return message.contains("SQLITE_FULL") || message.contains("No space left")
        ? Optional.of(Code.STORAGE_FULL.sentence() + " " + Code.STORAGE_FULL.remedy())
        : Optional.empty();
  }
}
