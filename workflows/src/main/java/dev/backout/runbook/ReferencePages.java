package dev.backout.runbook;

import dev.backout.catalog.ActionCatalog;
import dev.backout.catalog.ActionSpec;
import dev.backout.catalog.ValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The reference pages of the language and of its actions, as Markdown. */
public final class ReferencePages {
  private static final String GENERATED = "<!-- Generated from the code; don't edit. -->\n\n";

  private ReferencePages() {}

  /** Every object of the language with its keys. */
  public static String runbook() {
    StringBuilder page = new StringBuilder(GENERATED);
    page.append(INTRODUCTION);
    objects(RunbookLanguage.runbook(new SourceText("", "")), page);
    return page.append(VALUES).toString();
  }

  /** Every object of another language with its keys, between two texts in Markdown. */
  public static String language(Language<?> language, String before, String after) {
    StringBuilder page = new StringBuilder(GENERATED).append(before);
    objects(language.root(), page);
    return page.append(after).toString();
  }

  /** Every action with its inputs and outputs. */
  public static String actions(ActionCatalog catalog) {
    StringBuilder page = new StringBuilder(GENERATED);
    page.append(
        "# Actions\n\nWhat a step, a check, a trigger, an `undo`, a `probe` or a `wait` may use.\n\n");
    page.append("| action | what it does | done again |\n|---|---|---|\n");
    List<ActionSpec> actions = sorted(catalog);
    for (ActionSpec action : actions) {
      row(
          page,
          "[`" + action.name() + "`](#" + anchor(action.name()) + ")",
          action.summary(),
          word(action));
    }
    actions.forEach(action -> action(action, page));
    return page.toString();
  }

  static List<ActionSpec> sorted(ActionCatalog catalog) {
    return catalog.actions().values().stream()
        .sorted(Comparator.comparing(ActionSpec::name))
        .toList();
  }

  /** Whether it may be done again, and why, in a sentence or two. */
  static String repeatability(ActionSpec action) {
    String because =
        (action.because().isBlank() ? "" : " " + sentence(action.because()))
            + (action.nothingToUndo() ? " There is nothing to take back." : "");
    return switch (action.repeatability()) {
      case READ_ONLY -> "Read-only." + because;
      case SAFE -> "Safe to repeat." + because;
      case NEVER -> "Tried once only." + because;
    };
  }

  private static String word(ActionSpec action) {
    return switch (action.repeatability()) {
      case READ_ONLY -> "reads only";
      case SAFE -> "safe";
      case NEVER -> "never by itself";
    };
  }

  private static void action(ActionSpec action, StringBuilder page) {
    page.append("\n## ").append(action.name()).append("\n\n");
    page.append(sentence(action.summary())).append("\n\n");
    if (!action.description().isBlank()) {
      page.append(action.description().strip()).append("\n\n");
    }
    page.append("**Done again:** ").append(repeatability(action)).append("\n\n");
    if (action.inputs().fields().isEmpty()) {
      page.append("No input.\n\n");
    } else {
      page.append("| input | type | default | |\n|---|---|---|---|\n");
      inputs("", action.inputs(), page);
      page.append('\n');
    }
    if (action.outputs().fields().isEmpty()) {
      page.append("No output.\n");
    } else {
      page.append("| output | type | |\n|---|---|---|\n");
      outputs("", action.outputs(), page);
    }
  }

  private static void inputs(String prefix, ValueType.Struct struct, StringBuilder page) {
    struct
        .fields()
        .forEach(
            (name, field) -> {
              String preset =
                  field.required()
                      ? "required"
                      : field.defaultValue() == null ? "" : "`" + field.defaultValue() + "`";
              row(
                  page,
                  "`" + prefix + name + "`",
                  words(field.type()),
                  preset,
                  field.description());
              nested(field.type()).forEach(inner -> inputs(prefix + name + ".", inner, page));
            });
  }

  private static void outputs(String prefix, ValueType.Struct struct, StringBuilder page) {
    struct
        .fields()
        .forEach(
            (name, field) -> {
              String type = words(field.type()) + (field.required() ? "" : ", or null");
              row(page, "`" + prefix + name + "`", type, field.description());
              nested(field.type()).forEach(inner -> outputs(prefix + name + ".", inner, page));
            });
  }

