// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.firmware.api.FwCfgPort;

/** What firmware is told of the machine, and of a kernel that it is to boot itself, if there is one. */
final class BootItems {
  private BootItems() {}

  static void machine(FwCfgPort port, int cpus) {
    port.number(FwCfgKey.CPUS, 2, cpus);
    port.number(FwCfgKey.MOST_CPUS, 2, cpus);
    port.number(FwCfgKey.BOOT_MENU, 2, 0);
  }

  /** @param line the kernel's whole command line */
  static void kernel(FwCfgPort port, GuestImage image, String line) {
    port.number(FwCfgKey.KERNEL_SIZE, 4, image.kernel().length);
    port.item(FwCfgKey.KERNEL, image.kernel());
    image.initrd().ifPresent(initrd -> {
      port.number(FwCfgKey.INITRD_SIZE, 4, initrd.length);
      port.item(FwCfgKey.INITRD, initrd);
    });
    byte[] text = line.getBytes(StandardCharsets.UTF_8);
    byte[] ended = Arrays.copyOf(text, text.length + 1);
    port.number(FwCfgKey.COMMAND_LINE_SIZE, 4, ended.length);
    port.item(FwCfgKey.COMMAND_LINE, ended);
  }
}
