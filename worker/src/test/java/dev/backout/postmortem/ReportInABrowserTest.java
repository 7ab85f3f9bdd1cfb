package dev.backout.postmortem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import dev.backout.testing.RequiresProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@RequiresProgram("chromium")
class ReportInABrowserTest {
  private static Playwright playwright;
  private static Browser browser;

  @TempDir Path directory;

  @BeforeAll
  static void open() {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program("chromium"))
                    .setArgs(List.of("--no-sandbox")));
  }

  @AfterAll
  static void close() {
    if (playwright != null) {
      playwright.close();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void nothingInItStandsInAReadersWay(ColorScheme scheme) throws Exception {
    try (Page page = page(scheme, 1100)) {
      show(page, Report.of(SampleRuns.rough(), null));
      assertEquals(
          List.of(),
          new AxeBuilder(page)
              .analyze().getViolations().stream()
                  .map(rule -> rule.getId() + ": " + rule.getNodes())
                  .toList());
    }
  }

  @Test
  void itFetchesNothingAndHostileNamesRunNothing() throws Exception {
    try (Page page = page(ColorScheme.LIGHT, 1100)) {
      List<String> noise = new ArrayList<>();
      page.onConsoleMessage(message -> noise.add(message.text()));
      page.onDialog(dialog -> noise.add(dialog.message()));
      page.onRequest(request -> noise.add(request.url()));
      Path file =
          show(page, Report.of(SampleRuns.rough(SampleRuns.HOSTILE, SampleRuns.HOSTILE), null));
      assertEquals(List.of(file.toUri().toString()), noise);
      assertTrue(page.locator("table").first().isVisible());
    }
  }

  @Test
  void aNarrowScreenNeedsNoSidewaysScrollingOfThePage() throws Exception {
    try (Page page = page(ColorScheme.LIGHT, 360)) {
      show(page, Report.of(SampleRuns.rough(), null));
      assertEquals(
          360, ((Number) page.evaluate("document.documentElement.scrollWidth")).intValue());
    }
  }

  @Test
  void itPrintsWholeAndWithoutTheNavigation() throws Exception {
    try (Page page = page(ColorScheme.DARK, 1100)) {
      show(page, Report.of(SampleRuns.rough(), null));
      page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
      assertEquals(false, page.locator("nav").isVisible());
      assertEquals(
          "rgb(255, 255, 255)", page.evaluate("getComputedStyle(document.body).backgroundColor"));
      assertTrue(page.pdf(new Page.PdfOptions().setFormat("A4")).length > 10_000);
    }
  }

  /** With {@code -Dscreenshots=DIRECTORY}: the pictures to look at. */
  @Test
  void picturesForThePersonWhoChangesIt() throws Exception {
    String wanted = System.getProperty("screenshots");
    if (wanted == null) {
      return;
    }
    Path pictures = Files.createDirectories(Path.of(wanted));
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (int width : List.of(1100, 360)) {
        try (Page page = page(scheme, width)) {
          show(page, Report.of(SampleRuns.rough(), null));
          page.screenshot(
              new Page.ScreenshotOptions()
                  .setFullPage(true)
                  .setPath(pictures.resolve(scheme + "-" + width + ".png")));
          page.pdf(new Page.PdfOptions().setFormat("A4").setPath(pictures.resolve("paper.pdf")));
        }
      }
    }
  }

  private Path show(Page page, Report report) throws Exception {
    Path file = Files.writeString(directory.resolve("report.html"), Format.HTML.render(report));
    page.navigate(file.toUri().toString());
    return file;
  }

  private static Page page(ColorScheme scheme, int width) {
    return browser.newPage(
        new Browser.NewPageOptions().setColorScheme(scheme).setViewportSize(width, 900));
  }

  private static Path program(String name) {
    return java.util.Arrays.stream(System.getenv("PATH").split(":"))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }
}
