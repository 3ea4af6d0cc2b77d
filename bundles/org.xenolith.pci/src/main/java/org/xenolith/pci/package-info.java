// SPDX-License-Identifier: EPL-2.0
/** PCI devices that are plugged into a board for a launch. */
package org.xenolith.pci;
