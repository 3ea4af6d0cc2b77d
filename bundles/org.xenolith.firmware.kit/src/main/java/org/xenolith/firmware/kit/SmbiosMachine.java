// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.List;

/**
 * What a machine is, as SMBIOS says it: system, enclosure, processors, memory, boot status (types 1, 3, 4, 16, 17, 19, 32), and firmware that adds itself (type 0). Source: DMTF DSP0134
 * 3.0.0, clause 7.
 *
 * @param model      the board's, which is the product's name
 * @param processors how many; 0 if that isn't known: then it is one of any number of cores
 * @param family     theirs (clause 7.5.2)
 * @param banks      RAM
 */
public record SmbiosMachine(String model, int processors, int family, List<Bank> banks) {
  /** Processors of Armv8, and those of which no more is known. */
  public static final int ARMV8 = 0x101;
  public static final int UNKNOWN_FAMILY = 2;
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
  /** The family is in the field of families above 0xFD. */
  private static final int FAMILY_2 = 0xFE;
  private static final long MIB = 1 << 20;
  private static final int FIRMWARE_LENGTH = 24;
  /** Characteristics of firmware that aren't told; that it is UEFI's, of a virtual machine. */
  private static final long NOT_TOLD = 8;
  private static final int UEFI_VIRTUAL = 0x18;
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


  /** A bank of RAM, with bytes in it. */
  public record Bank(long base, long size) {}

  /** Adds firmware that is UEFI's. @param date of its release, month/day/year */
  public SmbiosTable addTo(SmbiosTable table, String firmware, String date) {
    table.add(0, 0, FIRMWARE_LENGTH, (out, text) -> out.put(text.number(MAKER)).put(text.number(firmware)).putShort((short) 0).put(text
        .number(date)).put((byte) 0).putLong(NOT_TOLD).put((byte) 0)
        .put((byte) UEFI_VIRTUAL).putInt(-1));
    return addTo(table);
  }

  /** Adds the machine. */
  public SmbiosTable addTo(SmbiosTable table) {
    String product = model.startsWith(XEN) ? "Model " + model : model;
    // Of the universal identifier, all zero means that there is none.
    table.add(1, 0x100, SYSTEM_LENGTH, (out, text) -> out.put(text.number(MAKER)).put(text.number(product)).put(text.number("1")).put(24,
        (byte) WAKE_UP_BY_POWER_SWITCH));
    table.add(3, 0x300, ENCLOSURE_LENGTH, (out, text) -> out.put(text.number(MAKER)).put((byte) OTHER).put(new byte[3]).put((byte) SAFE)
        .put((byte) SAFE).put((byte) SAFE).put((byte) UNKNOWN));
    for (int i = 0; i < Math.max(1, processors); i++) {
      processor(table, i);
    }
    memory(table, banks);
    return table.add(32, 0x2000, BOOT_LENGTH, (out, text) -> {});
  }

  private void processor(SmbiosTable table, int index) {
    byte cores = (byte) Math.min(1, processors);
    table.add(4, 0x400 + index, PROCESSOR_LENGTH, (out, text) -> {
      out.put(text.number("CPU " + index)).put((byte) CENTRAL).put((byte) Math.min(family, FAMILY_2)).put(text.number(MAKER)).putLong(0)
          .put((byte) 0).put(
              (byte) 0)
          .putShort((short) 0).putShort((short) 0).putShort((short) 0).put((byte) POPULATED).put((byte) OTHER).putShort((short) NO_HANDLE)
          .putShort((short) NO_HANDLE).putShort((short) NO_HANDLE).put((byte) 0).put((byte) 0).put((byte) 0).put(cores).put(cores).put(
              cores);
      out.putShort(PROCESSOR_LENGTH - 8, (short) family);
    });
  }

  private static void memory(SmbiosTable table, List<Bank> banks) {
    long total = banks.stream().mapToLong(Bank::size).sum();
    table.add(16, ARRAY, ARRAY_LENGTH, (out, text) -> out.put((byte) OTHER).put((byte) SYSTEM_MEMORY).put((byte) MULTIPLE_BITS_CORRECTED)
        .putInt(0x8000_0000).putShort((short) NOT_GIVEN).putShort((short) banks.size()).putLong(total));
    for (int i = 0; i < banks.size(); i++) {
      Bank bank = banks.get(i);
      int number = i;
      table.add(17, 0x1100 + i, DEVICE_LENGTH, (out, text) -> {
        out.putShort((short) ARRAY).putShort((short) NOT_GIVEN).putShort((short) NO_HANDLE).putShort((short) NO_HANDLE).putShort(EXTENDED)
            .put((byte) DIMM).put((byte) 0).put(text.number("DIMM " + number)).put((byte) 0).put((byte) DRAM).putShort((short) UNKNOWN)
            .putShort((short) 0).put(text.number(MAKER));
        out.putInt(28, (int) Math.min(bank.size() + MIB - 1 >>> 20, Integer.MAX_VALUE));
      });
      table.add(19, 0x1300 + i, MAPPED_LENGTH, (out, text) -> out.putInt(-1).putInt(-1).putShort((short) ARRAY).put((byte) 1).putLong(bank
          .base()).putLong(bank.base() + bank.size() - 1));
    }
  }
}
