package dev.backout.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MasksTest {
  private static final String SECRET = "hunter2 \"quoted\" & more";

  private final Masks masks = new Masks();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2 \"quoted\" & more",
        "hunter2 \\\"quoted\\\" & more",
        "hunter2+%22quoted%22+%26+more",
        "hunter2%20%22quoted%22%20%26%20more"
      })
  void aSecretIsHiddenInEveryFormInWhichItMayComeBack(String form) {
    masks.add(SECRET);
    assertEquals("before ***, after", masks.apply("before " + form + ", after"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "u", "us", "user:"})
  void aSecretWithinABase64TextIsHiddenWhateverStandsBeforeIt(String before) {
    masks.add(SECRET);
    String encoded =
        Base64.getEncoder()
            .encodeToString((before + SECRET + "!").getBytes(StandardCharsets.UTF_8));
    String inner = encoded.substring(encoded.length() / 3, encoded.length() / 2);

    assertFalse(masks.apply(encoded).contains(inner), masks.apply(encoded));
  }

  @Test
  void thePasswordOfAUrlIsHiddenAlsoAloneAndDecoded() {
    masks.add("postgresql://app:p%40ss-word@db/x");
    assertEquals(
        "*** *** ***", masks.apply("postgresql://app:p%40ss-word@db/x p%40ss-word p@ss-word"));
  }

  @Test
  void eachLineOfALongSecretIsHidden() {
    masks.add("-----BEGIN KEY-----\nabcdefgh\n");
    assertEquals("a line: ***", masks.apply("a line: abcdefgh"));
  }

  @Test
  void aTextTooShortToBeASecretHidesNothing() {
    masks.add("on");
    assertEquals("one", masks.apply("one"));
  }
}
