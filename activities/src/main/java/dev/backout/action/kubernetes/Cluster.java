package dev.backout.action.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One namespace of one cluster, as the worker's kubeconfig reaches it. Objects are JSON, as the API
 * server gives them.
 */
final class Cluster implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final String NO_CLUSTER =
      """
      apiVersion: v1
      kind: Config
      current-context: none
      clusters: [{name: none, cluster: {server: "https://127.0.0.1:1"}}]
      users: [{name: none, user: {token: none}}]
      contexts: [{name: none, context: {cluster: none, user: none}}]
      """;
  private static final int PAGE = 500;
  private static final long ANSWER_SECONDS = 20;
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private final KubernetesClient client;
  private final String context;
  private final String namespace;
  private final String server;

  private Cluster(KubernetesClient client, String context, String namespace, String server) {
    this.client = client;
    this.context = context;
    this.namespace = namespace;
    this.server = server;
  }

  /**
   * Nothing is asked yet.
   *
   * @throws ActionException if the worker has no such context, or the namespace's name can't be one
   */
  static Cluster open(String context, String namespace, ActionContext action)
      throws ActionException {
    if (!Ref.NAME.matcher(namespace).matches()) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "'" + namespace + "' can't be a namespace. Nothing was changed; correct `namespace`.");
    }
    Config config = Kubeconfig.of(System.getenv()).config(context, action);
    try {
      KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
      return new Cluster(client, context, namespace, config.getMasterUrl());
    } catch (KubernetesClientException e) {
      throw Refusal.unusable(e, context);
    }
  }

  /** Loads the client, as for a cluster that nobody asks. */
  static void prepare() {
    Config config = Config.fromKubeconfig(NO_CLUSTER);
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      var unused = client.getHttpClient().newHttpRequestBuilder().uri(config.getMasterUrl());
    }
  }

  /** What an administrator would have to allow: a verb and what it is done to. */
  record Right(String verb, String resource) {
    @Override
    public String toString() {
      return verb + " " + resource;
    }
  }

  /** Somebody else has changed the object since it was read. */
  static final class ConflictException extends ActionException {
    private static final long serialVersionUID = 1L;

    ConflictException(String message) {
      super(Kind.TRANSIENT, message);
    }
  }

  String namespace() {
    return namespace;
  }

  String context() {
    return context;
  }

  /** For people: the namespace and the context. */
  String place() {
    return "namespace " + namespace + " of context " + context;
  }

  String server() {
    return server;
  }

  Optional<JsonNode> find(Ref ref) throws ActionException, InterruptedException {
    return find(ref, null);
  }

  private Optional<JsonNode> find(Ref ref, @Nullable String part)
      throws ActionException, InterruptedException {
    Right right = new Right("get", resource(ref.type(), part));
    HttpResponse<String> answer = ask("GET", ref.path(namespace, part), null, null, right);
    return answer.code() == NOT_FOUND
        ? Optional.empty()
        : Optional.of(json(success(answer, right)));
  }

  /**
   * @throws ActionException if there is none, naming those that there are
   */
  JsonNode require(Ref ref) throws ActionException, InterruptedException {
    Optional<JsonNode> found = find(ref);
    if (found.isPresent()) {
      return found.get();
    }
    throw new ActionException(
        Kind.PERMANENT,
        "There is no "
            + ref
            + " in "
            + place()
            + names(ref.type())
            + ". Nothing was changed; correct the name, the namespace or the context.");
  }

  private String names(Type type) throws InterruptedException {
    try {
      List<String> names =
          list(type, "", "").stream()
              .map(each -> each.path("metadata").path("name").asText())
              .limit(20)
              .toList();
      return names.isEmpty()
          ? "; it has no " + type.word()
          : "; there are " + String.join(", ", names);
    } catch (ActionException e) {
      return "";
    }
  }

  JsonNode requirePart(Ref ref, String part) throws ActionException, InterruptedException {
    return find(ref, part)
        .orElseThrow(
            () ->
                new ActionException(
                    Kind.PERMANENT, "There is no " + ref + "/" + part + " in " + place() + "."));
  }

  /**
   * @param labels a label selector; empty for all
   * @param fields a field selector; empty for all
   */
  List<JsonNode> list(Type type, String labels, String fields)
      throws ActionException, InterruptedException {
    Right right = new Right("list", type.qualified());
    List<JsonNode> all = new ArrayList<>();
    String next = "";
    do {
      String query =
          "?limit="
              + PAGE
              + "&labelSelector="
              + encoded(labels)
              + "&fieldSelector="
              + encoded(fields)
              + "&continue="
              + encoded(next);
      HttpResponse<String> answer = ask("GET", type.path(namespace) + query, null, null, right);
      JsonNode page = json(success(answer, right));
      page.path("items").forEach(all::add);
      next = page.path("metadata").path("continue").asText("");
    } while (!next.isEmpty());
    return all;
  }

  /**
   * Changes an object by a merge patch, or shows what would become of it.
   *
   * @param manager who it is noted to have been changed by
   * @return the object as it is, or would be
   * @throws ConflictException if the patch names a version that is no longer the newest
   */
  JsonNode patch(Ref ref, @Nullable String part, JsonNode patch, String manager, boolean dryRun)
      throws ActionException, InterruptedException {
    Right right = new Right("patch", resource(ref.type(), part));
    String path =
        ref.path(namespace, part)
            + "?fieldManager="
            + encoded(manager)
            + (dryRun ? "&dryRun=All" : "");
    return json(
        success(
            ask("PATCH", path, "application/merge-patch+json", patch.toString(), right), right));
  }

  /**
   * @return false if there is one of that name already, which stays as it is
   */
  boolean create(Type type, JsonNode object, String manager)
      throws ActionException, InterruptedException {
    Right right = new Right("create", type.qualified());
    String path = type.path(namespace) + "?fieldManager=" + encoded(manager);
    HttpResponse<String> answer = ask("POST", path, "application/json", object.toString(), right);
    if (answer.code() == CONFLICT) {
      return false;
    }
    var unused = success(answer, right);
    return true;
  }

  /** Asks the API server about the worker's own rights. */
  boolean may(Right right) throws ActionException, InterruptedException {
    String[] resource = right.resource().split("/", 2);
    String[] type = resource[0].split("\\.", 2);
    Map<String, String> attributes =
        Map.of(
            "namespace",
            namespace,
            "verb",
            right.verb(),
            "resource",
            type[0],
            "group",
            type.length == 2 ? type[1] : "",
            "subresource",
            resource.length == 2 ? resource[1] : "");
    JsonNode review =
        JSON.valueToTree(
            Map.of(
                "apiVersion", "authorization.k8s.io/v1",
                "kind", "SelfSubjectAccessReview",
                "spec", Map.of("resourceAttributes", attributes)));
    Right asking = new Right("create", "selfsubjectaccessreviews.authorization.k8s.io");
    String answer =
        success(
            ask(
                "POST",
                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                "application/json",
                review.toString(),
                asking),
            asking);
    return json(answer).path("status").path("allowed").asBoolean();
  }

  private static String resource(Type type, @Nullable String part) {
    return type.qualified() + (part == null ? "" : "/" + part);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpResponse<String> ask(
      String method, String path, @Nullable String type, @Nullable String body, Right right)
      throws ActionException, InterruptedException {
    String base = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    HttpRequest.Builder request = client.getHttpClient().newHttpRequestBuilder().uri(base + path);
    if (type != null && body != null) {
      request.method(method, type, body);
    }
    try {
      return client
          .getHttpClient()
          .sendAsync(request.build(), String.class)
          .get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw Refusal.unreachable(e.getCause() == null ? e : e.getCause(), this);
    } catch (TimeoutException e) {
      throw new ActionException(
          Kind.TRANSIENT,
          "The API server "
              + server
              + " of context "
              + context
              + " has not answered within "
              + ANSWER_SECONDS
              + " s when asked to "
              + right
              + ". See whether it is well, then retry.",
          e);
    }
  }

  private String success(HttpResponse<String> answer, Right right) throws ActionException {
    if (answer.isSuccessful()) {
      return answer.body();
    }
    throw Refusal.of(answer.code(), message(answer.body()), right, this);
  }

  /** The API server's own words, without the rest of its answer. */
  private static String message(@Nullable String body) {
    if (body == null) {
      return "";
    }
    try {
      return JSON.readTree(body).path("message").asText("");
    } catch (JsonProcessingException e) {
      return "";
    }
  }

  private JsonNode json(String text) throws ActionException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new ActionException(
          Kind.PERMANENT,
          "What "
              + server
              + " answers is no JSON. Is it a Kubernetes API server? See the kubeconfig's context "
              + context
              + ".",
          e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
