// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ProductProcess;
import org.xenolith.testkit.FullLane;

/** {@code boot} with plug-ins that would end it, or keep it from ending. */
@FullLane
class HostileProcessTest {
  private static final int TERMINATED = 128 + 15;
  @TempDir
  Path folder;

  private ProductProcess start(String hostile, String... more) throws IOException {
    Path plugins = folder.resolve("plugins.d");
    if (!Files.exists(plugins)) {
      Files.write(Files.createDirectory(plugins).resolve("uart.jar"), HostilePlugin.edit().bytes());
    }
    List<String> words = new ArrayList<>(List.of("boot", "--guest", "tiny", "--plugins", plugins.toString()));
    words.addAll(List.of(more));
    return ProductProcess.start(Map.of("JAVA_TOOL_OPTIONS", "-D" + HostilePlugin.PROPERTY + "=\"" + hostile + '"'), words.toArray(
        String[]::new));
  }

  private static String named(String instance) {
    return "model-hangs " + instance + ": " + HostilePlugin.NODE + ": " + HostilePlugin.BUNDLE + ' ' + HostilePlugin.VERSION
        + " has not come back for ";
  }

  @Test
  void processThatHangsListensToItsFolderAndEndsWhenItIsAskedTo() throws Exception {
    try (ProductProcess product = start("write loop 20", "--hang-limit", "0")) {
      product.err().await(named(HostilePlugin.NODE), 0);
      Path plugins = folder.resolve("plugins.d");
      Files.move(plugins, folder.resolve("elsewhere"));
      product.err().await("plugins.d: it can't be read any more (it is gone)", 0);
      Thread.sleep(1000); // five looks
      Files.move(folder.resolve("elsewhere"), plugins);
      product.err().await("plugins.d: it can be read again", 0);
      assertEquals(1, product.err().text().split("can't be read", -1).length - 1, product.err().text());
      long asked = System.nanoTime();
      product.terminate();
      assertEquals(TERMINATED, product.end());
      assertTrue(System.nanoTime() - asked < 30e9, "seconds on a busy host, not for ever");
      product.out().await("Xenolith tiny gue", 0); // what was in a buffer
    }
  }

  /** Side by side: they mostly wait. */
  @Test
  void nobodyWaitsLongerThanTheLimitForAModelThatHangs() throws Exception {
    Path report = folder.resolve("report.json");
    try (ProductProcess product = start("write loop 20", "--hang-limit", "4", "--report", report.toString(), "--save",
        folder.resolve("saved").toString());
        ProductProcess create = start("create loop", "--hang-limit", "1");
        ProductProcess removed = start("removed loop", "--hang-limit", "1")) {
      assertEquals(4, product.end(), () -> product.err().text());
      assertTrue(product.err().text().contains(named(HostilePlugin.NODE)), product.err().text());
      assertTrue(product.err().text().contains("the run was ended (--hang-limit)"), product.err().text());
      assertTrue(product.err().text().contains("nothing was saved"), product.err().text());
      product.out().await("Xenolith tiny gue", 0);
      assertTrue(Files.readString(report, StandardCharsets.UTF_8).contains("\"outcome\": \"hang\""));
      for (ProductProcess other : List.of(create, removed)) {
        assertEquals(4, other.end(), () -> other.err().text());
        assertTrue(other.err().text().contains(named(HostilePlugin.NODE)), other.err().text());
        assertFalse(other.err().text().contains("Exception"), other.err().text());
      }
    }
  }

  @Test
  void coresAndContractsAmongPluginsAreRefusedWithTheReason() throws Exception {
    InstalledProduct installed = InstalledProduct.get();
    Path plugins = Files.createDirectory(folder.resolve("plugins.d"));
    Files.write(plugins.resolve("core.jar"), JarEdit.version(installed.jar("org.xenolith.machine"), "1.0.9"));
    Files.write(plugins.resolve("contract.jar"), JarEdit.version(installed.jar("org.xenolith.machine.api"), "9.0.0"));
    Files.write(plugins.resolve("other-name.jar"), JarEdit.of(installed.jar("org.xenolith.machine.api"))
        .header("Bundle-SymbolicName", "org.example.contract").bytes());
    Files.write(plugins.resolve("components.jar"), JarEdit.version(installed.jar("org.apache.felix.scr"), "9.0.0"));
    Files.copy(InstalledProduct.root().resolve("product/target/xenolith/lib/framework.jar"), plugins.resolve("framework.jar"));
    try (ProductProcess product = start("")) {
      assertEquals(0, product.end(), () -> product.err().text());
      String err = product.err().text();
      for (String line : List.of("core.jar: not done: org.xenolith.machine is a core of the program",
          "contract.jar: not done: org.xenolith.machine.api"
              + " is what other bundles are built on",
          "other-name.jar: not done: it exports org.xenolith.machine.api, which is org.xenolith.machine.api's",
          "components.jar: not done: org.apache.felix.scr is ", "framework.jar: not done: org.eclipse.osgi is the framework")) {
        assertTrue(err.contains(line), () -> "'" + line + "' is not in\n" + err);
      }
      assertTrue(product.out().text().contains("XENOLITH-DONE"), product.out().text());
      assertFalse(err.contains("Exception"), err);
    }
  }
}
