package io.concordat.protocol.yaml;

import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.Where;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Turns a file's bytes into a tree of {@link YamlNode}, or says where it is not strict YAML. */
public final class StrictYaml {
  /** Deepest nesting of mappings and lists. */
  public static final int MAX_DEPTH = 20;

  /** Longest file. */
  public static final int MAX_CODE_POINTS = 256 * 1024;

  private final String file;
  private final Iterator<Event> events;

  private StrictYaml(String file, Iterator<Event> events) {
    this.file = file;
    this.events = events;
  }

  /**
   * Reads one document whose outermost node is a mapping.
   *
   * @param file its name in errors
   */
  public static Outcome<YamlNode.Mapping> read(String file, byte[] bytes) {
    try {
      // UTF-8 has at most four bytes a code point: longer is refused before it is decoded.
      if (bytes.length > 4 * MAX_CODE_POINTS) {
        throw tooLarge(file, 0, 0);
      }
      String text = decode(file, bytes);
      LoadSettings settings =
          LoadSettings.builder().setLabel(file).setCodePointLimit(MAX_CODE_POINTS).build();
      return Outcome.accepted(
          new StrictYaml(file, new Parse(settings).parseString(text).iterator()).document());
    } catch (Stop stop) {
      return Outcome.refused(stop.refusal);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      Where where =
          mark.map(m -> new Where(file, m.getLine() + 1, m.getColumn() + 1, ""))
              .orElse(new Where(file, 0, 0, ""));
      String problem = e.getProblem() == null ? "is not YAML" : e.getProblem();
      return Outcome.refused(Refusal.at(where, Code.FILE_SYNTAX, printable(problem)));
    } catch (YamlEngineException e) {
      // The engine's own limits and its refusal of control characters come without a mark.
      return Outcome.refused(
          Refusal.at(new Where(file, 0, 0, ""), Code.FILE_SYNTAX, "is not YAML that can be read"));
    }
  }

  private static String decode(String file, byte[] bytes) throws Stop {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
    } catch (CharacterCodingException e) {
      throw new Stop(file, 0, 0, Code.FILE_SYNTAX, "is not UTF-8");
    }
    int line = 1;
    int column = 1;
    int count = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (++count > MAX_CODE_POINTS) {
        throw tooLarge(file, line, column);
      }
      if (isHidden(c)) {
        throw new Stop(
            file,
            line,
            column,
            Code.FILE_SYNTAX,
            String.format("contains the invisible character U+%04X", c));
      }
      column = c == '\n' ? 1 : column + 1;
      line += c == '\n' ? 1 : 0;
      i += Character.charCount(c);
    }
    return text;
  }

  /**
   * Controls, byte order marks and direction overrides. The latter let a file show a reader another
   * order than a machine reads ("Trojan Source", Boucher and Anderson, 2021); U+0085, U+2028 and
   * U+2029 break lines for some programs and not for others.
   */
  private static boolean isHidden(int c) {
    return c < 0x20 && c != '\n' && c != '\r' && c != '\t'
        || c >= 0x7f && c <= 0x9f
        || c == 0x2028
        || c == 0x2029
        || Character.getType(c) == Character.FORMAT;
  }

  private YamlNode.Mapping document() throws Stop {
    events.next();
    Event start = events.hasNext() ? events.next() : null;
    if (!(start instanceof DocumentStartEvent document)) {
      throw new Stop(file, 1, 1, Code.FILE_SYNTAX, "is empty");
    }
    if (document.getSpecVersion().isPresent() || !document.getTags().isEmpty()) {
      throw new Stop(file, 1, 1, Code.FILE_SYNTAX, "directives (lines with %) are not accepted");
    }
    YamlNode root = node(events.next(), 0);
    events.next();
    Event end = events.next();
    if (end instanceof DocumentStartEvent) {
      throw stop(end, "a second document is not accepted");
    }
    if (root instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    throw new Stop(
        file,
        root.line(),
        root.column(),
        Code.FILE_SYNTAX,
        "expected fields, found " + root.kind());
  }

  private YamlNode node(Event event, int depth) throws Stop {
    // Events arrive as they are scanned: a deep file is refused before its end is read.
    if (depth > MAX_DEPTH) {
      throw tooLarge(file, line(event), column(event));
    }
    if (event instanceof AliasEvent) {
      throw stop(event, "aliases (*name) are not accepted");
    }
    if (event instanceof NodeEvent named) {
      Optional<Anchor> anchor = named.getAnchor();
      if (anchor.isPresent()) {
        throw stop(event, "anchors (&name) are not accepted");
      }
    }
    return switch (event) {
      case ScalarEvent scalar -> {
        refuseTag(event, scalar.getTag());
        yield new YamlNode.Scalar(scalar.getValue(), scalar.isPlain(), line(event), column(event));
      }
      case SequenceStartEvent sequence -> {
        refuseTag(event, sequence.getTag());
        yield sequence(event, depth);
      }
      case MappingStartEvent mapping -> {
        refuseTag(event, mapping.getTag());
        yield mapping(event, depth);
      }
      default -> throw stop(event, "unexpected end of a list or group");
    };
  }

  private YamlNode.Sequence sequence(Event start, int depth) throws Stop {
    List<YamlNode> items = new ArrayList<>();
    while (true) {
      Event event = events.next();
      if (event.getEventId() == Event.ID.SequenceEnd) {
        return new YamlNode.Sequence(items, line(start), column(start));
      }
      items.add(node(event, depth + 1));
    }
  }

  private YamlNode.Mapping mapping(Event start, int depth) throws Stop {
    Map<String, YamlNode.Member> members = new LinkedHashMap<>();
    while (true) {
      Event event = events.next();
      if (event.getEventId() == Event.ID.MappingEnd) {
        return new YamlNode.Mapping(members, line(start), column(start));
      }
      if (!(node(event, depth + 1) instanceof YamlNode.Scalar key)) {
        throw stop(event, "a field name must be plain text");
      }
      YamlNode value = node(events.next(), depth + 1);
      if (members.putIfAbsent(key.text(), new YamlNode.Member(key.line(), key.column(), value))
          != null) {
        throw stop(event, "field " + printable(key.text()) + " stands twice");
      }
    }
  }

  private void refuseTag(Event event, Optional<String> tag) throws Stop {
    if (tag.isPresent()) {
      throw stop(event, "tags (!name) are not accepted");
    }
  }

  private Stop stop(Event event, String what) {
    return new Stop(file, line(event), column(event), Code.FILE_SYNTAX, what);
  }

  private static Stop tooLarge(String file, int line, int column) {
    return new Stop(
        file,
        line,
        column,
        Code.FILE_TOO_LARGE,
        "at most " + MAX_DEPTH + " levels and " + MAX_CODE_POINTS + " characters are read");
  }

  private static int line(Event event) {
    return event.getStartMark().map(m -> m.getLine() + 1).orElse(0);
  }

  private static int column(Event event) {
    return event.getStartMark().map(m -> m.getColumn() + 1).orElse(0);
  }

  /** Hostile text in an error: at most 80 characters, none that moves a terminal's cursor. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(80)
        .forEach(c -> out.appendCodePoint(c == '\n' || c < 0x20 || isHidden(c) ? '?' : c));
    return out.toString();
  }

  /**
   * Ends the reading at the first fault of syntax: what follows could not be trusted to be read.
   */
  private static final class Stop extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Refusal refusal;

    Stop(String file, int line, int column, Code code, String detail) {
      super(detail, null, false, false);
      this.refusal = Refusal.at(new Where(file, line, column, ""), code, detail);
    }
  }
}
