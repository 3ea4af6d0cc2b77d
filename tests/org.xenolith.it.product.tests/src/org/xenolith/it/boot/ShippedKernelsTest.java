// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** Debian's kernel for Arm in the forms in which distributions ship kernels. */
@FullLane
class ShippedKernelsTest {
  private static final int PAYLOAD = 4096;
  private static final int STORED = 512;

  @TempDir
  private Path work;

  /** As Linux' zboot-header.S lays it out. */
  private static byte[] zboot(byte[] image) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(image);
    }
    ByteBuffer file = ByteBuffer.allocate(PAYLOAD + packed.size() + STORED).order(ByteOrder.LITTLE_ENDIAN);
    file.put("MZ\0\0zimg".getBytes(StandardCharsets.US_ASCII)).putInt(PAYLOAD).putInt(packed.size()).put(24, "gzip".getBytes(
        StandardCharsets.US_ASCII)).put(PAYLOAD, packed.toByteArray());
    return file.array();
  }

  /** An EFI program of sections, as ukify makes it; its stub is nothing. */
  private static byte[] unified(Map<String, byte[]> sections) {
    int size = 1024 + sections.values().stream().mapToInt(ShippedKernelsTest::stored).sum();
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, new byte[] {'M', 'Z'}).putInt(60, 64).putInt(64, 0x4550).putShort(68, (short) 0xAA64).putShort(70, (short) sections.size())
        .putShort(84, (short) 240);
    int table = 64 + 24 + 240;
    int at = 1024;
    for (Map.Entry<String, byte[]> section : sections.entrySet()) {
      byte[] content = section.getValue();
      file.put(table, section.getKey().getBytes(StandardCharsets.US_ASCII)).putInt(table + 8, content.length).putInt(table + 16, stored(
          content)).putInt(table + 20, at).put(at, content);
      table += 40;
      at += stored(content);
    }
    return file.array();
  }

  private static int stored(byte[] content) {
    return (content.length + STORED - 1) / STORED * STORED;
  }

  /** A cpio archive with one file (Documentation/driver-api/early-userspace/buffer-format.rst). */
  private static byte[] archive(String name, String content) {
    StringBuilder archive = new StringBuilder();
    entry(archive, name, 0100644, content);
    entry(archive, "TRAILER!!!", 0, "");
    return archive.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void entry(StringBuilder archive, String name, int mode, String content) {
    archive.append("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x".formatted(0, mode, 0, 0, 1, 0, content.length(), 0, 0, 0, 0,
        name.length() + 1, 0)).append(name).append('\0');
    archive.append("\0".repeat(-archive.length() & 3)).append(content);
    archive.append("\0".repeat(-archive.length() & 3));
  }

  /** The kernel in an EFI zboot file, with two first root file systems: the second one's file is there. */
  @Test
  void anEfiZbootFileStartsWithTwoFirstRootFileSystems() throws Exception {
    DebianParts debian = DebianParts.fetched();
    Path kernel = Files.write(work.resolve("vmlinuz.efi"), zboot(Files.readAllBytes(debian.kernel())));
    Path second = Files.write(work.resolve("second.cpio"), archive("second", "of the second one\n"));
    Product.run("boot", "--kernel", kernel, "--initrd", debian.initrd(), "--initrd", second, "--append",
        "console=ttyAMA0 cryptomgr.notests xl.run=cat,/second", "--until", "of the second one", "--limit", 30).expect(0);
  }

  /** A unified kernel image, on a board and as Dom0: its own command line names what runs. */
  @Test
  void aUnifiedKernelImageStartsOnABoardAndAsDom0() throws Exception {
    DebianParts debian = DebianParts.fetched();
    Map<String, byte[]> sections = new LinkedHashMap<>();
    sections.put(".cmdline", "cryptomgr.notests xl.run=echo,said-by-its-own-line\0".getBytes(StandardCharsets.US_ASCII));
    sections.put(".initrd", Files.readAllBytes(debian.initrd()));
    sections.put(".linux", zboot(Files.readAllBytes(debian.kernel())));
    Path kernel = Files.write(work.resolve("linux.efi"), unified(sections));
    Product.run("boot", "--kernel", kernel, "--append", "console=ttyAMA0", "--until", "XENOLITH-RUN exit=0 echo said-by-its-own-line",
        "--limit", 30).expect(0);
    Product.run("boot", "--hypervisor", "--memory", "1G", "--kernel", kernel, "--append", "console=hvc0", "--until",
        "XENOLITH-RUN exit=0 echo said-by-its-own-line", "--limit", 60).expect(0);
  }
}
