package dev.sallyport.gateway.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Makes a tree of a YAML 1.2 document from the parser's events. What configurations have no use for
 * is refused: anchors, aliases and tags, which let a small text mean a large or a strange one; a
 * second document; a key twice, where readers disagree about which one counts.
 */
public final class YamlText {
  public static final int DEEPEST = 32;

  private static final int LONGEST_PROBLEM = 160;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setUseMarks(true).setParseComments(false).build();
  private static final Pattern NO_TAB =
      Pattern.compile("\\. \\(Do not use [^\\\\].* for indentation\\)");
  private static final Pattern NOTHING = Pattern.compile("|~|null|Null|NULL");
  private static final Pattern BOOLEAN = Pattern.compile("true|True|TRUE|false|False|FALSE");
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
  private static final Pattern DECIMAL =
      Pattern.compile(
          "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?"
              + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

  private final Iterator<Event> events;
  private final Findings findings;

  private YamlText(Iterator<Event> events, Findings findings) {
    this.events = events;
    this.findings = findings;
  }

  /** The document cannot be read on; why has been told. */
  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** Empty when there is none, or when it could not be read to its end. */
  public static Optional<Node> read(String text, Findings findings) {
    try {
      return new YamlText(new Parse(SETTINGS).parseString(text).iterator(), findings).document();
    } catch (Unreadable told) {
      return Optional.empty();
    } catch (MarkedYamlEngineException e) {
      findings.fault(
          e.getProblemMark()
              .or(e::getContextMark)
              .map(YamlText::place)
              .orElse(new Place.WholeFile()),
          "this is not YAML: " + problem(e));
    } catch (ReaderException e) {
      findings.fault(
          placeOf(text, e.getPosition()), "a control character; YAML writes it as \"\\x00\"");
    } catch (YamlEngineException e) {
      findings.fault(new Place.WholeFile(), "this is not YAML");
    }
    return Optional.empty();
  }

  /** What the parser says, and where what it was reading began: a quote is opened lines before. */
  private static String problem(MarkedYamlEngineException e) {
    // Its advice is about tabs, whatever the character is.
    String advised =
        NO_TAB
            .matcher(String.valueOf(e.getProblem()))
            .replaceFirst("; a value that begins so needs quotes");
    String problem = Shown.line(advised, LONGEST_PROBLEM);
    Optional<String> began =
        e.getContextMark()
            .filter(mark -> e.getContext() != null)
            .map(mark -> ", " + Shown.line(e.getContext()) + " from line " + (mark.getLine() + 1));
    return problem + began.orElse("");
  }

  private Optional<Node> document() throws Unreadable {
    Optional<Node> root = Optional.empty();
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
        case DocumentStart -> {
          refuseOtherVersion(event);
          if (root.isPresent()) {
            findings.fault(place(event), "a second document; a configuration is one");
            throw new Unreadable();
          }
        }
        case Scalar, SequenceStart, MappingStart, Alias -> root = Optional.of(node(event, 1));
        case SequenceEnd, MappingEnd ->
            throw new IllegalStateException("the parser ends what it has not begun");
      }
    }
    return root;
  }

  /** In others the same text can mean something else: {@code yes} is true in 1.1. */
  private void refuseOtherVersion(Event event) {
    boolean other =
        event instanceof DocumentStartEvent start
            && start.getSpecVersion().filter(version -> version.getMinor() != 2).isPresent();
    if (other) {
      findings.fault(place(event), "this is read as YAML 1.2; leave the line with %YAML out");
    }
  }

  private Node node(Event event, int depth) throws Unreadable {
    Place place = place(event);
    if (depth > DEEPEST) {
      findings.fault(place, "nested more than " + DEEPEST + " deep");
      throw new Unreadable();
    }
    refuseProperties(event, place);
    return switch (event) {
      case AliasEvent alias -> {
        findings.fault(place, "an alias is not read here; write the value out");
        yield new Node.Unread(place);
      }
      case ScalarEvent scalar -> scalar(scalar, place);
      case MappingStartEvent start -> mapping(place, depth);
      case CollectionStartEvent start -> sequence(place, depth);
      default -> throw new IllegalStateException("the parser has begun nothing");
    };
  }

  private void refuseProperties(Event event, Place place) {
    boolean alias = event instanceof AliasEvent;
    if (event instanceof NodeEvent node && !alias && node.getAnchor().isPresent()) {
      findings.fault(place, "an anchor is not read here; write the value out where it is used");
    }
    Optional<String> tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent start -> start.getTag();
          default -> Optional.empty();
        };
    if (tag.isPresent()) {
      findings.fault(place, "a tag is not read here; leave it out");
    }
  }

  private static Node scalar(ScalarEvent event, Place place) {
    String text = event.getValue();
    return new Node.Scalar(place, text, event.isPlain() ? type(text) : Node.Type.TEXT, false);
  }

  /** What a scalar without quotes is. */
  static Node.Type type(String plain) {
    if (NOTHING.matcher(plain).matches()) {
      return Node.Type.NOTHING;
    }
    if (BOOLEAN.matcher(plain).matches()) {
      return Node.Type.BOOLEAN;
    }
    if (WHOLE.matcher(plain).matches()) {
      return Node.Type.WHOLE;
    }
    return DECIMAL.matcher(plain).matches() ? Node.Type.DECIMAL : Node.Type.TEXT;
  }

  private Node sequence(Place place, int depth) throws Unreadable {
    List<Node> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(node(event, depth + 1));
    }
    return new Node.Sequence(place, items);
  }

  private Node mapping(Place place, int depth) throws Unreadable {
    List<Node.Entry> entries = new ArrayList<>();
    Map<String, Place> seen = new HashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      Node key = node(event, depth + 1);
      Node value = node(events.next(), depth + 1);
      switch (key) {
        case Node.Scalar scalar -> {
          Optional<Place> first =
              Optional.ofNullable(seen.putIfAbsent(scalar.text(), scalar.place()));
          if (first.isEmpty()) {
            entries.add(new Node.Entry(scalar.text(), scalar.place(), value));
          } else {
            findings.fault(scalar.place(), twice(scalar.text(), first.get()));
          }
        }
        case Node.Mapping group -> findings.fault(group.place(), "a key is text");
        case Node.Sequence list -> findings.fault(list.place(), "a key is text");
        case Node.Unread told -> {}
      }
    }
    return new Node.Mapping(place, entries);
  }

  private static String twice(String key, Place first) {
    return Shown.name(key)
        + " is here a second time"
        + switch (first) {
          case Place.InText(int line, int _) -> "; the first is in line " + line;
          case Place.InVariable(String _) -> "";
          case Place.WholeFile() -> "";
        };
  }

  private static Place place(Event event) {
    return event.getStartMark().map(YamlText::place).orElse(new Place.WholeFile());
  }

  private static Place place(Mark mark) {
    return new Place.InText(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /**
   * @param position in code points
   */
  private static Place placeOf(String text, int position) {
    int line = 1;
    int column = 1;
    for (int c : text.codePoints().limit(position).toArray()) {
      column = c == '\n' ? 1 : column + 1;
      line = c == '\n' ? line + 1 : line;
    }
    return new Place.InText(line, column);
  }
}
