// SPDX-License-Identifier: EPL-2.0
/** An endpoint that does what it is told. */
package org.xenolith.hw.pci.rogue;
