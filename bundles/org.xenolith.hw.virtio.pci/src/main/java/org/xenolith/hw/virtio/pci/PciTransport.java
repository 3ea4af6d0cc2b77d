// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.api.PciSlot;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.virtio.kit.TransportCore;

/** What both PCI transports do alike: interrupts by the pin with a status, or by messages (Virtual I/O Device 1.2, 4.1.4.5), and the model's life. */
abstract class PciTransport implements DeviceModel, PciDevice, TransportCore.Signals {
  private static final int USED_BUFFER = 1;
  private static final int CONFIG_CHANGE = 2;

  final DeviceState state = new DeviceState();
  final PciEndpoint endpoint;
  final TransportCore core;
  final PciSlot slot;
  /** Bit 0: used buffers, bit 1: configuration change; only without MSI-X. */
  private final LongCell interruptStatus = state.cell("interrupt-status", 0);
  private PciTarget access;

  /** The core asks the endpoint's port for memory, as a real card: what an SMMU keeps from it, it doesn't reach, though a legacy driver can't know of one (6.1). */
  PciTransport(DeviceContext context, ConfigTable table, boolean legacy) {
    endpoint = new PciEndpoint(context, state, table, this);
    core = legacy
        ? TransportCore.legacy(context, state, endpoint.dma(), this)
        : new TransportCore(context, state, endpoint.dma(), TransportCore.ACCESS_PLATFORM, this);
    slot = PciSlot.of(context);
  }

  /** Comes to its place on the bus, from where it is asked by its configuration space. */
  final void plug(PciTarget newAccess) {
    access = newAccess;
    slot.bus().plug(slot.devfn(), access);
  }

  /** Which message is sent for what. */
  abstract QueueVectors vectors();

  /** Reading it makes the interrupt quiet. */
  final long takeInterruptStatus() {
    long value = interruptStatus.value;
    interruptStatus.value = 0;
    endpoint.pin(false);
    return value;
  }

  private void signal(int vector, int bit) {
    if (!endpoint.sendsMessages()) {
      interruptStatus.value |= bit;
      endpoint.pin(true);
    } else if (vector != QueueVectors.NONE) {
      endpoint.message(vector);
    }
  }

  @Override
  public final void usedBuffer(int index) {
    signal(vectors().queue(index), USED_BUFFER);
  }

  @Override
  public final void configChange() {
    signal(vectors().config(), CONFIG_CHANGE);
  }

  @Override
  public final void functionReset() {
    core.resetDevice();
  }

  @Override
  public final DeviceState state() {
    return state;
  }

  @Override
  public final void reset() {
    state.reset();
    core.reset();
    endpoint.reset();
  }

  @Override
  public final void restored() {
    core.restored();
    endpoint.restored();
  }

  @Override
  public final void removed() {
    core.removed();
    slot.bus().unplug(slot.devfn(), access);
  }
}
