// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

/**
 * How a function interrupts now.
 *
 * @param mode    by what
 * @param pin     the pin that it has: 1 for INTA to 4 for INTD; 0 for none
 * @param line    what software has written into Interrupt Line
 * @param vectors messages that it may send now; 0 while it sends none
 */
public record PciInterrupt(Mode mode, int pin, int line, int vectors) {
  /** Ways to interrupt. */
  public enum Mode {
    /** It can't: it has no pin, or the pin is disabled, and messages are off. */
    NONE,
    /** By its pin. */
    PIN,
    /** By MSI. */
    MSI,
    /** By MSI-X. */
    MSIX
  }
}
