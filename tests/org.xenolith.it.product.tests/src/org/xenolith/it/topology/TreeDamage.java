// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;

/** Damages a blob: in its bytes, as a broken file has it, or in its properties, as a wrong source has it. */
final class TreeDamage {
  /** What every number in a tree could be mistaken for: sizes, offsets, tokens of the structure block, phandles. */
  private static final int[] WORDS = {0, 1, 2, 3, 4, 9, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xd00d_feed, 0x1000};
  private static final int HEADER = 40;
  private final Random random;
  private String kind;

  TreeDamage(Random random) {
    this.random = random;
  }

  /** What the last damage was. */
  String kind() {
    return kind;
  }

  /** A damaged copy. */
  byte[] apply(byte[] blob) {
    kind = List.of("cut", "header", "structure", "strings", "splice", "property", "property", "property")
        .get(random.nextInt(8));
    byte[] copy = blob.clone();
    return switch (kind) {
      case "cut" -> Arrays.copyOf(copy, random.nextInt(copy.length));
      case "header" -> word(copy, 0, HEADER);
      case "structure" -> flips(copy, number(copy, 8), number(copy, 36));
      case "strings" -> flips(copy, number(copy, 12), number(copy, 32));
      case "splice" -> splice(copy);
      default -> FdtWriter.write(property(FdtReader.read(copy)));
    };
  }

  private byte[] word(byte[] blob, int from, int length) {
    put(blob, from + 4 * random.nextInt(length / 4), WORDS[random.nextInt(WORDS.length)]);
    return blob;
  }

  private byte[] flips(byte[] blob, int from, int length) {
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      if (random.nextBoolean()) {
        blob[from + random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
      } else {
        word(blob, from, length);
      }
    }
    return blob;
  }

  /** Copies one stretch of the structure block over another. */
  private byte[] splice(byte[] blob) {
    int from = number(blob, 8);
    int words = number(blob, 36) / 4;
    int length = 1 + random.nextInt(Math.min(64, words / 2));
    System.arraycopy(blob, from + 4 * random.nextInt(words - length), blob, from + 4 * random.nextInt(words - length), 4 * length);
    return blob;
  }

  private Fdt property(Fdt tree) {
    List<String> paths = new ArrayList<>();
    paths(tree.root(), "", paths);
    Fdt damaged = tree;
    for (int n = 1 + random.nextInt(6); n > 0; n--) {
      damaged = damaged.edit(paths.get(random.nextInt(paths.size())), this::node);
    }
    return damaged;
  }

  private static void paths(FdtNode node, String path, List<String> paths) {
    paths.add(path.isEmpty() ? "/" : path);
    node.children().forEach(child -> paths(child, path + "/" + child.name(), paths));
  }

  private FdtNode node(FdtNode node) {
    if (node.properties().isEmpty()) {
      return node;
    }
    FdtProperty victim = node.properties().get(random.nextInt(node.properties().size()));
    return switch (random.nextInt(5)) {
      case 0 -> node.withoutProperty(victim.name());
      case 1 -> node.withProperty(new FdtProperty(victim.name(), bytes(random.nextInt(40))));
      case 2 -> node.withProperty(FdtProperty.ofCells(
          List.of("#address-cells", "#size-cells", "#interrupt-cells", "interrupt-parent", "phandle", "reg", "ranges",
              "interrupts", "interrupt-map", "dma-ranges", "status").get(random.nextInt(11)),
          WORDS[random.nextInt(WORDS.length)]));
      case 3 -> node.withProperty(new FdtProperty(victim.name(), Arrays.copyOf(victim.value(), random.nextInt(victim.value().length + 5))));
      default -> {
        byte[] value = victim.value().clone();
        if (value.length > 0) {
          value[random.nextInt(value.length)] = (byte) random.nextInt();
        }
        yield node.withProperty(new FdtProperty(victim.name(), value));
      }
    };
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static int number(byte[] blob, int at) {
    return (blob[at] & 0xff) << 24 | (blob[at + 1] & 0xff) << 16 | (blob[at + 2] & 0xff) << 8 | blob[at + 3] & 0xff;
  }

  private static void put(byte[] blob, int at, int value) {
    for (int i = 0; i < 4; i++) {
      blob[at + i] = (byte) (value >>> 24 - 8 * i);
    }
  }
}
