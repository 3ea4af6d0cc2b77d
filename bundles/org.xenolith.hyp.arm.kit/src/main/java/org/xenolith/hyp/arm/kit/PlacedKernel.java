// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.util.List;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.build.kit.NewDomain;

/**
 * Where a domain's kernel and modules go.
 *
 * @param image   the kernel, unpacked
 * @param kernel  its place
 * @param modules places of the tree and the disk
 */
public record PlacedKernel(ArmKernelImage image, FdtWindow kernel, ModulePlacement modules) {
  private static final long BLOCK = 2L << 20;

  /**
   * Finds the places, in the first bank that has room for them.
   *
   * @param treeSize   bytes of the tree
   * @param initrdSize bytes of the disk; 0 for none
   * @throws IllegalArgumentException if none has
   */
  public static PlacedKernel in(List<FdtWindow> banks, ArmKernelImage kernel, long treeSize, long initrdSize) {
    IllegalArgumentException first = null;
    for (FdtWindow bank : banks) {
      FdtWindow at = new FdtWindow((bank.base() + BLOCK - 1 & -BLOCK) + kernel.textOffset(), kernel.size());
      try {
        return new PlacedKernel(kernel, at, ModulePlacement.of(bank, at, treeSize, initrdSize));
      } catch (IllegalArgumentException e) {
        first = first == null ? e : first;
      }
    }
    throw first == null ? new IllegalArgumentException("the domain has no memory") : first;
  }

  /** Copies the software in and points the first virtual CPU at it. */
  public void load(NewDomain made, DomainImage software, byte[] tree) {
    made.copy(kernel.base(), image.file(), "kernel");
    made.copy(modules.tree().base(), tree, "devicetree");
    modules.initrd().ifPresent(initrd -> made.copy(initrd.base(), software.ramdisk(), "initial RAM disk"));
    made.domain().vcpu(0).powerOn(kernel.base(), modules.tree().base());
  }
}
