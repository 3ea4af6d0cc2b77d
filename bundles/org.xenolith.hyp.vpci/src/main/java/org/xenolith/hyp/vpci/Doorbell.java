// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.hyp.api.MessageTranslation.Message;

/** Where a domain has one of its functions write messages. */
interface Doorbell {
  /**
   * What the hardware writes for a message of the domain's.
   *
   * @param number  which of the function's messages
   * @param address what the domain wrote
   * @return null if it can't be sent
   */
  Message message(int number, long address, int data);

  /** Whether a function may have several messages from one pair of address and data on. */
  boolean several();

  /** What is expected of a message that isn't taken, for people. */
  String expected();

  /** That of a function whose domain has nothing that takes messages. */
  Doorbell NONE = new Doorbell() {
    @Override
    public Message message(int number, long address, int data) {
      return null;
    }

    @Override
    public boolean several() {
      return true;
    }

    @Override
    public String expected() {
      return "expected none: the guest has nothing that takes messages";
    }
  };
}
