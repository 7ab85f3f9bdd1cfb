package dev.backout.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test meets a real server of the test run's own that speaks S3; a parameter of type {@link
 * ObjectStorage} is it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@RequiresProgram("versitygw")
@ExtendWith(SharedSystems.class)
public @interface RequiresObjectStorage {}
