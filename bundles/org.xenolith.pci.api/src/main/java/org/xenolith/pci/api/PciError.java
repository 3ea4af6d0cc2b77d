// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

/** An error that a function finds, by the bit of its status register of advanced error reporting (PCI Express Base 4.0, 7.8.4). */
public enum PciError {
  /** Correctable: a symbol that isn't one. */
  RECEIVER_ERROR(true, 0),
  /** Correctable: a packet whose link CRC or number is wrong. */
  BAD_TLP(true, 6),
  /** Correctable: a packet of the link itself whose CRC is wrong. */
  BAD_DLLP(true, 7),
  /** Correctable: the same packet was sent again four times. */
  REPLAY_ROLLOVER(true, 8),
  /** Correctable: a packet wasn't acknowledged in time. */
  REPLAY_TIMEOUT(true, 12),
  /** Correctable: something of the function's own. */
  CORRECTED_INTERNAL(true, 14),
  /** Uncorrectable: the link's protocol was broken. */
  DATA_LINK_PROTOCOL(false, 4),
  /** Uncorrectable: the link went down without a word. */
  SURPRISE_DOWN(false, 5),
  /** Uncorrectable: data arrived that its sender says is wrong. */
  POISONED(false, 12),
  /** Uncorrectable: more was sent than there was room for, as counted by the link. */
  FLOW_CONTROL_PROTOCOL(false, 13),
  /** Uncorrectable: a request wasn't answered in time. */
  COMPLETION_TIMEOUT(false, 14),
  /** Uncorrectable: whoever was asked couldn't answer. */
  COMPLETER_ABORT(false, 15),
  /** Uncorrectable: an answer to nothing that was asked. */
  UNEXPECTED_COMPLETION(false, 16),
  /** Uncorrectable: a packet arrived that there was no room for. */
  RECEIVER_OVERFLOW(false, 17),
  /** Uncorrectable: a packet against the rules. */
  MALFORMED(false, 18),
  /** Uncorrectable: end-to-end CRC. */
  END_TO_END_CRC(false, 19),
  /** Uncorrectable: a request that nothing supports. */
  UNSUPPORTED_REQUEST(false, 20),
  /** Uncorrectable: access control services refused a request. */
  ACCESS_CONTROL_VIOLATION(false, 21),
  /** Uncorrectable: something of the function's own. */
  INTERNAL(false, 22);

  private final boolean correctable;
  private final int bit;

  PciError(boolean correctable, int bit) {
    this.correctable = correctable;
    this.bit = bit;
  }

  /** Whether the hardware has corrected it. */
  public boolean correctable() {
    return correctable;
  }

  /** Its bit in the status, mask and, if it is uncorrectable, severity registers. */
  public int mask() {
    return 1 << bit;
  }
}
