// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** Debian's kernel for Arm, packed as {@code make Image.gz} packs it, starts as a domain and as Dom0 as it does on a board. */
class PackedKernelTest {
  private static final String MARKER = "XENOLITH-MARKER";

  @TempDir
  private Path work;

  private Path packed(Path file) throws Exception {
    Path packed = work.resolve("Image.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(file, out);
    }
    return packed;
  }

  private void domain(String more) throws Exception {
    DebianParts debian = DebianParts.fetched();
    Path config = Files.writeString(work.resolve("guest.cfg"), """
        name = "guest"
        kernel = "%s"
        ramdisk = "%s"
        memory = 192
        extra = "console=hvc0 cryptomgr.notests"
        %s
        """.formatted(packed(debian.kernel()), debian.initrd(), more));
    Product.run("boot", "--hypervisor", "--no-dom0", "--domu", config, "--console", "guest", "--until", MARKER, "--limit", 30).expect(0);
  }

  private void dom0(Object... more) throws Exception {
    DebianParts debian = DebianParts.fetched();
    List<Object> line = new ArrayList<>(List.of("boot", "--hypervisor", "--memory", "1G", "--kernel", packed(debian.kernel()), "--initrd",
        debian.initrd(), "--append", "console=hvc0 cryptomgr.notests", "--until", MARKER, "--limit", 30));
    line.addAll(List.of(more));
    Product.run(line.toArray()).expect(0);
  }

  @Test
  void aDomainAndDom0StartFromIt() throws Exception {
    domain("");
    dom0();
  }

  @Test
  @FullLane
  void domainsThatAreDescribedByTablesDoToo() throws Exception {
    domain("acpi = 1");
    dom0("--firmware", "acpi");
  }
}
