// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.CpioFile;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.TestTools;
import org.xenolith.it.product.Ukify;
import org.xenolith.testkit.FullLane;

/** Debian's kernel for Arm in the forms in which distributions ship kernels. */
@FullLane
class ShippedKernelsTest {
  private static final int PAYLOAD = 4096;
  private static final int STORED = 512;

  @TempDir
  private Path work;

  /** As Linux' zboot-header.S lays it out. @param packing as the kernel's build calls it */
  private static byte[] zboot(String packing, byte[] packed) {
    ByteBuffer file = ByteBuffer.allocate(PAYLOAD + packed.length + STORED).order(ByteOrder.LITTLE_ENDIAN);
    file.put("MZ\0\0zimg".getBytes(StandardCharsets.US_ASCII)).putInt(PAYLOAD).putInt(packed.length).put(24, packing.getBytes(
        StandardCharsets.US_ASCII)).put(PAYLOAD, packed);
    return file.array();
  }

  /** What a packer makes of Debian's kernel, by the words with which the kernel's build calls it (Linux, scripts/Makefile.lib, scripts/xz_wrap.sh). */
  private byte[] packed(String packer, Object... words) throws Exception {
    Path image = Files.copy(DebianParts.fetched().kernel(), work.resolve(packer + ".in"), StandardCopyOption.REPLACE_EXISTING);
    Path out = work.resolve(packer + ".out");
    ProcessBuilder command = new ProcessBuilder(TestTools.find(packer).toString()).redirectInput(image.toFile()).redirectOutput(out
        .toFile());
    for (Object word : words) {
      command.command().add(word.toString());
    }
    assertEquals(0, command.start().waitFor());
    return Files.readAllBytes(out);
  }

  /** The kernel in an EFI zboot file, with two first root file systems: the second one's file is there. */
  @Test
  void anEfiZbootFileStartsWithTwoFirstRootFileSystems() throws Exception {
    DebianParts debian = DebianParts.fetched();
    Path kernel = Files.write(work.resolve("vmlinuz.efi"), zboot("gzip", packed("gzip", "-n", "-f", "-9")));
    Path second = Files.write(work.resolve("second.cpio"), CpioFile.of("second", "of the second one\n"));
    Product.run("boot", "--kernel", kernel, "--initrd", debian.initrd(), "--initrd", second, "--append",
        "console=ttyAMA0 cryptomgr.notests xl.run=cat,/second", "--until", "of the second one", "--limit", 30).expect(0);
  }

  /** A unified kernel image, on a board and as Dom0: its own command line names what runs. */
  @Test
  void aUnifiedKernelImageStartsOnABoardAndAsDom0() throws Exception {
    DebianParts debian = DebianParts.fetched();
    Path zboot = Files.write(work.resolve("vmlinuz.efi"), zboot("gzip", packed("gzip", "-n", "-f", "-9")));
    Path kernel = Ukify.build(work.resolve("linux.efi"), "--linux=" + zboot, "--initrd=" + debian.initrd(),
        "--cmdline=cryptomgr.notests xl.run=echo,said-by-its-own-line");
    Product.run("boot", "--kernel", kernel, "--append", "console=ttyAMA0", "--until", "XENOLITH-RUN exit=0 echo said-by-its-own-line",
        "--limit", 30).expect(0);
    Product.run("boot", "--hypervisor", "--memory", "1G", "--kernel", kernel, "--append", "console=hvc0", "--until",
        "XENOLITH-RUN exit=0 echo said-by-its-own-line", "--limit", 60).expect(0);
  }

  /** As packers of the kernel's build pack it, in an EFI zboot file and alone, and in a domain. */
  @TestFactory
  Stream<DynamicTest> itStartsWhateverItIsPackedWith() {
    return Stream.of(dynamicTest("zstd", () -> starts("zstd22", packed("zstd", "-9"))), dynamicTest("xz", () -> starts("xzkern", packed(
        "xz", "--check=crc32", "--arm64", "--lzma2=dict=32MiB,preset=1"))), dynamicTest("lzma", () -> starts("lzma", packed("xz",
            "--format=lzma", "-1"))), dynamicTest("lz4", () -> starts("lz4", packed("lz4", "-l", "-9"))));
  }

  private void starts(String packing, byte[] packed) throws Exception {
    Path zboot = Files.write(work.resolve("vmlinuz.efi"), zboot(packing, packed));
    Path alone = Files.write(work.resolve("Image.packed"), packed);
    for (Path kernel : List.of(zboot, alone)) {
      Product.run("boot", "--kernel", kernel, "--initrd", DebianParts.fetched().initrd(), "--append",
          "console=ttyAMA0 cryptomgr.notests xl.run=echo,unpacked-and-started", "--until", "exit=0 echo unpacked-and-started", "--limit",
          30)
          .expect(0);
    }
  }

  /** Linux knows a packing that isn't unpacked here: it is named, with what helps. */
  @Test
  void lzoIsRefusedByName() throws Exception {
    Path kernel = Files.write(work.resolve("vmlinuz.efi"), zboot("lzo", new byte[] {(byte) 0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1A,
        '\n'}));
    Product.run("boot", "--kernel", kernel).expect(2).errHas("packed with lzo, and only .* Boot it with UEFI firmware \\(--firmware\\)");
  }
}
