package dev.backout.action.helm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext;
import dev.backout.action.Manifest;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextDiff;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What would change between two manifests, object by object, without what Secrets hold. */
final class ManifestDiff {
  private static final int MOST = 40;

  private ManifestDiff() {}

  static List<Detail> of(List<JsonNode> before, List<JsonNode> after, ActionContext context) {
    Map<String, JsonNode> from = byName(before);
    Map<String, JsonNode> to = byName(after);
    Set<String> names = new LinkedHashSet<>(from.keySet());
    names.addAll(to.keySet());
    List<Detail> details = new ArrayList<>();
    for (String name : names) {
      JsonNode old = from.get(name);
      JsonNode young = to.get(name);
      if (old != null && old.equals(young)) {
        continue;
      }
      details.add(detail(name, old, young, context));
    }
    return details.size() > MOST ? cut(details) : details;
  }

  private static Map<String, JsonNode> byName(List<JsonNode> objects) {
    Map<String, JsonNode> byName = new LinkedHashMap<>();
    objects.forEach(each -> byName.put(Manifest.name(each), each));
    return byName;
  }

  private static Detail detail(
      String name, @Nullable JsonNode old, @Nullable JsonNode young, ActionContext context) {
    String before = old == null ? "" : text(old, context);
    String after = young == null ? "" : text(young, context);
    if (before.equals(after)) {
      return new Detail(
          Preview.Kind.NOTE, name, List.of("What it holds would change; it is not shown."));
    }
    return TextDiff.of(name, before, after, context);
  }

  private static String text(JsonNode object, ActionContext context) {
    return Manifest.yaml(Manifest.shown(object, context), context);
  }

  private static List<Detail> cut(List<Detail> details) {
    List<Detail> first = new ArrayList<>(details.subList(0, MOST));
    first.add(
        new Detail(
            Preview.Kind.NOTE,
            "More objects would change",
            details.subList(MOST, details.size()).stream().map(Detail::title).toList()));
    return first;
  }
}
