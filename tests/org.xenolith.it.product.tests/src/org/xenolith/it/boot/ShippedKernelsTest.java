// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.CpioFile;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Ukify;
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

  /** The kernel in an EFI zboot file, with two first root file systems: the second one's file is there. */
  @Test
  void anEfiZbootFileStartsWithTwoFirstRootFileSystems() throws Exception {
    DebianParts debian = DebianParts.fetched();
    Path kernel = Files.write(work.resolve("vmlinuz.efi"), zboot(Files.readAllBytes(debian.kernel())));
    Path second = Files.write(work.resolve("second.cpio"), CpioFile.of("second", "of the second one\n"));
    Product.run("boot", "--kernel", kernel, "--initrd", debian.initrd(), "--initrd", second, "--append",
        "console=ttyAMA0 cryptomgr.notests xl.run=cat,/second", "--until", "of the second one", "--limit", 30).expect(0);
  }

  /** A unified kernel image, on a board and as Dom0: its own command line names what runs. */
  @Test
  void aUnifiedKernelImageStartsOnABoardAndAsDom0() throws Exception {
    DebianParts debian = DebianParts.fetched();
    Path zboot = Files.write(work.resolve("vmlinuz.efi"), zboot(Files.readAllBytes(debian.kernel())));
    Path kernel = Ukify.build(work.resolve("linux.efi"), "--linux=" + zboot, "--initrd=" + debian.initrd(),
        "--cmdline=cryptomgr.notests xl.run=echo,said-by-its-own-line");
    Product.run("boot", "--kernel", kernel, "--append", "console=ttyAMA0", "--until", "XENOLITH-RUN exit=0 echo said-by-its-own-line",
        "--limit", 30).expect(0);
    Product.run("boot", "--hypervisor", "--memory", "1G", "--kernel", kernel, "--append", "console=hvc0", "--until",
        "XENOLITH-RUN exit=0 echo said-by-its-own-line", "--limit", 60).expect(0);
  }
}
