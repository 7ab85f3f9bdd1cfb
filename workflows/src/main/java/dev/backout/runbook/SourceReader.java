package dev.backout.runbook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file's bytes to text; whatever is wrong with the file is a diagnostic. */
public final class SourceReader {
  /** Larger than any runbook that a person could read. */
  public static final int MAX_BYTES = 1 << 20;

  private SourceReader() {}

  /** The text, or why there is none. */
  public record Read(Optional<SourceText> source, List<Diagnostic> diagnostics) {}

  /**
   * @param shownAs how the file is named to people
   */
  public static Read read(Path path, String shownAs) {
    if (!Files.exists(path)) {
      return failed(shownAs, "no-such-file", "There is no such file", nearby(path));
    }
    if (Files.isDirectory(path)) {
      return failed(
          shownAs, "directory", "This is a directory, not a runbook", "Name a file in it");
    }
    if (!Files.isRegularFile(path)) {
      return failed(shownAs, "not-a-file", "This is a device or a pipe, not a runbook", null);
    }
    try (InputStream in = Files.newInputStream(path)) {
      return decode(in.readNBytes(MAX_BYTES + 1), shownAs);
    } catch (AccessDeniedException e) {
      return failed(
          shownAs, "not-readable", "The file can't be read: permission denied", "Check its mode");
    } catch (IOException e) {
      return failed(
          shownAs,
          "not-readable",
          "The file can't be read: " + Shown.text(String.valueOf(e.getMessage())),
          null);
    }
  }

  /** For text that doesn't come from a file, such as standard input. */
  public static Read decode(byte[] bytes, String shownAs) {
    if (bytes.length > MAX_BYTES) {
      Diagnostics diagnostics = new Diagnostics(shownAs);
      tooLarge(diagnostics);
      return new Read(Optional.empty(), diagnostics.sorted());
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer text = CharBuffer.allocate(bytes.length + 1);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CoderResult result = decoder.decode(in, text, true);
    text.flip();
    SourceText source = new SourceText(shownAs, text.toString());
    return result.isError()
        ? notUtf8(source, bytes, in.position())
        : new Read(Optional.of(source), List.of());
  }

  static void tooLarge(Diagnostics diagnostics) {
    diagnostics.error(
        SourceRange.START,
        "file-too-large",
        "The file is larger than 1 MiB",
        "Is this the right file? Split a long runbook into child runbooks");
  }

  /**
   * @param sound the text up to the byte that is wrong
   */
  private static Read notUtf8(SourceText sound, byte[] bytes, int at) {
    Diagnostics diagnostics = new Diagnostics(sound.file());
    int end = sound.text().length();
    boolean utf16 =
        bytes.length > 1
            && ((bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE)
                || (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF));
    diagnostics.error(
        sound.range(end, end),
        "not-utf-8",
        String.format("The byte 0x%02X is not UTF-8", bytes[at] & 0xFF),
        utf16
            ? "The file is UTF-16: save it as UTF-8"
            : "Save the file as UTF-8; `iconv -f latin1 -t utf-8` converts older files");
    return new Read(Optional.empty(), diagnostics.sorted());
  }

  private static Read failed(String file, String code, String message, @Nullable String hint) {
    return new Read(
        Optional.empty(),
        List.of(new Diagnostic(file, SourceRange.START, Severity.ERROR, code, message, hint)));
  }

  private static @Nullable String nearby(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return folder == null ? null : "Its folder does not exist either";
    }
    try (var files = Files.list(folder)) {
      return Suggestion.nearest(
              path.getFileName().toString(),
              files.limit(1000).map(file -> file.getFileName().toString()).toList())
          .map(name -> "Did you mean `" + Shown.word(name) + "`?")
          .orElse(null);
    } catch (IOException e) {
      return null;
    }
  }
}
