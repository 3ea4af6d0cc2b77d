// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.regs.DeviceState;

/** An endpoint with everything: remembers what is done to its BARs. */
final class TestFunction implements PciDevice {
  static final int VENDOR = 0x1234;
  final DeviceState state = new DeviceState();
  final List<String> seen = new ArrayList<>();
  final PciEndpoint pci;
  long answer;
  int resets;
  /** What an access of a BAR throws; null for nothing. */
  RuntimeException bug;

  TestFunction(DeviceContext context) {
    pci = new PciEndpoint(context, state, ConfigTable.endpoint(VENDOR, 0x5678, 0x01_0802, 3).subsystem(0x1AF4, 0x1100).pin(1)
        .bar(0, BarKind.MEMORY64, 0x4000).bar(2, BarKind.IO, 16).bar(3, BarKind.MEMORY32, 0x1000)
        .capability(Capability.powerManagement(false)).capability(Capability.msi(2)).capability(Capability.msix(4, 0, 0x2000, 0x3000))
        .capability(Capability.express(Capability.Express.ENDPOINT)).capability(Capability.advancedErrors(false)).build(), this);
  }

  @Override
  public long readBar(int bar, long offset, int size) {
    seen.add("read " + bar + " " + Long.toHexString(offset) + " " + size);
    if (bug != null) {
      throw bug;
    }
    return answer;
  }

  @Override
  public void writeBar(int bar, long offset, int size, long value) {
    seen.add("write " + bar + " " + Long.toHexString(offset) + " " + size + " " + Long.toHexString(value));
    if (bug != null) {
      throw bug;
    }
  }

  @Override
  public void functionReset() {
    resets++;
  }
}
