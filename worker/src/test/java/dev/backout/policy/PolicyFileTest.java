package dev.backout.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFileTest {
  private static final String ADA_ONLY =
      "apiVersion: backout/v1\nrequireVerified: false\nstart: [{ who: user:ada }]\n";
  private static final String EVE_ONLY = ADA_ONLY.replace("ada", "eve");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("policy.yaml");
  }

  @Test
  void aChangeIsSeenThoughSizeAndTimeOfTheFileAreTheSame() throws Exception {
    PolicyFile inForce = new PolicyFile(write(ADA_ONLY), true);
    FileTime written = Files.getLastModifiedTime(file);
    assertTrue(mayStart(inForce, "ada"));

    write(EVE_ONLY);
    Files.setLastModifiedTime(file, written);

    assertTrue(mayStart(inForce, "eve"));
    assertTrue(!mayStart(inForce, "ada"));
  }

  @Test
  void whatDidNotChangeIsReadOnce() throws Exception {
    PolicyFile inForce = new PolicyFile(write(ADA_ONLY), true);

    assertSame(inForce.current(), inForce.current());
  }

  @Test
  void aKeyThatIsAddedIsAnotherPolicy() throws Exception {
    PolicyFile inForce = new PolicyFile(write(ADA_ONLY), true);
    String before = inForce.current().hash();

    Files.writeString(
        folder.resolve("allowed_signers"),
        "ada ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB/u06rcJdl43OH2Si7HyMX+QY3aRLlW51lxsg1CMH3h\n");

    assertTrue(!inForce.current().hash().equals(before));
  }

  @Test
  void aChangeThatCannotBeReadIsNoReasonToJudgeByTheOldOne() throws Exception {
    PolicyFile inForce = new PolicyFile(write(ADA_ONLY), true);
    assertTrue(mayStart(inForce, "ada"));

    write(ADA_ONLY + "decide: [{ who: user:ada, choises: stop }]\n");

    PolicyException failure = assertThrows(PolicyException.class, inForce::current);
    assertTrue(failure.getMessage().contains(file + ":4:27: "), failure.getMessage());
    assertTrue(failure.getMessage().contains("`choises` is not a key"), failure.getMessage());
    write(ADA_ONLY);
    assertTrue(mayStart(inForce, "ada"), "mended, it is in force again");
  }

  @Test
  void aPolicyThatIsRemovedLeavesNothingAllowed() throws Exception {
    PolicyFile inForce = new PolicyFile(write(ADA_ONLY), false);
    assertTrue(mayStart(inForce, "ada"));

    Files.delete(file);

    assertThrows(PolicyException.class, inForce::current);
  }

  @Test
  void withoutAPolicyEverythingIsAllowedUntilThereIsOne() throws Exception {
    PolicyFile inForce = new PolicyFile(file, false);
    assertTrue(inForce.current().isNone());

    write(ADA_ONLY);

    assertTrue(!mayStart(inForce, "eve"));
  }

  @Test
  void aPolicyThatWasNamedMustBeThere() {
    PolicyException failure =
        assertThrows(PolicyException.class, new PolicyFile(file, true)::current);

    assertEquals("no-such-file", failure.diagnostics().get(0).code());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(file, text);
  }

  private static boolean mayStart(PolicyFile inForce, String who) throws PolicyException {
    return inForce.current().refusesStart(who, false, "planned", "web").isEmpty();
  }
}
