package dev.backout.testing;

/**
 * The database of a payments service: invoices that are credited, and a ledger that may only be
 * added to. Each credited invoice has its entry, and the totals agree.
 */
public final class LedgerDatabase {
  private static final String SCHEMA =
      """
      CREATE TABLE invoices (
        id bigserial PRIMARY KEY, merchant text NOT NULL, amount numeric(12, 2) NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(), credited_at timestamptz);
      CREATE TABLE deposit_raw (
        id bigserial PRIMARY KEY, invoice_id bigint REFERENCES invoices, tx_hash text NOT NULL UNIQUE,
        payload jsonb NOT NULL, seen_at timestamptz NOT NULL DEFAULT now());
      CREATE TABLE ledger_entries (
        id bigserial PRIMARY KEY, invoice_id bigint NOT NULL REFERENCES invoices,
        change_amount numeric(12, 2) NOT NULL, note text NOT NULL DEFAULT '', created_at timestamptz NOT NULL DEFAULT now());
      CREATE TABLE audit_log (
        id bigserial PRIMARY KEY, run text NOT NULL, step text NOT NULL, runbook text NOT NULL, approved_by text NOT NULL,
        statements text NOT NULL, row_count bigint NOT NULL, executed_at timestamptz NOT NULL DEFAULT now());
      CREATE TABLE manual_interventions (id bigserial PRIMARY KEY, what text NOT NULL);
      CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$;
      """;

  private static final String ROWS =
      """
      INSERT INTO invoices (merchant, amount, created_at, credited_at)
        SELECT 'merchant ' || i %% 17, (i * 37 %% 9973) / 100.0 + 1, timestamptz '2026-01-01 00:00+00' + i * interval '1 minute',
          CASE WHEN i %% 10 = 0 THEN NULL ELSE timestamptz '2026-01-01 00:05+00' + i * interval '1 minute' END
        FROM generate_series(1, %1$d) i;
      INSERT INTO deposit_raw (invoice_id, tx_hash, payload)
        SELECT id, md5(id::text), jsonb_build_object('amount', amount, 'asset', 'USDT') FROM invoices WHERE credited_at IS NOT NULL;
      INSERT INTO ledger_entries (invoice_id, change_amount, created_at)
        SELECT id, amount, credited_at FROM invoices WHERE credited_at IS NOT NULL;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION append_only();
      """;

  private LedgerDatabase() {}

  /**
   * Makes one.
   *
   * @param invoices how many; nine of ten are credited
   * @return its name
   */
  public static String in(PostgresServer server, int invoices) {
    String name = server.create("ledger");
    server.sql(name, SCHEMA + ROWS.formatted(invoices));
    return name;
  }
}
