// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.util.Optional;
import org.xenolith.fdt.FdtWindow;

/**
 * Where a domain's tree and initial RAM disk stand beside its kernel in the first bank: 128 MiB above the bank's base if
 * there is room, else at the bank's end, else below the kernel; the tree first, the disk in the next 2 MiB block.
 *
 * @param tree   place of the tree
 * @param initrd place of the disk, if there is one
 */
public record ModulePlacement(FdtWindow tree, Optional<FdtWindow> initrd) {
  private static final long BLOCK = 2L << 20;
  private static final long USUAL = 128L << 20;

  /**
   * Finds the places.
   *
   * @param bank       the first bank
   * @param kernel     what the kernel takes, its uninitialized data included
   * @param treeSize   bytes of the tree
   * @param initrdSize bytes of the disk; 0 for none
   * @throws IllegalArgumentException if the bank is too small
   */
  public static ModulePlacement of(FdtWindow bank, FdtWindow kernel, long treeSize, long initrdSize) {
    long treeRoom = wholeBlocks(treeSize);
    long room = treeRoom + wholeBlocks(initrdSize);
    long bankEnd = bank.base() + bank.size();
    long kernelEnd = kernel.base() + kernel.size();
    long high = bankEnd - room & -BLOCK;
    long low = kernel.base() - room & -BLOCK;
    long at;
    if (bank.size() >= USUAL + room && kernelEnd < bank.base() + USUAL) {
      at = bank.base() + USUAL;
    } else if (high >= wholeBlocks(kernelEnd)) {
      at = high;
    } else if (low >= bank.base()) {
      at = low;
    } else {
      throw new IllegalArgumentException("the domain's first bank: expected room for the kernel ("
          + kernel.size() + " bytes), the devicetree (" + treeSize + ") and the initrd (" + initrdSize + "), got "
          + bank.size() + " bytes; give the domain more memory");
    }
    return new ModulePlacement(new FdtWindow(at, treeSize), initrdSize == 0 ? Optional.empty()
        : Optional.of(new FdtWindow(at + treeRoom, initrdSize)));
  }

  private static long wholeBlocks(long bytes) {
    return bytes + BLOCK - 1 & -BLOCK;
  }
}
