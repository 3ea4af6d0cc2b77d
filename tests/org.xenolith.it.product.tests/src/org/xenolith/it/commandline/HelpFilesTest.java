// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;

/** The texts in {@code releng/help}, by which the script answers where nothing is built, are what the product says. */
class HelpFilesTest {
  private static final Path HELP = Product.root().resolve("releng/help");

  @TempDir
  private Path work;

  @Test
  void theTextsOfTheCheckoutAreThoseOfTheProductAndTheFuzzer() throws IOException, InterruptedException {
    Path made = work.resolve("help");
    Product.run("help", "--write", made).expect(0);
    Map<String, String> product = texts(made);
    Map<String, String> checkout = texts(HELP);
    String remedy = "run ./xenolith help --write and commit releng/help";
    assertEquals(product.keySet(), checkout.keySet(), remedy);
    product.forEach((name, text) -> assertEquals(text, checkout.get(name), () -> "releng/help/" + name + ": " + remedy));
    assertTrue(product.keySet().containsAll(List.of("HELP.txt", "VERSION.txt", "boot.txt", "topology.import.txt", "fuzz.txt")),
        product::toString);
    Product.run("help", "--write", made).expect(2).errHas("--write '.*help': the folder isn't empty");
  }

  /** What is written is what is shown. Without a terminal, which would say how wide it is. */
  @Test
  void theProductShowsTheSame() throws IOException, InterruptedException {
    for (Map.Entry<String, String> each : Map.of("boot --help", "boot.txt", "help topology import", "topology.import.txt").entrySet()) {
      assertEquals(Files.readString(HELP.resolve(each.getValue())), Product.shell("XENOLITH_JAVA_OPTS=-XX:TieredStopAtLevel=1"
          + " setsid -w ./xenolith " + each.getKey()).expect(0).out(), each.getKey());
    }
  }

  private static Map<String, String> texts(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".txt")).toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }
}
