// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.block.DiskTools;

/** Exports of qemu-nbd and nbdkit. */
@FullLane
class ForeignServersTest {
  private static final int SECTOR = 512;
  private static final int SECTORS = 16384;
  private Path folder;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void makeAFolder() throws IOException {
    folder = Files.createTempDirectory("nbd");
  }

  @AfterEach
  void endAll() throws IOException, InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private Process start(String tool, Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(DiskTools.find(tool).toString()));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null")).redirectOutput(folder
        .resolve(
            "log").toFile()).start();
    started.add(process);
    for (int i = 0; i < 200 && !Files.exists(folder.resolve("s")); i++) {
      assertTrue(process.isAlive(), () -> "ended: " + read(folder.resolve("log")));
      Thread.sleep(50);
    }
    assertTrue(Files.exists(folder.resolve("s")), "no socket: " + read(folder.resolve("log")));
    return process;
  }

  /** Of nbdkit: where the system has it, or beside a fetched nbdkit. */
  private static Path extension(String kind, String name) throws IOException, InterruptedException {
    String file = "usr/lib/x86_64-linux-gnu/nbdkit/" + kind + "/nbdkit-" + name + ".so";
    Path ofTheSystem = Path.of("/", file);
    return Files.exists(ofTheSystem) ? ofTheSystem : DiskTools.find("nbdkit").resolveSibling("../root").resolve(file).normalize();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private BlockDevice open(Mode mode) throws IOException {
    return new NbdComponent().open("nbd:unix:" + folder.resolve("s"), mode, Map.of());
  }

  private byte[] content(long seed) {
    byte[] content = new byte[SECTORS * SECTOR];
    Random random = new Random(seed);
    for (int at = 0; at < content.length; at += 1 << 16) {
      byte[] piece = new byte[1 << 16];
      if (random.nextBoolean()) {
        random.nextBytes(piece);
      }
      System.arraycopy(piece, 0, content, at, piece.length);
    }
    return content;
  }

  /** A thousand reads, writes, discards and flushes, beside an array; what was discarded reads as anything. */
  private void operations(byte[] expected, long seed) throws IOException {
    Random random = new Random(seed);
    try (BlockDevice disk = open(Mode.WRITE_THROUGH)) {
      assertEquals(SECTORS, disk.sectors());
      for (int i = 0; i < 1000; i++) {
        int count = 1 + random.nextInt(random.nextInt(5) == 0 ? 2000 : 64);
        int sector = random.nextInt(SECTORS - count);
        byte[] bytes = new byte[count * SECTOR];
        switch (random.nextInt(10)) {
          case 0 -> disk.flush();
          case 1 -> {
            disk.discard(sector, count);
            disk.read(sector, expected, sector * SECTOR, count);
          }
          case 2, 3, 4 -> {
            disk.read(sector, bytes, 0, count);
            assertEquals(-1, Arrays.mismatch(bytes, Arrays.copyOfRange(expected, sector * SECTOR, (sector + count) * SECTOR)), "operation "
                + i);
          }
          default -> {
            if (random.nextInt(4) != 0) {
              random.nextBytes(bytes);
            }
            disk.write(sector, bytes, 0, count);
            System.arraycopy(bytes, 0, expected, sector * SECTOR, bytes.length);
          }
        }
      }
      disk.flush();
      byte[] all = new byte[SECTORS * SECTOR];
      disk.read(0, all, 0, SECTORS);
      assertEquals(-1, Arrays.mismatch(expected, all));
    }
  }

  @Test
  void qemuNbdServesARawFileAndAQcow2() throws IOException, InterruptedException {
    byte[] content = content(1);
    Path raw = Files.write(folder.resolve("raw"), content);
    start("qemu-nbd", "-f", "raw", "-k", folder.resolve("s"), "-t", "--discard=unmap", raw);
    operations(content, 2);
    started.removeFirst().destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    assertEquals(-1, Arrays.mismatch(content, Files.readAllBytes(raw)));
    Files.deleteIfExists(folder.resolve("s"));
    Path qcow2 = folder.resolve("qcow2");
    DiskTools.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, qcow2);
    Process server = start("qemu-nbd", "-f", "qcow2", "-k", folder.resolve("s"), "-t", "-x", "disk", "--discard=unmap", qcow2);
    String wrong = assertThrows(IOException.class, () -> open(Mode.OVERLAY)).getMessage();
    assertTrue(wrong.contains("it has none of that name"), wrong);
    try (BlockDevice disk = new NbdComponent().open("nbd+unix:///disk?socket=" + folder.resolve("s"), Mode.OVERLAY, Map.of())) {
      byte[] all = new byte[SECTORS * SECTOR];
      disk.read(0, all, 0, SECTORS);
      assertArrayEquals(content, all);
      server.destroyForcibly().waitFor();
      String gone = assertThrows(IOException.class, () -> disk.read(0, all, 0, 1)).getMessage();
      assertTrue(gone.contains("connection"), gone);
    }
  }

  @Test
  void nbdkitServesMemoryWithAndWithoutStructuredReplies() throws IOException, InterruptedException {
    start("nbdkit", "-f", "-U", folder.resolve("s"), extension("plugins", "memory-plugin"), SECTORS * SECTOR);
    operations(new byte[SECTORS * SECTOR], 3);
    started.removeFirst().destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    Files.deleteIfExists(folder.resolve("s"));
    start("nbdkit", "-f", "--no-sr", "-U", folder.resolve("s"), extension("plugins", "memory-plugin"), SECTORS * SECTOR);
    operations(new byte[SECTORS * SECTOR], 4);
    started.removeFirst().destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    Files.deleteIfExists(folder.resolve("s"));
    start("nbdkit", "-f", "--mask-handshake=0", "-U", folder.resolve("s"), extension("plugins", "memory-plugin"), SECTORS * SECTOR);
    String old = assertThrows(IOException.class, () -> open(Mode.OVERLAY)).getMessage();
    assertTrue(old.contains("fixed newstyle"), old);
  }

  @Test
  void errorsOfTheServerAreThoseOfTheDisk() throws IOException, InterruptedException {
    start("nbdkit", "-f", "--filter=" + extension("filters", "error-filter"), "-U", folder.resolve("s"), extension("plugins",
        "memory-plugin"), SECTORS * SECTOR, "error-pwrite=ENOSPC", "error-pwrite-rate=100%");
    try (BlockDevice disk = open(Mode.WRITE_THROUGH)) {
      byte[] sector = new byte[SECTOR];
      sector[0] = 1;
      String full = assertThrows(IOException.class, () -> disk.write(5, sector, 0, 1)).getMessage();
      assertTrue(full.contains("can't be written at 0xa00: the server says: no space is left"), full);
      disk.read(5, sector, 0, 1);
      assertEquals(0, sector[0]);
    }
  }
}
