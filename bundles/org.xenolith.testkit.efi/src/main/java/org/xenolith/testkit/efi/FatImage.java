// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A FAT volume with directories and files, made from the specification (Microsoft, FAT 1.03): sectors of 512 bytes, one table of two, long
 * names. Files lie in pieces of one cluster, every other cluster, if they are to be scattered.
 */
public final class FatImage {
  private static final int SECTOR = 512;
  private static final int ENTRY = 32;
  private static final int ROOT_ENTRIES = 512;
  private static final int RESERVED = 32;

  private final int bits;
  private final int sectors;
  private final int perCluster;
  private final int perTable;
  private final boolean scattered;
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, List<Integer>> parents = new LinkedHashMap<>();
  private ByteBuffer out;
  private int nextCluster;
  private int shortNames;

  /**
   * A volume without files.
   *
   * @param bits      12, 16 or 32
   * @param scattered whether no two clusters of a file lie together
   */
  public FatImage(int bits, boolean scattered) {
    this.bits = bits;
    this.scattered = scattered;
    perCluster = bits == 12 ? 2 : 1;
    int clusters = bits == 12 ? 2000 : bits == 16 ? 6000 : 66_000;
    perTable = ((clusters + 2) * bits / 8 + SECTOR) / SECTOR + 1;
    sectors = RESERVED + 2 * perTable + rootSectors() + clusters * perCluster;
  }

  private int rootSectors() {
    return bits == 32 ? 0 : ROOT_ENTRIES * ENTRY / SECTOR;
  }

