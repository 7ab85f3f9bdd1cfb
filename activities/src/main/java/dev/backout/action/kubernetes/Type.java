package dev.backout.action.kubernetes;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The types of objects that actions know. */
enum Type {
  POD("", "v1", "pods", "pod"),
  CONFIG_MAP("", "v1", "configmaps", "configmap"),
  SECRET("", "v1", "secrets", "secret"),
  EVENT("", "v1", "events", "event"),
  SERVICE("", "v1", "services", "service"),
  DEPLOYMENT("apps", "v1", "deployments", "deployment"),
  STATEFUL_SET("apps", "v1", "statefulsets", "statefulset"),
  REPLICA_SET("apps", "v1", "replicasets", "replicaset"),
  INGRESS("networking.k8s.io", "v1", "ingresses", "ingress");

  private final String group;
  private final String version;
  private final String plural;
  private final String word;

  Type(String group, String version, String plural, String word) {
    this.group = group;
    this.version = version;
    this.plural = plural;
    this.word = word;
  }

  static Optional<Type> of(String word) {
    String wanted = word.toLowerCase(Locale.ROOT);
    return Stream.of(values())
        .filter(type -> type.word.equals(wanted) || type.plural.equals(wanted))
        .findFirst();
  }

  String group() {
    return group;
  }

  String plural() {
    return plural;
  }

  /** As in {@code kubectl}: the singular, in small letters. */
  String word() {
    return word;
  }

  /** For people and for rights: {@code deployments.apps}. */
  String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** Where a namespace's objects of the type are. */
  String path(String namespace) {
    String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    return root + "/namespaces/" + namespace + "/" + plural;
  }
}
