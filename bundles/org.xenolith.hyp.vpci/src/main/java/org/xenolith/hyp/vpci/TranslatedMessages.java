// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.MessageTranslation.Message;
import org.xenolith.hyp.api.MessageTranslationPort;

/**
 * Where the machine's CPUs take messages themselves: each becomes one of the machine's.
 *
 * @param domain whose they are; null if it is gone
 */
record TranslatedMessages(MessageTranslationPort port, int sbdf, Domain domain) implements Doorbell {
  @Override
  public Message message(int number, long address, int data) {
    return domain == null ? null : port.give(sbdf, number, domain, address, data);
  }

  /** The machine's vectors aren't neighbours. */
  @Override
  public boolean several() {
    return false;
  }

  @Override
  public String expected() {
    return "expected a message to a local interrupt controller, a free vector, and a bundle with the subsystem vmsi";
  }
}
