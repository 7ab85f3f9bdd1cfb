package dev.backout.action.sync;

import java.io.EOFException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;

/**
 * The rows of a query, one after another, in the forms that SQLite keeps: by COPY in PostgreSQL's
 * binary format, of which never more than a row is held.
 */
public final class BinaryRows implements AutoCloseable {
  private static final int FLAGS_END = 15;

  private final CopyOut copy;
  private final Form[] forms;
  private byte[] data = {};
  private int at;
  private long bytes;
  private boolean begun;
  private boolean ended;

  private BinaryRows(CopyOut copy, List<Form> forms) {
    this.copy = copy;
    this.forms = forms.toArray(new Form[0]);
  }

  /**
   * @param query whose columns are what {@link Form#select} asks for
   */
  public static BinaryRows of(Connection connection, String query, List<Form> forms)
      throws SQLException {
    BaseConnection base = connection.unwrap(BaseConnection.class);
    return new BinaryRows(
        new CopyManager(base).copyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)"), forms);
  }

  /**
   * Reads the next row.
   *
   * @param into as {@link Form#decode} gives them; null for NULL
   * @param offset where in it the row begins
   * @return false if there is none
   */
  public boolean next(@Nullable Object[] into, int offset) throws SQLException, IOException {
    if (!begun) {
      skipHeader();
    }
    int fields = ended ? -1 : number(2);
    if (fields == -1) {
      finish();
      return false;
    }
    if (fields != forms.length) {
      throw new IOException("a row of " + fields + " fields, and " + forms.length + " expected");
    }
    for (int i = 0; i < fields; i++) {
      int length = number(4);
      if (length < 0) {
        into[offset + i] = null;
      } else {
        need(length);
        into[offset + i] = forms[i].decode(data, at, length);
        at += length;
      }
    }
    return true;
  }

  /** How many came from the server by now. */
  public long bytes() {
    return bytes;
  }

  private void skipHeader() throws SQLException, IOException {
    begun = true;
    need(FLAGS_END);
    at += FLAGS_END;
    int extension = number(4);
    need(extension);
    at += extension;
  }

  private int number(int size) throws SQLException, IOException {
    need(size);
    int value = data[at];
    for (int i = 1; i < size; i++) {
      value = value << 8 | data[at + i] & 0xff;
    }
    at += size;
    return value;
  }

  private void need(int count) throws SQLException, IOException {
    while (data.length - at < count) {
      byte[] more = copy.readFromCopy();
      if (more == null) {
        throw new EOFException("the server's answer ended in the middle of a row");
      }
      bytes += more.length;
      if (at < data.length) {
        byte[] joined = new byte[data.length - at + more.length];
        System.arraycopy(data, at, joined, 0, data.length - at);
        System.arraycopy(more, 0, joined, data.length - at, more.length);
        data = joined;
      } else {
        data = more;
      }
      at = 0;
    }
  }

  /** The server says only now whether it all went well. */
  private void finish() throws SQLException {
    if (!ended) {
      ended = true;
      while (copy.readFromCopy() != null) {
        // nothing follows the last row
      }
    }
  }

  @Override
  public void close() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }
}
