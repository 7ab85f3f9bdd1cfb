package dev.backout.runbook.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The language's types as CEL's, with a compiler that knows them. */
final class CelTypes {
  /** No expression can be written like this: a type named as one would hide it. */
  static final String NAME_PREFIX = "object ";

  private final ImmutableMap.Builder<String, CelType> structs = ImmutableMap.builder();
  private final Map<String, ValueType.Struct> originals = new HashMap<>();
  private final CelCompiler compiler;

  private record Provider(ImmutableMap<String, CelType> structs) implements CelTypeProvider {

    @Override
    public ImmutableCollection<CelType> types() {
      return structs.values();
    }

    @Override
    public Optional<CelType> findType(String name) {
      return Optional.ofNullable(structs.get(name));
    }
  }

  private CelTypes(Map<String, ValueType> variables) {
    CelCompilerBuilder builder = CelDialect.compiler();
    variables.forEach((name, type) -> builder.addVar(name, toCel(type)));
    this.compiler = builder.setTypeProvider(new Provider(structs.build())).build();
  }

  static CelTypes of(Map<String, ValueType> variables) {
    return new CelTypes(variables);
  }

  CelCompiler compiler() {
    return compiler;
  }

  private CelType toCel(ValueType type) {
    if (type instanceof ValueType.Scalar scalar) {
      return scalar(scalar.kind());
    } else if (type instanceof ValueType.OneOf) {
      return SimpleType.STRING;
    } else if (type instanceof ValueType.ListOf list) {
      return ListType.create(toCel(list.element()));
    } else if (type instanceof ValueType.MapOf map) {
      return MapType.create(SimpleType.STRING, toCel(map.value()));
    } else if (type instanceof ValueType.Struct struct) {
      return struct(struct);
    }
    return SimpleType.DYN;
  }

  private static CelType scalar(ScalarKind kind) {
    return switch (kind) {
      case STRING, PATH, URL, TEXT_OR_SECRET -> SimpleType.STRING;
      case BOOLEAN -> SimpleType.BOOL;
      case INTEGER, SIZE -> SimpleType.INT;
      case NUMBER -> SimpleType.DOUBLE;
      case DURATION -> SimpleType.DURATION;
      case TIMESTAMP -> SimpleType.TIMESTAMP;
    };
  }

  private CelType struct(ValueType.Struct struct) {
    ImmutableMap.Builder<String, CelType> made = ImmutableMap.builder();
    struct.fields().forEach((name, field) -> made.put(name, toCel(field.type())));
    ImmutableMap<String, CelType> fields = made.build();
    String name = NAME_PREFIX + (originals.size() + 1);
    originals.put(name, struct);
    structs.put(
        name,
        StructType.create(name, fields.keySet(), field -> Optional.ofNullable(fields.get(field))));
    return StructTypeReference.create(name);
  }

  /** Empty for what no runbook can use, such as a type. */
  Optional<ValueType> fromCel(CelType type) {
    return switch (type.kind()) {
      case BOOL -> scalarOf(ScalarKind.BOOLEAN);
      case INT, UINT -> scalarOf(ScalarKind.INTEGER);
      case DOUBLE -> scalarOf(ScalarKind.NUMBER);
      case STRING -> scalarOf(ScalarKind.STRING);
      case DURATION -> scalarOf(ScalarKind.DURATION);
      case TIMESTAMP -> scalarOf(ScalarKind.TIMESTAMP);
      case LIST -> fromCel(type.parameters().get(0)).map(ValueType.ListOf::new);
      case MAP -> fromCel(type.parameters().get(1)).map(ValueType.MapOf::new);
      case STRUCT -> Optional.ofNullable(originals.get(type.name()));
      case OPAQUE -> isOptional(type) ? fromCel(type.parameters().get(0)) : Optional.empty();
      case DYN, ANY, TYPE_PARAM -> Optional.of(new ValueType.Any());
      default -> Optional.empty();
    };
  }

  static boolean isOptional(CelType type) {
    return type.kind() == CelKind.OPAQUE && type.name().startsWith("optional");
  }

  private static Optional<ValueType> scalarOf(ScalarKind kind) {
    return Optional.of(new ValueType.Scalar(kind));
  }
}
