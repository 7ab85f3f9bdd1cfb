package dev.backout.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test meets a real Prometheus and a real Alertmanager of the test run's own; a parameter of
 * type {@link Monitoring} is them.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@RequiresProgram({"prometheus", "promtool", "alertmanager"})
@ExtendWith(SharedSystems.class)
public @interface RequiresMonitoring {}
