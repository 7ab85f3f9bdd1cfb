package dev.backout.cli.view;

import dev.backout.catalog.ActionSpec;
import dev.backout.catalog.Repeatability;
import dev.backout.catalog.ValueType;
import java.util.Collection;
import java.util.Locale;

/** The actions that there are. */
public final class ActionsView {
  private ActionsView() {}

  public static Page list(Collection<ActionSpec> actions, Look look) {
    Table table = new Table(look, "", 1);
    actions.forEach(
        action -> table.row(Line.of(Tone.STRONG, action.name()), Line.of(action.summary())));
    return new Page(look).add(table.wrapped());
  }

  public static Page one(ActionSpec action, Look look) {
    Page page = new Page(look).add(Line.of(Tone.STRONG, action.name()));
    page.wrapped("", action.summary() + ".");
    if (!action.description().isBlank()) {
      page.blank();
      for (String paragraph : action.description().split("\n\\s*\n")) {
        page.wrapped("", paragraph).blank();
      }
    }
    page.blank().wrapped(repeat(action.repeatability()), Tone.PLAIN, action.because());
    fields(page, "Inputs (with)", action.inputs());
    fields(page, "Outputs", action.outputs());
    return page;
  }

  private static Line repeat(Repeatability repeatability) {
    return switch (repeatability) {
      case READ_ONLY -> Line.of(Tone.GOOD, "Only reads. ");
      case SAFE -> Line.of(Tone.GOOD, "Safe to repeat. ");
      case NEVER -> Line.of(Tone.WARN, "Never repeated by itself. ");
    };
  }

  private static void fields(Page page, String heading, ValueType.Struct struct) {
    if (struct.fields().isEmpty()) {
      return;
    }
    page.blank().add(Line.of(Tone.FAINT, heading));
    struct
        .fields()
        .forEach(
            (name, field) -> {
              Line head =
                  Line.of("  ")
                      .and(Tone.STRONG, name)
                      .and(Tone.FAINT, "  " + type(field.type()) + presence(field));
              page.add(head.cut(page.look().width(), page.look()));
              if (!field.description().isBlank()) {
                page.wrapped("    ", field.description());
              }
            });
  }

  private static String presence(ValueType.Field field) {
    if (field.defaultValue() != null) {
      return ", default " + field.defaultValue();
    }
    return field.required() ? "" : ", optional";
  }

  private static String type(ValueType type) {
    if (type instanceof ValueType.Scalar scalar) {
      return switch (scalar.kind()) {
        case TEXT_OR_SECRET -> "text or secret:NAME";
        default -> scalar.kind().name().toLowerCase(Locale.ROOT);
      };
    } else if (type instanceof ValueType.OneOf words) {
      return String.join(" | ", words.values());
    } else if (type instanceof ValueType.ListOf list) {
      return "list of " + type(list.element());
    } else if (type instanceof ValueType.MapOf map) {
      return "names with " + type(map.value());
    } else if (type instanceof ValueType.Struct struct) {
      return "{ " + String.join(", ", struct.fields().keySet()) + " }";
    }
    return "anything";
  }
}
