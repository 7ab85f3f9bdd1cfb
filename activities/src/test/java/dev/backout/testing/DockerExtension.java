package dev.backout.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One daemon for all tests of a module, ended with them. */
final class DockerExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(DockerExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == DockerEngine.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent("engine", key -> new Shared(DockerEngine.start()), Shared.class)
        .engine();
  }

  private record Shared(DockerEngine engine) implements AutoCloseable {
    @Override
    public void close() {
      engine.close();
    }
  }
}
