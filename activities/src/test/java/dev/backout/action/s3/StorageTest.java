package dev.backout.action.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.ObjectStorage;
import dev.backout.testing.PlainContext;
import dev.backout.testing.RequiresObjectStorage;
import dev.backout.testing.UnconditionalStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

@RequiresObjectStorage
final class StorageTest {
  private static final int MEBIBYTE = 1 << 20;

  private final ObjectStorage storage;
  private final String bucket = "b" + UUID.randomUUID();

  @TempDir Path directory;

  StorageTest(ObjectStorage storage) {
    this.storage = storage;
  }

  @BeforeEach
  void makeBucket() throws ActionException {
    ask(storage, client -> client.createBucket(r -> r.bucket(bucket)));
  }

  @Test
  void whatWasPutIsGotBackTheSame() throws Exception {
    Path file = file("app.db", 3 * MEBIBYTE);

    JsonNode put = put(file, "harvester/app.db", "");
    JsonNode got = get("harvester/app.db", "back.db", "");

    assertTrue(put.path("uploaded").asBoolean());
    assertEquals(1, put.path("parts").asInt());
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(directory.resolve("back.db")));
    assertEquals(put.path("sha256"), got.path("sha256"));
    assertEquals("noted", got.path("checkedAgainst").asText());
    assertEquals(
        List.of("app.db", "back.db"), files(), "nothing but the two files is in the directory");
  }

  @Test
  void theSameContentIsNotPutTwice() throws Exception {
    Path file = file("app.db", 1000);
    put(file, "app.db", "");
    FileTime before = Files.getLastModifiedTime(storage.file(bucket, "app.db"));

    JsonNode again = put(file, "app.db", "");

    assertFalse(again.path("uploaded").asBoolean());
    assertEquals(before, Files.getLastModifiedTime(storage.file(bucket, "app.db")));
  }

  @Test
  void anotherContentIsNotOverwrittenWhereItWouldBeLost() throws Exception {
    put(file("one.db", 1000), "app.db", "");
    Path other = file("two.db", 1001);

    ActionException refusal = assertThrows(ActionException.class, () -> put(other, "app.db", ""));

    assertTrue(refusal.getMessage().contains("not known to keep versions"), refusal.getMessage());
    assertTrue(put(other, "app.db", ", 'overwrite': true").path("uploaded").asBoolean());
  }

  @ParameterizedTest
  @CsvSource({"1000, uploading", "6291456, uploaded"})
  void whatSomebodyElsePutsThereMeanwhileIsNotOverwritten(int length, String at) throws Exception {
    Path file = file("mine.db", length);

    ActionException refusal =
        assertThrows(
            ActionException.class,
            () ->
                Catalog.run(
                    "s3.put",
                    putInput(storage, file, "app.db", ", 'partSize': '5MiB'"),
                    interfering(at)));

    assertTrue(refusal.getMessage().contains("exists and is something else"), refusal.getMessage());
    assertEquals("theirs", Files.readString(storage.file(bucket, "app.db")));
    assertTrue(unfinished(storage).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 6291456})
  void aServerThatDoesNotKnowTheConditionGetsTheFileWithoutIt(int length) throws Exception {
    Path file = file("mine.db", length);
    try (UnconditionalStorage old = new UnconditionalStorage(storage)) {
      JsonNode put = Catalog.run("s3.put", putInput(old, file), context());

      assertTrue(put.path("uploaded").asBoolean());
      assertEquals(1, old.refused(), "the condition was tried, and the upload not begun anew");
    }
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(storage.file(bucket, "app.db")));
    assertTrue(unfinished(storage).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"1000, uploading", "6291456, uploaded"})
  void whatSomebodyElsePutsThereMeanwhileIsSeenAtAServerThatDoesNotKnowTheCondition(
      int length, String at) throws Exception {
    Path file = file("mine.db", length);
    try (UnconditionalStorage old = new UnconditionalStorage(storage)) {
      ActionException refusal =
          assertThrows(
              ActionException.class,
              () -> Catalog.run("s3.put", putInput(old, file), interfering(at)));

      assertEquals(1, old.refused());
      assertTrue(
          refusal.getMessage().contains("exists and is something else"), refusal.getMessage());
    }
    assertEquals("theirs", Files.readString(storage.file(bucket, "app.db")));
    assertTrue(unfinished(storage).isEmpty());
  }

  private String putInput(UnconditionalStorage at, Path file) {
    return "{'bucket': '"
        + bucket
        + "', 'store': {'endpoint': '"
        + at.endpoint()
        + "'}, 'file': '"
        + file
        + "', 'key': 'app.db', 'partSize': '5MiB'}";
  }

  /** Somebody puts something else there once the upload has come so far. */
  private PlainContext interfering(String at) {
    PlainContext context = context();
    boolean[] there = new boolean[1];
    return context.atHeartbeat(
        () -> {
          if (!there[0] && last(context).startsWith(at + " ")) {
            there[0] = true;
            putTheirs("app.db");
          }
        });
  }

  private void putTheirs(String key) {
    try {
      ask(
          storage,
          client ->
              client.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString("theirs")));
    } catch (ActionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aBucketWithVersionsKeepsBothAndGivesEither() throws Exception {
    keepVersions();
    Path one = file("one.db", 1000);
    String first = put(one, "app.db", "").path("versionId").asText();
    String second = put(file("two.db", 1001), "app.db", "").path("versionId").asText();

    get("app.db", "former.db", ", 'versionId': '" + first + "'");
    JsonNode newest = get("app.db", "newest.db", "");
    JsonNode listed = list("'versions': true");

    assertNotEquals(first, second);
    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(directory.resolve("former.db")));
    assertEquals(second, newest.path("versionId").asText());
    assertEquals(2, listed.path("count").asInt());
    assertEquals(second, listed.path("versionId").asText());
  }

  @Test
  void aLongFileGoesInPartsAndIsOneObject() throws Exception {
    Path file = file("big.dump", 12 * MEBIBYTE + 7);

    JsonNode put = put(file, "big.dump", ", 'partSize': '5MiB'");
    JsonNode verified = verify("big.dump", "");

    assertEquals(3, put.path("parts").asInt());
    assertEquals(put.path("sha256"), verified.path("sha256"));
    assertEquals(12 * MEBIBYTE + 7, verified.path("size").asInt());
    assertTrue(unfinished(storage).isEmpty());
  }

  @Test
  void anUploadThatTheServersDeathBrokeOffIsGoneOnWith() throws Exception {
    try (ObjectStorage mortal = ObjectStorage.start()) {
      ask(mortal, client -> client.createBucket(r -> r.bucket(bucket)));
      Path file = file("big.dump", 12 * MEBIBYTE);
      String input = putInput(mortal, file, "big.dump", ", 'partSize': '5MiB'");
      PlainContext dying = new Dying(mortal, "uploaded 5").context();

      ActionException failure =
          assertThrows(ActionException.class, () -> Catalog.run("s3.put", input, dying));
      mortal.restart();
      JsonNode put = Catalog.run("s3.put", input, context());

      assertEquals(Kind.TRANSIENT, failure.kind(), failure.getMessage());
      assertTrue(failure.getMessage().contains("only the others"), failure.getMessage());
      assertEquals(1, put.path("partsTakenOver").asInt());
      assertEquals(3, put.path("parts").asInt());
      assertTrue(unfinished(mortal).isEmpty());
    }
  }

  @Test
  void aCancelledUploadLeavesNoParts() throws Exception {
    Path file = file("big.dump", 12 * MEBIBYTE);
    PlainContext context = context();
    context.atHeartbeat(
        () -> {
          if (last(context).startsWith("uploaded 5")) {
            context.cancel();
          }
        });

    assertThrows(
        CancelledException.class,
        () ->
            Catalog.run(
                "s3.put", putInput(storage, file, "big.dump", ", 'partSize': '5MiB'"), context));

    assertTrue(unfinished(storage).isEmpty());
  }

  @Test
  void aFileThatIsWrittenToMeanwhileIsRefusedAndLeavesNoParts() throws Exception {
    Path file = file("big.dump", 12 * MEBIBYTE);
    PlainContext context = context();
    context.atHeartbeat(
        () -> {
          if (last(context).startsWith("uploaded 5")) {
            flip(file, 8 * MEBIBYTE);
          }
        });

    ActionException refusal =
        assertThrows(
            ActionException.class,
            () ->
                Catalog.run(
                    "s3.put",
                    putInput(storage, file, "big.dump", ", 'partSize': '5MiB'"),
                    context));

    assertTrue(refusal.getMessage().contains("was written to"), refusal.getMessage());
    assertTrue(unfinished(storage).isEmpty());
    assertFalse(Files.exists(storage.file(bucket, "big.dump")));
  }

  @Test
  void unfinishedUploadsOfOthersAreLeftUntilTheyAreOld() throws Exception {
    ask(storage, client -> client.createMultipartUpload(r -> r.bucket(bucket).key("big.dump")));
    Path file = file("big.dump", 6 * MEBIBYTE);

    put(file, "big.dump", ", 'partSize': '5MiB'");
    int left = unfinished(storage).size();
    put(file("other.dump", 6 * MEBIBYTE), "big.dump", OVERWRITE_AND_CLEAR);

    assertEquals(1, left);
    assertTrue(unfinished(storage).isEmpty());
  }

  private static final String OVERWRITE_AND_CLEAR =
      ", 'partSize': '5MiB', 'overwrite': true, 'abandonedAfter': '0s'";

  @Test
  void aFlippedBitIsFoundByVerifyAndNeverReachesAFile() throws Exception {
    put(file("app.db", 100_000), "app.db", "");
    flip(storage.file(bucket, "app.db"), 50_000);

    ActionException verified = assertThrows(ActionException.class, () -> verify("app.db", ""));
    ActionException got = assertThrows(ActionException.class, () -> get("app.db", "back.db", ""));

    assertTrue(verified.getMessage().contains("is damaged"), verified.getMessage());
    assertTrue(got.getMessage().contains("is damaged"), got.getMessage());
    assertEquals(List.of("app.db"), files());
  }

  @Test
  void anotherObjectThanTheWantedIsRefusedBeforeItIsRead() throws Exception {
    put(file("app.db", 1000), "app.db", "");

    ActionException refusal =
        assertThrows(
            ActionException.class,
            () -> get("app.db", "back.db", ", 'sha256': '" + "0".repeat(64) + "'"));

    assertTrue(refusal.getMessage().contains("another object"), refusal.getMessage());
  }

  @Test
  void whatNobodyHashedCanBeGotAndNotVerified() throws Exception {
    ask(
        storage,
        client ->
            client.putObject(
                r -> r.bucket(bucket).key("plain.txt"), RequestBody.fromString("by another tool")));

    JsonNode got = get("plain.txt", "plain.txt", "");
    ActionException refusal = assertThrows(ActionException.class, () -> verify("plain.txt", ""));
    String sha256 = ", 'sha256': '" + got.path("sha256").asText() + "'";

    assertEquals("nothing", got.path("checkedAgainst").asText());
    assertTrue(refusal.getMessage().contains("Give `sha256`"), refusal.getMessage());
    assertEquals("given", verify("plain.txt", sha256).path("checkedAgainst").asText());
  }

  @Test
  void aFileThatIsThereIsNeverOverwritten() throws Exception {
    Path file = file("app.db", 1000);
    put(file, "app.db", "");
    Path there = file("back.db", 10);

    ActionException refusal =
        assertThrows(ActionException.class, () -> get("app.db", "back.db", ""));
    JsonNode same = get("app.db", "app.db", "");

    assertTrue(refusal.getMessage().contains("left as it is"), refusal.getMessage());
    assertEquals(10, Files.size(there));
    assertFalse(same.path("downloaded").asBoolean());
  }

  @Test
  void aServerThatGoesMidwayLeavesNoFile() throws Exception {
    try (ObjectStorage mortal = ObjectStorage.start()) {
      ask(mortal, client -> client.createBucket(r -> r.bucket(bucket)));
      // Longer than what the sockets of both sides hold.
      Path file = file("big.dump", 64 * MEBIBYTE);
      Catalog.run("s3.put", putInput(mortal, file, "big.dump", ""), context());
      PlainContext dying = new Dying(mortal, "read 1.").context();

      ActionException failure =
          assertThrows(
              ActionException.class,
              () -> Catalog.run("s3.get", getInput(mortal, "big.dump", "back", ""), dying));

      assertEquals(Kind.TRANSIENT, failure.kind(), failure.getMessage());
      assertEquals(List.of("big.dump"), files());
    }
  }

  @Test
  void whatIsRetainedCantBeDeletedAndSaysUntilWhen() throws Exception {
    String locked = bucket + "-locked";
    ask(
        storage,
        client -> client.createBucket(r -> r.bucket(locked).objectLockEnabledForBucket(true)));
    Path file = file("app.db", 1000);
    String input =
        putInput(storage, file, "app.db", ", 'retain': '1h', 'retentionMode': 'compliance'")
            .replace(bucket, locked);

    JsonNode put = Catalog.run("s3.put", input, context());

    assertEquals("compliance", put.path("retention").path("mode").asText());
    Instant until = Instant.parse(put.path("retention").path("until").asText());
    assertTrue(Duration.between(Instant.now(), until).toMinutes() > 50, until::toString);
    ActionException kept =
        assertThrows(
            ActionException.class,
            () ->
                ask(
                    storage,
                    client ->
                        client.deleteObject(
                            r ->
                                r.bucket(locked)
                                    .key("app.db")
                                    .versionId(put.path("versionId").asText()))));
    assertTrue(kept.getMessage().contains("does not allow it"), kept.getMessage());
  }

  @Test
  void aBucketWithoutLocksSaysThatItRetainsNothing() throws Exception {
    Path file = file("app.db", 1000);

    ActionException refusal =
        assertThrows(ActionException.class, () -> put(file, "app.db", ", 'retain': '1h'"));

    assertTrue(refusal.getMessage().contains("Lock"), refusal.getMessage());
  }

  @Test
  void theNewestIsFoundByPrefixPatternAndAge() throws Exception {
    put(aged(file("one.db", 1000), Duration.ofHours(30)), "harvester/one.db", "");
    put(file("log", 100), "harvester/log.txt", "");
    put(file("other.db", 100), "ledger/other.db", "");

    JsonNode found = list("'prefix': 'harvester/', 'pattern': '*.db'");
    ActionException tooOld =
        assertThrows(
            ActionException.class,
            () -> list("'prefix': 'harvester/', 'pattern': '*.db', 'maxAge': '24h'"));
    ActionException none =
        assertThrows(ActionException.class, () -> list("'prefix': 'nothing/', 'maxAge': '24h'"));

    assertEquals("harvester/one.db", found.path("key").asText());
    assertEquals(1, found.path("count").asInt());
    assertEquals(64, found.path("sha256").asText().length());
    assertTrue(tooOld.getMessage().contains("1d6h"), tooOld.getMessage());
    assertTrue(none.getMessage().contains("There is no object like"), none.getMessage());
    assertEquals(0, list("'prefix': 'nothing/'").path("count").asInt());
  }

  @Test
  void ofManyOnlyTheNewestAreGivenAndAllAreCounted() throws Exception {
    for (int i = 0; i < 7; i++) {
      put(file("f" + i, 10 + i), "many/" + i, "");
    }

    JsonNode found = list("'prefix': 'many/', 'most': 3");

    assertEquals(7, found.path("count").asInt());
    assertEquals(10 + 11 + 12 + 13 + 14 + 15 + 16, found.path("total").asInt());
    assertEquals(3, found.path("objects").size());
  }

  @Test
  void whatIsNotThereIsSaidByItsName() {
    ActionException object = assertThrows(ActionException.class, () -> verify("none.db", ""));
    String elsewhere = input(storage, "").replace(bucket, "no-such-bucket");
    String inBucket = input(storage, ", 'key': 'a'").replace(bucket, "no-such-bucket");
    ActionException listed =
        assertThrows(ActionException.class, () -> Catalog.run("s3.list", elsewhere, context()));
    ActionException verified =
        assertThrows(ActionException.class, () -> Catalog.run("s3.verify", inBucket, context()));

    assertTrue(object.getMessage().contains("Look with s3.list"), object.getMessage());
    for (ActionException each : List.of(listed, verified)) {
      assertTrue(
          each.getMessage().contains("there is no bucket no-such-bucket"), each.getMessage());
    }
  }

  @Test
  void wrongKeysAreNamedAsSuchAndNeverShown() {
    PlainContext wrong =
        new PlainContext()
            .secret("AWS_ACCESS_KEY_ID", ObjectStorage.KEY_ID)
            .secret("AWS_SECRET_ACCESS_KEY", "wr0ng-of-the-tests");

    for (String action : List.of("s3.list", "s3.verify")) {
      ActionException refusal =
          assertThrows(
              ActionException.class,
              () ->
                  Catalog.run(
                      action,
                      input(storage, action.equals("s3.list") ? "" : ", 'key': 'a'"),
                      wrong));

      assertEquals(Kind.PERMANENT, refusal.kind());
      assertTrue(refusal.getMessage().contains("does not take the keys"), refusal.getMessage());
      assertFalse(refusal.getMessage().contains("wr0ng"), refusal.getMessage());
    }
  }

  @Test
  void keysThatStandInTheRunbookAreRefused() {
    ActionException refusal =
        assertThrows(
            ActionException.class,
            () ->
                Catalog.run(
                    "s3.list",
                    "{'bucket': 'b', 'store': {'accessKey': 'AKID', 'secretKey': 'pla1n'}}",
                    context()));

    assertEquals(Kind.INVALID_INPUT, refusal.kind());
    assertTrue(refusal.getMessage().contains("secret:NAME"), refusal.getMessage());
    assertFalse(refusal.getMessage().contains("pla1n"), refusal.getMessage());
  }

  @Test
  void aServerThatIsAwayMayComeBack() {
    ActionException failure =
        assertThrows(
            ActionException.class,
            () ->
                Catalog.run(
                    "s3.list",
                    "{'bucket': 'b', 'store': {'endpoint': 'http://127.0.0.1:1'}}",
                    context()));

    assertEquals(Kind.TRANSIENT, failure.kind());
    assertTrue(failure.getMessage().contains("127.0.0.1:1 gave no answer"), failure.getMessage());
  }

  @Test
  void thePreviewPutsNothing() throws Exception {
    Path file = file("app.db", 1000);

    JsonNode before = Catalog.preview("s3.put", putInput(storage, file, "app.db", ""), context());
    boolean there = Files.exists(storage.file(bucket, "app.db"));
    put(file, "app.db", "");
    JsonNode after = Catalog.preview("s3.put", putInput(storage, file, "app.db", ""), context());

    assertTrue(before.path("changes").asBoolean());
    assertFalse(there);
    assertFalse(after.path("changes").asBoolean());
  }

  @Test
  void partsAreNeverMoreThanAServerTakes() {
    long terabyte = 1L << 40;

    assertEquals(16L * MEBIBYTE, Parts.length(100L * MEBIBYTE, 16L * MEBIBYTE));
    assertTrue(terabyte / Parts.length(terabyte, 5L * MEBIBYTE) <= 10_000);
  }

  /** Kills the server at a heartbeat. */
  private record Dying(ObjectStorage mortal, String at) {
    PlainContext context() {
      PlainContext context = StorageTest.context();
      boolean[] dead = new boolean[1];
      return context.atHeartbeat(
          () -> {
            if (!dead[0] && last(context).startsWith(at)) {
              dead[0] = true;
              mortal.kill();
            }
          });
    }
  }

  private static String last(PlainContext context) {
    List<String> all = context.heartbeats();
    return all.get(all.size() - 1);
  }

  private static PlainContext context() {
    return new PlainContext()
        .secret("AWS_ACCESS_KEY_ID", ObjectStorage.KEY_ID)
        .secret("AWS_SECRET_ACCESS_KEY", ObjectStorage.KEY);
  }

  private JsonNode put(Path file, String key, String more) throws Exception {
    return Catalog.run("s3.put", putInput(storage, file, key, more), context());
  }

  private String putInput(ObjectStorage at, Path file, String key, String more) {
    return input(at, ", 'file': '" + file + "', 'key': '" + key + "'" + more);
  }

  private JsonNode get(String key, String name, String more) throws Exception {
    return Catalog.run("s3.get", getInput(storage, key, name, more), context());
  }

  private String getInput(ObjectStorage at, String key, String name, String more) {
    return input(at, ", 'key': '" + key + "', 'file': '" + directory.resolve(name) + "'" + more);
  }

  private JsonNode verify(String key, String more) throws Exception {
    return Catalog.run("s3.verify", input(storage, ", 'key': '" + key + "'" + more), context());
  }

  private JsonNode list(String more) throws Exception {
    return Catalog.run("s3.list", input(storage, more.isEmpty() ? "" : ", " + more), context());
  }

  private String input(ObjectStorage at, String more) {
    return "{'bucket': '"
        + bucket
        + "', 'store': {'endpoint': '"
        + at.endpoint()
        + "'}"
        + more
        + "}";
  }

  private void keepVersions() throws ActionException {
    ask(
        storage,
        client ->
            client.putBucketVersioning(
                r ->
                    r.bucket(bucket)
                        .versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED))));
  }

  private List<MultipartUpload> unfinished(ObjectStorage at) throws ActionException {
    return ask(at, client -> client.listMultipartUploads(r -> r.bucket(bucket)).uploads());
  }

  private <T> T ask(ObjectStorage at, Bucket.Question<T> question) throws ActionException {
    Store store =
        new Store(
            at.endpoint(),
            "us-east-1",
            null,
            new dev.backout.action.TextOrSecret("secret:AWS_ACCESS_KEY_ID"),
            new dev.backout.action.TextOrSecret("secret:AWS_SECRET_ACCESS_KEY"),
            null);
    try (Bucket open = Bucket.open(store, bucket, context())) {
      return open.ask("The test's own question", question);
    }
  }

  private Path file(String name, int length) throws IOException {
    byte[] bytes = new byte[length];
    new Random(name.hashCode() + length).nextBytes(bytes);
    return Files.write(directory.resolve(name), bytes);
  }

  private static Path aged(Path file, Duration age) throws IOException {
    return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  private static void flip(Path file, long at) {
    try (var channel =
        java.nio.channels.FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      java.nio.ByteBuffer one = java.nio.ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 1)).flip();
      channel.write(one, at);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
