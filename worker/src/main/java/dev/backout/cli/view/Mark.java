package dev.backout.cli.view;

import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.proof.Verdict;

/** A state at a glance: by its shape, by its colour, and as a word. */
enum Mark {
  DONE("✓", "ok", Tone.GOOD, "done"),
  RUNNING("▶", ">>", Tone.ASK, "running"),
  WAITING("?", "??", Tone.WARN, "waiting"),
  FAILED("✗", "!!", Tone.BAD, "failed"),
  IN_DOUBT("⁇", "?!", Tone.BAD, "in doubt"),
  UNDONE("↶", "<-", Tone.WARN, "undone"),
  SKIPPED("–", "--", Tone.FAINT, "skipped"),
  PENDING("·", "..", Tone.FAINT, "not begun");

  private final String shape;
  private final String ascii;
  private final Tone tone;
  private final String word;

  Mark(String shape, String ascii, Tone tone, String word) {
    this.shape = shape;
    this.ascii = ascii;
    this.tone = tone;
    this.word = word;
  }

  static Mark of(StepState state) {
    return switch (state) {
      case PENDING -> PENDING;
      case RUNNING -> RUNNING;
      case WAITING -> WAITING;
      case DONE -> DONE;
      case FAILED -> FAILED;
      case SKIPPED -> SKIPPED;
      case IN_DOUBT -> IN_DOUBT;
      case UNDONE -> UNDONE;
    };
  }

  static Mark of(RunState state) {
    return switch (state) {
      case RUNNING -> RUNNING;
      case WAITING -> WAITING;
      case SUCCEEDED -> DONE;
      case FAILED, STOPPED, CANCELLED, TERMINATED -> FAILED;
      case UNDONE -> UNDONE;
      case INTERRUPTED -> IN_DOUBT;
    };
  }

  static Line line(Verdict verdict, Look look) {
    Mark mark =
        switch (verdict) {
          case PROVEN -> DONE;
          case UNCHECKED, UNVERIFIED -> WAITING;
          case UNPROVEN, ALTERED -> FAILED;
        };
    return mark.line(look);
  }

  Line line(Look look) {
    return Line.of(tone, look.unicode() ? shape : ascii);
  }

  Tone tone() {
    return tone;
  }

  String word() {
    return word;
  }
}
