package dev.backout.action.s3;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.TextOrSecret;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** One bucket, open for one action. */
final class Bucket implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final S3Client client;
  private final String name;
  private final Refusals refusals;

  private Bucket(S3Client client, String name, String place) {
    this.client = client;
    this.name = name;
    this.refusals = new Refusals(name, place);
  }

  static Bucket open(Store store, String name, ActionContext context) throws ActionException {
    if (name.isBlank()) {
      throw new ActionException(Kind.INVALID_INPUT, "The bucket has no name. Name it.");
    }
    AwsCredentials keys = keys(store, context);
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .socketTimeout(SILENCE)
                    .build())
            .region(Region.of(store.region()))
            .credentialsProvider(StaticCredentialsProvider.create(keys))
            .forcePathStyle(store.bucketInPath())
            // What we send has a SHA-256 of ours; a checksum that some servers don't know adds
            // nothing.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_SUPPORTED)
            // Nothing of the worker's user decides what a step does.
            .overrideConfiguration(all -> all.defaultProfileFile(ProfileFile.aggregator().build()));
    if (store.endpoint() != null) {
      builder.endpointOverride(store.endpoint());
    }
    return new Bucket(builder.build(), name, store.place());
  }

  private static AwsCredentials keys(Store store, ActionContext context) throws ActionException {
    String id = secret("accessKey", store.accessKey(), context);
    String key = secret("secretKey", store.secretKey(), context);
    return store.sessionToken() == null
        ? AwsBasicCredentials.create(id, key)
        : AwsSessionCredentials.create(
            id, key, secret("sessionToken", store.sessionToken(), context));
  }

  private static String secret(String field, TextOrSecret value, ActionContext context)
      throws ActionException {
    if (!value.text().startsWith("secret:")) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "store."
              + field
              + " must be secret:NAME, and is a text: that would stand in the plan and in every history."
              + " Put the key where the worker keeps its secrets, and name it.");
    }
    return context.reveal(value.text());
  }

  String name() {
    return name;
  }

  String url(String key) {
    return "s3://" + name + "/" + key;
  }

  interface Question<T> {
    T of(S3Client client);
  }

  /**
   * @param what the sentence that a failure begins with, such as "Could not upload X"
   */
  <T> T ask(String what, Question<T> question) throws ActionException {
    try {
      return question.of(client);
    } catch (SdkException e) {
      throw refusals.of(what, explained(e));
    }
  }

  ActionException refusal(String what, SdkException problem) {
    return refusals.of(what, problem);
  }

  /** The answer to HEAD has no body, hence no reason; the same is asked in a way that has one. */
  private SdkException explained(SdkException problem) {
    boolean silent = problem instanceof S3Exception s3 && isSilent(s3);
    if (!silent) {
      return problem;
    }
    try {
      client.listObjectsV2(request -> request.bucket(name).maxKeys(1));
      return problem;
    } catch (S3Exception e) {
      return Refusals.code(e).equals("AccessDenied") ? problem : e;
    } catch (SdkException e) {
      return problem;
    }
  }

  private static boolean isSilent(S3Exception problem) {
    String code = Refusals.code(problem);
    return switch (problem.statusCode()) {
      case 404 -> !code.startsWith("NoSuchB");
      case 400, 403 -> code.isEmpty();
      default -> false;
    };
  }

  @Override
  public void close() {
    client.close();
  }
}
