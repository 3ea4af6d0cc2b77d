// SPDX-License-Identifier: EPL-2.0
/** PCI functions behind a root bridge. */
package org.xenolith.efi.pci;
