package dev.backout.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One Prometheus and one Alertmanager for all tests of a module, ended with them. */
final class MonitoringExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(MonitoringExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Monitoring.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent("monitoring", key -> new Shared(Monitoring.start()), Shared.class)
        .monitoring();
  }

  private record Shared(Monitoring monitoring) implements AutoCloseable {
    @Override
    public void close() {
      monitoring.close();
    }
  }
}
