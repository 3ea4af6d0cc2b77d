// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.SmallKernel;
import org.xenolith.testkit.FullLane;

/** What is told of a machine doesn't run through what a person types at the monitor's prompt. */
@FullLane
class PromptEventsTest {
  /** Far longer than it takes to see that a folder is gone: if it takes longer still, nothing is tested. */
  private static final int LOOKS_MILLISECONDS = 2000;

  /** Line ends, and how the terminal is told that a line is edited or not. */
  private static final String ENDS = "(?:\\u001b\\[\\?\\d+[hl]|\\u001b[=>]|[\\r\\n])+";

  @TempDir
  private Path work;

  @Test
  void whatIsToldWaitsUntilThePromptIsLeft() throws InterruptedException, IOException {
    Path kernel = SmallKernel.assemble(work, """
        movz x2, #0x0900, lsl #16
        mov w0, #0x301
        str w0, [x2, #0x30]
        mov w0, #'!'
        strb w0, [x2]
        next: b next
        """);
    Path plugins = Files.createDirectory(work.resolve("plugins.d"));
    try (Program boot = Product.startOnTerminal("boot", "--kernel", kernel, "--plugins", plugins)) {
      boot.awaitOutput("!", Product.LONG);
      boot.type("\u001d");
      boot.awaitOutput(ENDS + "\\(xenolith\\) $", Product.LONG);
      Files.delete(plugins);
      Thread.sleep(LOOKS_MILLISECONDS);
      boot.type("status\r");
      boot.awaitOutput("\\(xenolith\\) status" + ENDS + "\\d+ instructions, .*" + ENDS + "\\(xenolith\\) $", Product.LONG);
      boot.type("\r");
      boot.awaitOutput("instructions, .*" + ENDS + "\\(xenolith\\) " + ENDS + "(?s:.*)it can't be read any more \\(it is gone\\)",
          Product.LONG);
      boot.type("\u001dquit\r");
      boot.await(Product.LONG).expect(0);
    }
  }
}
