// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** Debian's gdb knows the images that Debian's UEFI firmware has started, by their names. */
@FullLane
class DebuggedFirmwareTest {
  @TempDir
  Path folder;

  @Test
  void imagesThatFirmwareHasStartedHaveTheirNames() throws Exception {
    Path names = folder.resolve("images.elf");
    try (Program run = Product.startWithInput("boot", "virt", "--firmware", "aavmf", "--gdb", "0", "--stdin", "--limit", 600)) {
      run.awaitOutput("UEFI Interactive Shell", Product.LONG);
      String text = DebuggerSession.gdb(folder, "remote", DebuggerSession.port(run), "monitor symbols " + names + "\nsymbol-file " + names
          + "\ninfo symbol $pc\nkill\n");
      for (String shown : new String[] {"0x[0-9a-f]+ DxeCore\\.dll\n", "0x[0-9a-f]+ Shell\\.dll\n", "images that firmware has started",
          "\\.dll.* in section \\.text"}) {
        assertTrue(Pattern.compile(shown).matcher(text).find(), shown + " in " + text);
      }
    }
  }
}
