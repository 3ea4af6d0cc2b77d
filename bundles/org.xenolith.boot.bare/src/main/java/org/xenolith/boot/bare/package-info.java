// SPDX-License-Identifier: EPL-2.0
/** Loads programs that are no Linux kernels: ELF files and flat binaries. */
package org.xenolith.boot.bare;
