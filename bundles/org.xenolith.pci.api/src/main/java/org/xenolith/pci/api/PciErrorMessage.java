// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

/** What a function says upstream of an error that it has found (PCI Express Base 4.0, 2.2.8.3). */
public enum PciErrorMessage {
  /** ERR_COR: the hardware has corrected it. */
  CORRECTABLE,
  /** ERR_NONFATAL: a transaction is lost, the link is reliable. */
  NONFATAL,
  /** ERR_FATAL: the link isn't reliable any more. */
  FATAL
}
