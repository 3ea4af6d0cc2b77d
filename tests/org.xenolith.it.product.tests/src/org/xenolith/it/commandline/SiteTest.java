// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;

/** The documentation as pages: all of it is there, and each link of each page leads to a file and to a place in it. */
class SiteTest {
  private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
  private static final Pattern ANCHOR = Pattern.compile("\\bid=\"([^\"]*)\"");

  @TempDir
  static Path whole;
  @TempDir
  Path work;
  private static Path site;

  @BeforeAll
  static void make() throws InterruptedException {
    site = whole.resolve("a place/site");
    docs("--without-javadoc", "--no-open", "--to", site.toString()).expect(0).errHas("\\d+ pages are in .*/site; the first is index.html");
  }

  @Test
  void eachPageIsThereAndEachLinkLeadsSomewhere() throws IOException {
    assertEquals(List.of(), deadLinks());
    assertTrue(missing().isEmpty(), () -> "no page of " + missing());
    String registers = Files.readString(site.resolve("reference/registers/hw.pl011.Pl011Register.html"));
    assertTrue(registers.contains("<td>UARTIMSC</td>") && registers.contains("<td>0x38</td>"), registers);
    assertTrue(Files.readString(site.resolve("reference/commands/docs.html")).contains("--without-javadoc"));
    assertTrue(Files.readString(site.resolve("search.js")).contains("reference/registers/hw.pl011.Pl011Register.html"));
  }

  @Test
  void aFolderOfOtherThingsIsLeftAlone() throws InterruptedException, IOException {
    Files.writeString(work.resolve("kept"), "mine");
    docs("--without-javadoc", "--no-open", "--to", work.toString()).expect(2).errHas(
        "is there and isn't what docs made; name a folder that isn't there");
    assertEquals("mine", Files.readString(work.resolve("kept")));
    docs("--open").expect(2).errHas("docs: expected --to FOLDER, --without-javadoc or --no-open, got '--open'");
  }

  @Test
  void aLinkThatLeadsNowhereIsSaidWithItsPage() throws InterruptedException, IOException {
    Path root = work.resolve("root");
    for (String folder : List.of("docs/guides", "releng/help", "bundles", "usage")) {
      Files.createDirectories(root.resolve(folder));
    }
    for (String page : List.of("CHANGELOG.md", "CONTRIBUTING.md", "NOTICE.md", "docs/README.md", "docs/guides/look-inside.md")) {
      Files.writeString(root.resolve(page), "# " + page + "\n");
    }
    Files.writeString(root.resolve("README.md"),
        "# Page\n\n[gone](docs/gone.md) [there](docs/README.md#nothing) [here](CHANGELOG.md#changelogmd)\n");
    String cache = System.getenv("XENOLITH_CACHE");
    String libraries = (cache == null ? System.getProperty("user.home") + "/.cache/xenolith" : cache) + "/commonmark";
    Outcome made = run(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp", libraries + "/*:" + Product.root().resolve(
        "product/target/xenolith/plugins")
        + "/*", "-Dxenolith.site=" + Product.root().resolve("releng/site"), Product.root().resolve("releng/site/Site.java").toString(), root
            .toString(), work.resolve("site")
                .toString(), "1.0.0", "-", root.resolve("usage").toString()).expect(1);
    assertEquals("README.md: docs/gone.md: no such file\nREADME.md: docs/README.md#nothing: no heading of docs/README.md has this anchor\n",
        made.err());
  }

  private static Outcome docs(String... words) throws InterruptedException {
    List<String> line = new ArrayList<>(List.of(Product.root().resolve("xenolith").toString(), "docs"));
    line.addAll(List.of(words));
    return run(line.toArray(String[]::new));
  }

  private static Outcome run(String... line) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    try (Program program = Program.start(builder)) {
      return program.await(Product.LONG);
    }
  }

  /** What ought to have a page and has none. */
  private static Set<String> missing() {
    Set<String> missing = new TreeSet<>();
    try (Stream<Path> guides = Files.list(Product.root().resolve("docs/guides")); Stream<Path> bundles = Files.list(Product.root().resolve(
        "bundles"));
        Stream<Path> commands = Files.list(Product.root().resolve("releng/help"))) {
      guides.map(file -> "guides/" + file.getFileName().toString().replace(".md", ".html")).forEach(missing::add);
      bundles.filter(folder -> Files.exists(folder.resolve("README.md"))).map(folder -> "bundles/" + folder.getFileName() + "/index.html")
          .forEach(missing::add);
      commands.map(file -> file.getFileName().toString()).filter(name -> name.matches("[a-z.-]+\\.txt")).map(name -> "reference/commands/"
          + name.replace(".txt",
              ".html")).forEach(missing::add);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    missing.removeIf(place -> Files.exists(site.resolve(place)));
    return missing;
  }

  private static List<String> deadLinks() throws IOException {
    Map<Path, Set<String>> anchors = new HashMap<>();
    Map<Path, String> pages = new HashMap<>();
    try (Stream<Path> files = Files.walk(site)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".html")).toList()) {
        String text = Files.readString(file);
        pages.put(file, text);
        Set<String> ids = new HashSet<>();
        Matcher id = ANCHOR.matcher(text);
        while (id.find()) {
          ids.add(id.group(1));
        }
        anchors.put(file, ids);
      }
    }
    assertFalse(pages.isEmpty());
    List<String> dead = new ArrayList<>();
    pages.forEach((page, text) -> {
      Matcher link = LINK.matcher(text);
      while (link.find()) {
        String words = link.group(1);
        int hash = words.indexOf('#');
        Path target = words.startsWith("#") ? page : page.getParent().resolve(URLDecoder.decode(hash < 0 ? words : words.substring(0, hash),
            StandardCharsets.UTF_8))
            .normalize();
        if (words.matches("[a-z]+:.*")) {
          continue;
        } else if (!Files.isRegularFile(target)) {
          dead.add(site.relativize(page) + ": " + words);
        } else if (hash >= 0 && !anchors.getOrDefault(target, Set.of()).contains(words.substring(hash + 1))) {
          dead.add(site.relativize(page) + ": " + words);
        }
      }
    });
    return dead;
  }
}
