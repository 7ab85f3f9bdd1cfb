package dev.backout.client;

/**
 * The server that a client is connected to.
 *
 * @param kind {@code in-memory}, {@code development} or {@code remote}
 * @param version as the server says it
 * @param searchAttributes whether the namespace has Backout's search attributes
 */
public record ServerInfo(String address, String kind, String version, boolean searchAttributes) {}
