// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.xenolith.command.api.OptionName.option;

import java.nio.charset.StandardCharsets;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.kit.KernelUnpacker;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.EventLog;

/** What of a launch can't become what its user may expect; said before the machine runs. */
record LaunchWarnings(EventLog events) {
  private static final String WARNING = "config-warning";
  private static final String CHOSEN = "/chosen";
  /** A domain that is built before Dom0 runs (Xen, docs/misc/arm/device-tree/booting.txt). */
  private static final String DOMAIN = "xen,domain";
  /** Bytes of a kernel that is unpacked to look into it. */
  private static final long LARGEST = 256L << 20;
  private static final int MAGIC_AT = 56;
  private static final byte[] MAGIC = {'A', 'R', 'M', 0x64};
  /** What a kernel looks for in its tree to know that it runs on Xen (Linux, Documentation/devicetree/bindings/arm/xen.txt). */
  private static final byte[] XEN = "xen,xen".getBytes(StandardCharsets.US_ASCII);

  /** Domains that a tree describes are left out. */
  void treesDomains(Fdt tree) {
    tree.node(CHOSEN).ifPresent(chosen -> chosen.children().stream().filter(LaunchWarnings::isDomain).forEach(node -> events.announce(
        WARNING,
        CHOSEN + "/" + node.name(), "a domain that the tree describes (" + DOMAIN + ") is left out: this hypervisor builds domains from"
            + " configurations; name one with " + option("domu"))));
  }

  private static boolean isDomain(FdtNode node) {
    return node.property("compatible").map(FdtProperty::strings).map(names -> names.contains(DOMAIN)).orElse(false);
  }

  /** A kernel without support for Xen waits for hardware that is the hypervisor's, without a word. */
  void kernelOfDom0(GuestImage guest) {
    byte[] kernel = unpacked(guest.kernel());
    if (isImage(kernel) && !contains(kernel, XEN)) {
      events.announce(WARNING, guest.name(), "the kernel isn't made for Xen: '" + new String(XEN, StandardCharsets.US_ASCII)
          + "', by which it"
          + " would find the hypervisor in its tree, isn't in it. As Dom0 it has no console and no clock of Xen's; take one with"
          + " CONFIG_XEN, or boot without " + option("hypervisor"));
    }
  }

  /** As it is if it can't be unpacked: who builds the domain says why. */
  private static byte[] unpacked(byte[] kernel) {
    try {
      return KernelUnpacker.unpack(kernel, LARGEST);
    } catch (BootException e) {
      return kernel;
    }
  }

  private static boolean isImage(byte[] kernel) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (kernel.length < MAGIC_AT + MAGIC.length || kernel[MAGIC_AT + i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  /** From the end: what is only for the start of a kernel lies there. */
  private static boolean contains(byte[] all, byte[] part) {
    for (int at = all.length - part.length; at >= 0; at--) {
      int same = 0;
      while (same < part.length && all[at + same] == part[same]) {
        same++;
      }
      if (same == part.length) {
        return true;
      }
    }
    return false;
  }
}
