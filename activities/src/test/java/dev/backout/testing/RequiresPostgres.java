package dev.backout.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test meets a real PostgreSQL server with its client programs; a parameter of type {@link
 * PostgresServer} is the one that all tests share. Each makes databases of its own in it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@RequiresProgram({"initdb", "postgres", "pg_dump", "pg_restore"})
@ExtendWith(SharedSystems.class)
public @interface RequiresPostgres {}
