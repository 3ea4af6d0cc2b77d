// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that consist of numbers, all of which are written in hexadecimal.
 *
 * @param name    as it is written
 * @param type    of the node
 * @param subtype of the node
 * @param sizes   bytes of each number, in the order of memory
 * @param order   which are written, in the order of the text; the others are reserved
 */
record NumbersForm(String name, int type, int subtype, List<Integer> sizes, List<Integer> order) implements NodeForm {
  private static NumbersForm of(String name, int type, int subtype, Integer... sizes) {
    return new NumbersForm(name, type, subtype, List.of(sizes), java.util.stream.IntStream.range(0, sizes.length).boxed().toList());
  }

  private NumbersForm order(Integer... inText) {
    return new NumbersForm(name, type, subtype, sizes, List.of(inText));
  }

  /** All that there are. */
  static List<NodeForm> all() {
    return List.of(of("Pci", 1, 1, 1, 1).order(1, 0), of("PcCard", 1, 2, 1), of("MemoryMapped", 1, 3, 4, 8, 8), of("Ctrl", 1, 5, 4), of(
        "BMC", 1,
        6, 1, 8), of("Scsi", 3, 2, 2, 2), of("Fibre", 3, 3, 4, 8, 8).order(1, 2), of("USB", 3, 5, 1, 1), of("I2O", 3, 6, 4), of("Unit", 3,
            17,
            1), of("Sata", 3, 18, 2, 2, 2), of("Vlan", 3, 20, 2), of("UFS", 3, 25, 1, 1),
        of("SD", 3, 26, 1), of("eMMC", 3, 29, 1), of("CDROM", 4, 2, 4, 8, 8),
        of(
            "Offset", 4, 8, 4, 8, 8).order(1, 2));
  }

  private int size() {
    return sizes.stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public @Nullable String text(int itsType, int itsSubtype, byte[] data) {
    if (itsType != type || itsSubtype != subtype || data.length != size()) {
      return null;
    }
    ByteBuffer in = NodeForm.in(data);
    long[] numbers = sizes.stream().mapToLong(size -> switch (size) {
      case 1 -> in.get() & 0xFF;
      case 2 -> in.getShort() & 0xFFFF;
      case 4 -> in.getInt() & 0xFFFF_FFFFL;
      default -> in.getLong();
    }).toArray();
    return order.stream().map(index -> "0x%X".formatted(numbers[index])).collect(Collectors.joining(",", name + "(", ")"));
  }

  @Override
  public @Nullable DevicePath node(String itsName, List<String> arguments) {
    if (!itsName.equals(name)) {
      return null;
    }
    long[] numbers = new long[sizes.size()];
    for (int i = 0; i < order.size(); i++) {
      numbers[order.get(i)] = NodeForm.number(NodeForm.argument(arguments, i), sizes.get(order.get(i)));
    }
    ByteBuffer out = NodeForm.room(size());
    for (int i = 0; i < numbers.length; i++) {
      out.put(Arrays.copyOf(NodeForm.room(8).putLong(numbers[i]).array(), sizes.get(i)));
    }
    return new DevicePath().node(type, subtype, out.array());
  }
}
