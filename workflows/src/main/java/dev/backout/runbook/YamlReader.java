package dev.backout.runbook;

import dev.backout.runbook.YamlNode.Broken;
import dev.backout.runbook.YamlNode.Mapping;
import dev.backout.runbook.YamlNode.Pair;
import dev.backout.runbook.YamlNode.Scalar;
import dev.backout.runbook.YamlNode.ScalarForm;
import dev.backout.runbook.YamlNode.ScalarKind;
import dev.backout.runbook.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Text to nodes. Takes the engine's events rather than its node graph, so that aliases, depth and
 * duplicate keys are ours to bound and to report.
 */
final class YamlReader {
  /** Deeper than any runbook that a person could follow. */
  static final int MAX_DEPTH = 60;

  /** More than any runbook says. */
  static final int MAX_VALUES = 100_000;

  /** What all aliases together may stand for, in {@link #weight}: as much as a file may hold. */
  static final int MAX_ALIASED = SourceReader.MAX_BYTES;

  /** What a value weighs besides its characters. */
  private static final int VALUE_WEIGHT = 64;

  private static final CoreSchema SCHEMA = new CoreSchema();
  private static final ScalarResolver RESOLVER = SCHEMA.getScalarResolver();

  private final SourceText source;
  private final Diagnostics diagnostics;
  private final String noun;
  private final Offsets offsets;
  private final YamlEvents events;
  private final Map<Anchor, YamlNode> anchors = new HashMap<>();
  private final Set<Anchor> open = new HashSet<>();
  private final Map<Anchor, Long> weights = new HashMap<>();
  private int values;
  private long weight;
  private long aliased;

  private YamlReader(SourceText source, Diagnostics diagnostics, String noun) {
    this.source = source;
    this.diagnostics = diagnostics;
    this.noun = noun;
    this.offsets = Offsets.of(source.text());
    this.events = new YamlEvents(source.text(), SCHEMA);
  }

  /**
   * The document, or nothing if there is none or its YAML is broken.
   *
   * @param noun what the file is called
   */
  static Optional<YamlNode> read(SourceText source, Diagnostics diagnostics, String noun) {
    YamlReader reader = new YamlReader(source, diagnostics, noun);
    try {
      return reader.document();
    } catch (GivenUp e) {
      return Optional.empty();
    } catch (YamlEngineException e) {
      YamlSyntax.report(source, reader.offsets, e, diagnostics);
      return Optional.empty();
    }
  }

  private Optional<YamlNode> document() {
    events.next();
    if (!events.isNext(Event.ID.DocumentStart)) {
      diagnostics.error(
          SourceRange.START,
          "empty-file",
          "The file says nothing",
          "A " + noun + " begins with `apiVersion: backout/v1`");
      return Optional.empty();
    }
    events.next();
    YamlNode root = node(0);
    events.next();
    if (events.peek() instanceof DocumentStartEvent second) {
      diagnostics.error(
          source.range(start(second), end(second)),
          "several-documents",
          "A second YAML document begins here, and a file holds one " + noun,
          forRunbooks(
              "Put it into a file of its own; call it from a step with `runbook:` if it belongs here",
              "Put it into a file of its own"));
    }
    return Optional.of(root);
  }

  private String forRunbooks(String hint, String otherwise) {
    return noun.equals("runbook") ? hint : otherwise;
  }

  private YamlNode node(int depth) {
    Event event = events.next();
    refuseExcess(event, depth);
    if (event instanceof AliasEvent alias) {
      return aliased(alias);
    }
    NodeEvent said = (NodeEvent) event;
    Optional<Anchor> anchor = said.getAnchor();
    anchor.ifPresent(open::add);
    long before = weight + aliased;
    weight += VALUE_WEIGHT;
    YamlNode node = content(said, depth);
    anchor.ifPresent(
        name -> {
          open.remove(name);
          anchors.put(name, node);
          weights.put(name, weight + aliased - before);
        });
    return node;
  }

  private void refuseExcess(Event event, int depth) {
    values++;
    if (depth > MAX_DEPTH) {
      giveUp(
          event,
          "too-deep",
          "This is nested more than " + MAX_DEPTH + " levels deep",
          forRunbooks("Move inner steps into a runbook of their own", "Is this the right file?"));
    }
    if (values > MAX_VALUES) {
      giveUp(
          event,
          "too-many-values",
          "The file holds more than " + MAX_VALUES + " values",
          "Is this the right file?");
    }
  }

  private void giveUp(Event event, String code, String message, String hint) {
    diagnostics.error(source.range(start(event), end(event)), code, message, hint);
    throw new GivenUp();
  }

  private YamlNode content(NodeEvent event, int depth) {
    if (event instanceof ScalarEvent scalar) {
      return scalar(scalar);
    }
    if (event instanceof SequenceStartEvent sequence) {
      refuseTag(sequence.getTag(), event);
      return sequence(event, depth);
    }
    refuseTag(((MappingStartEvent) event).getTag(), event);
    return mapping(event, depth);
  }

