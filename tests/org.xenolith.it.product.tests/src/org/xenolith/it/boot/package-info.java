// SPDX-License-Identifier: EPL-2.0
/** Boots of real guests: that they work, that they see what they see on QEMU's machine, and that every run is the same. */
package org.xenolith.it.boot;
