
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the pages of {@code ./xenolith docs} out of the checkout's Markdown, the help texts and the tables of registers. Arguments: the checkout, a new folder,
 * the version, the folder of the documentation of contracts below the new one, or {@code -}, and a folder with the help of the commands that a script has. Ends with 1 and a line for each link that leads nowhere.
 */
final class Site {
  private final Pages pages;
  private final Path to;
  private final String version;
  private final boolean javadoc;

  private Site(Pages pages, Path to, String version, boolean javadoc) {
    this.pages = pages;
    this.to = to;
    this.version = version;
    this.javadoc = javadoc;
  }

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]).toRealPath();
    Path to = Path.of(arguments[1]);
    List<Page> written = new ArrayList<>(new Checkout(root).pages());
    written.addAll(new CommandPages(root.resolve("releng/help"), Path.of(arguments[4])).pages());
    written.addAll(new RegisterPages(root.resolve("bundles")).pages());
    Site site = new Site(new Pages(root, written), to, arguments[2], !arguments[3].equals("-"));
    List<String> problems = site.write();
    problems.forEach(System.err::println);
    System.out.println(written.size());
    System.exit(problems.isEmpty() ? 0 : 1);
  }

  private List<String> write() throws IOException {
    Rendering rendering = new Rendering(pages);
    Navigation navigation = Navigation.of(pages, javadoc);
    SearchWords words = new SearchWords();
    for (Page page : pages.all()) {
      Rendering.Rendered made = rendering.of(page);
      words.add(page, made.title(), made.headings());
      write(page.place(), Layout.html(page, made, navigation, version));
    }
    List<String> problems = new ArrayList<>(rendering.problems());
    for (var file : pages.attached().entrySet()) {
      Path target = to.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.copy(file.getValue(), target);
    }
    write("search.js", words.script() + resource("search.js"));
    write("site.css", resource("site.css"));
    return problems;
  }

  private static String resource(String name) throws IOException {
    return Files.readString(Path.of(System.getProperty("xenolith.site")).resolve(name));
  }

  private void write(String place, String text) throws IOException {
    Path file = to.resolve(place);
    Files.createDirectories(file.getParent());
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
