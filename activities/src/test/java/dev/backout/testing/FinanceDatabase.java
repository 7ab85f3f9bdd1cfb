package dev.backout.testing;

/**
 * The database of a finance service: invoices with lines, payments, and journals whose lines
 * balance. All totals agree.
 */
public final class FinanceDatabase {
  private static final String SCHEMA =
      """
      CREATE TABLE invoices (
        id bigserial PRIMARY KEY, number text NOT NULL UNIQUE, issued_on date NOT NULL, total numeric(14, 2) NOT NULL);
      CREATE TABLE invoice_lines (
        id bigserial PRIMARY KEY, invoice_id bigint NOT NULL REFERENCES invoices, quantity integer NOT NULL, price numeric(14, 2) NOT NULL);
      CREATE TABLE payments (
        id bigserial PRIMARY KEY, invoice_id bigint NOT NULL REFERENCES invoices, amount numeric(14, 2) NOT NULL, paid_at timestamptz NOT NULL);
      CREATE TABLE journals (id bigserial PRIMARY KEY, invoice_id bigint REFERENCES invoices, posted_on date NOT NULL);
      CREATE TABLE journal_lines (
        id bigserial PRIMARY KEY, journal_id bigint NOT NULL REFERENCES journals, account text NOT NULL,
        debit numeric(14, 2) NOT NULL DEFAULT 0, credit numeric(14, 2) NOT NULL DEFAULT 0);
      CREATE TABLE integrity_events (
        id bigserial PRIMARY KEY, what text NOT NULL, details jsonb NOT NULL DEFAULT '{}', at timestamptz NOT NULL DEFAULT now());
      """;

  private static final String ROWS =
      """
      INSERT INTO invoices (number, issued_on, total)
        SELECT 'R-' || i, date '2026-01-01' + (i %% 180), (i %% 7 + 1) * ((i * 13 %% 5000) / 100.0 + 1) + 2 * (i %% 11 + 1) FROM generate_series(1, %1$d) i;
      INSERT INTO invoice_lines (invoice_id, quantity, price)
        SELECT i, i %% 7 + 1, (i * 13 %% 5000) / 100.0 + 1 FROM generate_series(1, %1$d) i
        UNION ALL SELECT i, 2, i %% 11 + 1 FROM generate_series(1, %1$d) i;
      INSERT INTO payments (invoice_id, amount, paid_at) SELECT id, total, issued_on + interval '14 days' FROM invoices WHERE id %% 3 <> 0;
      INSERT INTO journals (invoice_id, posted_on) SELECT id, issued_on FROM invoices;
      INSERT INTO journal_lines (journal_id, account, debit, credit)
        SELECT j.id, 'receivables', i.total, 0 FROM journals j JOIN invoices i ON i.id = j.invoice_id
        UNION ALL SELECT j.id, 'revenue', 0, i.total FROM journals j JOIN invoices i ON i.id = j.invoice_id;
      """;

  private FinanceDatabase() {}

  /**
   * Makes one.
   *
   * @param invoices how many, with two lines and a journal each; two of three are paid
   * @return its name
   */
  public static String in(PostgresServer server, int invoices) {
    String name = server.create("finance");
    server.sql(name, SCHEMA + ROWS.formatted(invoices));
    return name;
  }
}
