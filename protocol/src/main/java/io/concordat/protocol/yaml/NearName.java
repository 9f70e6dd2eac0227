package io.concordat.protocol.yaml;

/** Whether a mistyped name is probably a known one. */
final class NearName {
  private NearName() {}

  /** At most two letters differ (Levenshtein), and fewer than half of the known name's. */
  static boolean isNear(String known, String typed) {
    if (Math.abs(known.length() - typed.length()) > 2 || known.length() > 64) {
      return false;
    }
    int[] row = new int[typed.length() + 1];
    for (int j = 0; j <= typed.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= known.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= typed.length(); j++) {
        int same = diagonal + (equalLetters(known.charAt(i - 1), typed.charAt(j - 1)) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(same, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    int distance = row[typed.length()];
    return distance <= 2 && 2 * distance < known.length();
  }

  private static boolean equalLetters(char a, char b) {
    return Character.toLowerCase(a) == Character.toLowerCase(b);
  }
}
