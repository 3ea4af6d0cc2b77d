// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Lists of resource descriptors, the contents of {@code _CRS} (ACPI 6.5, 6.4). */
public final class ResourceTemplate {
  private static final int LARGE = 0x80;
  private static final int END = 0x79;
  private static final List<StructureLayout> KINDS = List.of(Resource.IO_PORT, Resource.FIXED_MEMORY_32, Resource.WORD_ADDRESS_SPACE,
      Resource.DWORD_ADDRESS_SPACE, Resource.QWORD_ADDRESS_SPACE, Resource.EXTENDED_INTERRUPT);

  private ResourceTemplate() {}

  /**
   * Reads descriptors to the end tag, which isn't among them.
   *
   * @param of what messages call it
   * @throws AcpiException if one is cut short, or the end tag is missing
   */
  public static List<Structure> read(String of, byte[] bytes) {
    List<Structure> found = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int tag = bytes[at] & 0xff;
      if (tag == END) {
        return found;
      }
      boolean large = (tag & LARGE) != 0;
      if (large && bytes.length - at < 3) {
        break;
      }
      int length = large ? 3 + (int) LittleEndian.get(bytes, at + 1, 2) : 1 + (tag & 7);
      if (length > bytes.length - at) {
        throw new AcpiException(of, at, "a resource descriptor says that it is " + length + " bytes long, "
            + (bytes.length - at) + " are left", AcpiException.DAMAGED);
      }
      StructureLayout kind = KINDS.stream().filter(each -> each.type() == tag).findFirst().orElse(UnknownEntry.LAYOUT);
      found.add(new StructureReader(of, bytes).read(at, length, kind));
      at += length;
    }
    throw new AcpiException(of, at, "the resource descriptors have no end tag", AcpiException.DAMAGED);
  }

  /** The bytes of descriptors, with an end tag whose checksum isn't computed (ACPI 6.5, 6.4.2.9). */
  public static byte[] write(Stream<StructureBuilder> descriptors) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    descriptors.forEach(each -> {
      byte[] bytes = each.bytes();
      LittleEndian.put(bytes, 0, 1, each.layout().type());
      if ((each.layout().type() & LARGE) != 0) {
        LittleEndian.put(bytes, 1, 2, bytes.length - 3L);
      }
      out.writeBytes(bytes);
    });
    out.write(END);
    out.write(0);
    return out.toByteArray();
  }
}
