package dev.backout.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** How a worker names itself to the server: the process, the machine, and the journal it writes. */
final class WorkerIdentity {
  private static final String JOURNAL = "#";

  private WorkerIdentity() {}

  static String of(String journalId) {
    return "backout-worker-" + ProcessHandle.current().pid() + "@" + host() + JOURNAL + journalId;
  }

  /** A worker that was started again writes the same journal under another process id. */
  static boolean isOfJournal(String identity, String journalId) {
    return identity.endsWith(JOURNAL + journalId);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "?";
    }
  }
}
