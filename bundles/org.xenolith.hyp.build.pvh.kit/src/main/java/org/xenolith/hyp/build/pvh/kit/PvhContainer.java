// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import java.util.List;
import java.util.Set;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.hyp.x64.kit.EmulationFlags;

/**
 * Which devices a PVH domain has, as far as tables tell of them. Nothing else is there: no 8259A, no 8254, no screen, no clock of a PC
 * (xen-devel, "HVMlite ABI specification", February 2016; Xen's docs/misc/pvh.pandoc).
 *
 * @param name           for people
 * @param emulation      {@link EmulationFlags}: what the hypervisor emulates
 * @param ioApics        those that there are
 * @param configurations windows of configuration space
 * @param devices        what the domain has of a PC besides, emulated or the machine's own
 */
public record PvhContainer(String name, int emulation, List<IoApic> ioApics, List<Configuration> configurations, Set<Device> devices) {
  /** Neither local APICs nor anything else: events come by a vector, and other virtual CPUs by VCPUOP_initialise. */
  public static final PvhContainer MINIMAL = new PvhContainer("minimal", 0, List.of(), List.of(), Set.of());
  /** Local APICs and nothing else. */
  public static final PvhContainer LAPIC = new PvhContainer("lapic", EmulationFlags.LAPIC, List.of(), List.of(), Set.of());

  /** Local APICs, and a root complex of PCI for functions of the machine's. Where its windows are {@link #with} says. */
  public static final PvhContainer PASSTHROUGH = new PvhContainer("passthrough", EmulationFlags.LAPIC | EmulationFlags.VPCI, List.of(), List
      .of(),
      Set.of());
  private static final List<PvhContainer> NAMED = List.of(MINIMAL, LAPIC, PASSTHROUGH);

  /** Of a PC. */
  public enum Device {
    /** A keyboard controller at port 0x60. */
    KEYBOARD_CONTROLLER("PNP0303", 0),
    /** A VGA. */
    VGA("", EmulationFlags.VGA),
    /** The CMOS RTC. */
    RTC("PNP0B00", EmulationFlags.RTC),
    /** The HPET. */
    HPET("PNP0103", EmulationFlags.HPET),
    /** The power management timer. */
    PM_TIMER("", EmulationFlags.PM),
    /** Two 8259As. */
    PIC("PNP0000", EmulationFlags.PIC),
    /** The 8254. */
    PIT("PNP0100", EmulationFlags.PIT);

    private final String id;
    private final int flag;

    Device(String id, int flag) {
      this.id = id;
      this.flag = flag;
    }

    /** Its hardware id in a namespace (ACPI registry of PNP ids); empty for none. */
    public String id() {
      return id;
    }
  }

  /**
   * An I/O APIC.
   *
   * @param address of its registers
   * @param first   number of its first input
   */
  public record IoApic(int id, long address, long first) {}

  /** A window of configuration space of some buses. */
  public record Configuration(long address, int segment, int firstBus, int lastBus) {}

  /** Copies. */
  public PvhContainer {
    ioApics = List.copyOf(ioApics);
    configurations = List.copyOf(configurations);
    devices = Set.copyOf(devices);
  }

  /** The container of a name that a guest's file may have; null for another one. */
  public static PvhContainer of(String name) {
    return NAMED.stream().filter(each -> each.name.equals(name)).findFirst().orElse(null);
  }

  /** The names that {@link #of} knows. */
  public static List<String> names() {
    return NAMED.stream().map(PvhContainer::name).toList();
  }

  /** The same with the configuration space of a virtual host bridge. */
  public PvhContainer with(VirtualPci.Bridge bridge) {
    int buses = (int) (bridge.ecam().size() >>> 20);
    return new PvhContainer(name, emulation, ioApics, List.of(new Configuration(bridge.ecam().base(), 0, 0, buses - 1)), devices);
  }

  /** Whether virtual CPUs have local APICs. */
  public boolean hasLocalApics() {
    return (emulation & EmulationFlags.LAPIC) != 0;
  }

  /** Whether there is a root complex of PCI. */
  public boolean hasPci() {
    return (emulation & EmulationFlags.VPCI) != 0 || !configurations.isEmpty();
  }

  /** Whether there is a device. */
  public boolean has(Device device) {
    return (emulation & device.flag) != 0 || devices.contains(device);
  }
}
