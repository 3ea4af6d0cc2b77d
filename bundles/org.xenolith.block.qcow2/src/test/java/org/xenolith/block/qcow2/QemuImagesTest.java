// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.block.DiskTools;

/** Images that QEMU's programs made, and what they say of ours. */
@FullLane
class QemuImagesTest {
  private static final int SECTOR = 512;
  private static final int SIZE = 8 << 20;

  @TempDir
  Path folder;

  private static BlockDevice open(Path image, Mode mode) throws IOException {
    return new Qcow2Component().open(image, mode);
  }

  private static byte[] all(Path image) throws IOException {
    try (BlockDevice disk = open(image, Mode.READ_ONLY)) {
      byte[] all = new byte[(int) disk.sectors() * SECTOR];
      disk.read(0, all, 0, (int) disk.sectors());
      return all;
    }
  }

  /** What packs well, what doesn't, zeros and holes. */
  private Path scattered(String name, long seed) throws IOException {
    byte[] content = new byte[SIZE];
    Random random = new Random(seed);
    for (int at = 0; at < SIZE; at += 8192) {
      byte[] piece = new byte[8192];
      switch (random.nextInt(4)) {
        case 0 -> random.nextBytes(piece);
        case 1 -> Arrays.fill(piece, (byte) random.nextInt());
        default -> {
        }
      }
      System.arraycopy(piece, 0, content, at, piece.length);
    }
    return Files.write(folder.resolve(name), content);
  }

  private static String asRaw(Path image) throws IOException, InterruptedException {
    Path raw = image.resolveSibling(image.getFileName() + ".judged");
    DiskTools.run("qemu-img", "convert", "-O", "raw", image, raw);
    return raw.toString();
  }

  private static void equal(Path image) throws IOException, InterruptedException {
    assertEquals(-1, Arrays.mismatch(Files.readAllBytes(Path.of(asRaw(image))), all(image)), image::toString);
  }

  @Test
  void everyKindReadsAsQemuConvertsIt() throws IOException, InterruptedException {
    Path raw = scattered("raw.img", 1);
    List<List<String>> kinds = List.of(List.of(), List.of("-c"), List.of("-c", "-o", "compression_type=zstd"), List.of("-o", "compat=0.10"),
        List.of("-c", "-o", "compat=0.10,cluster_size=512"), List.of("-o", "cluster_size=2M"), List.of("-c", "-o", "cluster_size=4k"), List
            .of(
                "-o", "extended_l2=on,cluster_size=128k"), List.of("-o", "refcount_bits=1"), List.of("-o", "preallocation=metadata"), List
                    .of("-S",
                        "0"), List.of("-o", "lazy_refcounts=on"), List.of("-c", "-o", "compression_type=zstd,cluster_size=1M"));
    for (List<String> kind : kinds) {
      Path image = folder.resolve("image.qcow2");
      List<Object> command = new ArrayList<>(List.of("convert", "-f", "raw", "-O", "qcow2"));
      command.addAll(kind);
      command.addAll(List.of(raw, image));
      DiskTools.run("qemu-img", command.toArray());
      assertArrayEquals(Files.readAllBytes(raw), all(image), kind::toString);
    }
  }

  @Test
  void chainsOfBackingFilesReadAsQemuConvertsThem() throws IOException, InterruptedException {
    scattered("base.img", 2);
    DiskTools.run("qemu-img", "create", "-f", "qcow2", "-F", "raw", "-b", "base.img", folder.resolve("one.qcow2"));
    write(folder.resolve("one.qcow2"), 3, 100);
    // Longer than what is behind it, with parts of clusters that are its own.
    DiskTools.run("qemu-img", "create", "-f", "qcow2", "-F", "qcow2", "-b", "one.qcow2", "-o", "extended_l2=on", folder.resolve(
        "two.qcow2"),
        SIZE + (3 << 20));
    write(folder.resolve("two.qcow2"), 4, 100);
    DiskTools.run("qemu-img", "create", "-f", "qcow2", "-F", "qcow2", "-b", folder.resolve("two.qcow2"), "-o", "compat=0.10", folder
        .resolve(
            "three.qcow2"));
    write(folder.resolve("three.qcow2"), 5, 50);
    for (String name : List.of("one", "two", "three")) {
      equal(folder.resolve(name + ".qcow2"));
    }
    // The active layer is read, whatever else is in the image.
    DiskTools.run("qemu-img", "snapshot", "-c", "earlier", folder.resolve("three.qcow2"));
    write(folder.resolve("three.qcow2"), 6, 50);
    equal(folder.resolve("three.qcow2"));
  }

