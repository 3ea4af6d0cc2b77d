// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads a whole volume from its bytes alone, with none of the layer's code but where its parts are, and sees that it is consistent: what fsck.fat looks at. */
final class VolumeCheck {
  private static final int ENTRY = 32;
  private static final int[] CHARACTERS = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};

  private final ByteBuffer bytes;
  private final Volume volume;
  private final Set<Long> used = new HashSet<>();
  private final Map<String, byte[]> found = new TreeMap<>();

  private VolumeCheck(byte[] image) {
    bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    volume = Volume.of(image, image.length).orElseThrow();
  }

  /** Paths with slashes between, and what is in them; null for a directory. */
  static Map<String, byte[]> files(byte[] image) {
    VolumeCheck check = new VolumeCheck(image);
    check.all();
    return check.found;
  }

  private long next(long cluster) {
    int at = (int) volume.tableAt();
    return switch (volume.bits()) {
      case 12 -> (bytes.getShort(at + (int) (cluster * 3 / 2)) & 0xFFFF) >> (cluster % 2 == 0 ? 0 : 4) & 0xFFF;
      case 16 -> bytes.getShort(at + 2 * (int) cluster) & 0xFFFF;
      default -> bytes.getInt(at + 4 * (int) cluster) & 0x0FFF_FFFF;
    };
  }

  private void all() {
    byte[] first = piece(volume.tableAt(), volume.tableSize());
    for (int i = 1; i < volume.tables(); i++) {
      assertTrue(Arrays.equals(first, piece(volume.tableAt() + i * volume.tableSize(), volume.tableSize())), "table " + i
          + " is another one");
    }
    directory("", volume.bits() == 32 ? chain(volume.rootCluster(), "the root") : piece(volume.rootAt(), volume.rootSize()), 0, 0);
    long free = 0;
    for (long cluster = 2; cluster < volume.clusters() + 2; cluster++) {
      assertEquals(used.contains(cluster), next(cluster) != 0, "cluster " + cluster + " is in use");
      free += next(cluster) == 0 ? 1 : 0;
    }
    int info = bytes.getShort(48);
    if (volume.bits() == 32 && info > 0 && bytes.getInt(info * 512) == 0x4161_5252) {
      assertEquals(free, bytes.getInt(info * 512 + 488), "free clusters that are told");
    }
  }

  private byte[] piece(long at, long size) {
    return Arrays.copyOfRange(bytes.array(), (int) at, (int) (at + size));
  }

  private byte[] chain(long first, String name) {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    long end = volume.bits() == 12 ? 0xFF8 : volume.bits() == 16 ? 0xFFF8 : 0x0FFF_FFF8;
    for (long cluster = first; cluster < end; cluster = next(cluster)) {
      assertTrue(volume.has(cluster), name + ": cluster " + cluster);
      assertTrue(used.add(cluster), name + ": cluster " + cluster + " is somebody's already");
      out.writeBytes(piece(volume.place(cluster), volume.cluster()));
    }
    return out.toByteArray();
  }

  private void directory(String path, byte[] content, long own, long parent) {
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    Set<String> names = new HashSet<>();
    StringBuilder longName = new StringBuilder();
    int expected = 0;
    int sum = 0;
    for (int at = 0; at < content.length && content[at] != 0; at += ENTRY) {
      int attributes = content[at + 11];
      if ((content[at] & 0xFF) == 0xE5) {
        assertEquals(0, expected, path + ": a long name without its file");
        continue;
      } else if (attributes == 0x0F) {
        if ((content[at] & 0x40) != 0) {
          assertEquals(0, expected, path + ": a long name without its file");
          longName.setLength(0);
          expected = content[at] & 0x3F;
          sum = content[at + 13];
        }
        assertEquals(expected--, content[at] & 0x3F, path + ": a part of a long name");
        assertEquals(sum, content[at + 13]);
        StringBuilder part = new StringBuilder();
        for (int each : CHARACTERS) {
          part.append(in.getChar(at + each));
        }
        longName.insert(0, part);
        continue;
      }
      assertEquals(0, expected, path + ": a long name's parts");
      String shortName = new String(content, at, 11, java.nio.charset.StandardCharsets.ISO_8859_1);
      assertTrue(names.add(shortName), path + shortName + " is there twice");
      String name = longName.isEmpty() ? shortened(shortName) : longName.substring(0, (longName + "\0").indexOf('\0'));
      longName.setLength(0);
      long cluster = (long) in.getShort(at + 20) << 16 | in.getShort(at + 26) & 0xFFFF;
      long size = in.getInt(at + 28) & 0xFFFF_FFFFL;
      if ((attributes & 8) != 0) {
        continue;
      } else if (name.equals(".") || name.equals("..")) {
        assertEquals(name.equals(".") ? own : parent, cluster, path + name);
      } else if ((attributes & 0x10) != 0) {
        assertEquals(0, size, path + name);
        found.put(path + name, null);
        directory(path + name + "/", chain(cluster, path + name), cluster, own);
      } else {
        byte[] data = cluster == 0 ? new byte[0] : chain(cluster, path + name);
        assertEquals((size + volume.cluster() - 1) / volume.cluster() * volume.cluster(), data.length, path + name
            + ": clusters of a file of "
            + size);
        found.put(path + name, Arrays.copyOf(data, (int) size));
      }
    }
  }

  private static String shortened(String field) {
    String extension = field.substring(8).strip();
    return field.substring(0, 8).strip() + (extension.isEmpty() ? "" : "." + extension);
  }
}
