// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process of a product with a plug-in that hangs: its window lives, offers what can be done, and ends. */
@Tag("full")
class HangProcessTest {
  @TempDir
  Path work;

  @Test
  void windowOfAMachineThatHangsLivesAndEnds() throws Exception {
    try (WorkbenchProcess workbench = start("alarm")) {
      boots(workbench);
      // What is pressed is the first button: off the bus. The machine goes on, so that its end needs consent.
      workbench.typeIn(HangDialog.TITLE, Screen.ENTER);
      workbench.await("the model's leaving", () -> !workbench.shows(HangDialog.TITLE));
      workbench.closeWindow();
      workbench.await("the question", () -> workbench.shows("Quit"));
      workbench.typeIn("Quit", Screen.ENTER);
      workbench.ends();
    }
  }

  @Test
  void windowOfAMachineThatCantGoOnIsQuit() throws Exception {
    try (WorkbenchProcess workbench = start("write")) {
      boots(workbench);
      workbench.closeWindow();
      workbench.await("the question", () -> workbench.shows("Quit"));
      workbench.typeIn("Quit", Screen.ENTER);
      workbench.ends();
    }
  }

  private WorkbenchProcess start(String hang) throws Exception {
    return WorkbenchProcess.start(checkout(), work, Map.of("JAVA_TOOL_OPTIONS", "-D" + HangingUart.PROPERTY + "=" + hang));
  }

  private static void boots(WorkbenchProcess workbench) throws Exception {
    workbench.type(Screen.F10, Screen.DOWN, Screen.ENTER);
    workbench.await("the boot dialog", () -> workbench.shows("Boot"));
    workbench.typeIn("Boot", Screen.ENTER);
    workbench.await("the dialog", () -> workbench.shows(HangDialog.TITLE));
    String text = workbench.text();
    assertTrue(text.contains("xenolith: model-hangs " + HangingUart.NODE + ": " + HangingUart.NAMED) && text.contains(HangingUart.FRAME),
        text);
  }

  /** A checkout with the workbench that the build has made, but for one bundle. */
  private Path checkout() throws IOException {
    InstalledProduct installed = new InstalledProduct();
    Path checkout = work.resolve("checkout");
    copy(InstalledProduct.root().resolve("releng/sh"), checkout.resolve("releng/sh"));
    Files.copy(InstalledProduct.root().resolve("xenolith"), checkout.resolve("xenolith"), StandardCopyOption.COPY_ATTRIBUTES);
    Path target = Files.createDirectories(checkout.resolve("product-ui/target"));
    Path product = target.resolve("workbench-1");
    copy(InstalledProduct.root().resolve("product-ui/target/workbench").toRealPath(), product);
    Files.copy(HangingUart.jar(installed, Files.createDirectory(work.resolve("jars"))),
        product.resolve("plugins").resolve(installed.jar(HangingUart.BUNDLE).getFileName()), StandardCopyOption.REPLACE_EXISTING);
    Files.createSymbolicLink(target.resolve("workbench"), product.getFileName());
    return checkout;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path copy = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
  }
}