  private YamlNode sequence(Event start, int depth) {
    List<YamlNode> items = new ArrayList<>();
    while (!events.isNext(Event.ID.SequenceEnd)) {
      items.add(node(depth + 1));
    }
    int to = items.isEmpty() ? end(start) : items.get(items.size() - 1).to();
    return new Sequence(List.copyOf(items), start(start), closing(events.next(), to));
  }

  private YamlNode mapping(Event start, int depth) {
    List<Pair> pairs = new ArrayList<>();
    Map<String, Scalar> seen = new HashMap<>();
    int to = end(start);
    while (!events.isNext(Event.ID.MappingEnd)) {
      YamlNode key = node(depth + 1);
      YamlNode value = node(depth + 1);
      to = Math.max(key.to(), value.to());
      if (key instanceof Scalar name) {
        Scalar first = seen.putIfAbsent(name.text(), name);
        if (first == null) {
          pairs.add(new Pair(name, value));
        } else {
          duplicate(name, first);
        }
      } else if (!(key instanceof Broken)) {
        diagnostics.error(
            source.range(key.from(), key.to()),
            "key-not-text",
            "A key must be a word, and this is a list or an object",
            "In YAML a value that begins with `{` or `[` needs quotes to be text");
      }
    }
    return new Mapping(List.copyOf(pairs), start(start), closing(events.next(), to));
  }

  private void duplicate(Scalar name, Scalar first) {
    diagnostics.error(
        source.range(name.from(), name.to()),
        "duplicate-key",
        "The key `"
            + Shown.word(name.text())
            + "` stands twice; the first is in line "
            + source.position(first.from()).line(),
        "Remove one of them");
  }

  private YamlNode scalar(ScalarEvent event) {
    refuseTag(event.getTag(), event);
    weight += event.getValue().length();
    int from = start(event);
    int to = end(event);
    return new Scalar(event.getValue(), kind(event), form(event), from, trimmed(event, from, to));
  }

  /** A block scalar's end mark is where the next token begins. */
  private int trimmed(ScalarEvent event, int from, int to) {
    if (form(event) != ScalarForm.BLOCK) {
      return to;
    }
    int end = Math.min(to, source.text().length());
    while (end > from + 1 && Character.isWhitespace(source.text().charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private static ScalarForm form(ScalarEvent event) {
    return switch (event.getScalarStyle()) {
      case SINGLE_QUOTED -> ScalarForm.SINGLE_QUOTED;
      case DOUBLE_QUOTED -> ScalarForm.DOUBLE_QUOTED;
      case LITERAL, FOLDED -> ScalarForm.BLOCK;
      default -> ScalarForm.PLAIN;
    };
  }

  private static ScalarKind kind(ScalarEvent event) {
    if (!event.isPlain()) {
      return ScalarKind.TEXT;
    }
    Tag tag = RESOLVER.resolve(event.getValue(), true);
    if (tag.equals(Tag.BOOL)) {
      return ScalarKind.BOOLEAN;
    }
    if (tag.equals(Tag.INT)) {
      return ScalarKind.INTEGER;
    }
    if (tag.equals(Tag.FLOAT)) {
      return ScalarKind.NUMBER;
    }
    return tag.equals(Tag.NULL) ? ScalarKind.NULL : ScalarKind.TEXT;
  }

  private YamlNode aliased(AliasEvent event) {
    Anchor name = event.getAlias();
    YamlNode target = anchors.get(name);
    if (open.contains(name)) {
      return refused(event, "recursive-alias", "`*" + name + "` stands inside of itself", null);
    }
    if (target == null) {
      return refused(
          event,
          "unknown-alias",
          "There is no `&" + name + "` before this",
          "A value that begins with `*` or `&` needs quotes to be text");
    }
    aliased += weights.getOrDefault(name, 0L);
    if (aliased > MAX_ALIASED) {
      giveUp(
          event,
          "alias-expansion",
          "The aliases of this file stand for more than a file may hold",
          forRunbooks("Say it once in a child runbook and call that", "Is this the right file?"));
    }
    return target;
  }

  private Broken refused(Event event, String code, String message, @Nullable String hint) {
    diagnostics.error(source.range(start(event), end(event)), code, message, hint);
    return new Broken(start(event), end(event));
  }

  private void refuseTag(Optional<String> tag, Event event) {
    if (tag.isEmpty() || tag.get().equals("!")) {
      return;
    }
    diagnostics.error(
        source.range(start(event), Math.min(end(event), start(event) + 1)),
        "tag",
        "YAML tags such as `" + Shown.word(tag.get()) + "` mean nothing here",
        "Remove it; put a value that begins with `!` in quotes");
  }

  /** A flow collection ends with its bracket; a block's end mark is the next token's beginning. */
  private int closing(Event end, int lastChild) {
    return end(end) > start(end) ? end(end) : lastChild;
  }

  private int start(Event event) {
    return event.getStartMark().map(offsets::of).orElse(0);
  }

  private int end(Event event) {
    return event.getEndMark().map(offsets::of).orElse(0);
  }

  /** Ends the reading; reported before it is thrown. */
  private static final class GivenUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GivenUp() {
      super(null, null, false, false);
    }
  }
}
