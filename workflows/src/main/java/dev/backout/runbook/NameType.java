package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.YamlNode.Scalar;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A word with a form.
 *
 * @param label with its article, and what it looks like
 * @param reserved words of that form that are taken
 */
public record NameType(String label, Pattern form, Set<String> reserved)
    implements Type<Located<String>> {
  private static final int LONGEST = 200;

  /** Words of CEL, and the names that every expression has. */
  private static final Set<String> TAKEN =
      Set.of(
          "as",
          "break",
          "const",
          "continue",
          "else",
          "false",
          "for",
          "function",
          "if",
          "import",
          "in",
          "inputs",
          "let",
          "loop",
          "namespace",
          "null",
          "outputs",
          "package",
          "return",
          "run",
          "steps",
          "true",
          "var",
          "void",
          "while");

  public static NameType of(String label, String form) {
    return new NameType(label, Pattern.compile(form), Set.of());
  }

  /** One that expressions will use. */
  static NameType identifier(String label, String form) {
    return new NameType(label, Pattern.compile(form), TAKEN);
  }

  @Override
  public @Nullable Located<String> read(YamlNode node, Reading reading) {
    Scalar scalar = TextType.scalar(node, label, reading);
    return scalar == null ? null : check(scalar, reading);
  }

  @Nullable Located<String> check(Scalar scalar, Reading reading) {
    String text = scalar.text();
    if (reserved.contains(text)) {
      reading.error(
          scalar,
          "reserved-name",
          "`" + text + "` means something else in expressions and can't be a name",
          "Choose another, such as `" + text + "_1`");
      return null;
    }
    if (text.length() > LONGEST || !form.matcher(text).matches()) {
      reading.error(
          scalar,
          "bad-name",
          "`" + reading.field() + "` must be " + label + ", not " + Shown.node(scalar),
          null);
      return null;
    }
    return new Located<>(text, reading.range(scalar));
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    return SchemaDefinitions.text().put("pattern", form.pattern());
  }
}
