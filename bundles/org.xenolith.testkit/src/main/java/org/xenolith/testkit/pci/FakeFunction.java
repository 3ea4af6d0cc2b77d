// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** A function to try a host bridge with: BAR 0 is 4 KiB of bytes, a test drives its pin and its accesses to memory. */
public final class FakeFunction implements DeviceModel, PciDevice {
  /** Device id in 31:16, vendor id in 15:0. */
  public static final int IDS = 0x00F1_1B36;
  /** Bytes of BAR 0. */
  public static final int SIZE = 4096;

  private final DeviceState state = new DeviceState();
  private final byte[] bytes = state.bytes("bytes", SIZE);
  private final PciEndpoint pci;

  /** Plugs one in at the context's node. @param pin 1 for INTA to 4 for INTD */
  public FakeFunction(FakeContext context, int pin) {
    pci = new PciEndpoint(context, state, ConfigTable.endpoint(IDS & 0xFFFF, IDS >>> 16, 0xFF_0000, 1).pin(pin)
        .bar(0, BarKind.MEMORY32, SIZE).capability(Capability.msi(0)).capability(Capability.express(Capability.Express.ENDPOINT))
        .build(), this);
    reset();
  }

  /** A node for it at a place of a bus. @param bus path of the node whose bus it is on */
  public static PlatformNode node(String bus, int devfn) {
    return FakeNode.at(bus + "/function@" + Integer.toHexString(devfn >> 3) + "," + (devfn & 7))
        .cells("reg", devfn << 8, 0, 0, 0, 0).build();
  }

  /** Drives its pin. */
  public void pin(boolean level) {
    pci.pin(level);
  }

  /** Memory as it reaches it. */
  public DmaPort dma() {
    return pci.dma();
  }

  @Override
  public long readBar(int bar, long offset, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | bytes[(int) offset + i] & 0xFF;
    }
    return value;
  }

  @Override
  public void writeBar(int bar, long offset, int size, long value) {
    for (int i = 0; i < size; i++) {
      bytes[(int) offset + i] = (byte) (value >>> 8 * i);
    }
  }

  @Override
  public void functionReset() {}

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    pci.reset();
  }

  @Override
  public void restored() {
    pci.restored();
  }

  @Override
  public void removed() {
    pci.removed();
  }
}
