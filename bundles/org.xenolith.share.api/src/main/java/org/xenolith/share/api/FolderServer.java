// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.api;

import org.osgi.annotation.versioning.ProviderType;

/** What answers one device's requests. Called on any thread. */
@ProviderType
public interface FolderServer extends AutoCloseable {
  /**
   * Asks, and doesn't wait. Requests are carried out one after another, and each is answered.
   *
   * @param id      no other request of the device has it
   * @param message a whole message of 9P2000.L
   */
  void request(long id, byte[] message);

  /** An answer was taken by the machine: it needn't be kept any more. */
  void taken(long id);

  /** Whether a request isn't answered yet, or an answer not taken. */
  boolean busy();

  /**
   * All that is needed to go on later: what the guest has open, by path and version, and what is asked and wasn't answered. Waits for the
   * request that is being carried out.
   */
  byte[] save();

  /**
   * Goes on from there, once, before anything is asked. Files are opened again; what isn't the same any more is told, and the guest gets an error for it.
   *
   * @param pending ids of all requests that the device waits for; those that it doesn't know are answered by an error
   * @throws IllegalArgumentException if these bytes aren't what {@link #save} gives
   */
  void restore(byte[] saved, long[] pending);

  /** What it serves, for who looks; one line. */
  String description();

  /** Ends it: nothing is answered any more. */
  @Override
  void close();
}
