package dev.backout.action.kubernetes;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.api.Test;

class ClusterTest {
  @Test
  void theClientIsLoadedWithoutACluster() {
    assertDoesNotThrow(Cluster::prepare);
  }
}
