package dev.backout.action.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The table of docs/reference/types.md: each value goes to SQLite in the form that is promised, and
 * comes back as it was.
 */
final class TypesTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          boolean | true | 1 | integer
          boolean | false | 0 | integer
          smallint | -32768 | -32768 | integer
          integer | 2147483647 | 2147483647 | integer
          bigint | -9223372036854775808 | -9223372036854775808 | integer
          bigint | 9007199254740993 | 9007199254740993 | integer
          real | 0.1 | 0.10000000149011612 | real
          double precision | 0.1 | 0.1 | real
          double precision | 1e308 | 1.0e+308 | real
          double precision | 5e-324 | 4.9406564584124654e-324 | real
          double precision | 123456789012345680 | 1.2345678901234568e+17 | real
          double precision | 'NaN' | NaN | text
          double precision | 'Infinity' | Inf | real
          double precision | '-Infinity' | -Inf | real
          real | '-Infinity' | -Inf | real
          numeric | 123456789012345678901234567890.123456789000 | 123456789012345678901234567890.123456789000 | text
          numeric(12,2) | 10.10 | 10.10 | text
          numeric | 'NaN' | NaN | text
          numeric | 'Infinity' | Infinity | text
          text | 'Grüße, 世界 🦉' | Grüße, 世界 🦉 | text
          text | '' | `` | text
          text | concat(E'a\\tb\\\\c\\r\\nd', '\\N') | * | text
          text | 'NULL' | NULL | text
          varchar(20) | '007' | 007 | text
          char(5) | 'ab' | `ab   ` | text
          name | 'x' | x | text
          bytea | '\\x00ff0a' | * | blob
          bytea | '' | `` | blob
          timestamptz | '2026-01-31 04:00:00.123456+01' | 2026-01-31 03:00:00.123456+00:00 | text
          timestamptz | 'infinity' | infinity | text
          timestamptz | '0044-03-15 12:00:00+00 BC' | 0044-03-15 12:00:00.000000+00:00 BC | text
          timestamptz | '294276-12-31 23:59:59.999999+00' | 294276-12-31 23:59:59.999999+00:00 | text
          timestamp | '2026-01-31 03:00:00.5' | 2026-01-31 03:00:00.500000 | text
          timestamp | '4713-01-01 00:00:00 BC' | 4713-01-01 00:00:00.000000 BC | text
          timestamp | '-infinity' | -infinity | text
          timestamp | '2000-02-29 00:00:00' | 2000-02-29 00:00:00.000000 | text
          date | '0001-01-01' | 0001-01-01 | text
          date | '10000-12-31' | 10000-12-31 | text
          date | '0001-12-31 BC' | 0001-12-31 BC | text
          date | '1900-03-01' | 1900-03-01 | text
          date | 'infinity' | infinity | text
          time | '23:59:59.000001' | 23:59:59.000001 | text
          time | '24:00:00' | 24:00:00.000000 | text
          timetz | '12:00:00.5+02' | 12:00:00.5+02 | text
          interval | '1 year 2 mons -3 days 04:05:06.789' | 1 year 2 mons -3 days +04:05:06.789 | text
          uuid | 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 | text
          json | '{"b": 1.0,  "a": [null, "ü"]}' | {"b": 1.0,  "a": [null, "ü"]} | text
          jsonb | '{"b":1.0,"a":[null]}' | {"a": [null], "b": 1.0} | text
          text[] | ARRAY['a b', 'c"d', NULL, ''] | {"a b","c\\"d",NULL,""} | text
          int[] | '{{1,2},{3,4}}' | {{1,2},{3,4}} | text
          int4range | '[1,5)' | [1,5) | text
          tstzrange | '[2026-01-31 03:00+00,)' | ["2026-01-31 03:00:00+00",) | text
          inet | '10.0.0.1/24' | 10.0.0.1/24 | text
          macaddr | '08:00:2b:01:02:03' | 08:00:2b:01:02:03 | text
          bit(3) | B'101' | 101 | text
          money | 12.34 | $12.34 | text
          mood | 'glad' | glad | text
          amount | 1.50 | 1.50 | text
          pair | ROW(1, 'x y') | (1,"x y") | text
          tsvector | 'a:1 b:2' | `'a':1 'b':2` | text
          xml | '<a>1</a>' | <a>1</a> | text
          point | '(1.5,2)' | (1.5,2) | text
          """)
  void eachValueGoesInItsFormAndComesBackAsItWas(
      String type, String value, String form, String storage) throws Exception {
    String source = types("CREATE TABLE t (id int PRIMARY KEY, v " + type + ")");
    SyncServer.sql(
        source, "INSERT INTO t VALUES (1, " + value.replace("\\\\", "\\") + "), (2, NULL)");
    Path file = directory.resolve("app.db");

    Copying.copy(source, file, "");

    String found = Copying.rows(file, "SELECT v FROM t WHERE id = 1").get(0);
    if (!"*".equals(form)) {
      assertEquals(form == null ? "" : form.replace("\\\\", "\\"), found);
    }
    assertEquals(
        storage + "|null",
        String.join("|", Copying.rows(file, "SELECT typeof(v) FROM t ORDER BY id")));

    String exact = "SELECT id, v::text, v IS NULL FROM t ORDER BY id";
    var before = Copying.rows(source, exact);
    SyncServer.sql(source, "DELETE FROM t");
    Copying.copy(file, source, "");
    assertEquals(before, Copying.rows(source, exact));
  }

  @Test
  void allOfThemTogetherComeBack() throws Exception {
    String source =
        types(
            "CREATE TABLE t (a boolean, b bigint, c double precision, d numeric, e text, f bytea, g timestamptz, h date, i uuid, j jsonb, k text[], l interval)");
    SyncServer.sql(
        source,
        """
        INSERT INTO t SELECT i % 2 = 0, i * 1234567890123, random() * 10 ^ (i % 40 - 20), (random() * 1e12)::numeric / 7,
          CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE repeat(chr(i % 500 + 1), i % 90) END, decode(md5(i::text), 'hex'),
          timestamptz '2026-01-01' + i * interval '1.000001 s' * (i % 3 - 1) * 1e4, date '0001-01-01' + i * 37, md5(i::text)::uuid,
          jsonb_build_object('i', i, 'f', random()), ARRAY[i::text, NULL, 'x "y" \\z'], i * interval '1.5 min' FROM generate_series(1, 5000) i""");
    Path file = directory.resolve("app.db");
    String sum = "SELECT md5(string_agg(t::text, E'\\n' ORDER BY b)) FROM t";
    String before = SyncServer.ask(source, sum);

    Copying.copy(source, file, "");
    SyncServer.sql(source, "TRUNCATE t");
    Copying.copy(file, source, "");

    assertEquals(before, SyncServer.ask(source, sum));
  }

  private static String types(String table) throws Exception {
    String source = SyncServer.database();
    SyncServer.sql(
        source,
        "CREATE TYPE mood AS ENUM ('sad', 'glad')",
        "CREATE DOMAIN amount AS numeric(6, 2)",
        "CREATE TYPE pair AS (a int, b text)",
        table);
    return source;
  }
}
