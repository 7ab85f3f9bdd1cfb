package dev.backout.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.DiagnosticRenderer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyCheckTest {
  private static final Path CASE = Path.of("src/test/resources/policy/doubts");
  private static final List<String> ACTIONS =
      List.of("sqlite.restore", "dotenv.edit", "command.run");

  @TempDir Path folder;

  @BeforeEach
  void keepOthersOut() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void whatIsHardlyMeantIsSaidAsExpected() throws IOException {
    Path policy = copied("policy.yaml");
    copied("allowed_signers");

    PolicyCheck check = PolicyCheck.of(policy, "policy.yaml", ACTIONS);

    String found =
        DiagnosticRenderer.text(check.diagnostics(), name -> check.source().orElse(null), false);
    Path expected = CASE.resolve("expected.txt");
    if (Boolean.getBoolean("backout.regenerate")) {
      Files.writeString(expected, found);
    }
    assertEquals(Files.readString(expected), found);
    assertTrue(check.policy().isPresent(), "doubts keep no policy from being used");
  }

  private Path copied(String name) throws IOException {
    Path file = Files.copy(CASE.resolve(name), folder.resolve(name));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void filesThatOthersMayWriteAreNamedEach() throws IOException {
    Path policy = copied("policy.yaml");
    Path signers = copied("allowed_signers");
    Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-rw----"));
    Files.setPosixFilePermissions(signers, PosixFilePermissions.fromString("rw-----w-"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));

    List<String> named =
        PolicyCheck.of(policy, "policy.yaml", ACTIONS).diagnostics().stream()
            .filter(each -> each.code().equals("writable-by-others"))
            .map(Diagnostic::file)
            .toList();

    assertEquals(List.of("policy.yaml", folder.toString(), signers.toString()), named);
  }

  @ParameterizedTest
  @CsvSource({
    "*, anything, true",
    "billing-*, billing-eu, true",
    "billing-*, billing-, true",
    "billing-*, billing, false",
    "*-eu, billing-eu, true",
    "*-eu, billing-eu-2, false",
    "a*b*c, aXXbYYc, true",
    "a*b*c, acb, false",
    "web, web, true",
    "web, web2, false",
    "**, x, true"
  })
  void aStarStandsForAnyCharacters(String pattern, String name, boolean matches) {
    assertEquals(matches, new Glob(pattern).matches(name));
  }

  @ParameterizedTest
  @CsvSource({
    "*, billing-*, true",
    "billing-*, billing-eu-*, true",
    "billing-*, billing-*, true",
    "billing-eu-*, billing-*, false",
    "*-eu, billing-*, false",
    "web, web, true",
    "web, *, false"
  })
  void aPatternCoversWhatMatchesNothingElse(String pattern, String other, boolean covers) {
    assertEquals(covers, new Glob(pattern).covers(new Glob(other)));
  }
}
