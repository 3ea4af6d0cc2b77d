// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** ACPI devices by their identity and number (UEFI 2.10, 10.3.3; EISA identities are compressed as ACPI 6.5, 19.3.4 says). */
record AcpiForm() implements NodeForm {
  private static final int PNP = 0x41D0;
  private static final int SIZE = 8;
  /** PNP numbers of devices that have names of their own. */
  private static final Map<Integer, String> NAMED = Map.of(0x0A03, "PciRoot", 0x0A08, "PcieRoot", 0x0604, "Floppy", 0x0301, "Keyboard",
      0x0501,
      "Serial", 0x0401, "ParallelPort");

  /** An EISA identity as text: with PNP's letters, or as a number. */
  static String identity(int identity) {
    return (identity & 0xFFFF) == PNP ? "PNP%04X".formatted(identity >>> 16) : "0x%08X".formatted(identity);
  }

  /** The identity that is written so. */
  static long identity(String text) {
    return text.startsWith("PNP") ? NodeForm.number("0x" + text.substring(3), 2) << 16 | PNP : NodeForm.number(text, 4);
  }

  @Override
  public @Nullable String text(int type, int subtype, byte[] data) {
    if (type != DevicePath.ACPI || subtype != 1 || data.length != SIZE) {
      return null;
    }
    ByteBuffer in = NodeForm.in(data);
    int identity = in.getInt();
    int number = in.getInt();
    if ((identity & 0xFFFF) != PNP) {
      return "Acpi(%s,0x%X)".formatted(identity(identity), number);
    }
    String name = NAMED.get(identity >>> 16);
    return name == null ? "Acpi(%s,0x%X)".formatted(identity(identity), number) : "%s(0x%X)".formatted(name, number);
  }

  @Override
  public DevicePath node(String name, List<String> arguments) {
    if (name.equals("Acpi")) {
      return node(identity(NodeForm.argument(arguments, 0)), NodeForm.argument(arguments, 1));
    }
    return NAMED.entrySet().stream().filter(each -> each.getValue().equals(name)).findFirst().map(each -> node((long) each.getKey() << 16
        | PNP,
        NodeForm.argument(arguments, 0))).orElse(null);
  }

  private static DevicePath node(long identity, String number) {
    return new DevicePath().node(DevicePath.ACPI, 1, NodeForm.room(SIZE).putInt((int) identity).putInt((int) NodeForm.number(number, 4))
        .array());
  }
}
