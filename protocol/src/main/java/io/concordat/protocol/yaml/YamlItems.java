package io.concordat.protocol.yaml;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.policy.Ids;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Where;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The items of one list, read as values of one kind; each that is none is reported and left out.
 */
final class YamlItems {
  private final Findings findings;
  private final String path;
  private final List<YamlNode> items;

  /**
   * @param path the list's field, as findings name it
   */
  YamlItems(Findings findings, String path, List<YamlNode> items) {
    this.findings = findings;
    this.path = path;
    this.items = items;
  }

  /** What a text becomes. */
  interface Decoder<T> {
    T decode(String text) throws DecodeException;
  }

  List<Integer> integers(int min, int max) {
    return each(
        s ->
            ScalarText.integer(s).filter(value -> value >= min && value <= max).map(Long::intValue),
        "expected an integer from " + min + " to " + max);
  }

  <E extends Enum<E>> List<E> choices(Class<E> type, Function<E, String> text) {
    E[] all = type.getEnumConstants();
    Set<E> out = new LinkedHashSet<>();
    for (int i = 0; i < items.size(); i++) {
      String found = items.get(i) instanceof YamlNode.Scalar s ? s.text() : "";
      Optional<E> constant =
          Arrays.stream(all).filter(c -> text.apply(c).equals(found)).findFirst();
      if (constant.isEmpty()) {
        fault(i, "expected " + ScalarText.oneOf(all, text));
      } else if (!out.add(constant.get())) {
        fault(i, found + " stands twice");
      }
    }
    return List.copyOf(out);
  }

  <T> List<T> decoded(Decoder<T> decoder, String expected) {
    return each(
        s -> {
          try {
            return Optional.of(decoder.decode(s.text()));
          } catch (DecodeException e) {
            return Optional.empty();
          }
        },
        "expected " + expected);
  }

  List<String> texts(int longest) {
    return each(
        s ->
            !s.text().isBlank()
                    && s.text().length() <= longest
                    && s.text().chars().noneMatch(Character::isISOControl)
                    && !(s.plain()
                        && ScalarText.looksTyped(s.text())
                        && ScalarText.integer(s).isEmpty())
                ? Optional.of(s.text())
                : Optional.empty(),
        "expected an integer or text; quote anything else");
  }

  List<String> ids() {
    return each(
        s ->
            Ids.isId(s.text()) && !(s.plain() && ScalarText.looksTyped(s.text()))
                ? Optional.of(s.text())
                : Optional.empty(),
        "expected 1 to 64 characters a-z, 0-9, -");
  }

  private <T> List<T> each(Function<YamlNode.Scalar, Optional<T>> reader, String expected) {
    List<T> out = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Optional<T> value =
          items.get(i) instanceof YamlNode.Scalar s ? reader.apply(s) : Optional.empty();
      value.ifPresentOrElse(out::add, faulty(i, expected));
    }
    return out;
  }

  private Runnable faulty(int index, String expected) {
    return () -> fault(index, expected);
  }

  /** A finding about one item. */
  void fault(int index, String detail) {
    YamlNode item = items.get(index);
    findings.add(
        new Where(findings.file(), item.line(), item.column(), path + "[" + index + "]"),
        Code.FILE_FIELD,
        item instanceof YamlNode.Scalar s ? detail + ", found " + ScalarText.shown(s) : detail);
  }
}
