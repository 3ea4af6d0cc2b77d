// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.pci.api.PciAperture;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.api.PciError;
import org.xenolith.pci.api.PciErrorMessage;
import org.xenolith.pci.api.PciSlot;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.pci.kit.ConfigTable.Bar;
import org.xenolith.regs.DeviceState;

/**
 * An endpoint: everything that any function with a type 0 header does. A model makes one with its table, and uses it for DMA and
 * interrupts. Its state is the model's; the model calls {@link #reset}, {@link #restored} and {@link #removed} from its own.
 */
public final class PciEndpoint implements PciTarget {
  private final PciSlot slot;
  private final CommonFunction function;
  private final PciDevice device;
  private boolean level;

  /**
   * Plugs an endpoint into the bus that its node is on.
   *
   * @param state  the model's state, of which this becomes a part
   * @param table  what it is
   * @param device what answers its BARs
   */
  public PciEndpoint(DeviceContext context, DeviceState state, ConfigTable table, PciDevice device) {
    this.device = new GuardedDevice(context, device);
    slot = PciSlot.of(context);
    function = new CommonFunction(slot, state, table, this.device);
    slot.bus().plug(slot.devfn(), this);
  }

  /** Its configuration space. */
  public ConfigSpace config() {
    return function.config();
  }

  /** Memory as this function reaches it: nowhere while it isn't a bus master or isn't in D0. */
  public DmaPort dma() {
    return function.dma();
  }

  // ---- Interrupts and messages

  /** Whether messages are to be sent, so that {@link #message} does anything. */
  public boolean sendsMessages() {
    return function.sendsMessages();
  }

  /** Sends a message: by MSI-X, else by MSI, if one of them is on. @param vector from 0; MSI has what it was granted */
  public void message(int vector) {
    function.message(vector);
  }

  /** Drives the interrupt pin, which is quiet while it is disabled or messages are on. */
  public void pin(boolean newLevel) {
    level = newLevel;
    config().set(ConfigTable.STATUS, ConfigTable.STATUS_INTERRUPT, newLevel);
    drive();
  }

  private void drive() {
    int pin = function.pin();
    if (pin != 0) {
      slot.bus().interrupt(slot.devfn(), pin, level && function.drivesPin());
    }
  }

  /**
   * Asks for attention, asleep or not: a power management event (PME) to the root port, if the table's capability has them and
   * software wants it.
   */
  public void wake() {
    if (function.wake()) {
      slot.bus().wake(slot.devfn());
    }
  }

  /**
   * Has found an error: it is in the registers of PCI Express and of advanced error reporting, as far as the table has them, and a
   * message goes to the root port if software wants it.
   *
   * @param header words of the packet that it was found in, at most four; none if there is none
   */
  public void error(PciError error, int... header) {
    PciErrorMessage message = function.error(error, header);
    if (message != null) {
      slot.bus().error(slot.devfn(), message);
    }
  }

  // ---- The bus

  @Override
  public int readConfig(int offset, int size) {
    return function.readConfig(offset, size);
  }

  @Override
  public void writeConfig(int offset, int size, int value) {
    if (function.writeConfig(offset, size, value)) {
      functionReset();
    }
    function.written(offset);
    drive();
  }

  @Override
  public PciAperture decode(boolean io, long address) {
    return function.decode(io, address);
  }

  @Override
  public boolean decodesIn(boolean io, long from, long size) {
    return function.decodesIn(io, from, size);
  }

  /** Where a BAR is now, whether it is decoded or not. */
  public long base(Bar bar) {
    return function.base(bar);
  }

  @Override
  public void hotReset() {
    functionReset();
  }

  private void functionReset() {
    reset();
    device.functionReset();
  }

  // ---- The model's life

  /** Everything of it gets its reset values. */
  public void reset() {
    function.reset();
    level = false;
    drive();
    slot.bus().decodeChanged();
  }

  /** The state was restored: drives what follows from it. */
  public void restored() {
    level = (config().read(ConfigTable.STATUS, 2) & ConfigTable.STATUS_INTERRUPT) != 0;
    drive();
    slot.bus().decodeChanged();
  }

  /** The model was removed. */
  public void removed() {
    slot.bus().unplug(slot.devfn(), this);
  }

  @Override
  public void moved() {
    function.moved();
  }
}
