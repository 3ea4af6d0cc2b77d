// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

/**
 * What a store allows.
 *
 * @param maximumVariable    bytes of a variable's name and data
 * @param volatileBytes      for all volatile variables
 * @param memoryBytes        for all non-volatile ones while there is no disk
 * @param hardwareErrorBytes of those for non-volatile ones that only hardware error records may take; 0: there are no such records
 * @param secureBoot         whether SecureBoot says that images are verified when there is a PK
 * @param full               whether there is no room for anything more
 */
record StorePolicy(int maximumVariable, int volatileBytes, int memoryBytes, int hardwareErrorBytes, boolean secureBoot, boolean full) {
  /** What a store allows if nothing is said. */
  static final StorePolicy USUAL = new StorePolicy(32 << 10, 64 << 10, 128 << 10, 0, false, false);
}
