// SPDX-License-Identifier: EPL-2.0
/**
 * From devicetree blobs and topology files to the node records of a platform.
 *
 * <p>The way from a tree to records needs no EMF; only what reads and writes topology files does, and its classes are
 * loaded when the first such file is met.
 */
package org.xenolith.platform.loader;
