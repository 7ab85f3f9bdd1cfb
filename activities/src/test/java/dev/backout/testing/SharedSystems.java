package dev.backout.testing;

import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * What takes long to start is started once for all tests of a process that want it, and ended with
 * the last of them.
 */
final class SharedSystems implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SharedSystems.class);

  private static final Map<Class<?>, Supplier<? extends AutoCloseable>> STARTS =
      Map.of(
          DockerEngine.class, DockerEngine::start,
          KubernetesCluster.class, KubernetesCluster::start,
          Monitoring.class, Monitoring::start,
          ObjectStorage.class, ObjectStorage::start,
          PostgresServer.class, PostgresServer::start);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return STARTS.containsKey(parameter.getParameter().getType());
  }

  /** A session is a process's tests; the root of a test's contexts is its class, under Maven. */
  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .getOrComputeIfAbsent(type, any -> STARTS.get(any).get());
  }
}
