package dev.backout.postmortem;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.backout.plan.Json;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The forms that a report can be written in. */
public enum Format {
  /** One page that needs nothing else: no script, no other file. */
  HTML {
    @Override
    public String render(Report report) {
      StringOutput output = new StringOutput();
      TemplateEngine.createPrecompiled(null, ContentType.Html, null, Format.class.getPackageName())
          .render("report.jte", new Page(report, style()), output);
      return output.toString();
    }
  },
  MD {
    @Override
    public String render(Report report) {
      return new Markdown(report).text();
    }
  },
  JSON {
    @Override
    public String render(Report report) {
      try {
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n";
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    }
  };

  public abstract String render(Report report);

  /** By a file's ending; empty if there is no such format. */
  public static Optional<Format> ofFile(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return ending.equals("htm")
        ? Optional.of(HTML)
        : Arrays.stream(values()).filter(format -> format.ending().equals(ending)).findFirst();
  }

  public String ending() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@code .html, .md, .json} */
  public static String endings() {
    return Arrays.stream(values())
        .map(format -> "." + format.ending())
        .collect(Collectors.joining(", "));
  }

  private static String style() {
    try (InputStream css =
        Objects.requireNonNull(Format.class.getResourceAsStream("report.css"), "report.css")) {
      return "<style>\n" + new String(css.readAllBytes(), StandardCharsets.UTF_8) + "</style>";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
