package io.concordat.compliancedocs;

import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.StatementType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Tables of what the protocol names: types of statements, codes of refusals. */
final class ProtocolTables {
  private ProtocolTables() {}

  /** Every type of statement with its signature domain, entries of the log first. */
  static String statements() {
    MarkdownTable table = new MarkdownTable("type", "signature domain", "an entry of the log");
    for (StatementType type : StatementType.values()) {
      table.row(
          "[`" + type.wireName() + "`](#" + type.wireName().replace(".", "") + ")",
          "`" + type.domain() + "`",
          type.logged() ? "yes" : "no, a message");
    }
    return table.toString();
  }

  /** Every refusal by its code. */
  static String refusals() {
    List<Code> codes =
        Arrays.stream(Code.values()).sorted(Comparator.comparing(Code::text)).toList();
    StringBuilder out = new StringBuilder();
    String family = "";
    MarkdownTable table = new MarkdownTable("code", "what it says", "what to do");
    for (Code code : codes) {
      String its = code.text().substring(0, code.text().indexOf('.'));
      if (!its.equals(family)) {
        if (!family.isEmpty()) {
          out.append(table);
          table = new MarkdownTable("code", "what it says", "what to do");
        }
        out.append("\n### ").append(its).append("\n\n");
        family = its;
      }
      table.row("`" + code.text() + "`", code.sentence(), code.remedy());
    }
    return out.append(table).toString();
  }
}
