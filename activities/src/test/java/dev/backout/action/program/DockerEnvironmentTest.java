package dev.backout.action.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class DockerEnvironmentTest {
  @Test
  void aVariableThatSomebodyLeftInTheWorkersShellIsNoneOfTheProjects() {
    assertEquals(
        Map.of("PATH", "/bin", "DOCKER_HOST", "ssh://app", "https_proxy", "http://proxy:3128"),
        DockerEnvironment.of(
            Map.of(
                "PATH", "/bin",
                "DOCKER_HOST", "ssh://app",
                "https_proxy", "http://proxy:3128",
                "IMAGE_TAG", "forgotten",
                "COMPOSE_FILE", "other.yaml",
                "COMPOSE_PROJECT_NAME", "other")));
  }
}
