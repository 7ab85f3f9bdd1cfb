package dev.backout.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test meets a real Docker daemon of the test run's own, with Compose and a registry; a
 * parameter of type {@link DockerEngine} is it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@RequiresProgram({
  "root",
  "dockerd",
  "docker",
  "docker-compose",
  "docker-registry",
  "busybox",
  "umount"
})
@ExtendWith(SharedSystems.class)
public @interface RequiresDocker {}
