package dev.backout.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test meets a real Kubernetes control plane of the test run's own, whose nodes are simulated,
 * and Helm; a parameter of type {@link KubernetesCluster} is it.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@RequiresProgram({"control-plane", "kwok", "helm"})
@ExtendWith(SharedSystems.class)
public @interface RequiresKubernetes {}
