// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

/** By which instruction PSCI is called. */
public enum PsciConduit {
  /** There is no PSCI, or not for all processors. */
  NONE,
  /** HVC: software is entered at EL1. */
  HVC,
  /** SMC: software may be entered at EL2. */
  SMC
}
