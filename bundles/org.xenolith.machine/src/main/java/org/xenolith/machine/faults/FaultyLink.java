// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.faults;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.LinkFault;
import org.xenolith.machine.api.LinkPort;
import org.xenolith.machine.control.HardwareFault;

/** A fault of a device's links. */
final class FaultyLink implements LastingFault, LinkFault {
  private final HardwareFault.Link fault;
  private final List<LinkPort> ports = new ArrayList<>();
  /** Frames or bytes that were on their way. */
  private long passed;

  /** @throws IllegalArgumentException if it has no link, or none that can have that fault */
  FaultyLink(Hardware hardware, HardwareFault.Link fault) {
    this.fault = fault;
    try {
      hardware.ports.links((node, port) -> {
        if (port.link(fault.node(), node.equals(fault.node()), this)) {
          ports.add(port);
        }
      });
    } catch (IllegalArgumentException e) {
      ends();
      throw e;
    }
    if (ports.isEmpty()) {
      throw new IllegalArgumentException(fault.node() + " has no link: no network, no serial line, and no PCI bus behind it");
    }
  }

  @Override
  public void ends() {
    ports.forEach(port -> port.link(fault.node(), true, null));
  }

  @Override
  public boolean down() {
    return fault.manner() == HardwareFault.Link.Manner.DOWN;
  }

  @Override
  public boolean loses() {
    if (down()) {
      return true;
    }
    passed++;
    return passed % fault.measure() == 0;
  }

  @Override
  public String saved() {
    return Long.toString(passed);
  }

  @Override
  public void restore(String saved) {
    passed = Long.parseLong(saved);
  }
}
