// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.List;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.efi.FakeFirmware;

/**
 * PCI functions that our own firmware finds, numbers and places behind a host with ECAM, and the drivers of NVMe controllers and of virtio's transports on them. An input is what
 * {@link OddFunctions} takes; a capability may lead to itself, a bridge to its own bus, a BAR may have any size.
 */
final class EfiPciAttack implements Attack {
  private static final int[] VIRTIO_GETTERS = {8, 64, 80};
  private static final int[] VIRTIO_SETTERS = {16, 32, 40, 48, 56, 72, 88};

  private EfiLayers layers;
  private FakeFirmware firmware;
  private EfiRam memory;

  @Override
  public String word() {
    return "efipci";
  }

  @Override
  public String says() {
    return "configuration space of PCI functions and bridges, registers and answers of an NVMe controller and of virtio's transport, as our own firmware finds them";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.efi.boot.kit.**", "org.xenolith.efi.pci.**", "org.xenolith.efi.nvme.**", "org.xenolith.efi.virtio.pci.**");
  }

  @Override
  public void fresh() {
    // Firmware is made anew for each input.
  }

  private static Fdt tree() {
    int memory = (int) OddFunctions.MEMORY;
    int size = (int) OddFunctions.MEMORY_SIZE;
    FdtNode host = new FdtNode("pcie@10000000", List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible",
        "pci-host-ecam-generic")).withProperty(FdtProperty.ofCells("reg", 0, (int) OddFunctions.ECAM, 0, OddFunctions.BUSES << 20))
        .withProperty(FdtProperty.ofCells("bus-range", 0, OddFunctions.BUSES - 1)).withProperty(FdtProperty.ofCells("ranges", 0x0200_0000,
            0, memory, 0, memory, 0, size, 0x0300_0000, (int) (OddFunctions.HIGH_MEMORY >>> 32), 0, (int) (OddFunctions.HIGH_MEMORY >>> 32),
            0, 0, size, 0x0100_0000, 0, 0, 0, memory + size, 0, 0x1_0000));
    return Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells("#address-cells", 2)).withProperty(FdtProperty
        .ofCells("#size-cells", 2)).withChild(host));
  }

  @Override
  public List<String> execute(byte[] bytes) {
    layers = new EfiLayers(tree(), "efi.pci.ecam", "efi.pci", "efi.nvme", "efi.virtio.pci");
    firmware = layers.firmware();
    memory = firmware.memory();
    OddFunctions functions = new OddFunctions(memory, new InputBytes(bytes));
    firmware.registers(functions::access);
    layers.begin();
    long host = firmware.handles().handles(Protocol.DEVICE_PATH).getFirst();
    layers.expect(layers.connect("efi.pci.ecam", host), "the host's driver doesn't start");
    if (layers.connect("efi.pci", host)) {
      List<Long> found = firmware.handles().handles(Protocol.PCI_IO);
      layers.expect(found.size() <= 256, found.size() + " functions");
      for (long function : found.subList(0, Math.min(8, found.size()))) {
        use(function);
      }
      layers.disconnect("efi.pci", host, found);
    }
    layers.disconnect("efi.pci.ecam", host, List.of());
    layers.end();
    return layers.wrong();
  }

  private void use(long function) {
    if (layers.connect("efi.nvme", function)) {
      List<Long> spaces = firmware.handles().handles(Protocol.BLOCK_IO);
      for (long space : spaces.subList(0, Math.min(2, spaces.size()))) {
        layers.blocks(space);
      }
      layers.disconnect("efi.nvme", function, spaces);
    }
    if (layers.connect("efi.virtio.pci", function)) {
      long device = firmware.handles().find(function, Protocol.VIRTIO_DEVICE);
      for (int getter : VIRTIO_GETTERS) {
        layers.guarded(8, place -> firmware.call(memory.get64(device + getter), device, place));
      }
      for (int setter : VIRTIO_SETTERS) {
        firmware.call(memory.get64(device + setter), device, 1);
      }
      for (int offset : new int[] {0, 20, 0xFFC, 0x7FFF_FFF8}) {
        layers.guarded(8, place -> firmware.call(memory.get64(device + 104), device, offset, 8, 8, place));
        firmware.call(memory.get64(device + 96), device, offset, 4, 1);
      }
      layers.disconnect("efi.virtio.pci", function, List.of());
    }
  }
}
