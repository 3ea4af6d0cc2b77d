// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/**
 * The node by which software in a machine hands it over to the hypervisor, and the calls for that. {@code xenolith.efi} makes them: where
 * a hypervisor executes, with boot services behind it, as Xen's own EFI loader goes on in Xen. Both are fast 64-bit calls of the secure monitor (Arm DEN 0028E) in
 * the range of the OEM; the firmware's runtime services are beside them.
 *
 * <p>What is handed over is described by a block in memory, {@link #BLOCK} bytes of 64-bit little-endian numbers:
 *
 * <table>
 * <tr><td>0</td><td>physical address of the EFI system table (UEFI 2.10, 4.3), whose configuration tables name the device tree with the modules
 * (Xen, docs/misc/arm/device-tree/booting.txt), and the RSDP</td></tr>
 * <tr><td>8, 16, 24</td><td>the memory map that was current when boot services ended: address, bytes, bytes of a descriptor</td></tr>
 * <tr><td>32, 40</td><td>the hypervisor's command line, UTF-16: address and bytes; 0 for none</td></tr>
 * <tr><td>48, 56</td><td>the loader itself, in which all this may lie: address and bytes</td></tr>
 * </table>
 */
public final class LoaderNode {
  /** Its path: where {@code Machine.port} finds the {@link LoaderPort}. */
  public static final String PATH = "/xenolith-loader";
  /** Its {@code compatible}. */
  public static final String COMPATIBLE = "xenolith,hypervisor-loader";
  /** Property: words that come behind Dom0's kernel command line; none without it. */
  public static final String BOOTARGS = "bootargs";
  /** Property of the {@link HypervisorNode} where the hypervisor waits to be loaded; see {@code Machine.loadSoftware}. */
  public static final String DEFERRED = "xenolith,deferred";
  /** Call: is there a hypervisor that waits? x0 is then {@link #VERSION_1}, else NOT_SUPPORTED (-1). */
  public static final int VERSION = 0xC300_EF40;
  /** The version that is described here. */
  public static final long VERSION_1 = 1;
  /**
   * Call: takes over. x1 is the physical address of the block, x2 its bytes. It returns only if it can't be: NOT_SUPPORTED without a hypervisor
   * that waits, INVALID_PARAMETER (-3) for a block of another size, DENIED (-4) while another CPU is on.
   */
  public static final int HAND_OVER = 0xC300_EF41;
  /** Bytes of the block. */
  public static final int BLOCK = 64;

  private LoaderNode() {}
}
