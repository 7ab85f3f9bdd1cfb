package dev.backout.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The actions of the catalog document, each loaded when it is first used. */
public final class ActionRegistry {
  /** The document that the build writes; also what the language knows of actions. */
  public static final String CATALOG = "/backout-catalog.json";

  private final Map<String, String> classes;
  private final Map<String, Registered> loaded = new ConcurrentHashMap<>();

  private ActionRegistry(Map<String, String> classes) {
    this.classes = classes;
  }

  /** An action with the type of its input. */
  record Registered(Action<Record, Record> action, ActionInfo info, Class<Record> input) {}

  public static InputStream catalog() {
    InputStream catalog = ActionRegistry.class.getResourceAsStream(CATALOG);
    if (catalog == null) {
      throw new IllegalStateException(
          CATALOG
              + " is not on the classpath: the build writes it after compiling the activities; build with Maven");
    }
    return catalog;
  }

  public static ActionRegistry load() {
    try (InputStream catalog = catalog()) {
      Map<String, String> classes = new TreeMap<>();
      for (JsonNode action : new ObjectMapper().readTree(catalog).get("actions")) {
        classes.put(action.get("name").asText(), action.get("class").asText());
      }
      return new ActionRegistry(classes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws ActionException of kind INVALID_INPUT if there is none
   */
  Registered find(String name) throws ActionException {
    String type = classes.get(name);
    if (type == null) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "This worker has no action "
              + name
              + ": it has "
              + String.join(", ", classes.keySet())
              + ". Is it of an older release than the plan?");
    }
    return find(name, type);
  }

  private Registered find(String name, String type) {
    return loaded.computeIfAbsent(name, key -> instance(type));
  }

  /** Has all actions load what their first use would have to, for which no run waits then. */
  public void prepare() {
    classes.forEach((name, type) -> find(name, type).action().prepare());
  }

  @SuppressWarnings("unchecked")
  private static Registered instance(String name) {
    try {
      Class<?> type = Class.forName(name);
      Action<Record, Record> action =
          (Action<Record, Record>) type.getDeclaredConstructor().newInstance();
      return new Registered(
          action, type.getAnnotation(ActionInfo.class), (Class<Record>) typeArgument(type, 0));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("The catalog names " + name + ", which can't be loaded", e);
    }
  }

  /** The input record (0) or the output record (1) of an action's class. */
  static Class<?> typeArgument(Class<?> action, int index) {
    for (var type : action.getGenericInterfaces()) {
      if (type instanceof ParameterizedType parameters && parameters.getRawType() == Action.class) {
        return (Class<?>) parameters.getActualTypeArguments()[index];
      }
    }
    throw new IllegalStateException(
        action.getName() + " must implement Action<Input, Output> itself");
  }
}
