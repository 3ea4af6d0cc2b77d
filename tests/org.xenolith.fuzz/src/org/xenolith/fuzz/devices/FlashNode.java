// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.control.Machine;

/**
 * A node of flash.
 *
 * @param base  address of its first bank, below 4 GiB; the others follow
 * @param width bytes of a word
 * @param size  of a bank in bytes
 * @param banks what the banks have
 */
record FlashNode(long base, int width, int size, List<Bank> banks) {
  /**
   * The contents of a bank.
   *
   * @param sectors  of its disk; 0 for none
   * @param readOnly whether that is read-only
   */
  record Bank(int sectors, boolean readOnly) {
    int bytes() {
      return sectors * BlockDevice.SECTOR;
    }
  }

  String path() {
    return "/flash@" + Long.toHexString(base);
  }

  long bank(int index) {
    return base + (long) index * size;
  }

  /** Bytes of a block: what is erased at once. */
  int block() {
    return Math.min(size, width == 4 ? 256 << 10 : 128 << 10);
  }

  Fdt in(Fdt tree) {
    List<Integer> cells = new ArrayList<>();
    for (int i = 0; i < banks.size(); i++) {
      cells.addAll(List.of(0, (int) bank(i), 0, size));
    }
    return tree.withRoot(tree.root().withChild(new FdtNode(path().substring(1), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", "cfi-flash")).withProperty(FdtProperty.ofCells("bank-width", width))
        .withProperty(FdtProperty.ofCells("reg", cells.stream().mapToInt(Integer::intValue).toArray()))));
  }

  /** Gives each bank its disk. @param disks gets them, in the order of banks */
  void attach(Machine machine, List<DeviceDisk> disks) {
    BlockUnitsPort units = machine.port(path(), BlockUnitsPort.class);
    for (int i = 0; i < banks.size(); i++) {
      if (banks.get(i).sectors != 0) {
        DeviceDisk disk = new DeviceDisk(banks.get(i).readOnly, banks.get(i).sectors);
        disks.add(disk);
        units.unit(i).attach(disk, "fuzzed");
      }
    }
  }
}
