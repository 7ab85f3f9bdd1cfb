package dev.backout.benchmark;

import dev.backout.testing.PostgresServer;

/** A table in PostgreSQL, with as many rows as wanted and a type of each sort; 244 bytes a row. */
record Items(PostgresServer server) {
  private static final String DATABASE = "postgres";

  String url() {
    return server.url(DATABASE);
  }

  void sql(String statement) {
    server.sql(DATABASE, statement);
  }

  void fill(int rows) {
    sql(
        """
        DROP TABLE IF EXISTS items;
        CREATE TABLE items (id bigint PRIMARY KEY, body text, at timestamptz, doc jsonb, ok boolean);
        INSERT INTO items SELECT i, md5(i::text) || md5((i + 1)::text), timestamptz '2026-01-01' + i * interval '1.000001 s',
          jsonb_build_object('number', i, 'name', 'item ' || i, 'tags', jsonb_build_array('a', 'b')), i %% 2 = 0
        FROM generate_series(1, %d) i"""
            .formatted(rows));
    sql("VACUUM (FREEZE, ANALYZE) items");
    sql("CHECKPOINT");
  }
}
