package dev.backout.action.dotenv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.testing.PlainContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckDotenvTest {
  @TempDir private Path directory;
  private final PlainContext context = new PlainContext();
  private Path file;

  @BeforeEach
  void write() throws Exception {
    file =
        Files.writeString(
            directory.resolve(".env"),
            "APP_ENV=production\nDATABASE_URL='postgresql://u:hunter22@db/x'\n");
  }

  @Test
  void namesAreGivenWhereTheFileSaysWhatItHasTo() throws Exception {
    CheckDotenv.Output output =
        check(
            Map.of("APP_ENV", "prod.*", "DATABASE_URL", "postgresql://.*"),
            List.of("HARVEST_DB_PATH"));

    assertEquals(List.of("APP_ENV", "DATABASE_URL"), output.variables());
  }

  @Test
  void allThatIsWrongIsSaidAtOnceWithoutAnyValue() {
    ActionException refused =
        assertThrows(
            ActionException.class,
            () ->
                check(
                    Map.of("APP_ENV", "prod", "DATABASE_URL", "sqlite:.*", "PORT", ".*"),
                    List.of("DATABASE_URL")));

    assertEquals(ActionException.Kind.PERMANENT, refused.kind());
    for (String said :
        List.of(
            "APP_ENV is something else than prod;",
            "DATABASE_URL is something else than sqlite:.*",
            "PORT is missing",
            "DATABASE_URL is there")) {
      assertTrue(refused.getMessage().contains(said), refused.getMessage());
    }
    assertFalse(refused.getMessage().contains("hunter22"), refused.getMessage());
    assertFalse(refused.getMessage().contains("production"), refused.getMessage());
  }

  @Test
  void aPatternThatIsNoneIsRefused() {
    ActionException refused =
        assertThrows(ActionException.class, () -> check(Map.of("APP_ENV", "(dev"), List.of()));

    assertEquals(ActionException.Kind.INVALID_INPUT, refused.kind());
    assertTrue(refused.getMessage().contains("The pattern for APP_ENV"), refused.getMessage());
  }

  private CheckDotenv.Output check(Map<String, String> matches, List<String> absent)
      throws ActionException {
    return new CheckDotenv().run(new CheckDotenv.Input(file, matches, absent), context);
  }
}
