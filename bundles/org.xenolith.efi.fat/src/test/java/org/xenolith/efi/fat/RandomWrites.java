// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;

/** Does what comes to its mind to a volume, and knows what must be there then. */
final class RandomWrites {
  static final long CREATING = 1L << 63 | 3;
  private static final EfiGuid FILE = EfiGuid.of("09576e92-6d3f-11d2-8e39-00a0c969723b");
  private static final EfiGuid LABEL = EfiGuid.of("db47d7d3-fe81-11d3-9a35-0090273fc14d");
  private static final int DELETE = 24;
  private static final int WRITE = 40;
  private static final int SET_INFO = 72;
  private static final int DIRECTORY = 0x10;
  private static final String[] NAMES = {"GRUBENV", "x", "a name with blanks and more than thirteen characters", "Mixed.Case",
      "k\u00E4se.txt",
      "many.dots.in.it", ".hidden", "UPPER.TXT", "seventeen letters", "loader.conf", "random-seed", "+plus[brackets].cfg"};

  final FatLayerTest bench;
  /** Paths with slashes between; null: a directory. */
  final Map<String, byte[]> expected;
  private final Random random;
  private int full;

  RandomWrites(byte[] image, long seed) {
    bench = new FatLayerTest();
    assertEquals(0, bench.mount(image));
    expected = new TreeMap<>(VolumeCheck.files(image));
    random = new Random(seed);
  }

  /** How often there was no room. */
  int full() {
    return full;
  }

  private String folder() {
    List<String> folders = new ArrayList<>(List.of(""));
    expected.forEach((path, content) -> {
      if (content == null) {
        folders.add(path + "/");
      }
    });
    return folders.get(random.nextInt(folders.size()));
  }

  private String some(boolean directory) {
    List<String> all = expected.entrySet().stream().filter(each -> (each.getValue() == null) == directory).map(Map.Entry::getKey).toList();
    return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
  }

  private String fresh() {
    String name = folder() + NAMES[random.nextInt(NAMES.length)];
    String path = random.nextBoolean() ? name : name.replaceFirst("([^/.]*)$", random.nextInt(40) + "$1");
    return expected.keySet().stream().anyMatch(path::equalsIgnoreCase) ? null : path;
  }

  private static String efi(String path) {
    return "\\" + path.replace('/', '\\');
  }

  EfiStatus open(String path, long mode, long attributes, long to) {
    long text = bench.firmware.room(2 * path.length() + 2);
    bench.firmware.memory().write(text, (efi(path) + '\0').getBytes(StandardCharsets.UTF_16LE));
    return EfiStatus.of(bench.call(bench.root, FatLayerTest.OPEN, to, text, mode, attributes));
  }

  long opened(String path, long mode, long attributes) {
    long to = bench.firmware.room(8);
    EfiStatus status = open(path, mode, attributes, to);
    if (status == EfiStatus.VOLUME_FULL) {
      full++;
      return 0;
    }
    assertEquals(EfiStatus.SUCCESS, status, path);
    return bench.firmware.memory().get64(to);
  }

  /** One operation. */
  void step() {
    switch (random.nextInt(10)) {
      case 0, 1 -> create(random.nextInt(4) == 0);
      case 2, 3, 4, 5 -> write();
      case 6 -> resize();
      case 7 -> delete(random.nextInt(3) == 0);
      case 8 -> rename();
      default -> read();
    }
  }

  private void create(boolean directory) {
    String path = fresh();
    long file = path == null ? 0 : opened(path, CREATING, directory ? DIRECTORY : 0);
    if (file != 0) {
      expected.put(path, directory ? null : new byte[0]);
      assertEquals(0, bench.call(file, FatLayerTest.CLOSE));
    }
  }

