// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;

class LaunchWarningsTest {
  private final List<String> said = new ArrayList<>();
  private final LaunchWarnings warnings = new LaunchWarnings((kind, place, text) -> said.add(kind + " " + place + ": " + text));

  private static GuestImage image(int size, String text, int at) {
    byte[] bytes = new byte[size];
    System.arraycopy("ARMd".getBytes(StandardCharsets.US_ASCII), 0, bytes, 56, 4);
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, bytes, at, text.length());
    return new GuestImage("kernel", bytes, Optional.empty(), "", List.of(), Optional.empty());
  }

  @Test
  void eachDomainThatTheTreeDescribesIsNamed() {
    FdtBuilder root = FdtBuilder.root();
    FdtBuilder chosen = root.child("chosen").strings("bootargs", "x");
    chosen.child("domU1").strings("compatible", "xen,domain");
    chosen.child("domU2").strings("compatible", "acme,domain", "xen,domain");
    chosen.child("module@1").strings("compatible", "multiboot,module");
    warnings.treesDomains(Fdt.of(root.build()));
    assertEquals(2, said.size(), said::toString);
    assertTrue(said.get(0).startsWith("config-warning /chosen/domU1: a domain that the tree describes (xen,domain) is left out"), said
        .get(0));
    assertTrue(said.get(1).startsWith("config-warning /chosen/domU2: "), said.get(1));
    warnings.treesDomains(Fdt.of(FdtBuilder.root().build()));
    assertEquals(2, said.size());
  }

  @Test
  void aKernelThatDoesNotLookForXenIsNamed() {
    warnings.kernelOfDom0(image(200, "xen,xen", 100));
    warnings.kernelOfDom0(image(200, "xen,xen", 193));
    warnings.kernelOfDom0(image(200, "xen,xen", 60));
    byte[] packed = {0x1F, (byte) 0x8B};
    warnings.kernelOfDom0(new GuestImage("kernel", packed, Optional.empty(), "", List.of(), Optional.empty()));
    assertEquals(List.of(), said);
    warnings.kernelOfDom0(image(200, "xen,xe", 194));
    assertEquals(1, said.size());
    assertTrue(said.getFirst().startsWith("config-warning kernel: the kernel isn't made for Xen"), said.getFirst());
  }
}
