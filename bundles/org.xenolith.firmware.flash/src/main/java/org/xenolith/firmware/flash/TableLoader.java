// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.xenolith.acpi.codec.LinkedTables;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.firmware.api.FwCfgPort;

/**
 * ACPI tables as files of fw_cfg, with the commands by which firmware puts them into memory: allocate a file, add a file's address to a
 * pointer in another, correct a checksum. Source of the form: edk2, OvmfPkg/AcpiPlatformDxe/QemuLoader.h.
 */
final class TableLoader {
  private static final String COMMANDS = "etc/table-loader";
  private static final String TABLES = "etc/acpi/tables";
  private static final String RSDP = "etc/acpi/rsdp";
  private static final int ENTRY = 128;
  private static final int ALLOCATE = 1;
  private static final int ADD_POINTER = 2;
  private static final int ADD_CHECKSUM = 3;
  private static final int HIGH = 1;
  private static final int FSEG = 2;
  private static final int RSDP_ALIGNMENT = 16;
  private static final int RSDP_V1 = 20;
  private static final int RSDP_CHECKSUM = 8;
  private static final int RSDP_XSDT = 24;
  private static final int RSDP_CHECKSUM_V2 = 32;
  private static final int TABLE_CHECKSUM = 9;
  private static final int HEADER = 36;
  private static final int FADT_X_FIRMWARE_CTRL = 132;
  private static final int FADT_X_DSDT = 140;
  private static final int POINTER = 8;

  private final ByteArrayOutputStream commands = new ByteArrayOutputStream();

  private TableLoader() {}

  /** The files by name, with the commands. */
  static Map<String, byte[]> files(TableSet set, TableIdentity identity) {
    return new TableLoader().make(LinkedTables.of(set.tables(), identity, 0));
  }

  /** Linked for address 0, an address of a table is its offset in the file, but that the RSDP is in a file of its own before them. */
  private Map<String, byte[]> make(LinkedTables linked) {
    long start = linked.tables().get(1).address();
    byte[] all = linked.bytes();
    byte[] rsdp = linked.tables().getFirst().table().bytes();
    byte[] tables = Arrays.copyOfRange(all, (int) start, all.length);
    allocate(TABLES, 64, HIGH);
    allocate(RSDP, RSDP_ALIGNMENT, FSEG);
    for (PlacedTable each : linked.tables().subList(1, linked.tables().size())) {
      int at = (int) (each.address() - start);
      boolean moved = switch (each.table().signature()) {
        case "XSDT" -> pointers(tables, at + HEADER, at + each.table().length(), start);
        case "FACP" -> pointers(tables, at + FADT_X_FIRMWARE_CTRL, at + FADT_X_DSDT + POINTER, start);
        default -> false;
      };
      if (moved) {
        checksum(tables, TABLES, at + TABLE_CHECKSUM, at, each.table().length());
      }
    }
    pointer(rsdp, RSDP, RSDP_XSDT, start);
    checksum(rsdp, RSDP, RSDP_CHECKSUM, 0, RSDP_V1);
    checksum(rsdp, RSDP, RSDP_CHECKSUM_V2, 0, rsdp.length);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(TABLES, tables);
    files.put(RSDP, rsdp);
    files.put(COMMANDS, commands.toByteArray());
    return files;
  }

  private boolean pointers(byte[] tables, int from, int end, long start) {
    for (int at = from; at < end; at += POINTER) {
      if (ByteBuffer.wrap(tables).order(ByteOrder.LITTLE_ENDIAN).getLong(at) != 0) {
        pointer(tables, TABLES, at, start);
      }
    }
    return true;
  }

  /** A pointer to a table: before the file's address is added it is the offset there. */
  private void pointer(byte[] content, String file, int at, long start) {
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(at, bytes.getLong(at) - start);
    commands.writeBytes(entry(ADD_POINTER).put(padded(file)).put(padded(TABLES)).putInt(at).put((byte) POINTER).array());
  }

  /** The byte is zero until it is computed. */
  private void checksum(byte[] content, String file, int at, int start, int length) {
    content[at] = 0;
    commands.writeBytes(entry(ADD_CHECKSUM).put(padded(file)).putInt(at).putInt(start).putInt(length).array());
  }

  private void allocate(String file, int alignment, int zone) {
    commands.writeBytes(entry(ALLOCATE).put(padded(file)).putInt(alignment).put((byte) zone).array());
  }

  private static ByteBuffer entry(int kind) {
    return ByteBuffer.allocate(ENTRY).order(ByteOrder.LITTLE_ENDIAN).putInt(kind);
  }

  private static byte[] padded(String name) {
    return Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), FwCfgPort.NAME);
  }
}