  private void write() {
    String path = some(false);
    if (path == null) {
      return;
    }
    long file = opened(path, 3, 0);
    byte[] content = expected.get(path);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(4) == 0 ? content.length + random.nextInt(3000) : random.nextInt(content.length + 1);
      byte[] bytes = new byte[1 + random.nextInt(random.nextInt(4) == 0 ? 20_000 : 700)];
      random.nextBytes(bytes);
      assertEquals(0, bench.call(file, FatLayerTest.SET_POSITION, at));
      EfiStatus status = write(file, bytes);
      if (status == EfiStatus.VOLUME_FULL) {
        full++;
      } else {
        assertEquals(EfiStatus.SUCCESS, status);
        content = Arrays.copyOf(content, Math.max(content.length, at + bytes.length));
        System.arraycopy(bytes, 0, content, at, bytes.length);
      }
    }
    expected.put(path, content);
    assertEquals(0, bench.call(file, FatLayerTest.CLOSE));
  }

  EfiStatus write(long file, byte[] bytes) {
    long size = bench.firmware.pages(1);
    long pages = (bytes.length + 4095) / 4096;
    long buffer = bench.firmware.pages(pages);
    bench.firmware.memory().put64(size, bytes.length);
    bench.firmware.memory().write(buffer, bytes);
    EfiStatus status = EfiStatus.of(bench.call(file, WRITE, size, buffer));
    assertEquals(status == EfiStatus.DEVICE_ERROR ? 0 : bytes.length, bench.firmware.memory().get64(size));
    bench.firmware.freePages(size, 1);
    bench.firmware.freePages(buffer, pages);
    return status;
  }

  private byte[] info(long file) {
    long guid = bench.firmware.pages(1);
    bench.firmware.memory().write(guid, FILE.toBytes());
    bench.firmware.memory().put64(guid + 16, 2048);
    assertEquals(0, bench.call(file, 64, guid, guid + 16, guid + 32));
    byte[] told = bench.firmware.memory().read(guid + 32, (int) bench.firmware.memory().get64(guid + 16));
    bench.firmware.freePages(guid, 1);
    return told;
  }

  /** @param size -1: as it is @param name null: as it is */
  EfiStatus set(long file, long size, String name) {
    byte[] told = info(file);
    if (name != null) {
      byte[] text = (name + '\0').getBytes(StandardCharsets.UTF_16LE);
      told = Arrays.copyOf(told, 80 + text.length);
      System.arraycopy(text, 0, told, 80, text.length);
    }
    java.nio.ByteBuffer out = java.nio.ByteBuffer.wrap(told).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(0, told.length);
    if (size >= 0) {
      out.putLong(8, size);
    }
    long guid = bench.firmware.pages(1);
    bench.firmware.memory().write(guid, FILE.toBytes());
    bench.firmware.memory().write(guid + 16, told);
    EfiStatus status = EfiStatus.of(bench.call(file, SET_INFO, guid, told.length, guid + 16));
    bench.firmware.freePages(guid, 1);
    return status;
  }

  /** Gives the volume another label; what SetInfo answers. */
  long label(String label) {
    long guid = bench.firmware.pages(1);
    byte[] text = (label + '\0').getBytes(StandardCharsets.UTF_16LE);
    bench.firmware.memory().write(guid, LABEL.toBytes());
    bench.firmware.memory().write(guid + 16, text);
    long status = bench.call(bench.root, SET_INFO, guid, text.length, guid + 16);
    bench.firmware.freePages(guid, 1);
    return status;
  }

  private void resize() {
    String path = some(false);
    if (path == null) {
      return;
    }
    int size = random.nextInt(3) == 0 ? 0 : random.nextInt(12_000);
    long file = opened(path, 3, 0);
    EfiStatus status = set(file, size, null);
    if (status == EfiStatus.VOLUME_FULL) {
      full++;
    } else {
      assertEquals(EfiStatus.SUCCESS, status);
      expected.put(path, Arrays.copyOf(expected.get(path), size));
    }
    assertEquals(0, bench.call(file, FatLayerTest.CLOSE));
  }

  private void delete(boolean directory) {
    String path = some(directory);
    if (path == null) {
      return;
    }
    boolean filled = expected.keySet().stream().anyMatch(each -> each.startsWith(path + "/"));
    assertEquals(filled ? 2 : 0, bench.call(opened(path, 3, 0), DELETE), path);
    if (!filled) {
      expected.remove(path);
    }
  }

  private void rename() {
    String path = some(random.nextInt(4) == 0);
    String name = fresh();
    if (path == null || name == null) {
      return;
    }
    boolean directory = expected.get(path) == null;
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    String to = directory || random.nextBoolean() ? folder + name.substring(name.lastIndexOf('/') + 1) : name;
    if (expected.keySet().stream().anyMatch(to::equalsIgnoreCase)) {
      return;
    }
    long file = opened(path, 3, 0);
    boolean plain = to.startsWith(folder) && to.indexOf('/', folder.length()) < 0 && random.nextBoolean();
    EfiStatus status = set(file, -1, plain ? to.substring(folder.length()) : efi(to));
    if (status == EfiStatus.VOLUME_FULL) {
      full++;
    } else {
      assertEquals(EfiStatus.SUCCESS, status, path + " to " + to);
      Map<String, byte[]> moved = new TreeMap<>();
      expected.forEach((each, content) -> moved.put(each.equals(path) || each.startsWith(path + "/") ? to + each.substring(path.length())
          : each, content));
      expected.clear();
      expected.putAll(moved);
    }
    assertEquals(0, bench.call(file, FatLayerTest.CLOSE));
  }

  private void read() {
    String path = some(false);
    if (path != null) {
      long file = opened(path, 1, 0);
      byte[] content = expected.get(path);
      long size = bench.firmware.pages(1);
      long pages = content.length / 4096 + 1;
      long buffer = bench.firmware.pages(pages);
      bench.firmware.memory().put64(size, content.length);
      assertEquals(0, bench.call(file, FatLayerTest.READ, size, buffer));
      assertArrayEquals(content, bench.firmware.memory().read(buffer, content.length), path);
      bench.firmware.freePages(size, 1);
      bench.firmware.freePages(buffer, pages);
      assertEquals(0, bench.call(file, FatLayerTest.CLOSE));
    }
  }

  /** What is on the disk is what must be there. */
  void check(byte[] image) {
    Map<String, byte[]> found = VolumeCheck.files(image);
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((path, content) -> assertArrayEquals(content, found.get(path), path));
  }
}
