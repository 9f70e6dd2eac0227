package io.concordat.protocol.request;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What of a request can be signed: its derived components (RFC 9421 2.2) and its fields.
 *
 * @param method as it stands in the request line
 * @param authority host and, if it is not the scheme's own, port
 * @param path the path as sent, percent-encoding untouched
 * @param query what follows the question mark; empty if there is none
 * @param fields values by lower-case field name
 */
public record RequestHead(
    String method,
    String authority,
    String path,
    Optional<String> query,
    Map<String, List<String>> fields) {

  public RequestHead {
    Map<String, List<String>> copy = new TreeMap<>();
    fields.forEach((name, values) -> copy.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
    fields = copy;
  }

  /** A head whose target is given as path and query together, the way HTTP/1.1 sends it. */
  public static RequestHead of(
      String method, String authority, String target, Map<String, List<String>> fields) {
    int mark = target.indexOf('?');
    return mark < 0
        ? new RequestHead(method, authority, target, Optional.empty(), fields)
        : new RequestHead(
            method,
            authority,
            target.substring(0, mark),
            Optional.of(target.substring(mark + 1)),
            fields);
  }

  /** The only value of a field; empty if there is none or more than one. */
  Optional<String> only(String name) {
    List<String> values = fields.getOrDefault(name, List.of());
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  /** A component's value for the signature base; empty if the request does not have it. */
  Optional<String> component(String name) {
    return switch (name) {
      case "@method" -> Optional.of(method);
      case "@authority" -> Optional.of(authority.toLowerCase(Locale.ROOT));
      case "@path" -> Optional.of(path.isEmpty() ? "/" : path);
      // RFC 9421 2.2.7: the question mark belongs to the value, also where no query stands.
      case "@query" -> Optional.of("?" + query.orElse(""));
      case "@request-target" -> Optional.of(path + query.map(q -> "?" + q).orElse(""));
      default -> {
        List<String> values = fields.getOrDefault(name, List.of());
        // RFC 9421 2.1: values of one field are stripped and joined by a comma and a space.
        yield name.startsWith("@") || values.isEmpty()
            ? Optional.empty()
            : Optional.of(String.join(", ", values.stream().map(String::strip).toList()));
      }
    };
  }
}