  /** Adds a file, and the directories that its path names, separated by slashes. */
  public FatImage file(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  private int dataAt() {
    return (RESERVED + 2 * perTable + rootSectors()) * SECTOR;
  }

  private int place(int cluster) {
    return dataAt() + (cluster - 2) * perCluster * SECTOR;
  }

  private void link(int cluster, int to) {
    for (int table = 0; table < 2; table++) {
      int base = (RESERVED + table * perTable) * SECTOR;
      switch (bits) {
        case 12 -> {
          int at = base + cluster + cluster / 2;
          int old = out.getShort(at) & 0xFFFF;
          out.putShort(at, (short) ((cluster & 1) == 0 ? old & 0xF000 | to & 0xFFF : old & 0xF | to << 4));
        }
        case 16 -> out.putShort(base + 2 * cluster, (short) to);
        default -> out.putInt(base + 4 * cluster, to & 0x0FFF_FFFF);
      }
    }
  }

  /** Writes bytes into a chain of clusters; the first. */
  private int chain(byte[] content) {
    int size = perCluster * SECTOR;
    int count = Math.max(1, (content.length + size - 1) / size);
    int first = nextCluster;
    for (int i = 0; i < count; i++) {
      int cluster = nextCluster;
      nextCluster += scattered ? 2 : 1;
      out.put(place(cluster), content, i * size, Math.min(size, content.length - i * size));
      link(cluster, i == count - 1 ? -1 : nextCluster);
    }
    return first;
  }

  private static int checksum(byte[] shortName) {
    int sum = 0;
    for (byte each : shortName) {
      sum = ((sum & 1) << 7 | sum >> 1) + (each & 0xFF) & 0xFF;
    }
    return sum;
  }

  private void entry(List<byte[]> entries, String name, int attributes, int cluster, int size) {
    byte[] shortName = "%-8s%-3s".formatted("N%06d".formatted(++shortNames), "").getBytes(StandardCharsets.US_ASCII);
    int parts = (name.length() + 12) / 13;
    for (int part = parts; part >= 1; part--) {
      ByteBuffer one = ByteBuffer.allocate(ENTRY).order(ByteOrder.LITTLE_ENDIAN);
      one.put(0, (byte) (part | (part == parts ? 0x40 : 0))).put(11, (byte) 0x0F).put(13, (byte) checksum(shortName));
      int[] places = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
      for (int i = 0; i < places.length; i++) {
        int at = 13 * (part - 1) + i;
        one.putShort(places[i], (short) (at < name.length() ? name.charAt(at) : at == name.length() ? 0 : 0xFFFF));
      }
      entries.add(one.array());
    }
    ByteBuffer own = ByteBuffer.allocate(ENTRY).order(ByteOrder.LITTLE_ENDIAN).put(shortName).put((byte) attributes);
    own.putInt(14, 46 << 25 | 5 << 21 | 6 << 16).putShort(20, (short) (cluster >> 16)).putInt(22, 46 << 25 | 5 << 21 | 6 << 16 | 7 << 11);
    own.putShort(26, (short) cluster).putInt(28, size);
    entries.add(own.array());
  }

  private static byte[] joined(List<byte[]> entries) {
    ByteBuffer all = ByteBuffer.allocate((entries.size() + 1) * ENTRY);
    entries.forEach(all::put);
    return all.array();
  }

  private List<byte[]> directory(String path) {
    List<byte[]> entries = new ArrayList<>();
    Map<String, Boolean> names = new LinkedHashMap<>();
    files.keySet().stream().filter(each -> each.startsWith(path)).forEach(each -> {
      String rest = each.substring(path.length());
      int slash = rest.indexOf('/');
      names.put(slash < 0 ? rest : rest.substring(0, slash), slash >= 0);
    });
    names.forEach((name, isDirectory) -> {
      if (isDirectory) {
        List<byte[]> below = directory(path + name + '/');
        dots(below);
        int cluster = chain(joined(below));
        out.putShort(place(cluster) + 26, (short) cluster).putShort(place(cluster) + 20, (short) (cluster >> 16));
        parents.getOrDefault(path + name + '/', List.of()).forEach(child -> parent(child, cluster));
        parents.computeIfAbsent(path, key -> new ArrayList<>()).add(cluster);
        entry(entries, name, 0x10, cluster, 0);
      } else {
        byte[] content = files.get(path + name);
        entry(entries, name, 0x20, content.length == 0 ? 0 : chain(content), content.length);
      }
    });
    return entries;
  }

  /** A directory's entry of its parent comes to the parent's number, which is known later than the directory's. */
  private void parent(int cluster, int number) {
    int at = place(cluster) + ENTRY;
    out.putShort(at + 26, (short) number).putShort(at + 20, (short) (number >> 16));
  }

  /** Each directory but the root has itself and its parent, which is the root, whose number is 0, until another is known. */
  private static void dots(List<byte[]> entries) {
    for (String name : List.of("..", ".")) {
      byte[] one = new byte[ENTRY];
      System.arraycopy("%-11s".formatted(name).getBytes(StandardCharsets.US_ASCII), 0, one, 0, 11);
      one[11] = 0x10;
      entries.addFirst(one);
    }
  }

  /** The volume's bytes. */
  public byte[] bytes() {
    out = ByteBuffer.allocate(sectors * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    nextCluster = 2;
    parents.clear();
    out.put(0, new byte[] {(byte) 0xEB, 0x58, (byte) 0x90}).putShort(11, (short) SECTOR).put(13, (byte) perCluster).putShort(14,
        (short) RESERVED);
    out.put(16, (byte) 2).putShort(17, (short) (bits == 32 ? 0 : ROOT_ENTRIES)).put(21, (byte) 0xF8);
    out.putInt(32, sectors).putShort(22, (short) (bits == 32 ? 0 : perTable)).putShort(510, (short) 0xAA55);
    out.put(bits == 32 ? 71 : 43, "XENOLITH   ".getBytes(StandardCharsets.US_ASCII));
    link(0, -8);
    link(1, -1);
    List<byte[]> root = directory("");
    if (bits == 32) {
      out.putInt(36, perTable).putInt(44, chain(joined(root)));
    } else {
      out.put((RESERVED + 2 * perTable) * SECTOR, joined(root));
    }
    return out.array();
  }
}
