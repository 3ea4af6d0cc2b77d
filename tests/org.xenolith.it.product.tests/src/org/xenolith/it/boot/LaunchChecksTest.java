// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.SmallKernel;

/** What can't work is said before it starts, and what did not happen is said after it ended. */
class LaunchChecksTest {
  /** PSCI's SYSTEM_OFF. */
  private static final String POWERS_OFF = "movz w0, #0x8400, lsl #16\n movk w0, #8\n hvc #0\n";
  @TempDir
  private static Path work;

  @Test
  void aTextThatIsNeverShownIsNoSuccessThoughTheGuestPowersOff() throws InterruptedException, IOException {
    Path off = SmallKernel.assemble(work, POWERS_OFF);
    Boot boot = Boot.run(work, "unseen", 5, "--kernel", off, "--until", "never printed", "--times", "3");
    assertEquals("unseen", boot.report().outcome());
    assertEquals(1, boot.report().numbers("bootSeconds").size(), "the first that fails is the last");
    boot.outcome().errHas("the guest powered off after 0\\.\\d+ virtual seconds and the --until text was not seen").errHas(
        "the guest never wrote to its console; .*--append console=");
  }

  @Test
  void aGuestThatPowersOffWithoutAWordIsToldOf() throws InterruptedException, IOException {
    Path off = SmallKernel.assemble(work, POWERS_OFF);
    Boot boot = Boot.run(work, "silent", 0, "--kernel", off, "--append", "console=ttyAMA0");
    assertEquals("poweroff", boot.report().outcome());
    boot.outcome().errHas("the guest never wrote to its console\n");
  }
}
