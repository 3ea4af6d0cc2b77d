// SPDX-License-Identifier: EPL-2.0
/** The PCI function by which guests find Xen. */
package org.xenolith.hw.xen.platform;
