package dev.backout.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.backout.catalog.ActionCatalog;
import dev.backout.catalog.ActionSpec;
import dev.backout.catalog.Repeatability;
import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.Field;
import dev.backout.catalog.ValueType.Scalar;
import dev.backout.catalog.ValueType.ScalarKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

class RunbookSchemaTest {
  private static final Path CASES = Path.of("src/test/resources/runbook");
  private static final ActionCatalog ANY_ACTION = new ActionCatalog(Map.of());

  /** Names that are unique, templates that close, defaults that fit, bounds on a whole file. */
  private static final Set<String> ONLY_THE_PARSER_CAN_TELL =
      Set.of(
          "bad-defaults",
          "bad-templates",
          "duplicate-ids",
          "merge-key",
          "numbers-out-of-range",
          "places-in-scalars",
          "too-deep");

  @Test
  void whatTheParserAcceptsTheSchemaAccepts() throws IOException {
    for (Path file : yaml(CASES.resolve("valid"))) {
      assertEquals(List.of(), problems(ANY_ACTION, Files.readString(file)), file.toString());
    }
  }

  @Test
  void whatTheParserRefusesTheSchemaRefusesWhereItCanTell() throws IOException {
    Set<String> accepted = new TreeSet<>();
    for (Path file : yaml(CASES.resolve("errors"))) {
      SourceReader.Read read = SourceReader.read(file, file.toString());
      if (read.source().isEmpty()
          || !RunbookParser.parse(read.source().get()).hasErrors()
          || !isYaml(read.source().get().text())) {
        continue;
      }
      if (problems(ANY_ACTION, read.source().get().text()).isEmpty()) {
        accepted.add(file.getFileName().toString().replace(".yaml", ""));
      }
    }
    assertEquals(new TreeSet<>(ONLY_THE_PARSER_CAN_TELL), accepted);
  }

  @Test
  void theChosenActionDecidesWhatItsInputMayBe() {
    assertEquals(List.of(), problems(wipe(), step("{ path: /tmp, wait: 5m, keep: 1GiB }")));
    assertEquals(List.of(), problems(wipe(), step("{ path: /tmp, keep: \"${{ inputs.x }}\" }")));
    assertFalse(problems(wipe(), step("{ path: /tmp, weight: 5m }")).isEmpty());
    assertFalse(problems(wipe(), step("{ path: /tmp, wait: 5 minutes }")).isEmpty());
    assertFalse(problems(wipe(), step("{ wait: 5m }")).isEmpty());
  }

  @Test
  void anUnknownActionIsRefused() {
    assertFalse(problems(wipe(), step("{}").replace("disk.wipe", "disk.vipe")).isEmpty());
  }

  @Test
  void whereNothingMayBeTouchedOnlyReadOnlyActionsAreOffered() {
    assertFalse(problems(wipe(), step("{ path: /tmp }").replace("steps:", "preflight:")).isEmpty());
  }

  private static ActionCatalog wipe() {
    Map<String, Field> inputs =
        new LinkedHashMap<>(
            Map.of("path", new Field(new Scalar(ScalarKind.PATH), "Where", true, null)));
    inputs.put("wait", new Field(new Scalar(ScalarKind.DURATION), "How long", false, "1m"));
    inputs.put("keep", new Field(new Scalar(ScalarKind.SIZE), "How much", false, null));
    return new ActionCatalog(
        Map.of(
            "disk.wipe",
            new ActionSpec(
                "disk.wipe",
                "Wipes",
                "",
                Repeatability.NEVER,
                "",
                new ValueType.Struct(inputs),
                new ValueType.Struct(Map.of()),
                Set.of(),
                false)));
  }

  private static String step(String with) {
    return """
        apiVersion: backout/v1
        kind: planned
        name: example
        summary: Bring the example back.
        target: example
        steps:
          - uses: disk.wipe
            with: %s
        """
        .formatted(with);
  }

  private static List<String> problems(ActionCatalog catalog, String yaml) {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(RunbookSchema.generate(catalog).toString());
    return schema.validate(json(yaml), InputFormat.JSON).stream().map(Error::toString).toList();
  }

  private static boolean isYaml(String text) {
    try {
      json(text);
      return true;
    } catch (YamlEngineException | NumberFormatException e) {
      return false;
    }
  }

  private static String json(String yaml) {
    Object document =
        new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(yaml);
    return new ObjectMapper().valueToTree(document).toString();
  }

  private static List<Path> yaml(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }
}
