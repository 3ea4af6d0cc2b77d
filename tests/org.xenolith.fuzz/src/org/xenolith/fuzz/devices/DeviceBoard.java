// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.block.api.BlockPort;
import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.block.api.Medium;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fuzz.InstalledBoards;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.fuzz.PciCards;
import org.xenolith.machine.PlainAssembly;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.machine.control.Machine;
import org.xenolith.net.api.NetworkNodes;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.loader.PlatformLoaderComponent;

/**
 * The board {@code virt} without a hypervisor, with little memory and the devices of an attack.
 *
 * @param gic       version of the interrupt controller
 * @param cpus      how many
 * @param el2       whether guests run at EL2
 * @param options   more of the board's options
 * @param functions ids of virtio functions, by slot of virtio-mmio
 * @param cards     what is on the root bus, device 1 first: a model, and behind a colon its virtio function
 * @param readOnly  nodes whose disks may not be written
 * @param legacy    slots of virtio-mmio with the legacy interface
 * @param flashes   nodes of flash
 */
record DeviceBoard(int gic, int cpus, boolean el2, List<String> options, List<Integer> functions, List<String> cards,
    List<String> readOnly, List<Integer> legacy, List<FlashNode> flashes) {
  private static final String HOST = "/pcie@10000000";
  private static final int MINIMUM = 32 << 20;
  private static final int LATENCY = 1;
  private static final int BLOCK = 2;
  private static final int SCSI = 8;
  private static final List<InstalledComponent> COMPONENTS = InstalledComponent.all();

  /** A board without the legacy interface. */
  DeviceBoard(int gic, int cpus, boolean el2, List<String> options, List<Integer> functions, List<String> cards, List<String> readOnly) {
    this(gic, cpus, el2, options, functions, cards, readOnly, List.of(), List.of());
  }

  /** A board without PCI, with one CPU and with nodes of flash. */
  static DeviceBoard withFlash(List<String> options, List<FlashNode> flashes) {
    return new DeviceBoard(3, 1, false, options, List.of(), List.of(), List.of(), List.of(), flashes);
  }

  static String mmio(int slot) {
    return "/virtio_mmio@" + Long.toHexString(Place.VIRTIO + (long) slot * Place.VIRTIO_SIZE);
  }

  static String card(String model, int device) {
    return HOST + "/" + model + "@" + device + ",0";
  }

  /** Makes a machine of it, powered off, and puts disks where they belong. @param disks gets the disks */
  Machine build(String engine, List<DeviceDisk> disks) {
    Map<String, String> plugged = new TreeMap<>();
    Map<String, Map<String, String>> chosen = new TreeMap<>();
    List<String> places = new ArrayList<>();
    for (int slot = 0; slot < functions.size(); slot++) {
      plugged.put(mmio(slot), "virtio:" + functions.get(slot));
      if (functions.get(slot) == BLOCK || functions.get(slot) == SCSI) {
        places.add(mmio(slot));
      }
    }
    Fdt tree = tree();
    for (int i = 0; i < cards.size(); i++) {
      String[] parts = cards.get(i).split(":");
      String path = card(parts[0], i + 1);
      tree = PciCards.plug(tree, HOST, parts[0], i + 1);
      if (parts.length > 1) {
        plugged.put(path, "virtio:" + parts[1]);
      }
      if (parts[0].equals("nvme") || parts.length > 1 && List.of("" + BLOCK, "" + SCSI).contains(parts[1])) {
        places.add(path);
      }
    }
    for (FlashNode flash : flashes) {
      tree = flash.in(tree);
    }
    places.forEach(path -> chosen.computeIfAbsent(path, p -> new TreeMap<>()).put("latency-us", "" + LATENCY));
    legacy.forEach(slot -> chosen.computeIfAbsent(mmio(slot), p -> new TreeMap<>()).put("legacy", "true"));
    if (el2) {
      for (FdtNode cpu : tree.node("/cpus").orElseThrow().children()) {
        chosen.put("/cpus/" + cpu.name(), Map.of("el2", "true"));
      }
    }
    Platform platform = new PlatformLoaderComponent(null).platform("virt", tree, chosen);
    Machine machine = PlainAssembly.build(platform, COMPONENTS, engine, plugged);
    for (String path : places) {
      DeviceDisk disk = new DeviceDisk(readOnly.contains(path));
      disks.add(disk);
      if (plugged.getOrDefault(path, "").equals("virtio:" + SCSI)) {
        DeviceDisk disc = new DeviceDisk(true);
        disks.add(disc);
        machine.port(path, BlockUnitsPort.class).unit(0).attach(disk, "fuzzed");
        machine.port(path, BlockUnitsPort.class).unit(1).attach(disc, "", Medium.CD_ROM);
      } else {
        machine.port(path, BlockPort.class).attach(disk, "fuzzed");
      }
    }
    flashes.forEach(flash -> flash.attach(machine, disks));
    return machine;
  }

  private Fdt tree() {
    BoardProvider board = InstalledBoards.board("virt", COMPONENTS);
    List<String> all = new ArrayList<>(List.of("gic=" + gic, "virtio=" + functions.size(), "pmu=off", "flash=none", "platform-bus=off",
        "virtualization=" + (el2 ? "on" : "off"), "pcie=" + (cards.isEmpty() ? "none" : "ecam")));
    all.addAll(options);
    Fdt tree = board.tree(BoardProvider.BoardRequest.of(cpus, MINIMUM, all));
    tree = tree.edit("/memory@40000000", memory -> memory.withProperty(FdtProperty.ofCells("reg", 0, (int) Place.RAM, 0, Place.SIZE)));
    FdtNode ethernet = new FdtNode("ethernet-switch", List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", NetworkNodes.COMPATIBLE));
    return tree.withRoot(tree.root().withChild(ethernet));
  }

  /** Where a capability of a device on the root bus is in its configuration space; 0 if it has none. */
  static int capability(Machine machine, int device, int id) {
    PhysicalBus bus = PlainAssembly.bus(machine);
    int at = (int) bus.read(Place.config(device) + 0x34, 1);
    while (at != 0 && bus.read(Place.config(device) + at, 1) != id) {
      at = (int) bus.read(Place.config(device) + at + 1, 1);
    }
    return at;
  }
}
