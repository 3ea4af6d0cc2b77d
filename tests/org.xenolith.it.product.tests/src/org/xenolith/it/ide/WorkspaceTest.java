// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.ide;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.Lane;

/**
 * What {@code docs/ide.md} and {@code CONTRIBUTING.md} promise, in a copy of the checkout: PDE and JDT build all projects without an
 * error marker, a unit test and a boot run from there, and a register that was given another reset value makes the test fail.
 */
class WorkspaceTest {
  private static final Set<String> NOT_COPIED = Set.of("target", "dist", "bin", "bin-test", "bin-run", ".git", ".settings");
  private static final String MODEL = "bundles/org.xenolith.hw.pl011/src/main/java/org/xenolith/hw/pl011/Pl011Register.java";
  /** UARTCR: on, transmitter and receiver. */
  private static final String RESET = ".reset(0x301)";

  @TempDir
  Path work;

  @TestFactory
  List<DynamicTest> newcomersFirstHour() {
    return Lane.onlyFull(DynamicTest.dynamicTest("workspace, unit test, boot, a changed reset value and an error", this::hour));
  }

  private void hour() throws Exception {
    Path checkout = work.resolve("checkout");
    copy(Product.root(), checkout);
    ide(checkout, "--run", "unit-test", "--run", "boot").expect(0).outHas("(?m)^\\d{3} projects, \\d{4} classes, 0 error markers$")
        .outHas("(?m)^[1-9]\\d* passed, 0 failed$").outHas("(?m)^XENOLITH-DONE");

    Path model = checkout.resolve(MODEL);
    String register = Files.readString(model);
    Files.writeString(model, register.replace(RESET, ".reset(0x100)"));
    ide(checkout, "--run", "unit-test").expect(1).outHas("0 error markers").outHas("(?m)^\\d+ passed, [1-9]\\d* failed$");

    Files.writeString(model, register.replace(RESET, ".reset(\"0x301\")"));
    ide(checkout).expect(1).outHas("(?m)^" + MODEL + ":\\d+: The method reset.* is not applicable").outHas("[1-9]\\d* error markers");

    Files.writeString(model, register);
    Files.writeString(checkout.resolve("releng/device.bnd"), Files.readString(checkout.resolve("releng/device.bnd")).replace(
        "org.xenolith.fdt,", "org.xenolith.fdt, org.xenolith.absent,"));
    ide(checkout).expect(1).outHas("(?m)^bundles/org\\.xenolith\\.hw\\.pl011/pde\\.bnd:\\d+: org\\.xenolith\\.absent");
  }

  private Outcome ide(Path checkout, String... arguments) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(checkout.resolve("xenolith").toString(), "ide", "--to", work.resolve("ide").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    try (Program program = Program.start(builder.directory(work.toFile()))) {
      return program.await(Duration.ofMinutes(15));
    }
  }

  /** The sources, what is generated beside them, and links to the built products. */
  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(from, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes facts) throws IOException {
        if (NOT_COPIED.contains(folder.getFileName().toString())) {
          return FileVisitResult.SKIP_SUBTREE;
        }
        Files.createDirectories(to.resolve(from.relativize(folder)));
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
        if (!Set.of(".project", ".classpath").contains(file.getFileName().toString())) {
          Files.copy(file, to.resolve(from.relativize(file)));
        }
        return FileVisitResult.CONTINUE;
      }
    });
    for (String product : List.of("product", "product-ui")) {
      Files.createSymbolicLink(to.resolve(product).resolve("target"), from.resolve(product).resolve("target"));
    }
  }
}
