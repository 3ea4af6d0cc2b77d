// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

/** Hears what doesn't fit while a tree is interpreted; the interpretation then goes on without that part. */
@FunctionalInterface
public interface FdtFaults {
  /**
   * @param path   full path of the node at fault
   * @param what   the fault, naming the property
   * @param remedy what the user can do
   */
  void report(String path, String what, String remedy);
}
