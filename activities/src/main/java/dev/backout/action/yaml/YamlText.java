package dev.backout.action.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The text of a YAML file with the places of its nodes. An edit replaces the text of one node and
 * leaves all the rest as it is.
 */
final class YamlText {
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setUseMarks(true).setAllowDuplicateKeys(false).build();

  private final String text;
  private final String lineEnd;
  private final Node root;

  YamlText(String text, String lineEnd) throws YamlEditException {
    this.text = text;
    this.lineEnd = lineEnd;
    try {
      this.root =
          new Compose(SETTINGS)
              .composeString(text)
              .orElseThrow(
                  () ->
                      new YamlEditException(
                          "it is empty, so there is nothing that could be edited."));
    } catch (MarkedYamlEngineException e) {
      throw new YamlEditException(
          "it is not YAML: "
              + e.getProblem()
              + e.getProblemMark().map(mark -> " in line " + (mark.getLine() + 1)).orElse("")
              + ".");
    } catch (YamlEngineException | IllegalArgumentException e) {
      // The engine throws the latter at an escape or a tag that it can't turn into a value.
      throw new YamlEditException("it is not YAML: " + e.getMessage() + ".");
    }
  }

  String with(YamlPath path, Object value) throws YamlEditException {
    Node parent = find(root, path.parent());
    Optional<Node> node = child(parent, path.last());
    if (node.isPresent()) {
      return replaced(node.get(), path, value);
    }
    if (parent instanceof MappingNode mapping && path.last() instanceof String key) {
      return added(mapping, path, key, value);
    }
    throw new YamlEditException("there is no " + path + ".");
  }

  String without(YamlPath path) throws YamlEditException {
    Node parent = find(root, path.parent());
    if (!(parent instanceof MappingNode mapping)) {
      throw new YamlEditException(path + " can't be removed: only a key of a mapping can.");
    }
    for (NodeTuple entry : mapping.getValue()) {
      if (isKey(entry, path.last())) {
        return removed(mapping, entry, path);
      }
    }
    return text;
  }

  private String replaced(Node node, YamlPath path, Object value) throws YamlEditException {
    if (!(node instanceof ScalarNode scalar)) {
      throw new YamlEditException(
          path
              + " is a "
              + (node instanceof MappingNode ? "mapping" : "list")
              + ", and only a single value can be set.");
    }
    if (valueOf(scalar, path).equals(Optional.ofNullable(value))) {
      return text;
    }
    boolean block =
        scalar.getScalarStyle() == ScalarStyle.LITERAL
            || scalar.getScalarStyle() == ScalarStyle.FOLDED;
    String written = written(value, scalar.getScalarStyle());
    String gap = start(node) > 0 && text.charAt(start(node) - 1) == ':' ? " " : "";
    return text.substring(0, start(node))
        + gap
        + written
        + (block ? lineEnd : "")
        + text.substring(end(node));
  }

