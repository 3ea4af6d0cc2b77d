// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.xenolith.machine.api.RolePort;

/** Port of message translation. Without a provider functions get no messages. */
public final class MessageTranslationPort extends RolePort<MessageTranslation> implements MessageTranslation {
  @Override
  public Message give(int sbdf, int number, Domain domain, long address, int data) {
    return ask((Message) null, translation -> translation.give(sbdf, number, domain, address, data));
  }

  @Override
  public void take(int sbdf) {
    tell(translation -> translation.take(sbdf));
  }
}
