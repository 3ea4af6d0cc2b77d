// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * ACPI devices by identities that may be texts (UEFI 2.10, 10.3.3): in memory there are HID, UID, CID and texts in this order, in a text HID,
 * CID, UID.
 */
record AcpiExForm() implements NodeForm {
  private static final int SUBTYPE = 2;
  private static final int NUMBERS = 12;

  @Override
  public @Nullable String text(int type, int subtype, byte[] data) {
    if (type != DevicePath.ACPI || subtype != SUBTYPE || data.length < NUMBERS) {
      return null;
    }
    ByteBuffer in = NodeForm.in(data);
    String[] texts = new String(data, NUMBERS, data.length - NUMBERS, StandardCharsets.ISO_8859_1).split("\0", -1);
    if (texts.length != 4 || !texts[3].isEmpty()) {
      return null;
    }
    String identity = AcpiForm.identity(in.getInt(0));
    String compatible = AcpiForm.identity(in.getInt(8));
    return in.getInt(4) == 0 && texts[0].isEmpty() && texts[2].isEmpty() && !texts[1].isEmpty()
        ? "AcpiExp(%s,%s,%s)".formatted(identity, compatible, texts[1])
        : "AcpiEx(%s,%s,0x%X,%s,%s,%s)".formatted(identity, compatible, in.getInt(4), texts[0], texts[2], texts[1]);
  }

  @Override
  public @Nullable DevicePath node(String name, List<String> arguments) {
    boolean brief = name.equals("AcpiExp");
    if (!brief && !name.equals("AcpiEx")) {
      return null;
    }
    List<String> texts = brief ? List.of("", NodeForm.argument(arguments, 2), "")
        : List.of(NodeForm.argument(arguments, 3), NodeForm.argument(arguments, 5), NodeForm.argument(arguments, 4));
    byte[] bytes = (String.join("\0", texts) + '\0').getBytes(StandardCharsets.ISO_8859_1);
    return new DevicePath().node(DevicePath.ACPI, SUBTYPE, NodeForm.room(NUMBERS + bytes.length).putInt((int) AcpiForm.identity(NodeForm
        .argument(arguments, 0))).putInt(brief ? 0 : (int) NodeForm.number(NodeForm.argument(arguments, 2), 4)).putInt((int) AcpiForm
            .identity(NodeForm.argument(arguments, 1))).put(bytes).array());
  }

  /** Addresses of display devices (_ADR), one or more. */
  record Address() implements NodeForm {
    private static final int ADDRESS = 3;

    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      if (type != DevicePath.ACPI || subtype != ADDRESS || data.length == 0 || data.length % 4 != 0) {
        return null;
      }
      int[] numbers = new int[data.length / 4];
      NodeForm.in(data).asIntBuffer().get(numbers);
      return Arrays.stream(numbers).mapToObj("0x%X"::formatted).collect(Collectors.joining(",", "AcpiAdr(", ")"));
    }

    @Override
    public @Nullable DevicePath node(String name, List<String> arguments) {
      if (!name.equals("AcpiAdr")) {
        return null;
      }
      ByteBuffer out = NodeForm.room(4 * arguments.size());
      arguments.forEach(each -> out.putInt((int) NodeForm.number(each, 4)));
      return new DevicePath().node(DevicePath.ACPI, ADDRESS, out.array());
    }
  }
}