  private static List<String> commands(long seed, int count) {
    Random random = new Random(seed);
    List<String> commands = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int sectors = 1 + random.nextInt(random.nextInt(5) == 0 ? 600 : 40);
      long at = (long) random.nextInt(SIZE / SECTOR - sectors) * SECTOR;
      commands.add(switch (random.nextInt(12)) {
        case 0 -> "flush";
        case 1, 2 -> "write -z " + at + ' ' + sectors * SECTOR;
        default -> "write -P " + (1 + random.nextInt(255)) + ' ' + at + ' ' + sectors * SECTOR;
      });
    }
    return commands;
  }

  /** By QEMU. */
  private static void write(Path image, long seed, int count) throws IOException, InterruptedException {
    qemuIo(image, commands(seed, count));
  }

  private static void qemuIo(Path image, List<String> commands) throws IOException, InterruptedException {
    List<Object> line = new ArrayList<>(List.of("-f", "qcow2"));
    commands.forEach(command -> line.addAll(List.of("-c", command)));
    line.add(image);
    DiskTools.run("qemu-io", line.toArray());
  }

  private static void ours(Path image, List<String> commands) throws IOException {
    try (BlockDevice disk = open(image, Mode.WRITE_THROUGH)) {
      for (String command : commands) {
        String[] words = command.split(" ");
        if (words[0].equals("flush")) {
          disk.flush();
        } else {
          int bytes = Integer.parseInt(words[words.length - 1]);
          byte[] content = new byte[bytes];
          Arrays.fill(content, words[1].equals("-z") ? 0 : (byte) Integer.parseInt(words[2]));
          disk.write(Long.parseLong(words[words.length - 2]) / SECTOR, content, 0, bytes / SECTOR);
        }
      }
    }
  }

  @Test
  void aThousandRandomOperationsEqualThoseOfQemuIo() throws IOException, InterruptedException {
    Path raw = scattered("raw.img", 7);
    Map<String, List<String>> kinds = Map.of("plain", List.of("-O", "qcow2"), "packed", List.of("-c", "-O", "qcow2"), "old", List.of("-c",
        "-O",
        "qcow2", "-o", "compat=0.10,cluster_size=512"), "zstd", List.of("-c", "-O", "qcow2", "-o",
            "compression_type=zstd,cluster_size=32k"),
        "allocated", List.of("-S", "0", "-O", "qcow2", "-o", "refcount_bits=64"));
    for (var kind : kinds.entrySet()) {
      Path theirs = folder.resolve(kind.getKey() + "-theirs.qcow2");
      Path ours = folder.resolve(kind.getKey() + "-ours.qcow2");
      List<Object> command = new ArrayList<>(List.of("convert", "-f", "raw"));
      command.addAll(kind.getValue());
      command.addAll(List.of(raw, theirs));
      DiskTools.run("qemu-img", command.toArray());
      Files.copy(theirs, ours);
      compare(ours, theirs, commands(8, 1000));
    }
    DiskTools.run("qemu-img", "create", "-f", "qcow2", "-F", "raw", "-b", raw, folder.resolve("in-front.qcow2"));
    Files.copy(folder.resolve("in-front.qcow2"), folder.resolve("in-front2.qcow2"));
    compare(folder.resolve("in-front2.qcow2"), folder.resolve("in-front.qcow2"), commands(9, 1000));
  }

  private void compare(Path ours, Path theirs, List<String> commands) throws IOException, InterruptedException {
    qemuIo(theirs, commands);
    ours(ours, commands);
    DiskTools.run("qemu-img", "compare", "-f", "qcow2", "-F", "qcow2", ours, theirs);
    String said = DiskTools.run("qemu-img", "check", "-f", "qcow2", ours);
    assertTrue(said.contains("No errors were found"), said);
    assertFalse(said.contains("leaked"), said);
    equal(ours);
  }

  @Test
  void whatWasDiscardedIsGivenBack() throws IOException, InterruptedException {
    Path image = folder.resolve("image.qcow2");
    DiskTools.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-S", "0", scattered("raw.img", 10), image);
    try (BlockDevice disk = open(image, Mode.WRITE_THROUGH)) {
      disk.discard(0, disk.sectors());
      disk.flush();
      disk.flush();
      long before = Files.size(image);
      byte[] written = new byte[SIZE];
      Arrays.fill(written, (byte) 7);
      disk.write(0, written, 0, SIZE / SECTOR);
      assertEquals(before, Files.size(image));
    }
    assertTrue(DiskTools.run("qemu-img", "check", image).contains("No errors were found"));
    byte[] all = all(image);
    assertEquals(7, all[0]);
    assertEquals(7, all[SIZE - 1]);
  }
}