  private Optional<Object> valueOf(ScalarNode scalar, YamlPath path) throws YamlEditException {
    if (scalar.getAnchor().isPresent()) {
      throw new YamlEditException(
          path + " has an anchor, so that setting it would change other places too.");
    }
    if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
      return Optional.of(scalar.getValue());
    }
    return Optional.ofNullable(new Load(SETTINGS).loadFromString(scalar.getValue()));
  }

  private String added(MappingNode mapping, YamlPath path, String key, Object value)
      throws YamlEditException {
    if (mapping.getFlowStyle() == FlowStyle.FLOW || mapping.getValue().isEmpty()) {
      throw new YamlEditException(
          path
              + " isn't there, and its mapping is written in braces, which can't be added to in place.");
    }
    NodeTuple last = mapping.getValue().get(mapping.getValue().size() - 1);
    int column = mark(last.getKeyNode().getStartMark(), path).getColumn();
    int at = endOfContent(last.getValueNode());
    String line = " ".repeat(column) + key + ": " + written(value, ScalarStyle.PLAIN);
    return text.substring(0, at) + lineEnd + line + text.substring(at);
  }

  /**
   * The end of the last line that the node has something in; a block's end mark may lie beyond
   * comments that follow it.
   */
  private int endOfContent(Node node) throws YamlEditException {
    Node last = node;
    while (true) {
      if (last instanceof MappingNode mapping
          && !mapping.getValue().isEmpty()
          && mapping.getFlowStyle() != FlowStyle.FLOW) {
        last = mapping.getValue().get(mapping.getValue().size() - 1).getValueNode();
      } else if (last instanceof SequenceNode list
          && !list.getValue().isEmpty()
          && list.getFlowStyle() != FlowStyle.FLOW) {
        last = list.getValue().get(list.getValue().size() - 1);
      } else {
        break;
      }
    }
    int end = end(last);
    while (end > 0 && end <= text.length() && text.charAt(end - 1) == '\n') {
      end--;
    }
    int lineFeed = text.indexOf('\n', end);
    int at = lineFeed < 0 ? text.length() : lineFeed;
    return at > 0 && text.charAt(at - 1) == '\r' ? at - 1 : at;
  }

  private String removed(MappingNode mapping, NodeTuple entry, YamlPath path)
      throws YamlEditException {
    if (mapping.getFlowStyle() == FlowStyle.FLOW || mapping.getValue().size() == 1) {
      throw new YamlEditException(
          path
              + " can't be removed in place: "
              + (mapping.getValue().size() == 1
                  ? "its mapping would be empty."
                  : "its mapping is written in braces."));
    }
    int from = text.lastIndexOf('\n', start(entry.getKeyNode())) + 1;
    if (!text.substring(from, start(entry.getKeyNode())).isBlank()) {
      throw new YamlEditException(
          path + " can't be removed in place: something else begins in its line.");
    }
    int to = endOfContent(entry.getValueNode());
    int next = text.indexOf('\n', to);
    return text.substring(0, from) + (next < 0 ? "" : text.substring(next + 1));
  }

  private Node find(Node from, YamlPath path) throws YamlEditException {
    Node node = from;
    List<Object> seen = new ArrayList<>();
    for (Object part : path.parts()) {
      seen.add(part);
      YamlPath sofar = new YamlPath(List.copyOf(seen));
      node =
          child(node, part).orElseThrow(() -> new YamlEditException("there is no " + sofar + "."));
    }
    return node;
  }

  private static Optional<Node> child(Node node, Object part) {
    if (part instanceof Integer index && node instanceof SequenceNode list) {
      return index < list.getValue().size()
          ? Optional.of(list.getValue().get(index))
          : Optional.empty();
    }
    if (node instanceof MappingNode mapping) {
      return mapping.getValue().stream()
          .filter(entry -> isKey(entry, part))
          .map(NodeTuple::getValueNode)
          .findFirst();
    }
    return Optional.empty();
  }

  private static boolean isKey(NodeTuple entry, Object key) {
    return entry.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key);
  }

  private static String written(Object value, ScalarStyle former) throws YamlEditException {
    if (value instanceof List || value instanceof Map) {
      throw new YamlEditException("only text, numbers, booleans and null can be set.");
    }
    if (value instanceof String string
        && former == ScalarStyle.SINGLE_QUOTED
        && string.lines().count() <= 1) {
      return "'" + string.replace("'", "''") + "'";
    }
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultScalarStyle(
                former == ScalarStyle.DOUBLE_QUOTED && value instanceof String
                    ? ScalarStyle.DOUBLE_QUOTED
                    : ScalarStyle.PLAIN)
            .setWidth(Integer.MAX_VALUE)
            .setSplitLines(false)
            .setMultiLineFlow(false)
            .build();
    String dumped = new Dump(settings).dumpToString(value).strip();
    if (dumped.contains("\n")) {
      return new Dump(
              DumpSettings.builder()
                  .setDefaultScalarStyle(ScalarStyle.DOUBLE_QUOTED)
                  .setSplitLines(false)
                  .setWidth(Integer.MAX_VALUE)
                  .build())
          .dumpToString(value)
          .strip();
    }
    return dumped;
  }

  private int start(Node node) throws YamlEditException {
    return offset(mark(node.getStartMark(), null));
  }

  private int end(Node node) throws YamlEditException {
    return offset(mark(node.getEndMark(), null));
  }

  /** Marks count code points; a byte order mark is not counted. */
  private int offset(Mark mark) {
    int skipped = text.startsWith("\uFEFF") ? 1 : 0;
    return text.offsetByCodePoints(skipped, mark.getIndex());
  }

  private static Mark mark(Optional<Mark> mark, @Nullable YamlPath path) throws YamlEditException {
    return mark.orElseThrow(
        () -> new YamlEditException("the place of " + path + " in the file is not known."));
  }
}
