// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;

/** Whether {@code ./xenolith} builds, in a checkout and in copies of it: with the script's own functions and a Maven that only says that it was called. */
class CopiedCheckoutTest {
  /** What is Maven's, the JDK's or the screen's. */
  private static final String WITHOUT_MAVEN = """
      set -euo pipefail
      unset XENOLITH_NO_BUILD
      root=$1 jdk=/some/jdk cache=$1/cache home=$1/product/target/xenolith
      say() { printf '%s\\n' "$*"; }
      fail() { shift; say "$@"; exit 2; }
      show_failure() { :; }
      . "$root/releng/sh/build.sh"
      run_maven() { say "Maven builds"; mkdir -p "$home/plugins"; }
      case $2 in
        build) build_product headless ;;
        boot) build_if_stale headless ;;
      esac
      """;

  @TempDir
  private Path work;
  private Path root;

  @BeforeEach
  void makeACheckout() throws IOException {
    root = work.resolve("root");
    for (String folder : List.of("bundles/one/src/main", "bundles/one/target", "bundles/org.xenolith.ui.window", "product/target", "target",
        "target-platform", ".mvn", "releng/sh")) {
      Files.createDirectories(root.resolve(folder));
    }
    Files.copy(Product.root().resolve("releng/sh/build.sh"), root.resolve("releng/sh/build.sh"));
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    Files.writeString(root.resolve("bundles/one/src/main/One.java"), "class One {}");
    Files.writeString(work.resolve("run.sh"), WITHOUT_MAVEN);
  }

  private static String shell(String... line) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  /** How often it is built. */
  private int builds(Path checkout, String command) throws IOException, InterruptedException {
    return shell("bash", work.resolve("run.sh").toString(), checkout.toString(), command).split("Maven builds", -1).length - 1;
  }

  private Path copy(String name, String how) throws IOException, InterruptedException {
    Path copy = work.resolve(name);
    shell("cp", how, root.toString(), copy.toString());
    return copy;
  }

  @Test
  void whatWasBuiltIsNotBuiltAgainWhereverTheCheckoutIsMoved() throws IOException, InterruptedException {
    assertEquals(1, builds(root, "boot"), "nothing was built");
    assertEquals(0, builds(root, "boot"));
    Path copy = copy("with-ages", "-a");
    assertEquals(0, builds(copy, "boot"), "a copy that keeps the ages of its files is what was built");
    Path moved = Files.move(copy, work.resolve("moved"));
    assertEquals(0, builds(moved, "boot"));
  }

  @Test
  void aCopyThatIsBuiltIsBuiltOnce() throws IOException, InterruptedException {
    builds(root, "build");
    // Its files are younger than those that were built: nobody can tell that they are the same.
    Thread.sleep(10);
    Path copy = copy("without-ages", "-r");
    assertEquals(1, builds(copy, "build"));
    assertEquals(0, builds(copy, "boot"), "it was built in this place");
    assertEquals(0, builds(copy, "boot"));
  }

  @Test
  void aCopyWithoutAgesThatIsBootedAtOnceIsBuiltOnce() throws IOException, InterruptedException {
    builds(root, "build");
    Thread.sleep(10);
    Path copy = copy("booted", "-r");
    assertEquals(1, builds(copy, "boot"));
    assertEquals(0, builds(copy, "boot"));
  }

  @Test
  void whatChangesIsBuilt() throws IOException, InterruptedException {
    builds(root, "build");
    Files.writeString(root.resolve("bundles/one/src/main/One.java"), "class One { }");
    assertEquals(1, builds(root, "boot"));
    Files.writeString(root.resolve("bundles/one/target/One.class"), "x");
    Files.writeString(root.resolve("bundles/org.xenolith.ui.window/Window.java"), "x");
    Files.writeString(Files.createDirectories(root.resolve("releng/help")).resolve("boot.txt"), "x");
    assertEquals(0, builds(root, "boot"), "what builds leave, what is the window's, and texts of help aren't the product's");
    Files.delete(root.resolve("product/target/xenolith.stamp"));
    assertEquals(1, builds(root, "boot"));
    assertTrue(Files.exists(root.resolve("product/target/xenolith.stamp")));
  }
}
