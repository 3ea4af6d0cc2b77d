// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestFile;

class InitramfsTest {
  @TempDir
  Path folder;

  @Test
  void holdsEverythingThatInitNeeds() {
    Map<String, byte[]> boot = new LinkedHashMap<>();
    boot.put("virtio", "v".getBytes(StandardCharsets.UTF_8));
    boot.put("net", "n".getBytes(StandardCharsets.UTF_8));
    Map<String, byte[]> disk = new LinkedHashMap<>();
    disk.put("virtio", "v".getBytes(StandardCharsets.UTF_8));
    disk.put("blk", "b".getBytes(StandardCharsets.UTF_8));
    Map<String, CpioEntries.Entry> entries = CpioEntries.of(Initramfs.archive("bb".getBytes(StandardCharsets.UTF_8), true, Map.of("boot",
        boot,
        "disk", disk),
        List.of(GuestFile.executable("/opt/tools/bench", "program".getBytes(StandardCharsets.UTF_8)))));
    assertEquals("5:1", entries.get("/dev/console").device());
    assertEquals("1:3", entries.get("/dev/null").device());
    assertEquals(0100755, entries.get("/init").mode());
    assertTrue(entries.get("/init").text().startsWith("#!/bin/sh\n"));
    assertEquals("busybox", entries.get("/bin/sh").text());
    assertEquals("virtio\nnet\n", entries.get("/lib/modules/boot.list").text());
    assertEquals("virtio\nblk\n", entries.get("/lib/modules/disk.list").text());
    assertEquals("b", entries.get("/lib/modules/blk.ko").text());
    assertEquals("program", entries.get("/opt/tools/bench").text());
    assertTrue(entries.keySet().containsAll(List.of("/proc", "/sys", "/tmp", "/opt", "/opt/tools")));
  }

  @Test
  void holdsThePrograms() {
    Map<String, CpioEntries.Entry> entries = CpioEntries.of(Initramfs.archive(new byte[1], true, Map.of(), List.of()));
    for (String script : List.of("/bin/xl-data", "/bin/xl-disk", "/bin/xl-fetch", "/bin/xl-ip", "/bin/xl-load", "/bin/xl-ping",
        "/bin/xl-serve", "/sbin/poweroff")) {
      assertEquals(0100755, entries.get(script).mode(), script);
      assertTrue(entries.get(script).text().startsWith("#!/bin/sh\n# "), script);
    }
    assertEquals("poweroff", entries.get("/sbin/reboot").text());
    assertEquals(0100755, entries.get("/bin/xenstore-handover").mode());
    assertTrue(entries.get("/init").text().contains(". /lib/xenolith/xen\n"));
    assertTrue(entries.containsKey("/lib/xenolith/xen"));
  }

  @Test
  void initPrintsTheMarkerBeforeItReadsItsOrders() {
    String init = CpioEntries.of(Initramfs.archive(new byte[1], true, Map.of(), List.of())).get("/init").text();
    assertTrue(init.indexOf("XENOLITH-MARKER up=") > 0);
    assertTrue(init.indexOf("XENOLITH-MARKER up=") < init.indexOf("</proc/cmdline"));
    assertTrue(init.lastIndexOf("XENOLITH-DONE up=") < init.lastIndexOf("poweroff -f"));
  }

  @Test
  void compressesOnceAndMendsADamagedFile() throws IOException {
    byte[] archive = Initramfs.archive(new byte[100_000], true, Map.of(), List.of());
    byte[] packed = Initramfs.compressed(archive, folder);
    assertArrayEquals(archive, new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes());
    Path file = onlyFile();
    Files.write(file, new byte[] {1, 2, 3});
    assertArrayEquals(packed, Initramfs.compressed(archive, folder));
    assertArrayEquals(packed, Files.readAllBytes(file));
    Files.write(file, Initramfs.gzip(new byte[5]));
    assertArrayEquals(packed, Initramfs.compressed(archive, folder));
  }

  @Test
  void keepsOnlyAFewOldArchives() throws IOException {
    for (int i = 0; i < 40; i++) {
      Initramfs.compressed(new byte[] {(byte) i}, folder);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertTrue(files.count() <= 16);
    }
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size());
      return all.getFirst();
    }
  }

  @Test
  void aCacheThatCannotBeWrittenOnlyCostsTime() throws IOException {
    Path noFolder = Files.writeString(folder.resolve("file"), "x").resolve("initramfs");
    byte[] archive = new byte[5000];
    assertArrayEquals(Initramfs.gzip(archive), Initramfs.compressed(archive, noFolder));
  }
}
