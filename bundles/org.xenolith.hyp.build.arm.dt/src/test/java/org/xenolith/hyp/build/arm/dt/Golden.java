// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.kit.ExtendedRegions;
import org.xenolith.hyp.arm.kit.HypervisorFacts;
import org.xenolith.hyp.arm.kit.V2mFrame;

/** Trees of real machines and what the runs that they come from were started with; see the resources' README. */
final class Golden {
  static final FdtWindow GRANT_WINDOW = new FdtWindow(0x4020_0000L, 0x4_0000);
  static final FdtWindow HOST_RAM = new FdtWindow(0x4000_0000L, 0x4000_0000L);
  static final FdtWindow BANK = new FdtWindow(0x6000_0000L, 0x1800_0000L);
  static final FdtWindow INITRD = new FdtWindow(0x6820_0000L, 0xf_10e6);

  private Golden() {}

  static Fdt tree(String name) {
    return FdtReader.read(bytes(name));
  }

  static List<String> lines(String name) {
    return new String(bytes(name), StandardCharsets.US_ASCII).lines().toList();
  }

  private static byte[] bytes(String name) {
    try (InputStream in = Golden.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The host's tree as Xen found it: QEMU adds what its {@code guest-loader} devices were told. */
  static Fdt hostWithModules(String name) {
    FdtBuilder modules = FdtBuilder.root();
    modules.child("module@0x50000000").strings("compatible", "multiboot,ramdisk", "multiboot,module");
    modules.child("module@0x4a000000").strings("compatible", "multiboot,kernel", "multiboot,module")
        .strings("bootargs", "console=hvc0 earlycon=xenboot xl.dump");
    var added = modules.build().children();
    return tree(name).edit("/chosen", chosen -> {
      var node = chosen;
      for (var module : added) {
        node = node.withChild(module);
      }
      return node;
    });
  }

  static Dom0Facts dom0(List<Integer> vcpus, boolean gicv2) {
    return dom0(vcpus, gicv2, Set.of("/pl011@9000000"));
  }

  static Dom0Facts dom0(List<Integer> vcpus, boolean gicv2, Set<String> ownNodes) {
    List<FdtWindow> regions = ExtendedRegions.of(List.of(HOST_RAM), List.of(BANK, GRANT_WINDOW));
    return new Dom0Facts(new HypervisorFacts("4.17", GRANT_WINDOW, regions, 16), List.of(BANK),
        Optional.of("console=hvc0 earlycon=xenboot xl.dump"), Optional.of(INITRD), vcpus,
        ownNodes, gicv2 ? List.of(new V2mFrame(0x802_0000L, 80, 64)) : List.of());
  }
}
