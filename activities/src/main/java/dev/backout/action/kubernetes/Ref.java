package dev.backout.action.kubernetes;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An object of a namespace, as people write it: {@code deployment/poller}. */
record Ref(Type type, String name) {
  static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  /**
   * @param known the types that make sense there
   * @throws ActionException of kind INVALID_INPUT if it is none
   */
  static Ref parse(String text, List<Type> known) throws ActionException {
    String[] parts = text.split("/", 2);
    Type type = parts.length == 2 ? Type.of(parts[0]).orElse(null) : null;
    if (type == null || !known.contains(type) || !NAME.matcher(parts[1]).matches()) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "'"
              + text
              + "' is no object that this can be done to: expected TYPE/NAME, such as "
              + known.get(0).word()
              + "/poller, where TYPE is one of "
              + String.join(", ", known.stream().map(Type::word).toList())
              + ". Nothing was changed; correct the step's `with`.");
    }
    return new Ref(type, parts[1]);
  }

  /** Where it is, or a part of it. */
  String path(String namespace, @Nullable String part) {
    return type.path(namespace) + "/" + name + (part == null ? "" : "/" + part);
  }

  @Override
  public String toString() {
    return type.word() + "/" + name;
  }
}
