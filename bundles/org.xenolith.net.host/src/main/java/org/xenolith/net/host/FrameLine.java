// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.host;

import java.io.IOException;

/** Something of the host's that frames go through, one at a time in each direction. */
interface FrameLine extends AutoCloseable {
  /**
   * Waits until there is a peer.
   *
   * @return what it is, for people
   * @throws IOException if there will be none
   */
  String open() throws IOException;

  /**
   * Waits for a frame.
   *
   * @param frame takes it
   * @return its length; -1 if the peer is gone
   */
  int read(byte[] frame) throws IOException;

  /** Gives the peer a frame, and waits until it has room for it. */
  void write(byte[] frame) throws IOException;

  /** The peer is left. @return whether another one may come: {@link #open} is called again */
  boolean left();

  /** Ends what waits, on any thread. */
  @Override
  void close();
}
