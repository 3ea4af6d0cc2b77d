// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ProductProcess;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.testkit.FullLane;

/** Jars dropped into, altered in and deleted from the folder of {@code boot --plugins} while Debian runs. */
@FullLane
class PluginsFolderTest {
  private static final String RTC = "org.xenolith.hw.pl031";
  @TempDir
  Path folder;

  @Test
  void jarsThatComeChangeAndGoAreAddedReplacedAndRemoved() throws Exception {
    Path plugins = Files.createDirectory(folder.resolve("plugins.d"));
    Path jar = plugins.resolve("rtc.jar");
    byte[] content = InstalledProduct.get().jar(RTC);
    try (ProductProcess product = ProductProcess.start("boot", "--guest", "debian", "--append", "xl.shell", "--stdin",
        "--plugins", plugins.toString())) {
      product.out().await(ShellGuest.PROMPT, 0);
      assertTrue(clock(product).contains(" 2026 "));

      said(product, () -> Files.write(jar, JarEdit.version(content, "1.0.1")), "rtc.jar: replaced " + RTC + " 1.0.0");
      assertTrue(clock(product).contains(" 2026 "));

      said(product, () -> Files.write(jar, JarEdit.version(content, "1.0.20")), "rtc.jar: replaced " + RTC
          + " 1.0.1 by 1.0.20, 1 device of virt");
      assertTrue(clock(product).contains(" 2026 "));

      said(product, () -> Files.write(jar, new byte[100]), jar + ": ");
      assertTrue(clock(product).contains(" 2026 "));

      said(product, () -> Files.delete(jar), "rtc.jar: removed " + RTC + " 1.0.20, 1 device of virt affected");
      assertTrue(clock(product).contains(" 2106 "));

      said(product, () -> Files.write(jar, content), "rtc.jar: added " + RTC + " 1.0.0");
      assertTrue(clock(product).contains(" 2026 "));

      product.type("exit\n");
      assertEquals(0, product.end(), () -> product.err().text());
      KernelLog.assertClean(product.out().text());
      assertFalse(product.err().text().contains("\tat ") || product.err().text().contains("Exception"), product.err().text());
    }
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void said(ProductProcess product, Action action, String expected) throws IOException {
    int from = product.err().length();
    action.run();
    product.err().await(expected, from);
  }

  private static String clock(ProductProcess product) throws IOException {
    int from = product.out().length();
    product.type("hwclock -u; echo sa''id\n");
    int end = product.out().await("said\n", from);
    product.out().await(ShellGuest.PROMPT, end);
    return product.out().text().substring(from, end);
  }
}
