// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.List;
import java.util.Map;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.machine.bus.BusPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.platform.api.Platform;

/** Puts a machine together without OSGi; in the core's own package, as its tests are, because the core exports nothing. */
public final class PlainAssembly {
  private PlainAssembly() {}

  /**
   * Builds a machine.
   *
   * @param components what is installed, as their descriptions name them
   * @param engine     name of the CPU engine
   */
  public static Machine build(Platform platform, List<InstalledComponent> components, String engine) {
    return build(platform, components, engine, Map.of());
  }

  /** Builds a machine with functions behind transports. @param functions function ids such as {@code virtio:2}, by node */
  public static Machine build(Platform platform, List<InstalledComponent> components, String engine, Map<String, String> functions) {
    return new Assembly(PlainMachines.offers(components)).build(new MachineRequest(platform, engine, functions));
  }

  /** A CPU of a machine that was built here. */
  public static Cpu cpu(Machine machine, int index) {
    return ((CoreMachine) machine).hardware().cpus.get(index).as(Cpu.class);
  }

  /** The bus as the first CPU sees it, to look at devices from outside. */
  public static RamBus bus(Machine machine) {
    Hardware hardware = ((CoreMachine) machine).hardware();
    return new BusPort(hardware.space, hardware.initiator, 0, false);
  }

  /** Whether the memory of windows holds bytes, whatever the windows show. @param address where the first of them is */
  public static boolean holds(Machine machine, long address, byte[] content) {
    for (int at = 0; at < content.length;) {
      Ram chunk = ((CoreMachine) machine).hardware().space.chunk(address + at);
      int offset = (int) (address + at - chunk.base);
      int length = Math.min(content.length - at, chunk.size - offset);
      if (chunk.mismatch(offset, content, at, length) >= 0) {
        return false;
      }
      at += length;
    }
    return true;
  }
}
