package dev.backout.action.disk;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.ByteSize;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Asks whether there is room. */
@ActionInfo(
    name = "disk.check",
    summary = "Check that a file system has room",
    description =
        "The room is what the worker's own user may still use, which is less than what is free where blocks are reserved.",
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks the file system.")
public final class CheckDisk implements Action<CheckDisk.Input, CheckDisk.Output> {

  public record Input(
      @Doc("A file or directory on the file system.") Path path,
      @Doc(value = "How much must be free at least.", defaultValue = "0") ByteSize free,
      @Doc(value = "What part of it must be free at least, in percent.", defaultValue = "0")
          double freePercent) {}

  public record Output(
      @Doc(value = "What is free, in bytes.", reading = true) ByteSize free,
      @Doc("How large the file system is, in bytes.") ByteSize total,
      @Doc(value = "The free part, in percent.", reading = true) double freePercent) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException, IOException {
    Output found = look(input, context);
    if (found.free().bytes() < input.free().bytes() || found.freePercent() < input.freePercent()) {
      throw new ActionException(Kind.PERMANENT, tooLittle(input, found));
    }
    return found;
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException, IOException {
    Output found = run(input, context);
    return new Preview(free(found) + " free at " + input.path(), false, List.of(), found);
  }

  private static Output look(Input input, ActionContext context)
      throws ActionException, IOException {
    Path path = context.allowed(input.path());
    if (!Files.exists(path)) {
      throw new ActionException(
          Kind.PERMANENT,
          "There is no "
              + path
              + ", so it can't be told how much room is there. Correct the path.");
    }
    FileStore store = Files.getFileStore(path);
    long total = store.getTotalSpace();
    long free = store.getUsableSpace();
    double percent = total == 0 ? 0 : Math.round(1000.0 * free / total) / 10.0;
    return new Output(new ByteSize(free), new ByteSize(total), percent);
  }

  private static String tooLittle(Input input, Output found) {
    return "Too little room at "
        + input.path()
        + ": "
        + free(found)
        + " are free, and "
        + (found.free().bytes() < input.free().bytes()
            ? mebibytes(input.free())
            : input.freePercent() + " %")
        + " are needed. Make room, or take another disk.";
  }

  private static String free(Output found) {
    return mebibytes(found.free()) + " (" + found.freePercent() + " %)";
  }

  private static String mebibytes(ByteSize size) {
    return String.format(Locale.ROOT, "%,d MiB", size.bytes() >> 20);
  }
}
