package dev.backout.action.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.program.Answer;
import dev.backout.action.program.Command;
import dev.backout.action.program.Ended;
import dev.backout.action.program.OnWorker;
import dev.backout.action.program.ProgramRun;
import dev.backout.action.program.Question;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The {@code helm} of the worker, for one namespace of one cluster. */
final class Helm {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Helm ends by itself when its own time is up; only a stuck one is ended from outside. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private final String context;
  private final String namespace;
  private final ActionContext action;

  /**
   * @param context of the worker's kubeconfig
   * @throws ActionException if one of these can't be a name
   */
  Helm(String context, String namespace, ActionContext action) throws ActionException {
    this.context = requireWord("context", context);
    this.namespace = requireName("namespace", namespace);
    this.action = action;
  }

  static String requireName(String what, String text) throws ActionException {
    return require(what, text, NAME.matcher(text).matches());
  }

  /** Of what follows, helm must take nothing for an option. */
  static String requireWord(String what, String text) throws ActionException {
    return require(what, text, !text.isBlank() && !text.startsWith("-"));
  }

  private static String require(String what, String text, boolean fits) throws ActionException {
    if (!fits) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "'" + text + "' can't be a " + what + ". Nothing was changed; correct `" + what + "`.");
    }
    return text;
  }

  String place() {
    return "namespace " + namespace + " of context " + context;
  }

  /**
   * Asks something, and changes nothing.
   *
   * @return helm's output, unmasked: it may hold secrets
   */
  String ask(List<String> words) throws ActionException, InterruptedException {
    Answer answer =
        Question.ask(
            words(words),
            Path.of("/"),
            System.getenv(),
            ANSWER,
            () -> action.heartbeat("asking helm"));
    if (answer.exitCode() != 0) {
      throw HelmRefusal.of(answer.err(), this, action);
    }
    return answer.out();
  }

  JsonNode askJson(List<String> words) throws ActionException, InterruptedException {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("--output", "json"));
    try {
      return JSON.readTree(ask(all));
    } catch (JsonProcessingException e) {
      // The text itself may hold secrets.
      throw new ActionException(
          Kind.PERMANENT,
          "What `helm "
              + words.get(0)
              + "` says is not the JSON that was expected. Backout knows Helm 3: see `helm version`.",
          e);
    }
  }

  /**
   * Has it do something that takes its time.
   *
   * @param within how long helm itself may wait
   */
  void act(List<String> words, Duration within, String evidence)
      throws ActionException, IOException, InterruptedException {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("--wait", "--timeout", Math.max(1, within.toSeconds()) + "s"));
    try {
      Ended unused =
          ProgramRun.succeed(
              new Command(words(all), null, Map.of(), within.plus(MARGIN)),
              new OnWorker(),
              List.of(0),
              evidence,
              action);
    } catch (ActionException e) {
      throw e.kind() == Kind.PERMANENT ? HelmRefusal.of(e, this, action) : e;
    }
  }

  private List<String> words(List<String> words) {
    List<String> all = new ArrayList<>(List.of("helm"));
    all.addAll(words);
    all.addAll(List.of("--kube-context", context, "--namespace", namespace));
    return all;
  }
}
