// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.efi.kit.RuntimeServicesTable;

/** The EFI system table and what it points to (UEFI 2.10, chapter 4): in memory, where guests hook what they like; checksums follow. */
final class SystemTables {
  /** Revision of the specification. */
  static final int REVISION = 2 << 16 | 100;
  private static final int CONSOLE_IN_HANDLE = 40;
  private static final int CONSOLE_IN = 48;
  private static final int CONSOLE_OUT_HANDLE = 56;
  private static final int CONSOLE_OUT = 64;
  private static final int ERROR_HANDLE = 72;
  private static final int ERROR = 80;
  private static final String VENDOR = "Xenolith";
  private static final int VENDOR_REVISION = 1 << 16;
  private static final long SYSTEM_SIGNATURE = 0x5453595320494249L;
  private static final long BOOT_SIGNATURE = 0x56524553544F4F42L;
  private static final int HEADER = 24;
  private static final int CRC = 16;
  private static final int RUNTIME_AT = 88;
  private static final int BOOT_AT = 96;
  private static final int COUNT_AT = 104;
  private static final int VENDOR_TEXT = 0x100;
  private static final int RUNTIME = 0x200;
  private static final int CONFIGURATION = 0x400;
  /** Configuration tables that there is room for. */
  private static final int MOST = 64;

  private final EfiRam memory;
  private final long base;

  /** @param base of a piece of runtime services' data */
  SystemTables(EfiRam memory, long base) {
    this.memory = memory;
    this.base = base;
  }

  /**
   * Writes all tables.
   *
   * @param boot     where boot services' table is to be
   * @param function gives the pointer of each boot service
   * @param code     where the code of runtime services is
   */
  void write(long boot, java.util.function.ToLongFunction<BootService> function, long code) {
    ByteBuffer services = ByteBuffer.allocate(BootService.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    services.putLong(BOOT_SIGNATURE).putInt(REVISION).putInt(BootService.SIZE).putInt(0).putInt(0);
    for (BootService service : BootService.values()) {
      services.putLong(service == BootService.RESERVED ? 0 : function.applyAsLong(service));
    }
    memory.write(boot, services.array());
    sign(boot);
    memory.write(base + VENDOR_TEXT, (VENDOR + '\0').getBytes(StandardCharsets.UTF_16LE));
    memory.write(base + RUNTIME, RuntimeServicesTable.bytes(REVISION, code));
    ByteBuffer system = ByteBuffer.allocate(EfiSystemTable.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    system.putLong(SYSTEM_SIGNATURE).putInt(REVISION).putInt(EfiSystemTable.SIZE).putInt(0).putInt(0).putLong(base + VENDOR_TEXT).putInt(
        VENDOR_REVISION);
    system.putLong(RUNTIME_AT, base + RUNTIME).putLong(BOOT_AT, boot).putLong(COUNT_AT + 8, base + CONFIGURATION);
    memory.write(base, system.array());
    sign(base);
  }

  private void sign(long table) {
    int size = (int) Math.min(memory.get32(table + 12), 4096);
    if (size < HEADER) {
      return; // a guest's own idea of it
    }
    memory.put32(table + CRC, 0);
    CRC32 crc = new CRC32();
    crc.update(memory.read(table, size));
    memory.put32(table + CRC, crc.getValue());
  }

  /** Where EFI_RUNTIME_SERVICES is. */
  long runtime() {
    return base + RUNTIME;
  }

  /** Where boot services' table is, as it stands there. */
  long boot() {
    return memory.get64(base + BOOT_AT);
  }

  /** The consoles: handles and interfaces. What is written to the output is where errors go, too. */
  void consoles(long inputHandle, long input, long outputHandle, long output) {
    memory.put64(base + CONSOLE_IN_HANDLE, inputHandle);
    memory.put64(base + CONSOLE_IN, input);
    memory.put64(base + CONSOLE_OUT_HANDLE, outputHandle);
    memory.put64(base + CONSOLE_OUT, output);
    memory.put64(base + ERROR_HANDLE, outputHandle);
    memory.put64(base + ERROR, output);
    sign(base);
  }

  /** Names a configuration table, or no longer. @throws EfiError NOT_FOUND, OUT_OF_RESOURCES */
  void configuration(EfiGuid guid, long address) {
    long table = memory.get64(base + COUNT_AT + 8);
    int count = (int) Math.min(MOST, memory.get64(base + COUNT_AT));
    int at = 0;
    while (at < count && !memory.guid(table + 24L * at).equals(guid)) {
      at++;
    }
    if (address == 0) {
      if (at == count) {
        throw new EfiError(EfiStatus.NOT_FOUND, "configuration table " + guid);
      }
      memory.write(table + 24L * at, memory.read(table + 24L * (at + 1), 24 * (count - at - 1)));
      memory.put64(base + COUNT_AT, count - 1);
    } else {
      if (at == MOST) {
        throw new EfiError(EfiStatus.OUT_OF_RESOURCES, "there are " + MOST + " configuration tables already");
      }
      memory.write(table + 24L * at, guid.toBytes());
      memory.put64(table + 24L * at + 16, address);
      memory.put64(base + COUNT_AT, Math.max(count, at + 1));
    }
    sign(base);
  }

  /** Boot services are over: what belongs to them is gone. */
  void exitBootServices() {
    for (int at = CONSOLE_IN_HANDLE; at <= ERROR; at += 8) {
      memory.put64(base + at, 0);
    }
    memory.put64(base + BOOT_AT, 0);
    sign(base);
  }
}
