// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.xenolith.net.kit.FrameBatch;

/**
 * Whether somebody outside has a card's own address, as two machines on one wire have whose addresses are counted from the same one: then
 * neither hears the other, which is said once.
 */
final class OwnAddress {
  private final byte[] address;
  private final String said;
  private final Consumer<String> messages;
  private boolean announced;

  /**
   * For one card.
   *
   * @param address six bytes
   * @param said    which card it is, for messages
   */
  OwnAddress(byte[] address, String said, Consumer<String> messages) {
    this.address = address;
    this.said = said;
    this.messages = messages;
  }

  /** Frames came in: those in the first so many bytes of a batch. */
  void came(byte[] frames, int bytes) {
    for (int at = 0; !announced && at < bytes;) {
      int length = FrameBatch.length(frames, at);
      if (length < 0) {
        return;
      }
      int source = at + FrameBatch.HEADER + address.length;
      if (length >= 2 * address.length && Arrays.equals(frames, source, source + address.length, address, 0, address.length)) {
        announced = true;
        messages.accept(said + ": somebody outside sends with this card's own address " + HexFormat.ofDelimiter(":").formatHex(address)
            + ", so that neither hears the other; give one of them another one, as with mac=" + HexFormat.ofDelimiter(":").formatHex(
                other()));
      }
      at += FrameBatch.HEADER + length;
    }
  }

  private byte[] other() {
    byte[] other = address.clone();
    other[other.length - 2]++;
    return other;
  }
}
