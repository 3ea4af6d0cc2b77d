// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.OptionalLong;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/**
 * How a topology says that a CPU waits by the parking protocol (Multi-processor Startup for Arm Platforms 1.2): by the value
 * {@link #METHOD} of {@code enable-method}, and the address of its mailbox in {@link #MAILBOX}. No devicetree binding has that method, as
 * the protocol is ACPI's; no guest is shown the tree.
 */
public final class ParkedCpu {
  /** Value of {@code enable-method}. */
  public static final String METHOD = "acpi-parking-protocol";
  /** The property with the physical address of the mailbox, one cell or two. */
  public static final String MAILBOX = "cpu-release-addr";

  private ParkedCpu() {}

  /**
   * The physical address of a CPU's mailbox; empty if it is started in another way.
   *
   * @throws PlatformException if it has none, or one that is no page
   */
  public static OptionalLong mailbox(PlatformNode cpu) {
    if (cpu.property("enable-method").filter(method -> method.string().equals(METHOD)).isEmpty()) {
      return OptionalLong.empty();
    }
    long address = cpu.property(MAILBOX).filter(property -> property.length() == 4 || property.length() == 8).map(FdtProperty::number)
        .filter(at -> at != 0 && at % AcpiSetting.MAILBOX_BYTES == 0).orElseThrow(() -> new PlatformException(cpu.path() + ": " + MAILBOX
            + ": expected the address of the mailbox that enable-method " + METHOD + " needs, a multiple of "
            + AcpiSetting.MAILBOX_BYTES));
    return OptionalLong.of(address);
  }
}