  private static List<ValueType.Struct> nested(ValueType type) {
    if (type instanceof ValueType.Struct struct) {
      return List.of(struct);
    }
    if (type instanceof ValueType.ListOf list) {
      return nested(list.element());
    }
    return type instanceof ValueType.MapOf map ? nested(map.value()) : List.of();
  }

  private static String words(ValueType type) {
    if (type instanceof ValueType.Scalar scalar) {
      return switch (scalar.kind()) {
        case STRING -> "text";
        case URL -> "URL";
        case TEXT_OR_SECRET -> "text or `secret:NAME`";
        default -> scalar.kind().name().toLowerCase(Locale.ROOT);
      };
    }
    if (type instanceof ValueType.OneOf oneOf) {
      return oneOf.values().stream()
          .map(word -> "`" + word + "`")
          .collect(Collectors.joining(", "));
    }
    if (type instanceof ValueType.ListOf list) {
      return "list of " + words(list.element());
    }
    if (type instanceof ValueType.MapOf map) {
      return "object of " + words(map.value());
    }
    return type instanceof ValueType.Struct ? "object" : "any";
  }

  private static void objects(ObjectType<?> root, StringBuilder page) {
    Map<String, ObjectType<?>> found = new LinkedHashMap<>();
    List<ObjectType<?>> open = new ArrayList<>(List.of(root));
    while (!open.isEmpty()) {
      ObjectType<?> next = open.remove(0);
      if (found.putIfAbsent(next.name(), next) == null) {
        next.keys().forEach(key -> open.addAll(key.type().objects()));
      }
    }
    found.values().forEach(object -> object(object, page));
  }

  private static void object(ObjectType<?> object, StringBuilder page) {
    page.append("## ").append(object.name()).append("\n\n");
    page.append(object.description()).append("\n\n");
    page.append("| key | is | default | |\n|---|---|---|---|\n");
    for (Key<?> key : object.keys()) {
      row(
          page,
          "`" + key.name() + "`",
          linked(key.type()),
          key.required() ? "required" : key.defaultText(),
          key.description());
    }
    page.append('\n');
  }

  private static String linked(Type<?> type) {
    List<ObjectType<?>> objects = type.objects();
    return objects.isEmpty()
        ? type.label()
        : "[" + type.label() + "](#" + anchor(objects.get(0).name()) + ")";
  }

  private static void row(StringBuilder page, String... cells) {
    page.append('|');
    for (String cell : cells) {
      page.append(' ').append(cell.replace("|", "\\|").replace("\n", " ")).append(" |");
    }
    page.append('\n');
  }

  private static String sentence(String text) {
    return text.endsWith(".") || text.isEmpty() ? text : text + ".";
  }

  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replace(".", "");
  }

  private static final String INTRODUCTION =
      """
      # The runbook language

      A runbook is one YAML 1.2 file, UTF-8, at most 1 MiB. Every key that is not listed here is an
      error, and so is a key that stands twice. For completion and checks while you write, begin the
      file with

      ```yaml
      # yaml-language-server: $schema=../../docs/reference/runbook.schema.json
      ```

      What each action takes and gives is on [its own page](actions.md); what `backout lint` may say
      is [here](diagnostics.md).

      """;

  private static final String VALUES =
      """
      ## Values

      **Durations** are `90s`, `15m`, `1h30m`, `7d`, `250ms`: the largest unit first. **Sizes** are
      `512MiB`, `2GB`, or a number of bytes. **Times** are RFC 3339: `2026-01-31T03:00:00Z`.

      **Expressions** are [CEL](https://cel.dev). A string may hold them as `${{ … }}`; a string that
      is one whole expression keeps the expression's type. `when`, `expect`, `until`, an output's
      `value` and a loop's `in` are expressions already and need no braces. They see

      | name | is |
      |---|---|
      | `inputs.NAME` | an input |
      | `steps.ID.outputs` | what an earlier step gave back |
      | `outputs` | what this step gave back: in `expect`, in a trigger and in `until` |
      | the name after `as` | the element, in a loop's steps |

      In YAML a value needs quotes when it holds `: `, begins with one of ``{ [ & * ! | > ' " % @ ` ``,
      or stands inside `{ … }` and holds `${{ … }}`.

      **Secrets** are references: `secret:NAME`. The worker finds them when an action uses them; they
      never stand in a runbook, a plan or a history.

      **Names**: a runbook's is kebab-case, a step's `id` lower_snake_case, an input's, an output's
      and a loop variable's camelCase or lower_snake_case.
      """;
}
