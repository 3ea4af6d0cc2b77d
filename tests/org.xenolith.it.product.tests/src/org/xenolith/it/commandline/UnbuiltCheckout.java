// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;

/** What the launcher script needs of a checkout, copied, with nothing built in it and an environment without a JDK. */
final class UnbuiltCheckout {
  private static final List<String> PARTS = List.of("xenolith", "pom.xml", "releng/sh", "releng/help", "releng/sdk/new",
      "releng/test-tools");
  private final Path root;
  private final Path home;
  private String jdk;

  UnbuiltCheckout(Path work) throws IOException {
    root = work.resolve("checkout");
    home = Files.createDirectories(work.resolve("home"));
    jdk = work.resolve("none").toString();
    for (String part : PARTS) {
      copy(Product.root().resolve(part), root.resolve(part));
    }
    for (String part : List.of(".mvn", "target-platform", "bundles/one/src/main/java", "product")) {
      Files.createDirectories(root.resolve(part));
    }
  }

  Path root() {
    return root;
  }

  /** Pretends that a product was built, of other sources, and that there is a JDK; its JVM prints what it is given. */
  void pretendThatItWasBuilt() throws IOException {
    Files.createDirectories(root.resolve("product/target/xenolith/plugins"));
    Path fake = Files.createDirectories(home.resolve("jdk/bin")).getParent();
    Files.writeString(fake.resolve("release"), "JAVA_VERSION=\"25\"\n");
    Files.writeString(fake.resolve("bin/javac"), "#!/bin/sh\n").toFile().setExecutable(true);
    Files.writeString(fake.resolve("bin/java"), "#!/bin/sh\necho \"product: $*\"\n").toFile().setExecutable(true);
    jdk = fake.toString();
  }

  /** Runs {@code ./xenolith WORDS} there. */
  Outcome run(String... words) throws InterruptedException {
    List<String> line = new ArrayList<>(List.of("./xenolith"));
    line.addAll(List.of(words));
    return start(line);
  }

  /** Runs lines of bash there. */
  Outcome shell(String lines) throws InterruptedException {
    return start(List.of("bash", "-c", lines));
  }

  private Outcome start(List<String> command) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("HOME", home.toString());
    builder.environment().put("XENOLITH_JAVA_HOME", jdk);
    try (Program program = Program.start(builder)) {
      return program.await(Product.LONG);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path copy = to.resolve(from.relativize(path).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(path, copy);
      }
    }
  }
}
