// SPDX-License-Identifier: EPL-2.0
/**
 * Flattened devicetree blobs (DTB) as immutable Java values: {@link org.xenolith.fdt.FdtReader} and
 * {@link org.xenolith.fdt.FdtWriter} convert between bytes and an {@link org.xenolith.fdt.Fdt}.
 *
 * <p>Property bytes are kept as they are and in their order; everything typed is a view of them. The format is that
 * of the Devicetree Specification, release 0.4, chapter 5. Bad input ends in one
 * {@link org.xenolith.fdt.FdtException} that names the place and the remedy, in nothing else.
 */
package org.xenolith.fdt;
