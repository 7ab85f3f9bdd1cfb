package dev.backout.runbook.expression;

import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Whether a value of one type may go where another is wanted. What nobody can tell, may. */
public final class Assignment {
  private static final Set<ScalarKind> TEXTS =
      EnumSet.of(ScalarKind.STRING, ScalarKind.PATH, ScalarKind.URL);
  private static final Set<ScalarKind> WHOLE_NUMBERS =
      EnumSet.of(ScalarKind.INTEGER, ScalarKind.SIZE);

  private Assignment() {}

  public static boolean allows(ValueType wanted, ValueType found) {
    if (wanted instanceof ValueType.Any || found instanceof ValueType.Any) {
      return true;
    } else if (wanted instanceof ValueType.Scalar scalar) {
      return scalar(scalar.kind(), found);
    } else if (wanted instanceof ValueType.OneOf words) {
      return found instanceof ValueType.OneOf some
          ? words.values().containsAll(some.values())
          : isText(found);
    } else if (wanted instanceof ValueType.ListOf list) {
      return found instanceof ValueType.ListOf other && allows(list.element(), other.element());
    } else if (wanted instanceof ValueType.MapOf map) {
      return map(map.value(), found);
    } else if (wanted instanceof ValueType.Struct struct) {
      return found instanceof ValueType.Struct other
          ? struct(struct, other)
          : found instanceof ValueType.MapOf;
    }
    return false;
  }

  private static boolean scalar(ScalarKind wanted, ValueType found) {
    if (found instanceof ValueType.OneOf) {
      return wanted == ScalarKind.STRING || wanted == ScalarKind.TEXT_OR_SECRET;
    }
    if (!(found instanceof ValueType.Scalar scalar)) {
      return false;
    }
    ScalarKind kind = scalar.kind();
    return kind == wanted
        || switch (wanted) {
          case STRING, TEXT_OR_SECRET -> TEXTS.contains(kind);
          case PATH, URL -> kind == ScalarKind.STRING;
          case INTEGER, SIZE -> WHOLE_NUMBERS.contains(kind);
          case NUMBER -> WHOLE_NUMBERS.contains(kind);
          case BOOLEAN, DURATION, TIMESTAMP -> false;
        };
  }

  private static boolean isText(ValueType found) {
    return found instanceof ValueType.Scalar scalar && scalar.kind() == ScalarKind.STRING;
  }

  private static boolean map(ValueType wanted, ValueType found) {
    if (found instanceof ValueType.Struct struct) {
      return struct.fields().values().stream().allMatch(field -> allows(wanted, field.type()));
    }
    return found instanceof ValueType.MapOf other && allows(wanted, other.value());
  }

  private static boolean struct(ValueType.Struct wanted, ValueType.Struct found) {
    for (Map.Entry<String, ValueType.Field> entry : wanted.fields().entrySet()) {
      ValueType.Field field = found.fields().get(entry.getKey());
      if (field == null
          ? entry.getValue().required()
          : !allows(entry.getValue().type(), field.type())) {
        return false;
      }
    }
    return wanted.fields().keySet().containsAll(found.fields().keySet());
  }
}
