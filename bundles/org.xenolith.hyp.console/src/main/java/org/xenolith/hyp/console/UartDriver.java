// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

/** How one kind of UART is driven, by its registers. What is sent to one that was taken out is lost. */
interface UartDriver {
  /** Sets it up: 8 bits, queues on, an interrupt for what is received. */
  void begin();

  /** What was received has been looked at: the interrupt is acknowledged. */
  void acknowledge();

  /** Whether there is no room for another byte. */
  boolean full();

  /** Sends a byte, 0 to 255. */
  void send(int b);

  /** The next received byte, or -1. */
  int receive();
}
