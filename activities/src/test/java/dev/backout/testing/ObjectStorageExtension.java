package dev.backout.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One S3 server for all tests of a module, ended with them. */
final class ObjectStorageExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(ObjectStorageExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ObjectStorage.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent("storage", key -> new Shared(ObjectStorage.start()), Shared.class)
        .storage();
  }

  private record Shared(ObjectStorage storage) implements AutoCloseable {
    @Override
    public void close() {
      storage.close();
    }
  }
}
