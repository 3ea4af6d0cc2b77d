// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

import java.util.List;
import java.util.Map;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * What the machine is, as SMBIOS says it: system, enclosure, processors, memory, boot status (types 1, 3, 4, 16, 17, 19, 32). Firmware adds
 * itself (type 0), and puts the files where systems find them. Source: DMTF DSP0134 3.0.0, clause 7; of the files: edk2,
 * OvmfPkg/Library/QemuFwCfgLib.
 */
final class SmbiosFiles {
  private static final String ANCHOR = "etc/smbios/smbios-anchor";
  private static final String STRUCTURES = "etc/smbios/smbios-tables";
  private static final String MAKER = "The Xenolith project";
  /** What begins like this makes systemd believe that it is a guest of Xen's, whatever it runs on (systemd-detect-virt(1)). */
  private static final String XEN = "Xen";
  private static final int UNKNOWN = 2;
  private static final int OTHER = 1;
  private static final int SAFE = 3;
  private static final int WAKE_UP_BY_POWER_SWITCH = 6;
  private static final int SYSTEM_LENGTH = 27;
  private static final int ENCLOSURE_LENGTH = 22;
  private static final int PROCESSOR_LENGTH = 48;
  private static final int ARRAY_LENGTH = 23;
  private static final int DEVICE_LENGTH = 40;
  private static final int MAPPED_LENGTH = 31;
  private static final int BOOT_LENGTH = 11;
  private static final int ARMV8 = 0x101;
  /** Central processor, in a socket that is populated, enabled. */
  private static final int CENTRAL = 3;
  private static final int POPULATED = 0x41;
  private static final int NO_HANDLE = 0xFFFF;
  private static final int NOT_GIVEN = 0xFFFE;
  private static final int SYSTEM_MEMORY = 3;
  private static final int MULTIPLE_BITS_CORRECTED = 6;
  private static final int DIMM = 9;
  private static final int DRAM = 7;
  /** Size in a field of its own. */
  private static final short EXTENDED = 0x7FFF;
  private static final int ARRAY = 0x1000;

  private SmbiosFiles() {}

  /** Files of fw_cfg by name. */
  static Map<String, byte[]> of(Platform platform) {
    SmbiosTable table = new SmbiosTable();
    String model = platform.source().root().property("model").map(FdtProperty::string).orElse(platform.name());
    String product = model.startsWith(XEN) ? "Model " + model : model;
    // Of the universal identifier, all zero means that there is none.
    table.add(1, 0x100, SYSTEM_LENGTH, (out, text) -> out.put(text.number(MAKER)).put(text.number(product)).put(text.number("1")).put(24,
        (byte) WAKE_UP_BY_POWER_SWITCH));
    table.add(3, 0x300, ENCLOSURE_LENGTH, (out, text) -> out.put(text.number(MAKER)).put((byte) OTHER).put(new byte[3]).put((byte) SAFE)
        .put(
            (byte) SAFE).put((byte) SAFE).put((byte) UNKNOWN));
    List<PlatformNode> cpus = platform.cpus();
    for (int i = 0; i < cpus.size(); i++) {
      processor(table, i);
    }
    memory(table, platform.memory().stream().filter(bank -> bank.size() != 0).toList());
    table.add(32, 0x2000, BOOT_LENGTH, (out, text) -> {});
    byte[] structures = table.structures();
    return Map.of(STRUCTURES, structures, ANCHOR, SmbiosTable.entryPoint(structures.length));
  }

  private static void processor(SmbiosTable table, int index) {
    table.add(4, 0x400 + index, PROCESSOR_LENGTH, (out, text) -> {
      out.put(text.number("CPU " + index)).put((byte) CENTRAL).put((byte) 0xFE).put(text.number(MAKER)).putLong(0).put((byte) 0).put(
          (byte) 0)
          .putShort((short) 0).putShort((short) 0).putShort((short) 0).put((byte) POPULATED).put((byte) OTHER).putShort((short) NO_HANDLE)
          .putShort((short) NO_HANDLE).putShort((short) NO_HANDLE).put((byte) 0).put((byte) 0).put((byte) 0).put((byte) 1).put((byte) 1)
          .put(
              (byte) 1);
      out.putShort(PROCESSOR_LENGTH - 8, (short) ARMV8);
    });
  }

  private static void memory(SmbiosTable table, List<AddressWindow> banks) {
    long total = banks.stream().mapToLong(AddressWindow::size).sum();
    table.add(16, ARRAY, ARRAY_LENGTH, (out, text) -> out.put((byte) OTHER).put((byte) SYSTEM_MEMORY).put((byte) MULTIPLE_BITS_CORRECTED)
        .putInt(0x8000_0000).putShort((short) NOT_GIVEN).putShort((short) banks.size()).putLong(total));
    for (int i = 0; i < banks.size(); i++) {
      AddressWindow bank = banks.get(i);
      int number = i;
      table.add(17, 0x1100 + i, DEVICE_LENGTH, (out, text) -> {
        out.putShort((short) ARRAY).putShort((short) NOT_GIVEN).putShort((short) NO_HANDLE).putShort((short) NO_HANDLE).putShort(EXTENDED)
            .put((byte) DIMM).put((byte) 0).put(text.number("DIMM " + number)).put((byte) 0).put((byte) DRAM).putShort((short) UNKNOWN)
            .putShort((short) 0).put(text.number(MAKER));
        out.putInt(28, (int) Math.min(bank.size() >>> 20, Integer.MAX_VALUE));
      });
      table.add(19, 0x1300 + i, MAPPED_LENGTH, (out, text) -> out.putInt(-1).putInt(-1).putShort((short) ARRAY).put((byte) 1).putLong(bank
          .base()).putLong(bank.end() - 1));
    }
  }
}
