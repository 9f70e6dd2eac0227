package io.concordat.protocol.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of a file and where it begins; lines and columns count from 1. */
public sealed interface YamlNode {
  int line();

  int column();

  /**
   * @param plain without quotes: then it may be a number or a boolean, as its text says
   */
  record Scalar(String text, boolean plain, int line, int column) implements YamlNode {}

  record Sequence(List<YamlNode> items, int line, int column) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** Members in the file's order. */
  record Mapping(Map<String, Member> members, int line, int column) implements YamlNode {
    public Mapping {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /** A key's place and its value. */
  record Member(int line, int column, YamlNode value) {}

  /** For errors: what stands here. */
  default String kind() {
    return switch (this) {
      case Scalar scalar when scalar.plain() && scalar.text().isEmpty() -> "nothing";
      case Scalar scalar -> "a value";
      case Sequence sequence -> "a list";
      case Mapping mapping -> "a group of fields";
    };
  }
}
