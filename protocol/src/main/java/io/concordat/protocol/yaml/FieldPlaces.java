package io.concordat.protocol.yaml;

import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Where;
import java.util.Set;

/** Where the fields of one group stand in their file, for findings about them. */
record FieldPlaces(Findings findings, String group, YamlNode.Mapping mapping) {

  /** The field's path from the outermost group. */
  String path(String name) {
    return group.isEmpty() ? name : group + "." + name;
  }

  /** Where a field stands; where its group begins if it does not. */
  Where of(String name) {
    YamlNode.Member member = mapping.members().get(name);
    return member == null
        ? new Where(findings.file(), mapping.line(), mapping.column(), path(name))
        : new Where(findings.file(), member.line(), member.column(), path(name));
  }

  /** Where an item of a list stands. */
  Where of(String name, int index) {
    YamlNode.Member member = mapping.members().get(name);
    if (member != null
        && member.value() instanceof YamlNode.Sequence sequence
        && index < sequence.items().size()) {
      YamlNode item = sequence.items().get(index);
      return new Where(findings.file(), item.line(), item.column(), path(name + "[" + index + "]"));
    }
    return of(name);
  }

  /** Reports every field that is not among the known ones, with the nearest name of those. */
  void reportUnknown(Set<String> known) {
    mapping
        .members()
        .forEach((name, member) -> {
          if (!known.contains(name)) {
            String hint =
                known.stream()
                    .filter(k -> NearName.isNear(k, name))
                    .findFirst()
                    .map(k -> "; did you mean " + k + "?")
                    .orElse("; known here: " + String.join(", ", known));
            findings.add(
                new Where(
                    findings.file(),
                    member.line(),
                    member.column(),
                    path(StrictYaml.printable(name))),
                Code.FILE_FIELD,
                "is not a known field" + hint);
          }
        });
  }
}
