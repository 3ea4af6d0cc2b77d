// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * The EFI system table with vendor and configuration tables behind it, as one piece of memory (UEFI 2.10, 4.3 and 4.6). Consoles and boot
 * services are gone, as after ExitBootServices.
 */
public final class EfiSystemTable {
  /** Configuration table: the RSDP of ACPI 2.0 and later. */
  public static final String ACPI = "8868e871-e4f1-11d3-bc22-0080c73c8881";
  /** Configuration table: which runtime services there are. */
  public static final String RUNTIME_PROPERTIES = "eb66918a-7eef-402a-842e-931d21c38ae9";
  /** Configuration table: the rights of runtime services' memory. */
  public static final String MEMORY_ATTRIBUTES = "dcfa911d-26eb-469f-a220-38b7dc461220";
  /**
   * Configuration table of Linux (include/linux/efi.h, LINUX_EFI_MEMRESERVE_TABLE_GUID): memory that it keeps over a kexec. Its own loader
   * leaves an empty one; without it the tables of a GICv3's LPIs can't be kept, which is a warning.
   */
  public static final String LINUX_MEMRESERVE = "888eb0c6-8ede-4ff5-a8f0-9aee5cb977c2";
  /** Bytes of an empty table of kept memory: size and count of its entries, the next table. */
  public static final int LINUX_MEMRESERVE_SIZE = 16;
  /** Bytes of the table itself. */
  public static final int SIZE = 120;
  /** Bytes of a configuration table's entry. */
  public static final int ENTRY = 24;
  private static final long SIGNATURE = 0x5453595320494249L;
  private static final int CRC = 16;

  private final int revision;
  private final String vendor;
  private final int vendorRevision;
  private final List<Configuration> configuration = new ArrayList<>();
  private long runtimeServices;

  private record Configuration(String guid, long address) {}

  /**
   * A table without runtime services.
   *
   * @param revision       of the specification, {@code major << 16 | minor} times ten
   * @param vendor         of the firmware
   * @param vendorRevision its version, in the vendor's way
   */
  public EfiSystemTable(int revision, String vendor, int vendorRevision) {
    this.revision = revision;
    this.vendor = vendor;
    this.vendorRevision = vendorRevision;
  }

  /** Names a configuration table by its GUID, as text, and its physical address. */
  public EfiSystemTable configuration(String guid, long address) {
    configuration.add(new Configuration(guid, address));
    return this;
  }

  /** Where the table of runtime services is, as the operating system sees it: virtual, if it has mapped it. */
  public EfiSystemTable runtimeServices(long address) {
    runtimeServices = address;
    return this;
  }

  private int vendorBytes() {
    // In multiples of eight, so that what follows is aligned.
    return (vendor.length() + 1) * 2 + 7 & -8;
  }

  /** Bytes of all. */
  public int length() {
    return SIZE + vendorBytes() + configuration.size() * ENTRY;
  }

  /**
   * The bytes at an address, with the checksum.
   *
   * @param base       physical address of the table
   * @param headerSize what its header says of its size: {@link #SIZE} as specified
   */
  public byte[] bytes(long base, int headerSize) {
    ByteBuffer out = ByteBuffer.allocate(length()).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(SIGNATURE).putInt(revision).putInt(headerSize).putInt(0).putInt(0);
    out.putLong(base + SIZE).putInt(vendorRevision).putInt(0);
    // Consoles: three handles and three protocols.
    out.position(out.position() + 6 * Long.BYTES);
    out.putLong(runtimeServices).putLong(0).putLong(configuration.size()).putLong(base + SIZE + vendorBytes());
    out.put(vendor.getBytes(StandardCharsets.UTF_16LE));
    out.position(SIZE + vendorBytes());
    configuration.forEach(each -> out.put(guid(each.guid)).putLong(each.address));
    CRC32 crc = new CRC32();
    crc.update(out.array(), 0, Math.min(headerSize, out.capacity()));
    out.putInt(CRC, (int) crc.getValue());
    return out.array();
  }

  /** A GUID as EFI keeps it: its first three fields least significant byte first (UEFI 2.10, appendix A). */
  public static byte[] guid(String text) {
    UUID uuid = UUID.fromString(text);
    byte[] bytes = HexFormat.of().parseHex(uuid.toString().replace("-", ""));
    int[] order = {3, 2, 1, 0, 5, 4, 7, 6};
    byte[] mixed = bytes.clone();
    for (int i = 0; i < order.length; i++) {
      mixed[i] = bytes[order[i]];
    }
    return mixed;
  }
}
