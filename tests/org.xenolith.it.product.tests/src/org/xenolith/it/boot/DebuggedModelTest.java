// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** The author of a model stops it with the JDK's debugger, and sees at the prompt which instruction of which guest's function has led there: docs/guides/debug-a-model.md. */
@FullLane
class DebuggedModelTest {
  private static final String READ = "org.xenolith.hw.pl031.Pl031.read";
  private static final String AGENT = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";

  @Test
  void theCallsInJavaAreAboveThoseOfTheGuest() throws InterruptedException {
    try (Program boot = Product.startOnTerminal(Map.of("XENOLITH_JAVA_OPTS", AGENT), "boot", "--append", "xl.shell")) {
      Matcher port = boot.awaitOutput("dt_socket at address: (\\d+)", Product.LONG);
      boot.awaitOutput("xenolith:/# ", Product.LONG);
      ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jdb").toString(), "-attach",
          "127.0.0.1:" + port.group(1));
      try (Program debugger = Program.start(builder)) {
        debugger.awaitOutput("Initializing jdb", Product.LONG);
        debugger.type("stop thread in " + READ + "\n");
        debugger.awaitOutput("Set breakpoint " + READ, Product.LONG);
        boot.type("hwclock -u\r");
        debugger.awaitOutput("Breakpoint hit: \"thread=machine\", " + READ, Product.LONG);
        boot.awaitOutput("pl031@9010000: \\S+ \\S+ has not come back", Product.LONG);
        boot.type("\u001d");
        boot.awaitOutput("\\(xenolith\\) $", Product.LONG);
        boot.type("bt\r");
        boot.awaitOutput("it stands in\\s+java  " + READ
            + "\\((?s:.*)cpu0 at 0x\\w+ pl031_read_time(?s:.*)#1  0x\\w+ __rtc_read_time(?s:.*)"
            + "#3  0x\\w+ rtc_dev_ioctl(?s:.*)\\(xenolith\\) $", Product.LONG);
        boot.type("regs pl031 RTCDR\r");
        boot.awaitOutput("RTCDR is made when it is read(?s:.*)\\(xenolith\\) $", Product.LONG);
        boot.type("dis PC 2\r");
        boot.awaitOutput("=> \\w+  ld\\w+ (?s:.*)\\(xenolith\\) $", Product.LONG);
        debugger.type("clear " + READ + "\nresume\n");
        boot.type("\r");
        boot.awaitOutput("Thu Jan  1 00:00:\\d\\d 2026", Product.LONG);
        debugger.type("exit\n");
      }
      boot.type("\u001dquit\r");
      assertEquals(0, boot.await(Product.LONG).exit());
    }
  }
}
