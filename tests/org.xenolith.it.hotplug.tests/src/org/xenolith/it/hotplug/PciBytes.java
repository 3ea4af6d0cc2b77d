// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;

/** Configuration spaces, 16 bytes a line, by way of the guest and of the monitor. */
final class PciBytes {
  private static final int LINES = 256;

  private PciBytes() {}

  /** As the guest reads a function's. @param function such as {@code 01:00.0} */
  static List<String> seen(GuestMachine guest, String function) {
    return guest.command("od -v -An -tx1 /sys/bus/pci/devices/0000:" + function + "/config").lines().map(String::strip)
        .filter(line -> !line.isEmpty()).toList();
  }

  /** What {@code pcitree} answers. */
  static String tree(GuestMachine guest, String... words) {
    MonitorCommand tree = InstalledProduct.get().services(MonitorCommand.class).stream().filter(c -> c.name().equals("pcitree"))
        .findFirst().orElseThrow();
    guest.begin();
    String text = tree.execute(guest.machine(), List.of(words));
    guest.machine().stop();
    guest.end();
    return text;
  }

  /** As {@code pcitree -x} shows a function's. */
  static List<String> held(GuestMachine guest, String function) {
    return tree(guest, "-x").lines().dropWhile(line -> !line.strip().startsWith(function + " ")).skip(1)
        .dropWhile(line -> line.strip().startsWith("BAR ")).limit(LINES).map(line -> line.substring(line.indexOf(' ') + 1))
        .collect(Collectors.toList());
  }
}
