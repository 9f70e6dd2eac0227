package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry for readers: enrolments, administration, failed sign-ins, refusals, charges. Nobody
 * computes from it.
 *
 * @param event its kind, such as {@code node.enrolled} or {@code privacy.charged}
 * @param facts pairs of name and value, in the order they are shown
 */
public record Notice(String event, List<Fact> facts) implements Statement {
  private static final int MAX_FACTS = 32;

  public Notice {
    facts = List.copyOf(facts);
  }

  /** One line of a notice: ids and codes, never personal data. */
  public record Fact(String name, String value) {}

  static Notice read(JsonObject o) throws DecodeException {
    o.only("event", "facts");
    List<Fact> facts = new ArrayList<>();
    for (JsonObject fact : o.objects("facts")) {
      fact.only("name", "value");
      facts.add(new Fact(Texts.code(fact, "name"), Texts.sentence(fact, "value")));
    }
    if (facts.size() > MAX_FACTS) {
      throw o.fault("facts", "expected at most " + MAX_FACTS);
    }
    return new Notice(Texts.code(o, "event"), facts);
  }

  @Override
  public StatementType type() {
    return StatementType.NOTICE;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("event", event)
        .put(
            "facts",
            facts.stream()
                .map(
                    f -> JsonObject.builder().put("name", f.name()).put("value", f.value()).build())
                .toList())
        .build();
  }
}
