package dev.backout.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.backout.catalog.ActionCatalog;
import dev.backout.policy.PolicyReference;
import dev.backout.runbook.ReferencePages;
import dev.backout.runbook.RunbookSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The reference in {@code docs/reference} is what the code says. */
class ReferenceTest {
  private static final Path ROOT = Path.of("..");
  private static final Path REFERENCE = ROOT.resolve("docs/reference");
  private static final String REGENERATE =
      "mvn -q -pl worker -am test -Dtest=ReferenceTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dbackout.regenerate=true";

  @Test
  void theSchemaIsWhatTheParserReadsBy() throws IOException {
    check("runbook.schema.json", pretty(RunbookSchema.generate(catalog())));
  }

  @Test
  void thePageOfTheLanguageIsWhatTheParserReadsBy() throws IOException {
    check("runbook.md", ReferencePages.runbook());
  }

  @Test
  void thePageOfTheActionsIsWhatTheCatalogSays() throws IOException {
    check("actions.md", ReferencePages.actions(catalog()));
  }

  @Test
  void thePolicysSchemaIsWhatItIsReadBy() throws IOException {
    check("policy.schema.json", pretty(PolicyReference.schema()));
  }

  @Test
  void thePageOfThePolicyIsWhatItIsReadBy() throws IOException {
    check("policy.md", PolicyReference.page());
  }

  @Test
  void everyDiagnosticIsShownByAnExample() throws IOException {
    check(
        "diagnostics.md", DiagnosticsPage.fromCases(ROOT.resolve("workflows/src/test/resources")));
  }

  @TestFactory
  Stream<DynamicTest> everyRunbookOfTheRepositoryFitsTheSchema() throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(RunbookSchema.generate(catalog()).toString());
    return runbooks().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    ROOT.relativize(file).toString(),
                    () -> assertEquals(List.of(), problems(schema, file))));
  }

  private static List<String> problems(Schema schema, Path file) throws IOException {
    String json = new ObjectMapper(new YAMLFactory()).readTree(file.toFile()).toString();
    return schema.validate(json, InputFormat.JSON).stream().map(Error::toString).toList();
  }

  private static List<Path> runbooks() throws IOException {
    Path folder = ROOT.resolve("runbooks");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.toString().endsWith(".test.yaml"))
          .sorted()
          .toList();
    }
  }

  private static void check(String name, String generated) throws IOException {
    Path file = REFERENCE.resolve(name);
    if (Boolean.getBoolean("backout.regenerate")) {
      Files.createDirectories(REFERENCE);
      Files.writeString(file, generated);
      return;
    }
    String how = "docs/reference/" + name + " is not what the code says. Regenerate: " + REGENERATE;
    assertTrue(Files.exists(file), how);
    assertEquals(generated, Files.readString(file), how);
  }

  private static ActionCatalog catalog() throws IOException {
    try (InputStream document = ReferenceTest.class.getResourceAsStream("/backout-catalog.json")) {
      assertNotNull(document, "The activities were built without their catalog");
      return ActionCatalog.read(document);
    }
  }

  private static String pretty(Object json) throws JsonProcessingException {
    return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }
}
